"""What a run knows of a case before the ledger is asked: its cells compared, and held to what the case expects."""

from collections.abc import Sequence

from conformance.comparison.expectations.failures import expectation_failures
from conformance.comparison.parity import compare_case
from conformance.model.case import Case
from conformance.model.finding import Finding
from conformance.model.observation import Cell
from conformance.model.verdict import CaseResult


def compared(case: Case, cells: Sequence[Cell], baseline: str | None) -> CaseResult:
    """Return a case with what each runtime did and what differs."""
    return CaseResult(
        case_id=case.id,
        place=str(case.place),
        requests=tuple(step.request for step in case.steps),
        cells=tuple(cells),
        level=case.compare,
        comparison=compare_case(case, cells, baseline),
        expected=any(step.expectation for step in case.steps),
        expectation_failures=tuple(expectation_failures(case, cells)),
    )


def unstable_findings(first: CaseResult, second: CaseResult) -> tuple[Finding, ...]:
    """Return the findings that only one of two replays shows."""
    shown = [{finding.identity: finding for finding in result.comparison.findings} for result in (first, second)]
    return tuple(
        shown[0].get(identity) or shown[1][identity] for identity in sorted(shown[0].keys() ^ shown[1].keys(), key=str)
    )
