"""The result of a case before the ledger applies: cells are compared and expectations checked."""

from collections.abc import Iterator, Sequence
from itertools import filterfalse
from operator import attrgetter

from msgspec.structs import replace

from conformance.comparison.by_itself.excusing import with_rules
from conformance.comparison.by_itself.leaving_out import WithoutNoisy, leave_out
from conformance.comparison.by_itself.own_differences import (
    compared_with_itself,
    excused_differences,
)
from conformance.comparison.by_itself.same_answers import same_answers
from conformance.comparison.expectations.failures import expectation_failures
from conformance.comparison.parity import compare_case
from conformance.model.case import Case
from conformance.model.case_digest import case_digest
from conformance.model.finding import Finding
from conformance.model.observation import Cell
from conformance.model.verdict import CaseResult


def compared(case: Case, cells: Sequence[Cell], baseline: str | None) -> CaseResult:
    """Return the result of a case: its cells, the comparison, and failed expectations."""
    read_as = tuple(map(attrgetter("body"), case.steps))
    return CaseResult(
        case_id=case.id,
        place=str(case.place),
        requests=tuple(map(attrgetter("request"), case.steps)),
        cells=tuple(cells),
        level=case.level,
        comparison=compare_case(case, cells, baseline),
        expected=any(map(attrgetter("expectation"), case.steps)),
        expectation_failures=tuple(expectation_failures(case, cells)),
        read_as=read_as if any(read_as) else (),
        digest=case_digest(case),
    )


def repeated_result(
    case: Case, first: CaseResult, cells: Sequence[Cell], baseline: str | None
) -> CaseResult:
    """Return the result of a case whose cells were asked a second time.

    If a second cell has a fault, or the second comparison is over budget, the second result is
    returned.  If all answers are the same as the first ones, they are not compared again.
    """
    if same_answers(case, first.cells, cells):
        again = replace(first, cells=tuple(cells))
    else:
        again = compared(case, cells, baseline)
    if again.comparison.over_budget or any(map(attrgetter("faults"), cells)):
        return replace(again, repeated=True)
    return corrected_by_repeat(case, first, again, baseline)


def corrected_by_repeat(
    case: Case, first: CaseResult, second: CaseResult, baseline: str | None
) -> CaseResult:
    """Return the first result of a case, corrected by what the second attempt shows.

    A runtime that differs by itself at a place is left out of the comparison there.  If the case
    may change what it reads, a second answer that differs proves nothing about the runtimes.
    """
    itself = compared_with_itself(case, first.cells, second.cells)
    own = tuple(itself.differences)
    steady, steady_again = (leave_out(case, attempt, own, baseline) for attempt in (first, second))
    unstable = (*steady.unstable, *_once(steady, steady_again))
    if case.changes_what_it_reads:
        return replace(first, repeated=True, changes_itself=bool(own or unstable))
    uses = tuple(itself.uses(first.comparison.rule_uses))
    both = zip(first.cells, second.cells, strict=True)
    attempts = {cell.runtime: (cell, again) for cell, again in both}
    return replace(
        first,
        comparison=replace(first.comparison, findings=steady.findings, rule_uses=uses),
        repeated=True,
        unstable=unstable,
        own_differences=with_rules(case, own, attempts),
        excused=excused_differences(case, first, second),
    )


def _once(first: WithoutNoisy, second: WithoutNoisy) -> Iterator[Finding]:
    """Yield findings that only one of two attempts shows, between runtimes that do not vary."""
    by_identity, others = _steady_findings(first), _steady_findings(second)
    yield from map(by_identity.__getitem__, filterfalse(others.__contains__, by_identity))
    yield from map(others.__getitem__, filterfalse(by_identity.__contains__, others))


def _steady_findings(attempt: WithoutNoisy) -> dict[tuple[object, ...], Finding]:
    """Return an attempt's findings between steady runtimes, by their identity in any attempt."""
    steady = list(filterfalse(attempt.unstable.__contains__, attempt.findings))
    return dict(zip(map(attrgetter("identity"), steady), steady, strict=True))
