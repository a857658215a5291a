"""The verdict on a case: the first of the reasons below that applies.

errored (a fault: nothing to judge) · failed (an expectation) · nondeterministic · failed (a finding that no row covers,
or that a done row says is gone) · known · skipped (nobody to compare with) · passed
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from conformance.comparison.grouping import harm_of_named
from conformance.comparison.sentences import described
from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.model.finding import DifferenceKind, Finding
from conformance.model.observation import Answer, Cell, FaultKind
from conformance.model.verdict import CaseResult, ExpectationFailure, Judgement, Verdict
from conformance.verdicts.matching import matching_rows, rows_about
from conformance.wording import plural

_ISOLATE_IT: Final = "asked again it answered otherwise: this case changes what it reads, isolate it"
_Rows = tuple[Decision, ...]
"""The rows that decide a finding together; none: it is undecided."""


def judge(result: CaseResult, ledger: Ledger) -> Judgement:
    """Judge one case; raises LedgerError when two rows claim one of its findings."""
    rows = [() if each in result.unstable else _rows(each, result, ledger) for each in result.comparison.findings]
    decisions = tuple(tuple(row.id for row in each) for each in rows)
    if reason := _error(result, rows):
        judged = Judgement(verdict=Verdict.ERRORED, reason=reason, decisions=decisions)
        return replace(judged, partial=tuple(_partial(result, ledger, rows)))
    failures = [failure for failure in result.expectation_failures if not _explained(failure, result, rows)]
    if failures:
        judged = Judgement(verdict=Verdict.FAILED, reason=str(failures[0]), decisions=decisions)
    elif result.unstable or result.own_differences:
        judged = Judgement(verdict=Verdict.NONDETERMINISTIC, reason=_instability(result), decisions=decisions)
    else:
        judged = _judge_findings(result, rows, decisions)
    return replace(judged, partial=tuple(_partial(result, ledger, rows)))


def _instability(result: CaseResult) -> str:
    """Return what was not the same when a case was asked again."""
    if not result.own_differences:
        return f"{described(result.unstable[0], len(result.requests))}; only in one of two askings"
    first, *others = dict.fromkeys(f"{own.runtime} at {own.finding.place}" for own in result.own_differences)
    more = f", and {len(others)} more" if others else ""
    return f"differs by itself: {first}{more}"


def _partial(result: CaseResult, ledger: Ledger, rows: Sequence[_Rows]) -> Iterator[_Rows]:
    for finding, decided in zip(result.comparison.findings, rows, strict=True):
        yield () if decided else rows_about(finding, result.case_id, ledger)


def _explained(failure: ExpectationFailure, result: CaseResult, rows: Sequence[_Rows]) -> bool:
    """Tell whether a conversation came to a dead end for a difference, up to that step, that is already decided."""
    return failure.dead_end and any(
        _is_known(decided) and finding.step <= failure.step and failure.runtime in finding.runtimes
        for finding, decided in zip(result.comparison.findings, rows, strict=True)
    )


def undecided(result: CaseResult, ledger: Ledger) -> bool:
    """Tell whether a finding of a case has no open or accepted row, so that it is worth a second look."""
    if result.comparison.over_budget or any(cell.faults for cell in result.cells):
        return False
    return not all(_is_known(_rows(finding, result, ledger)) for finding in result.comparison.findings)


def _is_known(rows: _Rows) -> bool:
    """Tell whether a finding is decided, and by no row that says it is gone."""
    return bool(rows) and all(row.state is not DecisionState.DONE for row in rows)


def _judge_findings(result: CaseResult, rows: Sequence[_Rows], decisions: tuple[tuple[str, ...], ...]) -> Judgement:
    pairs = list(zip(result.comparison.findings, rows, strict=True))
    if undecided_here := [finding for finding, decided in pairs if not decided]:
        reason = _undecided_reason(undecided_here, result)
        return Judgement(verdict=Verdict.FAILED, reason=reason, decisions=decisions)
    for _, decided in pairs:
        if back := [row for row in decided if row.state is DecisionState.DONE]:
            reason = f"{back[0].id} is done ({back[0].commit}), and the difference is back"
            return Judgement(verdict=Verdict.FAILED, reason=reason, decisions=decisions)
    if more := result.comparison.more_findings:
        reason = f"{plural(more, 'more difference')} in this case: too many to decide one by one"
        return Judgement(verdict=Verdict.FAILED, reason=reason, decisions=decisions)
    if decisions:
        known = sorted({row for decided in decisions for row in decided})
        return Judgement(verdict=Verdict.KNOWN, reason=f"decided in {', '.join(known)}", decisions=decisions)
    return _without_findings(result)


def _undecided_reason(findings: Sequence[Finding], result: CaseResult) -> str:
    """Return the most harmful of some findings that no row covers, and how many others there are."""
    worst = min(findings, key=harm_of_named)
    more = len(findings) - 1 + result.comparison.more_findings
    others = f", and {plural(more, 'more difference')}" if more else ""
    isolate = f"; {_ISOLATE_IT}" if result.changes_itself else ""
    return f"{described(worst, len(result.requests))}; undecided{others}{isolate}"


def _without_findings(result: CaseResult) -> Judgement:
    """Judge a case in which nothing differs: whether that says anything."""
    unsupported = [f"{cell.runtime} {cell.unsupported}" for cell in result.cells if cell.unsupported]
    if result.comparison.compared:
        return Judgement(verdict=Verdict.PASSED, reason="; ".join(unsupported))
    if result.expected and any(isinstance(seen, Answer) for cell in result.cells for seen in cell.observations):
        return Judgement(verdict=Verdict.PASSED, reason="as expected; no other runtime to compare with")
    reason = "; ".join(unsupported) or "fewer than two runtimes to compare"
    return Judgement(verdict=Verdict.SKIPPED, reason=reason)


def _rows(finding: Finding, result: CaseResult, ledger: Ledger) -> _Rows:
    return matching_rows(finding, result.case_id, ledger)


def _error(result: CaseResult, rows: Sequence[_Rows]) -> str:
    """Return why a case says nothing: a fault that no row covers, or a runtime that was down; else an empty text."""
    undecided_faults = any(
        finding.kind is DifferenceKind.FAULT and not _is_known(decided)
        for finding, decided in zip(result.comparison.findings, rows, strict=True)
    )
    reasons: list[str] = []
    if undecided_faults:
        reasons += [_fault_reason(cell) for cell in result.cells if cell.faults]
    if undecided_faults and result.comparison.over_budget:
        reasons.append(f"{FaultKind.COMPARISON_BUDGET.value}: {result.comparison.over_budget}")
    reasons += [f"{cell.runtime} was not asked: {cell.down}" for cell in result.cells if cell.down]
    return "; ".join(reasons)


def _fault_reason(cell: Cell) -> str:
    return f"{cell.runtime}: {cell.faults[0].kind.value}: {cell.faults[0].detail}"
