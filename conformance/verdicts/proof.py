"""What a run proves, and what it did not check, so that a green run is never an empty one."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from conformance.model.api_document import ApiDocument
from conformance.model.case import suite_of
from conformance.model.gap import CaseGap, Gap, GapKind
from conformance.model.observation import Answer, NotAsked
from conformance.model.request import Request
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.verdicts.without_content import without_content

MAX_GAPS: Final = 50
"""Gaps that are listed one by one; further ones of a kind are counted together."""
MAX_FIELDS: Final = 10_000
"""Names of header fields that are kept of a run: a service may make new ones for ever."""
_SUCCESSES: Final = range(200, 400)
_NEAR: Final = 0.8
"""How alike two names are of which one is a slip of the other: one or two letters of a usual name.
"""
_OTHERS: Final = "others"
_HOW: Final[Mapping[GapKind, str]] = {
    GapKind.SKIPPED: "name a runtime that supports them",
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
    GapKind.UNSENT_HEADER: "correct the name in `headers`",
    GapKind.UNASKED_OPERATION: "write a case that asks for it",
}


class ProofTally:
    """Takes the judged cases of a run one by one.

    Says whether they prove anything, and what was not checked.
    """

    def __init__(self, documents: Sequence[ApiDocument] = ()) -> None:
        self.compared = 0
        self._documents = documents
        self._asked: set[tuple[ApiDocument, str]] = set()
        self._held = False
        self._succeeded = False
        self._expected = False
        self._fields: set[str] = set()
        self._cases: Counter[CaseGap] = Counter()
        self._examples: dict[CaseGap, str] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        observations = [seen for cell in result.cells for seen in cell.observations]
        answers = [seen for seen in observations if isinstance(seen, Answer)]
        statuses = [answer.status for answer in answers]
        if len(self._fields) < MAX_FIELDS:
            self._fields.update(name.lower() for answer in answers for name, _ in answer.headers)
        succeeded = any(status in _SUCCESSES for status in statuses)
        expected = result.expected and bool(statuses)
        self.compared += result.comparison.compared
        self._held |= result.comparison.compared or expected
        self._succeeded |= succeeded
        self._expected |= expected
        for gap in result.comparison.gaps:
            self._note(gap, result.case_id)
        self._note_operations(result)
        if judgement.verdict is Verdict.SKIPPED:
            self._note(CaseGap(GapKind.SKIPPED, judgement.reason), result.case_id)
        if statuses and not succeeded and not expected:
            self._note(CaseGap(GapKind.NO_SUCCESS, ""), result.case_id)
        for gap in () if expected else without_content(result):
            self._note(gap, result.case_id)

    def _note_operations(self, result: CaseResult) -> None:
        """Note the operations that runtimes were asked for.

        They are noted as the requests are written and as they were sent.
        """
        suite = suite_of(result.case_id)
        for document in self._documents:
            for request in _sent(result) if suite in document.suites else ():
                operation = document.operation_of(request)
                self._asked.update(((document, operation),) if operation else ())

    def _note(self, gap: CaseGap, case_id: str) -> None:
        if gap not in self._cases and len(self._cases) >= MAX_GAPS:
            gap = CaseGap(gap.kind, _OTHERS)
        self._cases[gap] += 1
        self._examples.setdefault(gap, case_id)

    def nothing(self) -> str:
        """Return why the run proves nothing, or an empty text."""
        if not self._held:
            return "no case compared two answers, or held one against an expectation"
        if not self._succeeded and not self._expected:
            return (
                "no answer of the whole run was 2xx or 3xx, and no case expected that; has a "
                "token expired?"
            )
        return ""

    def gaps(self) -> Iterator[Gap]:
        """Yield what was not checked, by kind, the most frequent first."""
        order = list(GapKind)
        for gap in sorted(
            self._cases, key=lambda gap: (order.index(gap.kind), -self._cases[gap], gap.which)
        ):
            if gap.kind is GapKind.UNSENT_HEADER and gap.which in self._fields:
                continue  # another case of the run has it, so the name is right
            example = self._examples[gap]
            yield Gap(
                kind=gap.kind,
                which=gap.which,
                count=self._cases[gap],
                example=example,
                how=self._how(gap),
            )
        kind = GapKind.UNASKED_OPERATION
        for document in self._documents:
            left = [each for each in document.operations if (document, each) not in self._asked]
            if left:
                yield Gap(
                    kind=kind, which=document.name, count=len(left), example=left[0], how=_HOW[kind]
                )

    def _how(self, gap: CaseGap) -> str:
        """Return how a gap is closed.

        For a header field that nobody sent, with the name that may be meant.
        """
        if gap.kind is GapKind.UNSENT_HEADER:
            near = get_close_matches(gap.which, sorted(self._fields), n=1, cutoff=_NEAR)
            return f"{_HOW[gap.kind]}: `{near[0]}` was sent" if near else _HOW[gap.kind]
        return _HOW[gap.kind]


def _sent(result: CaseResult) -> Iterator[Request]:
    """Yield the requests of the steps that any runtime was sent."""
    for cell in result.cells:
        for step, seen in enumerate(cell.observations):
            if not isinstance(seen, NotAsked):
                yield (cell.sent[step] if cell.sent else None) or result.requests[step]
