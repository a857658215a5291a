"""The changes of one case between two runs, from its verdicts and its findings.

`_TABLE` gives the change of the case from its two verdicts.

A finding that only the head has is *new*; one that only the base has is *fixed*, if the head judged
the case. Two findings are the same if they have the same step and place, and if any two runtimes
that took part in both runs differ there in the same way.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import compress, count, product
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.changes.change import CaseChange, ChangeKind
from conformance.model.decision import Decision
from conformance.model.finding import Finding
from conformance.model.request import Request
from conformance.model.verdict import Judgement, Verdict
from conformance.verdicts.matching import InCase, difference_now

_FindingKey = tuple[object, ...]
_Way = tuple[str, frozenset[tuple[str, str]]]
"""The name of a difference between two runtimes, and each runtime with its fact."""
_ABSENT: Final = (None,)
_SKIPPED: Final = (Verdict.SKIPPED,)
_GREEN: Final = (Verdict.PASSED, Verdict.KNOWN)
_RED: Final = (Verdict.FAILED, Verdict.ERRORED, Verdict.NONDETERMINISTIC)
_TABLE: Final = (
    # A case that the base had not judged.
    (_ABSENT, (*_SKIPPED, *_GREEN, *_RED), ChangeKind.NEW),
    (_SKIPPED, (*_GREEN, *_RED), ChangeKind.NEW),
    # A case of the base that the head did not judge.
    ((*_SKIPPED, *_GREEN, *_RED), _ABSENT, ChangeKind.GONE),
    ((*_GREEN, *_RED), _SKIPPED, ChangeKind.GONE),
    # Passed or known in the base, red in the head.  It is reopened if every undecided finding is
    # at the place of a stale decision of the head, with the same sides: the difference of that
    # decision has another form now.
    (_GREEN, _RED, ChangeKind.REGRESSED),
    # Red in the base, green in the head; findings, if there are any, give the change themselves.
    (_RED, _GREEN, ChangeKind.FIXED),
)
_KIND_OF: Final = {
    verdicts: kind for before, after, kind in _TABLE for verdicts in product(before, after)
}


class JudgedFindings(Struct, frozen=True, kw_only=True):
    """One case of a run as it is compared with another run: its judgement and its findings."""

    judgement: Judgement
    findings: tuple[Finding, ...]
    requests: tuple[Request, ...] = ()
    absent: bool = False

    @property
    def verdict(self) -> Verdict | None:
        """Return the verdict on the case, or None if the run does not contain the case."""
        return None if self.absent else self.judgement.verdict

    def only(
        self, wanted: AbstractSet[int]
    ) -> tuple[tuple[Finding, ...], tuple[tuple[str, ...], ...]]:
        """Return the findings with the given indexes, and the decisions about each of them."""
        kept = sorted(wanted)
        findings = tuple(self.findings[index] for index in kept)
        decisions = tuple(self.judgement.decisions[index] for index in kept)
        return findings, decisions

    def at_places(self, places: AbstractSet[str]) -> set[int]:
        """Return the indexes of the findings at the given places."""
        return _indexes(finding.place in places for finding in self.findings)


_NOT_IN_RUN: Final = JudgedFindings(
    judgement=Judgement(verdict=Verdict.SKIPPED, reason=""), findings=(), absent=True
)


class CaseChanges:
    """Finds the changes of each case between two runs.

    `runtimes` are those in both runs, `stale` the decisions that the head found stale.
    """

    def __init__(self, runtimes: AbstractSet[str], stale: Iterable[Decision]) -> None:
        self._runtimes = frozenset(runtimes)
        self._stale = tuple(filter(attrgetter("live"), stale))

    def of(
        self, case_id: str, base: JudgedFindings | None, head: JudgedFindings | None
    ) -> Iterator[CaseChange]:
        """Yield the changes of a case that is in at least one of the two runs.

        None stands for a run without the case.
        """
        was, now = base or _NOT_IN_RUN, head or _NOT_IN_RUN
        kind = _KIND_OF.get((was.verdict, now.verdict))
        if kind is ChangeKind.GONE:
            yield _change(kind, case_id, was, now)
            return
        gained = self._missing_in(was, now)
        lost = self._missing_in(now, was)
        if kind is ChangeKind.REGRESSED:
            worse = self._worse(case_id, was, now, gained)
            yield worse
            if worse.kind is ChangeKind.REOPENED:
                # One message: not both that one form is gone and that another is new
                reopened_places = {finding.place for finding in worse.findings}
                lost -= was.at_places(reopened_places)
        elif gained or kind is ChangeKind.NEW:
            yield _change(ChangeKind.NEW, case_id, was, now, now.only(gained))
        if now.verdict is Verdict.ERRORED:
            return  # without an answer nothing is fixed
        # A finding only among runtimes that are not in the head is not known to be fixed
        comparable = {index for index in lost if self._ways(was.findings[index])}
        fixed_without_findings = kind is ChangeKind.FIXED and not was.findings
        if comparable or fixed_without_findings:
            yield _change(ChangeKind.FIXED, case_id, was, now, was.only(comparable))

    def _worse(
        self, case_id: str, was: JudgedFindings, now: JudgedFindings, gained: AbstractSet[int]
    ) -> CaseChange:
        """Return the change of a case that is red in the head: regressed or reopened.

        The case is reopened if each undecided finding reopens a decision.
        """
        undecided = _indexes(not rows for rows in now.judgement.decisions)
        findings, decisions = now.only(gained or undecided)
        undecided_findings, _ = now.only(undecided)
        reopened_by = partial(self._reopened, InCase(case_id, len(now.requests)))
        reopened = list(map(reopened_by, undecided_findings))
        if now.verdict is Verdict.FAILED and reopened and all(reopened):
            rows = tuple(map(reopened_by, findings))
            return _change(ChangeKind.REOPENED, case_id, was, now, (findings, rows))
        return _change(ChangeKind.REGRESSED, case_id, was, now, (findings, decisions))

    def _reopened(self, case: InCase, finding: Finding) -> tuple[str, ...]:
        """Return the id of the stale decision that a finding reopens, or an empty tuple.

        The decision has the finding's path and sides, as in rule 8 of the ledger.
        """
        for row in self._stale:
            if row.concerns(case.case_id) and difference_now(row, finding, case):
                return (row.id,)
        return ()

    def _missing_in(self, judged: JudgedFindings, other: JudgedFindings) -> set[int]:
        """Return the indexes of the findings of `other` that `judged` does not have."""
        known = set(map(self._key, judged.findings))
        return _indexes(self._key(finding) not in known for finding in other.findings)

    def _key(self, finding: Finding) -> _FindingKey:
        """Return a key that is equal for the same finding in both runs.

        It holds the step, and the place and the differences of the runtimes that are in both runs.
        """
        place_of: dict[str, str] = {}
        for side in finding.sides:
            place_of.update(zip(side.runtimes, side.lasting_places, strict=True))
        places = set(map(place_of.get, self._runtimes & place_of.keys()))
        # The place of a runtime without a value there is empty
        place = min(filter(None, places), default=finding.lasting_place)
        return finding.step, place, self._ways(finding) or finding.identity

    def _ways(self, finding: Finding) -> frozenset[_Way]:
        """Return all differences between two runtimes that are in both runs."""
        ways: set[_Way] = set()
        for pair in finding.pairs:
            first, second = (finding.sides[at].runtimes for at in pair.sides)
            in_both_runs = map(self._runtimes.intersection, (first, second))
            for names in product(*in_both_runs):
                facts = frozenset(zip(names, pair.facts, strict=True))
                ways.add((pair.name, facts))
        return frozenset(ways)


def _indexes(holds: Iterable[bool]) -> set[int]:
    """Return the indexes of the true items."""
    return set(compress(count(), holds))


def _change(
    kind: ChangeKind,
    case_id: str,
    was: JudgedFindings,
    now: JudgedFindings,
    about: tuple[tuple[Finding, ...], tuple[tuple[str, ...], ...]] = ((), ()),
) -> CaseChange:
    return CaseChange(
        kind=kind,
        case_id=case_id,
        was=was.verdict,
        now=now.verdict,
        reason=now.judgement.reason,
        findings=about[0],
        decisions=about[1],
        requests=was.requests if now.absent else now.requests,
    )
