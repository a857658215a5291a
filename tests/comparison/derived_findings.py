"""Findings of several runtimes, and their groups."""

from collections.abc import Sequence

from msgspec.structs import replace

from conformance.comparison.grouping import Grouping
from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.finding import Finding
from conformance.model.group import Group
from conformance.model.observation import Answer, Cell
from tests.comparison.live_runs import case


def findings(*given: Sequence[Answer], fields: tuple[str, ...] = ()) -> tuple[Finding, ...]:
    """Compare the answers of several runtimes to one step or more."""
    steps = [f"/{number}" for number in range(len(given[0]))]
    asked = replace(case("order", *steps, compare=CompareLevel.VALUE), headers=fields)
    cells = [
        Cell(runtime=name, live=True, observations=tuple(each))
        for name, each in zip("abcde", given, strict=False)
    ]
    return compare_case(asked, cells).findings


def grouped(found: Sequence[Finding], decided: Sequence[str] = ()) -> tuple[Group, ...]:
    """Return the groups of a case's findings, with the places that a row decides."""
    grouping = Grouping({})
    decisions = [("D-001",) if each.place in decided else () for each in found]
    grouping.add_findings("s/c", [case().steps[0].request] * 3, found, decisions)
    return grouping.groups()
