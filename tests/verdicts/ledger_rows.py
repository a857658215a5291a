"""Rows, findings and judged cases in few words, for tests of the ledger's rules."""

import datetime as dt
from itertools import combinations
from typing import Any

from msgspec.structs import replace

from conformance.comparison.faults import fault_finding
from conformance.comparison.sides import largest_side
from conformance.errors import Place
from conformance.model.case import CompareLevel
from conformance.model.decision import (
    Decision,
    DecisionKind,
    DecisionState,
    Ledger,
    RowCoverage,
    RowSide,
)
from conformance.model.finding import DifferenceKind, Facet, Finding, SidePair
from conformance.model.observation import Answer, Cell, Fault, FaultKind, NotAsked, Observation
from conformance.model.pin import Pin
from conformance.model.report import RunReport
from conformance.model.request import Request
from conformance.model.side import Side
from conformance.model.signature import Signature
from conformance.model.verdict import CaseResult, Comparison, RowVerdict
from conformance.verdicts.coverage import standings_of
from conformance.verdicts.judgement import judge
from conformance.verdicts.matching import InCase, matches
from conformance.verdicts.rows import RowTally
from tests.miniatures import divergent_services as services
from tests.miniatures.server import Service

SIGNATURE = Signature("member", "$.ship_to", "absent", "present")
ANSWER = Answer(status=200, reason="OK", headers=(), body=b"{}", elapsed_ms=1.0)
FAULT = Fault(kind=FaultKind.RESET, phase="headers", detail="reset by peer", elapsed_ms=1.0)
UNSUPPORTED = NotAsked(reason="does not support orders", unsupported=True)
NOT_REACHED = NotAsked(reason="an earlier step had no answer")


def row(
    row_id: str = "D-001",
    *,
    signature: Signature = SIGNATURE,
    odd: tuple[str, ...] = ("b",),
    rest: tuple[str, ...] = ("a",),
    where: tuple[str, ...] = ("shop/*",),
    **changed: Any,
) -> Decision:
    """Return a ledger row: b omits what a sends, in all cases of the shop, and is to change."""
    by_value = signature.odd == signature.rest
    names = ("a", "b") if by_value else (signature.odd, signature.rest)
    plain = Decision(
        id=row_id,
        title="b leaves it out",
        state=DecisionState.OPEN,
        kind=DecisionKind.MUST_MATCH,
        cause=signature.name,
        covers=(RowCoverage(where, (signature.path,)),),
        sides=(RowSide(names[0], odd), RowSide(names[1], rest)),
        fix=names[0],
        pin=Pin(any=True) if by_value else None,
        grows=any({"*", "?"} & {*glob} for glob in where),
        reason="because",
        owner="somebody",
        opened=dt.date(2026, 11, 1),
        place=Place("decisions.yaml", 3, 5),
    )
    return replace(plain, **changed)


def about(held: Decision, seen: Finding, case_id: str = "shop/order", steps: int = 1) -> bool:
    """Return whether a row is about a finding of a case."""
    return matches(held, seen, InCase(case_id, steps))


def deciding(seen: Finding, case_id: str, held: Ledger) -> tuple[Decision, ...]:
    """Return the rows that decide a finding of a case together."""
    (said,) = standings_of((seen,), InCase(case_id, 1), held)
    return said.decided


def done(row_id: str = "D-001", **changed: Any) -> Decision:
    """Return a row that is done."""
    return row(row_id, state=DecisionState.DONE, commit="repo@abcdef1", **changed)


def ledger(*rows: Decision) -> Ledger:
    """Return a ledger of rows."""
    return Ledger(decisions=rows)


def finding(
    *,
    signature: Signature = SIGNATURE,
    odd: tuple[str, ...] = ("b",),
    rest: tuple[str, ...] = ("a",),
    facet: Facet = Facet.SHAPE,
    **changed: Any,
) -> Finding:
    """Return the finding that `row` is about.

    The facts of a signature are those of `odd` and of `rest`.
    """
    pair = (odd, signature.odd), (rest, signature.rest)
    return replace(
        of_sides(pair, name=signature.name, place=signature.path, facet=facet), **changed
    )


def each_differs(name: str = "number-as-string", place: str = "$.x", **facts: str) -> Finding:
    """Return a finding of runtimes that each show a fact of their own, beside all others."""
    return of_sides(
        *combinations((((runtime,), fact) for runtime, fact in facts.items()), 2),
        name=name,
        place=place,
    )


_Shown = tuple[tuple[str, ...], str]
"""Runtimes, and the fact that they show beside others."""


def of_sides(
    *pairs: tuple[_Shown, _Shown],
    name: str = "member",
    place: str = "$.x",
    facet: Facet = Facet.SHAPE,
) -> Finding:
    """Return a finding by pairs of sides."""
    sides = sorted({names for pair in pairs for names, _ in pair})
    by_kind = name in {kind.value for kind in DifferenceKind}
    return Finding(
        step=0,
        place=place,
        facet=facet,
        sides=tuple(Side(runtimes=names, places=(place,) * len(names)) for names in sides),
        pairs=tuple(
            SidePair(
                first=sides.index(first),
                second=sides.index(second),
                kind=DifferenceKind(name) if by_kind else DifferenceKind.TYPE,
                idiom=None if by_kind else name,
                facts=(fact, other),
            )
            for (first, fact), (second, other) in map(sorted, pairs)
        ),
        largest=largest_side(sides, None),
        sent=(),
    )


def cell(runtime: str, *seen: Observation, live: bool = True) -> Cell:
    """Return what one runtime did; nothing said is one answer."""
    return Cell(runtime=runtime, live=live, observations=seen or (ANSWER,))


def result(
    name: str = "order", *cells: Cell, findings: tuple[Finding, ...] = (), **changed: Any
) -> CaseResult:
    """Return a case of the shop; without cells, a and b have answered.

    A fault among them is a finding too.
    """
    held = cells or (cell("a"), cell("b"))
    fault = fault_finding(
        0, {each.runtime: each.observations[0] for each in held if not each.unsupported}, None
    )
    found = (fault, *findings) if fault else findings
    plain = CaseResult(
        case_id=f"shop/{name}",
        place="shop.yaml:4:5",
        requests=(Request(method="GET", target="/"),),
        cells=held,
        level=CompareLevel.SHAPE,
        comparison=Comparison(findings=found, classes=(), compared=len(held) > 1),
    )
    return replace(plain, **changed)


def verdict(
    rows: Ledger,
    *results: CaseResult,
    unselected: frozenset[str] = frozenset(),
    finished: bool = True,
) -> RowVerdict:
    """Judge cases and return the verdict on the first row."""
    tally = RowTally(rows, unselected)
    for seen in results:
        tally.add(seen, judge(seen, rows))
    return tally.verdicts(finished=finished)[0]


def states(report: RunReport) -> dict[str, str]:
    """Return the state of each row in a report."""
    return {seen.decision_id: seen.state.value for seen in report.rows}


def counts(report: RunReport) -> dict[str, int]:
    """Return the verdicts that occurred."""
    return {verdict.value: count for verdict, count in report.counts.items() if count}


def pair(odd: Service) -> dict[str, Service]:
    """Return the plain service and another one."""
    return {"a": services.serves_orders(), "b": odd}
