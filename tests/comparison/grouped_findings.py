"""Findings by hand, and the groups that they fold into."""

from collections.abc import Sequence
from typing import Any

from conformance.comparison.grouping import Grouping
from conformance.model.finding import DifferenceKind, Facet, Finding, SidePair
from conformance.model.group import Group
from conformance.model.request import Request
from conformance.model.side import Side

LANGUAGES = {"a": "python", "b": "go", "c": "rust", "d": "typescript", "e": "cobol", "f": None}


REQUEST = Request(method="GET", target="/things/7?page=2", headers=(), body=None)


Facts = tuple[str, str]


def finding(
    name: str,
    place: str = "$.x",
    facts: Facts = ("absent", "present"),
    odd: tuple[str, ...] = ("b",),
    rest: tuple[str, ...] = ("a",),
    **changed: Any,
) -> Finding:
    """Return a finding of two sides, the second the largest.

    A name that is no kind of difference is an idiom's.
    """
    kinds = {kind.value for kind in DifferenceKind}
    kind = DifferenceKind(name) if name in kinds else DifferenceKind.MEMBER
    pair = SidePair(
        first=0, second=1, kind=kind, idiom=None if name in kinds else name, facts=facts
    )
    parts: dict[str, Any] = {
        "step": 0,
        "facet": Facet.SHAPE,
        "sides": tuple(Side(runtimes=who, places=(place,) * len(who)) for who in (odd, rest)),
        "pairs": (pair,),
        "largest": 1,
        "sent": (),
    }
    return Finding(place=place, **{**parts, **changed})


def grouped(
    *cases: tuple[str, Sequence[Finding], Sequence[str | None]], request: Request = REQUEST
) -> tuple[Group, ...]:
    """Fold the findings of cases, each with the row that decides it."""
    grouping = Grouping(LANGUAGES)
    for case_id, findings, rows in cases:
        grouping.add_findings(case_id, [request], findings, [(row,) if row else () for row in rows])
    return grouping.groups()
