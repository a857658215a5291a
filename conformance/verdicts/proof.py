"""What a run proves and what it did not check, so that an empty run is never green."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import repeat
from operator import attrgetter
from typing import Final

from conformance.model.api_document import ApiDocument
from conformance.model.case import suite_of
from conformance.model.gap import CaseGap, Gap, GapKind
from conformance.model.observation import Answer, NotAsked
from conformance.model.request import Request
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.verdicts.content_tally import ContentTally
from conformance.verdicts.without_content import without_content

MAX_GAPS: Final = 50
"""The most gaps that are listed; further ones are counted together by kind."""
MAX_FIELDS: Final = 10_000
"""The most names of header fields that are kept: a service may send new names without end."""
# A redirect counts: a working service may answer so
_SUCCESSES: Final = range(200, 400)
_NEAR: Final = 0.8
"""Names this similar (0 to 1) may be one name with a typing error of 1 or 2 letters."""
_OTHERS: Final = "others"
_KINDS: Final = tuple(GapKind)
_HOW: Final[Mapping[GapKind, str]] = {
    GapKind.SKIPPED: "name a second runtime that supports them",
    GapKind.NO_SUCCESS: "write `expect: {status: …}` where the refusal is meant",
    GapKind.BYTES_ONLY: "say what the bodies are: `body: json`, or another kind; or `compare: "
    "value`; `compare: status` where they need not agree",
    GapKind.REDIRECTED: "log in first (`setup`), or write `expect: {status: …}` where the "
    "redirect is meant",
    GapKind.SLASH_REDIRECT: "ask for the path that they redirect to",
    GapKind.LOGIN_PAGE: "log in first (`setup`), or write `expect` where the page is meant",
    GapKind.UNKNOWN_LABEL: "correct `against`, or write it in the `labels` of the runtimes that "
    "are meant",
    GapKind.EMPTY_BODY: "write `expect: {json: …}`, or answer 204 where there is nothing to say",
    GapKind.HIDDEN: "write rules for the members that differ by themselves, or `compare: shape`",
    GapKind.SHARED_NOTE: "write `expect: {notes: []}` where an answer must have none",
    GapKind.UNPAIRED: "write a rule with the `key` by which elements belong together, or ask for "
    "fewer elements",
    GapKind.UNEXPLAINED: "write a rule with `as: map` where their names are data, or ask for fewer "
    "members",
    GapKind.UNSENT_HEADER: "correct the name in `headers`",
    GapKind.UNASKED_OPERATION: "write a case that asks for it",
}


class ProofTally:
    """Takes the judged cases of a run one by one; says what they prove and what was not checked."""

    def __init__(self, documents: Sequence[ApiDocument] = ()) -> None:
        self.compared = 0
        self._documents = documents
        self._asked: set[tuple[ApiDocument, str]] = set()
        self._held = False
        self._expected = False
        self._content = ContentTally()
        self._fields: set[str] = set()
        self._cases: Counter[CaseGap] = Counter()
        self._examples: dict[CaseGap, str] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Add one judged case, with what it proves and what it leaves unchecked."""
        answers = result.answers
        expected = result.expected and bool(answers)
        self.compared += result.comparison.compared
        self._held |= result.comparison.compared or expected
        self._expected |= expected
        self._keep_fields(answers)
        self._note_operations(result)
        for gap in result.comparison.gaps:
            self._note(gap, result.case_id)
        if judgement.verdict is Verdict.SKIPPED:
            self._note(CaseGap(GapKind.SKIPPED, judgement.reason), result.case_id)
        if answers and not expected:
            self._note_content(result)

    def _note_content(self, result: CaseResult) -> None:
        """Note what the answers of a case without expectations leave unchecked."""
        gaps = tuple(_without_success(result))
        self._content.add(result, gaps)
        for gap in gaps:
            self._note(gap, result.case_id)

    def _keep_fields(self, answers: Iterable[Answer]) -> None:
        """Keep the names of the header fields that were sent."""
        if len(self._fields) >= MAX_FIELDS:
            return
        for answer in answers:
            self._fields.update(map(str.lower, dict(answer.headers)))

    def _note_operations(self, result: CaseResult) -> None:
        """Note the operations that the sent requests of a case belong to."""
        suite = suite_of(result.case_id)
        for document in self._documents:
            if suite in document.suites:
                operations = map(document.operation_of, _sent(result))
                self._asked.update(zip(repeat(document), filter(None, operations)))

    def _note(self, gap: CaseGap, case_id: str) -> None:
        if gap not in self._cases and len(self._cases) >= MAX_GAPS:
            gap = CaseGap(gap.kind, _OTHERS)
        self._cases[gap] += 1
        self._examples.setdefault(gap, case_id)

    def nothing(self) -> str:
        """Return why the run proves nothing, or an empty text."""
        if not self._held:
            return "no case compared two answers, or one answer with an expectation"
        if self._expected:
            return ""
        return self._content.nothing()

    def gaps(self) -> Iterator[Gap]:
        """Yield what was not checked, by kind, the most frequent first."""
        for gap in sorted(self._cases, key=self._rank):
            # Another case of the run may have the field; then its name is right
            if gap.kind is GapKind.UNSENT_HEADER and gap.which in self._fields:
                continue
            yield Gap(
                kind=gap.kind,
                which=gap.which,
                count=self._cases[gap],
                example=self._examples[gap],
                how=self._how(gap),
            )
        for document in self._documents:
            yield from self._unasked(document)

    def _rank(self, gap: CaseGap) -> tuple[int, int, str]:
        """Return the sort key of a gap."""
        return _KINDS.index(gap.kind), -self._cases[gap], gap.which

    def _unasked(self, document: ApiDocument) -> Iterator[Gap]:
        """Yield one gap with the operations of a document for which no case has a request."""
        unasked = [each for each in document.operations if (document, each) not in self._asked]
        if unasked:
            yield Gap(
                kind=GapKind.UNASKED_OPERATION,
                which=document.name,
                count=len(unasked),
                example=unasked[0],
                how=_HOW[GapKind.UNASKED_OPERATION],
            )

    def _how(self, gap: CaseGap) -> str:
        """Return how to close a gap.

        For a header field that no runtime sent, a similar name that was sent is proposed.
        """
        how = _HOW[gap.kind]
        if gap.kind is not GapKind.UNSENT_HEADER:
            return how
        near = get_close_matches(gap.which, sorted(self._fields), n=1, cutoff=_NEAR)
        if not near:
            return how
        return f"{how}: `{near[0]}` was sent"


def _without_success(result: CaseResult) -> Iterator[CaseGap]:
    """Yield what the answers of a case without expectations leave unchecked."""
    statuses = set(map(attrgetter("status"), result.answers))
    if statuses.isdisjoint(_SUCCESSES):
        yield CaseGap(GapKind.NO_SUCCESS, "")
    yield from without_content(result)


def _sent(result: CaseResult) -> Iterator[Request]:
    """Yield the request of each step that was sent to a runtime."""
    for cell in result.cells:
        # The sent form is only kept if the request has `${name}` in it
        sent = cell.sent or (None,) * len(cell.observations)
        steps = zip(cell.observations, sent, result.requests, strict=False)
        for seen, with_values, as_written in steps:
            if not isinstance(seen, NotAsked):
                yield with_values or as_written
