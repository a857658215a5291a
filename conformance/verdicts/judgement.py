"""The verdict on a case: the first of the reasons below that applies.

errored (a fault: nothing to judge) · failed (an expectation) · nondeterministic · failed (a finding that no row covers,
or that a done row says is gone) · known · skipped (nobody to compare with) · passed
"""

from collections.abc import Sequence

from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.model.finding import Finding
from conformance.model.observation import Answer, Cell
from conformance.model.verdict import CaseResult, ExpectationFailure, Judgement, Verdict
from conformance.verdicts.matching import matching_row


def judge(result: CaseResult, ledger: Ledger) -> Judgement:
    """Judge one case; raises LedgerError when two rows claim one of its findings."""
    faulted = [cell for cell in result.cells if cell.faults]
    rows = [None if faulted else _row(finding, result, ledger) for finding in result.comparison.findings]
    decisions = tuple(row.id if row else None for row in rows)
    if faulted:
        return Judgement(verdict=Verdict.ERRORED, reason=_fault_reason(faulted), decisions=decisions)
    failures = [failure for failure in result.expectation_failures if not _explained(failure, result, rows)]
    if failures:
        return Judgement(verdict=Verdict.FAILED, reason=str(failures[0]), decisions=decisions)
    if result.unstable:
        reason = f"{_described(result.unstable[0])} only in one of two runs"
        return Judgement(verdict=Verdict.NONDETERMINISTIC, reason=reason, decisions=decisions)
    return _judge_findings(result, rows, decisions)


def _explained(failure: ExpectationFailure, result: CaseResult, rows: Sequence[Decision | None]) -> bool:
    """Tell whether a conversation came to a dead end for a difference, up to that step, that is already decided."""
    return failure.dead_end and any(
        row is not None
        and row.state is not DecisionState.DONE
        and finding.step <= failure.step
        and failure.runtime in (*finding.odd, *finding.rest)
        for finding, row in zip(result.comparison.findings, rows, strict=True)
    )


def undecided(result: CaseResult, ledger: Ledger) -> bool:
    """Tell whether a finding of a case has no open or accepted row, so that it is worth a second look."""
    if any(cell.faults for cell in result.cells):
        return False
    rows = (_row(finding, result, ledger) for finding in result.comparison.findings)
    return any(row is None or row.state is DecisionState.DONE for row in rows)


def _judge_findings(
    result: CaseResult, rows: Sequence[Decision | None], decisions: tuple[str | None, ...]
) -> Judgement:
    for finding, row in zip(result.comparison.findings, rows, strict=True):
        if row is None:
            reason = f"{_described(finding)}: in no decision"
            return Judgement(verdict=Verdict.FAILED, reason=reason, decisions=decisions)
        if row.state is DecisionState.DONE:
            reason = f"{row.id} is done ({row.commit}), and the difference is back"
            return Judgement(verdict=Verdict.FAILED, reason=reason, decisions=decisions)
    if decisions:
        known = ", ".join(sorted({decision for decision in decisions if decision}))
        return Judgement(verdict=Verdict.KNOWN, reason=f"decided in {known}", decisions=decisions)
    unsupported = [f"{cell.runtime} {cell.unsupported}" for cell in result.cells if cell.unsupported]
    if result.comparison.compared:
        return Judgement(verdict=Verdict.PASSED, reason="; ".join(unsupported))
    if result.expected and any(isinstance(seen, Answer) for cell in result.cells for seen in cell.observations):
        return Judgement(verdict=Verdict.PASSED, reason="as expected; no other runtime to compare with")
    reason = "; ".join(unsupported) or "fewer than two runtimes to compare"
    return Judgement(verdict=Verdict.SKIPPED, reason=reason)


def _row(finding: Finding, result: CaseResult, ledger: Ledger) -> Decision | None:
    answered = {cell.runtime for cell in result.cells if isinstance(cell.observations[finding.step], Answer)}
    return matching_row(finding, result.case_id, answered, ledger)


def _described(finding: Finding) -> str:
    return f"{finding.signature}, odd: {', '.join(finding.odd)}"


def _fault_reason(faulted: Sequence[Cell]) -> str:
    return "; ".join(f"{cell.runtime}: {cell.faults[0].kind.value}: {cell.faults[0].detail}" for cell in faulted)
