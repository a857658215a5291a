"""Who is on which side at a place, which side is the largest, and who was not compared."""

import pytest

from conformance.comparison.parity import compare_case
from conformance.model.case import CompareLevel
from conformance.model.json_path import parse_path
from conformance.model.observation import Observation
from conformance.model.rule import MapRule
from conformance.model.verdict import Comparison
from tests.comparison.compared_steps import (
    FAULT,
    FULL,
    LESS,
    MISSING,
    NOT_ASKED,
    TEXT,
    Sides,
    cells,
    compared,
    sides,
    without_faults,
)
from tests.comparison.differences import PLACE, answer
from tests.comparison.live_runs import case


def told(comparison: Comparison) -> dict[str, tuple[Sides, tuple[str, ...]]]:
    """Return who stands where and who is odd, by the signatures of each finding."""
    return {
        " ".join(map(str, finding.signatures)): (sides(finding), finding.odd)
        for finding in comparison.findings
    }


RETYPED = answer('{"x":1,"y":{"z":"one"}}')


@pytest.mark.parametrize(
    ("seen", "baseline", "classes"),
    [
        pytest.param({"a": FULL, "b": FULL}, None, (("a", "b"),), id="one"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, None, (("a",), ("b", "c")), id="two"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, "a", (("a",), ("b", "c")), id="baseline"),
        pytest.param({"b": LESS, "a": FULL}, None, (("b",), ("a",)), id="as-listed"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL, "d": LESS}, None, (("a", "d"), ("b", "c")),
            id="two-and-two"),
        pytest.param({"a": LESS, "b": FULL, "c": TEXT}, None, (("a",), ("b",), ("c",)),
            id="all-apart"),
        pytest.param({"a": TEXT, "b": LESS, "c": FULL, "d": FULL, "e": LESS}, None, (("a",),
            ("b", "e"), ("c", "d")),
                     id="three-kinds"),
        pytest.param({"a": FAULT, "b": FULL, "c": LESS}, "a", (("b",), ("c",)), id="faulted"),
        pytest.param({"a": FULL, "b": NOT_ASKED, "c": FULL}, None, (("a", "c"),), id="unsupported"),
        pytest.param({"a": FAULT, "b": NOT_ASKED}, None, (), id="nobody"),
    ],
)  # fmt: skip
def test_runtimes_that_agree_everywhere(
    seen: dict[str, Observation], baseline: str | None, classes: tuple[tuple[str, ...], ...]
) -> None:
    """Runtimes that are on one side of every finding are grouped, in the listed order."""
    comparison = compare_case(case(), cells(**seen), baseline)
    assert comparison.classes == classes
    assert comparison.compared == (sum(map(len, classes)) > 1)


@pytest.mark.parametrize(
    ("seen", "baseline", "largest", "odd"),
    [
        pytest.param({"a": LESS, "b": FULL}, None, None, (), id="two-have-no-odd-one"),
        pytest.param({"a": LESS, "b": FULL}, "a", ("a",), ("b",), id="but-for-a-baseline"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, None, ("b", "c"), ("a",),
            id="two-of-three"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, "a", ("a",), ("b", "c"),
            id="a-baseline-that-is-outvoted"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL}, "z", ("b", "c"), ("a",),
            id="a-baseline-that-is-not-there"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL, "d": LESS}, None, None, (),
            id="two-and-two"),
        pytest.param({"a": LESS, "b": FULL, "c": FULL, "d": LESS}, "b", ("b", "c"), ("a", "d"),
            id="two-and-baseline"),
        pytest.param({"a": FAULT, "b": FULL, "c": LESS}, "a", None, (),
            id="a-baseline-that-faulted"),
        pytest.param({"a": FULL, "b": LESS, "c": LESS, "d": FAULT}, None, ("b", "c"), ("a",),
            id="half-of-all-asked"),
        pytest.param({"a": FULL, "b": LESS, "c": LESS, "d": FULL, "e": FULL}, None, ("a", "d", "e"),
            ("b", "c"),
                     id="three-of-five"),
    ],
)  # fmt: skip
def test_the_largest_side_and_the_odd_ones(
    seen: dict[str, Observation],
    baseline: str | None,
    largest: tuple[str, ...] | None,
    odd: tuple[str, ...],
) -> None:
    """The largest side is the baseline's, else one with a majority of at least two.

    The majority is more than half of the runtimes with a fact there.
    """
    (finding,) = without_faults(compare_case(case(), cells(**seen), baseline))
    assert (None if finding.largest is None else finding.sides[finding.largest].runtimes) == largest
    assert finding.odd == odd
    assert (finding.place, finding.kind.value) == ("$.y", "member")


def test_a_runtime_that_differs_elsewhere_stands_with_those_it_agrees_with() -> None:
    """Each place has its own sides."""
    assert told(compared("a", a=FULL, b=LESS, c=TEXT)) == {
        "member@$.y (absent | present)": ((("a", "c"), ("b",)), ("b",)),
        "type@$.x (string | integer)": ((("a", "b"), ("c",)), ("c",)),
    }


def test_who_was_not_compared_at_a_place_is_on_no_side_and_named() -> None:
    """An answer with another status, or without the parent member, says nothing below it."""
    findings = compared("a", a=FULL, b=MISSING, c=TEXT).findings
    assert {finding.place: (sides(finding), finding.not_compared) for finding in findings} == {
        "status": ((("a", "c"), ("b",)), ()),
        "$.x": ((("a",), ("c",)), ("b",)),
    }
    findings = compared("a", a=FULL, b=LESS, c=RETYPED).findings
    assert {finding.place: (sides(finding), finding.not_compared) for finding in findings} == {
        "$.y": ((("a", "c"), ("b",)), ()),
        "$.y.z": ((("a",), ("c",)), ("b",)),
    }


def test_who_stands_in_a_column_was_compared_there() -> None:
    """Values of a map with other names have no partners, but all were held against each other."""
    rules = (MapRule(path=parse_path("$.v"), why="w", place=PLACE),)
    given = cells(
        a=answer('{"v":{"x":1,"y":2}}'),
        b=answer('{"v":{"x":1,"z":2}}'),
        c=answer('{"v":{"x":1,"y":"2"}}'),
    )
    findings = compare_case(case(compare=CompareLevel.VALUE, rules=rules), given).findings
    assert [(finding.place, sides(finding), finding.not_compared) for finding in findings] == [
        ("$.v", (("a", "c"), ("b",)), ()),
        ("$.v.*", (("a",), ("c",)), ()),
        ("$.v.*", (("b",), ("c",)), ()),
    ]


@pytest.mark.parametrize("baseline", [None, "a"])
def test_three_types_at_one_place_are_one_finding_of_three_sides(baseline: str | None) -> None:
    """Each pair of sides has its own name and facts; without a baseline nobody is odd."""
    (finding,) = compared(baseline, a=answer("1"), b=answer('"1"'), c=answer("{}")).findings
    assert sides(finding) == (("a",), ("b",), ("c",))
    assert {(pair.first, pair.second): (pair.name, pair.facts) for pair in finding.pairs} == {
        (0, 1): ("number-as-string", ("number", "string")),
        (0, 2): ("type", ("integer", "object")),
        (1, 2): ("type", ("string", "object")),
    }
    assert (finding.odd, finding.name) == (("b", "c") if baseline else (), "type")
    assert finding.sent == ((("a", "1"), ("b", '"1"'), ("c", "{}")),)


def test_who_differs_in_the_same_way_is_on_one_side() -> None:
    """Two that differ from the baseline alike are one side there."""
    both = answer('{"x":"one"}')
    assert told(compared("a", a=FULL, b=TEXT, c=both)) == {
        "type@$.x (string | integer)": ((("a",), ("b", "c")), ("b", "c")),
        "member@$.y (absent | present)": ((("a", "b"), ("c",)), ("c",)),
    }
