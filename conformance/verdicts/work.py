"""The verdict on rows that are work: whether the cases that show it still pass.

They must pass live, on the runtimes that the row names.

Evidence that is a report or a commit is not a run's to judge; `tracker check` looks at it.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from conformance.model.decision import Coverage, Decision, DecisionState, WorkEvidence
from conformance.model.observation import Answer
from conformance.model.verdict import CaseResult, Judgement, RowState, RowVerdict
from conformance.wording import plural

_NOT_SHOWN: Final = "not shown by this run"


@dataclass(slots=True)
class _Shown:
    """The cases of one row's evidence so far: passed, failed and undetermined.

    A failed case has its reason.
    """

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)


class WorkTally:
    """Takes the judged cases of a run one by one and judges every row that is work."""

    def __init__(self, rows: Iterable[Decision]) -> None:
        self._rows = tuple(rows)
        self._shown = {row.id: _Shown() for row in self._rows}

    def add(self, result: CaseResult, _judgement: Judgement) -> None:
        """Take one case."""
        for row in self._rows:
            for evidence in row.evidence:
                if Coverage(evidence.cases, ()).concerns(result.case_id):
                    outcomes = self._shown[row.id]
                    {True: outcomes.passed, False: outcomes.failed, None: outcomes.untold}[
                        _passes(evidence, result)
                    ].append(result.case_id)

    def verdict(self, row: Decision, left_out: AbstractSet[str], *, finished: bool) -> RowVerdict:
        """Return the verdict on a row; `left_out` are the known cases that the run did not take."""
        outcomes = self._shown[row.id]
        cases = [evidence for evidence in row.evidence if evidence.cases]
        missing = any(
            Coverage(evidence.cases, ()).concerns(case) for evidence in cases for case in left_out
        )
        state, reason = RowState.NOT_EXERCISED, _NOT_SHOWN
        if not cases:
            reason = "work; no case shows it"
        elif outcomes.failed and row.state is DecisionState.DONE:
            state, reason = RowState.REGRESSED, f"done, and {outcomes.failed[0]} no longer passes"
        elif outcomes.failed:
            reason = f"work in progress: {outcomes.failed[0]} does not pass yet"
        elif outcomes.passed and not outcomes.untold and not missing and finished:
            state, reason = RowState.HOLDS, f"shown by {plural(len(outcomes.passed), 'case')}"
        return RowVerdict(
            decision_id=row.id, state=state, reason=reason, cases=tuple(outcomes.passed)
        )


def _passes(evidence: WorkEvidence, result: CaseResult) -> bool | None:
    """Return whether a case passes on the runtimes of its evidence.

    None where one of them was not asked live.

    Without runtimes all that were asked must pass.
    """
    cells = {cell.runtime: cell for cell in result.cells if cell.unsupported is None}
    names = set(evidence.runtimes or cells)
    asked = [cells[name] for name in names if name in cells and cells[name].live]
    if len(asked) < len(names) or not names:
        return None
    answered = all(isinstance(seen, Answer) for cell in asked for seen in cell.observations)
    as_expected = not any(failure.runtime in names for failure in result.expectation_failures)
    alike = not any(
        names.intersection(finding.sides[pair.first].runtimes)
        and names.intersection(finding.sides[pair.second].runtimes)
        for finding in result.comparison.findings
        for pair in finding.pairs
    )
    return answered and as_expected and alike
