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
        if passes is None:
            self.undetermined.append(case_id)
        elif passes:
            self.passed.append(case_id)
        else:
            self.failed.append(case_id)


class WorkTally:
    """Takes the judged cases of a run one by one and judges every row that is work."""

    def __init__(self, rows: Iterable[Decision]) -> None:
        self._rows = tuple(rows)
        self._shown = {row.id: _Shown() for row in self._rows}

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Take one case."""
        for row in self._rows:
            outcomes = self._shown[row.id]
            for evidence in row.evidence:
                if _concerns(evidence, result.case_id):
                    outcomes.add(result.case_id, passes=_passes(evidence, result))

    def verdict(self, row: Decision, left_out: AbstractSet[str], *, finished: bool) -> RowVerdict:
        """Return the verdict on a row; `left_out` are the known cases that the run did not take."""
        outcomes = self._shown[row.id]
        cases = [evidence for evidence in row.evidence if evidence.cases]
        missing = any(_concerns(evidence, case) for evidence, case in product(cases, left_out))
        whole = finished and not missing and not outcomes.undetermined
        state, reason = RowState.NOT_EXERCISED, _NOT_SHOWN
        if not cases:
            reason = "work; no case shows it"
        elif outcomes.failed and row.state is DecisionState.DONE:
            state, reason = RowState.REGRESSED, f"done, and {outcomes.failed[0]} no longer passes"
        elif outcomes.failed:
            reason = f"work in progress: {outcomes.failed[0]} does not pass yet"
        elif outcomes.passed and whole:
            state, reason = RowState.HOLDS, f"shown by {plural(len(outcomes.passed), 'case')}"
        return RowVerdict(
            decision_id=row.id, state=state, reason=reason, cases=tuple(outcomes.passed)
        )


def _concerns(evidence: WorkEvidence, case_id: str) -> bool:
    return RowCoverage(evidence.cases, ()).concerns(case_id)


def _passes(evidence: WorkEvidence, result: CaseResult) -> bool | None:
    """Return whether a case passes on the runtimes of its evidence.

    None where one of them was not asked live.

    Without runtimes all that were asked must pass.
    """
    cells = {cell.runtime: cell for cell in result.cells if cell.unsupported is None}
    names = set(evidence.runtimes or cells)
    live = {name for name, cell in cells.items() if cell.live}
    if not names or not names <= live:
        return None
    answered = all(cells[name].answered for name in names)
    failing = {failure.runtime for failure in result.expectation_failures}
    alike = not any(_differ(names, finding) for finding in result.comparison.findings)
    return answered and failing.isdisjoint(names) and alike


def _differ(names: set[str], finding: Finding) -> bool:
    """Return whether two sides of a finding differ, each with one of some runtimes on it."""
    sides = {index for index, side in enumerate(finding.sides) if names.intersection(side.runtimes)}
    return any(sides.issuperset(pair.sides) for pair in finding.pairs)
