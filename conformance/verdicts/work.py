"""The verdict on work rows: whether the cases of their evidence still pass.

The cases must pass live, on the runtimes that the row names.

A run does not judge evidence that is a report or a commit; `tracker check` does.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import product, starmap
from operator import attrgetter
from typing import Final

from msgspec import Struct, field

from conformance.model.decision import Decision, DecisionState, RowCoverage, WorkEvidence
from conformance.model.finding import Finding
from conformance.model.verdict import CaseResult, Judgement, RowState, RowVerdict
from conformance.wording import plural

_RUNTIME: Final = attrgetter("runtime")
_NOT_SHOWN: Final = "not shown by this run"


class _Shown(Struct):
    """The cases of one row's evidence so far: passed, failed and undetermined."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    undetermined: list[str] = field(default_factory=list)

    def add(self, case_id: str, *, passes: bool | None) -> None:
        """Take a case; `passes` is None if a runtime of the evidence was not live in the run."""
        outcomes = {None: self.undetermined, True: self.passed, False: self.failed}
        outcomes[passes].append(case_id)


class WorkTally:
    """Takes the judged cases of a run one by one and gives the verdict on every work row."""

    def __init__(self, rows: Iterable[Decision]) -> None:
        self._rows = tuple(rows)
        self._shown = {row.id: _Shown() for row in self._rows}

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Add one judged case to the evidence of work rows."""
        for row in self._rows:
            for evidence in filter(partial(_concerns, case_id=result.case_id), row.evidence):
                passes = _passes(evidence, result)
                self._shown[row.id].add(result.case_id, passes=passes)

    def verdict(self, row: Decision, left_out: AbstractSet[str], *, finished: bool) -> RowVerdict:
        """Return the verdict on a row; `left_out` are the known cases that the run left out."""
        state, reason = self._state(row, left_out, finished=finished)
        passed = tuple(self._shown[row.id].passed)
        return RowVerdict(decision_id=row.id, state=state, reason=reason, cases=passed)

    def _state(
        self, row: Decision, left_out: AbstractSet[str], *, finished: bool
    ) -> tuple[RowState, str]:
        outcomes = self._shown[row.id]
        cases = list(filter(attrgetter("cases"), row.evidence))
        if not cases:
            return RowState.NOT_EXERCISED, "work; no case shows it"
        if outcomes.failed:
            first = outcomes.failed[0]
            if row.state is DecisionState.DONE:
                return RowState.REGRESSED, f"done, and {first} no longer passes"
            return RowState.NOT_EXERCISED, f"work in progress: {first} does not pass yet"
        missing = any(starmap(_concerns, product(cases, left_out)))
        is_whole = finished and not missing and not outcomes.undetermined
        # Passed cases prove nothing while others were not run
        if not is_whole or not outcomes.passed:
            return RowState.NOT_EXERCISED, _NOT_SHOWN
        return RowState.HOLDS, f"shown by {plural(len(outcomes.passed), 'case')}"


def _concerns(evidence: WorkEvidence, case_id: str) -> bool:
    return RowCoverage(evidence.cases, ()).concerns(case_id)


def _passes(evidence: WorkEvidence, result: CaseResult) -> bool | None:
    """Return whether a case passes on the runtimes of its evidence; None if one was not live.

    If the evidence names no runtimes, the case must pass on all that support it.
    """
    asked = list(filter(attrgetter("is_supported"), result.cells))
    names = set(evidence.runtimes or map(_RUNTIME, asked))
    # A recording shows the past
    live = set(map(_RUNTIME, filter(attrgetter("live"), asked)))
    if not names or not names <= live:
        return None
    failing = set(map(_RUNTIME, result.expectation_failures))
    if not failing.isdisjoint(names):
        return False
    answering = set(map(_RUNTIME, filter(attrgetter("answered"), asked)))
    if not names <= answering:
        return False
    return not any(map(partial(_differ, names), result.comparison.findings))


def _differ(names: set[str], finding: Finding) -> bool:
    """Return whether a finding has a difference between two of the named runtimes."""
    sides = set(map(finding.side_of.get, names))
    # Other runtimes may differ: the work was done for these
    return any(map(sides.issuperset, map(attrgetter("sides"), finding.pairs)))
