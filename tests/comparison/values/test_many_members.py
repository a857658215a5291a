"""Objects with more unlike members than causes are looked for: still nothing untrue or unsaid."""

from typing import Any, Final

import pytest

from conformance.comparison.values.many_members import MAX_ALONE, MAX_SHOWN
from conformance.model.case import CompareLevel
from conformance.model.json_path import parse_path
from conformance.model.rule import MapRule, Rule, RuleKind
from tests.comparison.differences import PLACE, rows, rule, text, walk

HALF: Final = MAX_ALONE // 2
VALUE: Final = CompareLevel.VALUE


def members(letter: str, count: int, **others: Any) -> dict[str, Any]:
    """Return an object of numbered members, and some others at its end."""
    return {f"{letter}{number}": number for number in range(1, count + 1)} | others


def test_what_both_have_is_compared_and_what_one_lacks_is_counted() -> None:
    walked = walk(
        text(members("a", HALF + 1, same=1, total=5)),
        text(members("b", HALF, same=1, total=6)),
        VALUE,
    )
    found = rows(walked)
    assert ("value", "$.total", "differs", "differs") in found
    assert ("member", "$.a1", "present", "absent") in found
    assert ("member", "$.b1", "absent", "present") in found
    assert len(found) == 2 * MAX_SHOWN + 1
    assert walked.more == MAX_ALONE + 1 - 2 * MAX_SHOWN
    assert walked.stops.unexplained == [((), ())]


def test_up_to_the_bound_a_cause_is_looked_for() -> None:
    walked = walk(text(members("userId", HALF)), text(members("user_id", HALF)))
    assert [name for name, *_ in rows(walked)] == ["key-case"]
    assert walked.more == 0
    assert walked.stops.unexplained == []


@pytest.mark.parametrize(
    "accepting",
    [
        rule("$.*", RuleKind.ANY),
        rule("$.**", RuleKind.ANY),
        MapRule(path=parse_path("$"), why="a test", place=PLACE),
    ],
)
def test_a_rule_about_any_member_is_held_to_all_of_them(accepting: Rule) -> None:
    a, b = text(members("a", HALF + 1)), text(members("b", HALF))
    walked = walk(a, b, rules=[accepting])
    assert (rows(walked), walked.more) == ([], 0)


def test_a_rule_about_one_member_is_held_to_it_wherever_it_stands() -> None:
    a, b = text(members("a", HALF + 1, ours=1)), text(members("b", HALF))
    free, held = walk(a, b, rules=[rule("$.ours", RuleKind.ANY)]), walk(a, b)
    assert held.more - free.more == 1
    assert free.loosening.hits


def test_names_that_are_data_are_one_difference() -> None:
    a, b = ({str(number): 1 for number in range(start, start + MAX_ALONE)} for start in (0, 10**6))
    walked = walk(text(a), text(b), VALUE)
    assert rows(walked) == [("value", "$", "differs", "differs")]
    assert walked.more == 0
