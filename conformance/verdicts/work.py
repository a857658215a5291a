"""The verdict on rows that are work: whether the cases that show it still pass.

They must pass live, on the runtimes that the row names.

Evidence that is a report or a commit is not a run's to judge; `tracker check` looks at it.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from itertools import product
from typing import Final

from msgspec import Struct, field

from conformance.model.decision import Decision, DecisionState, RowCoverage, WorkEvidence
from conformance.model.finding import Finding
from conformance.model.verdict import CaseResult, Judgement, RowState, RowVerdict
from conformance.wording import plural

_NOT_SHOWN: Final = "not shown by this run"


class _Shown(Struct):
    """The cases of one row's evidence so far: passed, failed and undetermined."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    undetermined: list[str] = field(default_factory=list)

    def add(self, case_id: str, *, passes: bool | None) -> None:
        """Take a case; None where a runtime of the evidence was not asked live."""
        outcomes = {None: self.undetermined, True: self.passed, False: self.failed}
        outcomes[passes].append(case_id)


class WorkTally:
    """Takes the judged cases of a run one by one and judges every row that is work."""

    def __init__(self, rows: Iterable[Decision]) -> None:
        self._rows = tuple(rows)
        self._shown = {row.id: _Shown() for row in self._rows}

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Take one case."""
        for row in self._rows:
            for evidence in row.evidence:
                if _concerns(evidence, result.case_id):
                    passes = _passes(evidence, result)
                    self._shown[row.id].add(result.case_id, passes=passes)

    def verdict(self, row: Decision, left_out: AbstractSet[str], *, finished: bool) -> RowVerdict:
        """Return the verdict on a row; `left_out` are the known cases that the run did not take."""
        state, reason = self._state(row, left_out, finished=finished)
        passed = tuple(self._shown[row.id].passed)
        return RowVerdict(decision_id=row.id, state=state, reason=reason, cases=passed)

    def _state(
        self, row: Decision, left_out: AbstractSet[str], *, finished: bool
    ) -> tuple[RowState, str]:
        outcomes = self._shown[row.id]
        cases = [evidence for evidence in row.evidence if evidence.cases]
        if not cases:
            return RowState.NOT_EXERCISED, "work; no case shows it"
        if outcomes.failed:
            first = outcomes.failed[0]
            if row.state is DecisionState.DONE:
                return RowState.REGRESSED, f"done, and {first} no longer passes"
            return RowState.NOT_EXERCISED, f"work in progress: {first} does not pass yet"
        missing = any(_concerns(evidence, case) for evidence, case in product(cases, left_out))
        is_whole = finished and not missing and not outcomes.undetermined
        # That some cases pass says nothing while others were not asked
        if not is_whole or not outcomes.passed:
            return RowState.NOT_EXERCISED, _NOT_SHOWN
        return RowState.HOLDS, f"shown by {plural(len(outcomes.passed), 'case')}"


def _concerns(evidence: WorkEvidence, case_id: str) -> bool:
    return RowCoverage(evidence.cases, ()).concerns(case_id)


def _passes(evidence: WorkEvidence, result: CaseResult) -> bool | None:
    """Return whether a case passes on the runtimes of its evidence.

    None where one of them was not asked live.

    Without runtimes all that were asked must pass.
    """
    cells = {cell.runtime: cell for cell in result.cells if cell.unsupported is None}
    names = set(evidence.runtimes or cells)
    # A recording shows what once was so
    live = {name for name, cell in cells.items() if cell.live}
    if not names or not names <= live:
        return None
    failing = {failure.runtime for failure in result.expectation_failures}
    if not failing.isdisjoint(names):
        return False
    if not all(cells[name].answered for name in names):
        return False
    return not any(_differ(names, finding) for finding in result.comparison.findings)


def _differ(names: set[str], finding: Finding) -> bool:
    """Return whether two sides of a finding differ, each with one of some runtimes on it."""
    side_of = finding.side_of
    sides = {side_of[name] for name in names if name in side_of}
    # With other runtimes the case may differ: the work was done for these
    return any(sides.issuperset(pair.sides) for pair in finding.pairs)
