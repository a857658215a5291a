"""Comparison of two saved runs: case by case, with the changes grouped by cause."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import permutations
from pathlib import Path
from typing import Final

from conformance.changes.cases import CaseChanges, JudgedFindings
from conformance.changes.change import CaseChange, ChangeCause, ChangeKind, RunChanges
from conformance.comparison.grouping import Grouping
from conformance.judging import judge_record
from conformance.model.report import RunReport
from conformance.model.verdict import CaseResult, Judgement, RowState
from conformance.reporting import run_phrases
from conformance.verdicts.fold import CASES_IN_A_REPORT, whole_evidence

_STALE: Final = frozenset({RowState.STALE, RowState.REOPENED})


def compare_runs(base: Path, head: Path) -> RunChanges:
    """Compare a saved run with an older one; each is judged by its own ledger."""
    was, now = FindingsFold(), FindingsFold()
    before, after = judge_record(base, folds=(was,)), judge_record(head, folds=(now,))
    stale = {row.decision_id for row in after.rows if row.state in _STALE}
    stale_decisions = [row for row in after.decisions if row.id in stale]
    in_both_runs = {*before.header.runtime_names} & {*after.header.runtime_names}
    changes = CaseChanges(in_both_runs, stale_decisions)
    tally = ChangeTally(before, after)
    for case_id in now.of_case | was.of_case:
        tally.add(changes.of(case_id, was.of_case.get(case_id), now.of_case.get(case_id)))
    return tally.changes()


class FindingsFold:
    """A fold that keeps, of each judged case, what is compared with another run."""

    def __init__(self) -> None:
        self.of_case: dict[str, JudgedFindings] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Keep one case."""
        self.of_case[result.case_id] = JudgedFindings(
            judgement=judgement, findings=result.comparison.findings, requests=result.requests
        )


class ChangeTally:
    """Adds up the changes of all cases between two judged runs."""

    def __init__(self, base: RunReport, head: RunReport) -> None:
        self._base, self._head = base, head
        self._groupings = {kind: Grouping(head.header.languages) for kind in ChangeKind}
        self._counts: Counter[ChangeKind] = Counter()
        self._unchanged = 0
        self._cases: list[CaseChange] = []

    def add(self, changes: Iterable[CaseChange]) -> None:
        """Add the changes of one case."""
        found = tuple(changes)
        self._unchanged += not found
        for change in found:
            self._counts[change.kind] += 1
            self._groupings[change.kind].add_findings(
                change.case_id, change.requests, change.findings, change.decisions
            )
            if len(self._cases) < CASES_IN_A_REPORT:
                self._cases.append(change)

    def changes(self) -> RunChanges:
        """Return all changes and their totals."""
        return RunChanges(
            base=self._base.header,
            head=self._head.header,
            finished=self._head.footer is not None,
            counts={kind: self._counts[kind] for kind in ChangeKind},
            unchanged=self._unchanged,
            causes=tuple(
                ChangeCause(kind=kind, group=group)
                for kind, grouping in self._groupings.items()
                for group in grouping.groups(whole_evidence(self._head.header, self._head.footer))
            ),
            cases=tuple(self._cases),
            more_cases=self._counts.total() - len(self._cases),
            warnings=tuple(self._warnings()),
            verdict=run_phrases.outcome(self._head),
            guard_failures=tuple(run_phrases.guard_failures(self._head)),
        )

    def _warnings(self) -> Iterator[str]:
        sides = (("the base", self._base), ("the head", self._head))
        for side, report in sides:
            if report.footer is None:
                yield f"{side} did not finish: its record is incomplete"
        for (side, report), (_, other) in permutations(sides):
            if alone := {*report.header.runtime_names} - {*other.header.runtime_names}:
                yield f"only {side} asked {', '.join(sorted(alone))}"
        if self._base.header.baseline != self._head.header.baseline:
            yield (
                "the two runs were read against different baselines, so that other sides may be "
                "called odd"
            )
