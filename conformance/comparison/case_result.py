"""What a run knows of a case before the ledger is asked: its cells compared, and held to what the case expects."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from conformance.comparison.expectations.failures import expectation_failures
from conformance.comparison.own_differences import compared_with_itself
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
        level=case.level,
        comparison=compare_case(case, cells, baseline),
        expected=any(step.expectation for step in case.steps),
        expectation_failures=tuple(expectation_failures(case, cells)),
        read_as=tuple(step.body for step in case.steps) if any(step.body for step in case.steps) else (),
    )


def asked_twice(case: Case, first: CaseResult, second: CaseResult) -> CaseResult:
    """Return the first asking of a case with what the second one shows of it.

    Where a case changes what it reads, another answer the second time shows nothing of the runtimes.
    """
    itself = compared_with_itself(case, first.cells, second.cells)
    own = tuple(itself.differences)
    unstable = _unstable(first, second, {difference.finding.where for difference in own})
    if case.changes_what_it_reads:
        return replace(first, repeated=True, changes_itself=bool(own or unstable))
    comparison = replace(first.comparison, rule_uses=tuple(itself.uses(first.comparison.rule_uses)))
    return replace(first, comparison=comparison, repeated=True, unstable=unstable, own_differences=own)


def _unstable(first: CaseResult, second: CaseResult, own: Collection[tuple[int, str]]) -> tuple[Finding, ...]:
    """Return the findings that only one of two askings shows, and those where a runtime differs from itself."""
    shown = [{finding.identity: finding for finding in result.comparison.findings} for result in (first, second)]
    once = [*(shown[0][key] for key in shown[0] if key not in shown[1] or shown[0][key].where in own)]
    return (*once, *(shown[1][key] for key in shown[1] if key not in shown[0]))
