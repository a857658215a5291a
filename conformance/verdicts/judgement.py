"""The verdict on a case: the first of the reasons below that applies.

errored (a fault: nothing to judge) · failed (an expectation) · nondeterministic · failed (a finding that no row covers,
or that a done row says is gone) · known · skipped (nobody to compare with) · passed
"""

from collections.abc import Sequence
from typing import Final

from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.model.finding import Finding
from conformance.model.observation import Answer, Cell
from conformance.model.verdict import CaseResult, ExpectationFailure, Judgement, Verdict
from conformance.verdicts.matching import matching_rows

_ISOLATE_IT: Final = "asked again it answered otherwise: this case changes what it reads, isolate it"
_Rows = tuple[Decision, ...]
"""The rows that decide a finding together; none: it is undecided."""


def judge(result: CaseResult, ledger: Ledger) -> Judgement:
    """Judge one case; raises LedgerError when two rows claim one of its findings."""
    faulted = [cell for cell in result.cells if cell.faults]
    rows = [() if faulted else _rows(finding, result, ledger) for finding in result.comparison.findings]
    decisions = tuple(tuple(row.id for row in each) for each in rows)
    if faulted:
        return Judgement(verdict=Verdict.ERRORED, reason=_fault_reason(faulted), decisions=decisions)
    failures = [failure for failure in result.expectation_failures if not _explained(failure, result, rows)]
    if failures:
        return Judgement(verdict=Verdict.FAILED, reason=str(failures[0]), decisions=decisions)
    if result.unstable:
        reason = f"{described(result.unstable[0])} only in one of two runs"
        return Judgement(verdict=Verdict.NONDETERMINISTIC, reason=reason, decisions=decisions)
    return _judge_findings(result, rows, decisions)


def _explained(failure: ExpectationFailure, result: CaseResult, rows: Sequence[_Rows]) -> bool:
    """Tell whether a conversation came to a dead end for a difference, up to that step, that is already decided."""
    return failure.dead_end and any(
        _is_known(decided) and finding.step <= failure.step and failure.runtime in finding.runtimes
        for finding, decided in zip(result.comparison.findings, rows, strict=True)
    )


def undecided(result: CaseResult, ledger: Ledger) -> bool:
    """Tell whether a finding of a case has no open or accepted row, so that it is worth a second look."""
    if any(cell.faults for cell in result.cells):
        return False
    return not all(_is_known(_rows(finding, result, ledger)) for finding in result.comparison.findings)


def _is_known(rows: _Rows) -> bool:
    """Tell whether a finding is decided, and by no row that says it is gone."""
    return bool(rows) and all(row.state is not DecisionState.DONE for row in rows)


def _judge_findings(result: CaseResult, rows: Sequence[_Rows], decisions: tuple[tuple[str, ...], ...]) -> Judgement:
    for finding, decided in zip(result.comparison.findings, rows, strict=True):
        if not decided:
            isolate = f"; {_ISOLATE_IT}" if result.changes_itself else ""
            reason = f"{described(finding)}: undecided{isolate}"
            return Judgement(verdict=Verdict.FAILED, reason=reason, decisions=decisions)
        if back := [row for row in decided if row.state is DecisionState.DONE]:
            reason = f"{back[0].id} is done ({back[0].commit}), and the difference is back"
            return Judgement(verdict=Verdict.FAILED, reason=reason, decisions=decisions)
    if more := result.comparison.more_findings:
        reason = f"{more} more differences in this case: too many to decide one by one"
        return Judgement(verdict=Verdict.FAILED, reason=reason, decisions=decisions)
    if decisions:
        known = sorted({row for decided in decisions for row in decided})
        return Judgement(verdict=Verdict.KNOWN, reason=f"decided in {', '.join(known)}", decisions=decisions)
    unsupported = [f"{cell.runtime} {cell.unsupported}" for cell in result.cells if cell.unsupported]
    if result.comparison.compared:
        return Judgement(verdict=Verdict.PASSED, reason="; ".join(unsupported))
    if result.expected and any(isinstance(seen, Answer) for cell in result.cells for seen in cell.observations):
        return Judgement(verdict=Verdict.PASSED, reason="as expected; no other runtime to compare with")
    reason = "; ".join(unsupported) or "fewer than two runtimes to compare"
    return Judgement(verdict=Verdict.SKIPPED, reason=reason)


def _rows(finding: Finding, result: CaseResult, ledger: Ledger) -> _Rows:
    return matching_rows(finding, result.case_id, ledger)


def described(finding: Finding) -> str:
    """Return a finding in one line: its signature, and who is odd or that nobody is."""
    signature = finding.signatures[0]
    if finding.odd:
        return f"{signature}, odd: {', '.join(finding.odd)}"
    return f"{signature}: {', '.join(finding.runtimes)} differ"


def _fault_reason(faulted: Sequence[Cell]) -> str:
    return "; ".join(f"{cell.runtime}: {cell.faults[0].kind.value}: {cell.faults[0].detail}" for cell in faulted)
