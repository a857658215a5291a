"""A cause names another one that shows the same, with more runtimes compared."""

from collections.abc import Sequence
from typing import Final

from conformance.comparison.grouping import Grouping
from conformance.model.group import Group
from conformance.model.observation import Answer
from conformance.reporting import phrases
from tests.comparison.derived_findings import findings
from tests.comparison.differences import answer
from tests.comparison.live_runs import case

PLAIN: Final = answer('{"n": 1}')
OTHER: Final = answer('{"m": 1}')
REFUSED: Final = answer('{"error": "no"}', 404)


def causes(*cases: Sequence[Answer]) -> list[Group]:
    """Return the causes at the member `m` in cases, given what three runtimes answer in each."""
    grouping = Grouping({})
    for number, answers in enumerate(cases):
        found = findings(*((each,) for each in answers))
        undecided: list[tuple[str, ...]] = [()] * len(found)
        grouping.add_findings(f"s/{number}", [case().steps[0].request], found, undecided)
    return [group for group in grouping.groups() if group.title.startswith("member $.m")]


def test_what_fewer_runtimes_show_is_as_what_more_show() -> None:
    """Where b refuses, a and c differ as they do where b agrees with a."""
    wide, narrow = causes((PLAIN, PLAIN, OTHER), (PLAIN, PLAIN, OTHER), (PLAIN, REFUSED, OTHER))
    assert (wide.not_compared, wide.same_as) == ((), "")
    assert (narrow.not_compared, narrow.same_as) == (("b",), wide.key)
    said = f"as [{wide.key[:4]}], with b not compared"
    assert phrases.shown(narrow) == said
    assert phrases.sides(narrow) == f"they differ: a absent · c present; {said}"


def test_what_fewer_show_otherwise_is_not() -> None:
    """Where a and c are on other sides, or another cause shows them, nothing is as another."""
    for other in ((OTHER, REFUSED, PLAIN), (PLAIN, OTHER, REFUSED)):
        groups = causes((PLAIN, PLAIN, OTHER), other)
        assert len(groups) == 2
        assert {group.same_as for group in groups} == {""}
