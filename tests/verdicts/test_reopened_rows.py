"""When a row is reopened: its difference has become another one, or a runtime has changed sides."""

from itertools import combinations

import pytest
from msgspec.structs import replace

from conformance.comparison.difference import DIFFERS
from conformance.model.decision import Decision, RowCoverage, RowSide
from conformance.model.finding import Facet, Finding
from conformance.model.pin import Pin
from conformance.model.signature import Signature
from conformance.model.verdict import RowState
from conformance.verdicts.judgement import judge
from tests.verdicts.ledger_rows import (
    ANSWER,
    cell,
    finding,
    ledger,
    of_sides,
    result,
    row,
    verdict,
)

GONE = result("refund")
HELD = ledger(row())

CHANGED = Signature("type", "$.ship_to", "object", "string")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(finding(signature=CHANGED), id="two-sides"),
        pytest.param(
            finding(signature=CHANGED, rest=("a", "c")), id="a-runtime-that-it-does-not-name"
        ),
        pytest.param(
            of_sides(
                ((("a",), "number"), (("c",), "array")),
                ((("b",), "object"), (("a",), "string")),
                ((("b",), "object"), (("c",), "array")),
                name="type",
                place="$.ship_to",
            ),
            id="a-third-side",
        ),
    ],
)
def test_a_row_whose_difference_has_changed_is_reopened(changed: Finding) -> None:
    """Nothing shows a row's difference, but its runtimes differ in another way there.

    This is one message, red, with what the difference is now.
    """
    seen = verdict(
        HELD, result("order", cell("a"), cell("b"), cell("c"), findings=(changed,)), GONE
    )
    assert (seen.state, seen.red, seen.became) == (RowState.REOPENED, True, CHANGED)
    assert seen.reason == (
        "its difference has changed and is now type@$.ship_to (object | string) in shop/order: "
        "fix the row, or decide again"
    )


def test_a_row_that_other_cases_still_show_is_reopened_in_the_one() -> None:
    """The case is red, and says so; the other cases of the row stay known."""
    cases = (
        result(findings=(finding(signature=CHANGED),)),
        result("refund", findings=(finding(),)),
    )
    judged = [judge(case, HELD) for case in cases]
    assert [each.verdict.value for each in judged] == ["failed", "known"]
    assert judged[0].reason.startswith("D-001 reopened in shop/order: type of $.ship_to differs: ")
    seen = verdict(HELD, *cases)
    assert (seen.state, seen.cases) == (RowState.REOPENED, ("shop/refund",))


@pytest.mark.parametrize(
    "elsewhere",
    [
        pytest.param(finding(signature=replace(CHANGED, path="$.bill_to")), id="another-path"),
        pytest.param(finding(signature=CHANGED, odd=("c",)), id="another-split"),
    ],
)
def test_a_difference_of_another_place_or_split_reopens_nothing(elsewhere: Finding) -> None:
    """Such a finding is news, and the row is stale: two things to look at."""
    cells = cell("a"), cell("b"), cell("c")
    seen = verdict(HELD, result("order", *cells, findings=(elsewhere,)))
    assert (seen.state, seen.became) == (RowState.STALE, None)


def test_a_finding_with_a_row_of_its_own_reopens_nothing() -> None:
    """A changed difference that is already decided leaves the old row stale."""
    rows = ledger(row(), row("D-002", signature=CHANGED))
    assert verdict(rows, result(findings=(finding(signature=CHANGED),))).state is RowState.STALE


# Runtimes that have changed sides.

THREE = row(
    signature=Signature("type", "$.x", "string", "number"), odd=("b",), rest=("a",), fix=None
)
THREE = replace(THREE, sides=(*THREE.sides, RowSide("null", ("c",))))
PINNED = row(
    signature=Signature("value", "$.x", DIFFERS, DIFFERS), odd=("b",), rest=("a", "c"), fix=None
)
PINNED = replace(PINNED, pin=Pin(values=((("a", ("2",)), ("b", ("1",))),)))


def values(place: str = "$.x", **sent: str) -> Finding:
    """Return a finding about a value: runtimes that sent the same stand on one side."""
    sides: dict[str, list[str]] = {}
    for name, value in sent.items():
        sides.setdefault(value, []).append(name)
    pairs = combinations([(tuple(names), DIFFERS) for names in sides.values()], 2)
    return replace(
        of_sides(*pairs, name="value", place=place, facet=Facet.VALUE), sent=(tuple(sent.items()),)
    )


def types(*sides: tuple[tuple[str, ...], str]) -> Finding:
    """Return a finding about types."""
    return of_sides(*combinations(sides, 2), name="type", place="$.x")


@pytest.mark.parametrize(
    ("held", "now", "says"),
    [
        pytest.param(
            THREE,
            types((("a", "c"), "number"), (("b",), "string")),
            "c has moved to the side of a, and b, a still differ",
            id="one-has-moved",
        ),
        pytest.param(
            THREE,
            types((("a",), "number"), (("b", "c"), "array")),
            "b, c no longer differ",
            id="two-meet-elsewhere",
        ),
        pytest.param(
            PINNED,
            values(a="1", b="2", c="3"),
            "c now differs from a, and b, a still differ",
            id="one-has-left",
        ),
        pytest.param(
            PINNED,
            values(a="1", b="2", c="2"),
            "c has moved to the side of b, and b, a still differ",
            id="one-has-gone-over",
        ),
        pytest.param(
            replace(THREE, sides=(RowSide("number", ("a", "c")), RowSide("string", ("b",)))),
            types((("a",), "number"), (("c",), "number"), (("b",), "string")),
            "a, c now differ from each other, and b still differs from both",
            id="one-side-has-parted",
        ),
        pytest.param(
            PINNED,
            values(a="3", b="2", c="4"),
            "a, c now differ from each other",
            id="nobody-is-where-they-were",
        ),
    ],
)
def test_a_row_whose_runtimes_have_changed_sides_is_reopened(
    held: Decision, now: Finding, says: str
) -> None:
    """Two of its sides still differ, so it is not stale.

    Who stands elsewhere is named, and who still differs.
    """
    case = result("order", cell("a"), cell("b"), cell("c"), findings=(now,))
    seen = verdict(
        ledger(replace(held, grows=False, covers=(RowCoverage(("shop/order",), ("$.x",)),))), case
    )
    assert (seen.state, seen.reason) == (
        RowState.REOPENED,
        f"in shop/order {says}: fix the row, or decide again",
    )


def test_a_row_is_stale_when_nothing_parts_its_runtimes() -> None:
    """A further runtime differs from all in the row, which agree: the row has nothing left."""
    now = types((("a", "b", "c"), "number"), (("d",), "string"))
    cells = [cell(name, replace(ANSWER, body=b'{"x": 1}')) for name in "abcd"]
    case = result("order", *cells, findings=(now,))
    assert (
        verdict(
            ledger(replace(THREE, covers=(RowCoverage(("shop/order",), ("$.x",)),))), case
        ).state
        is RowState.STALE
    )


def test_a_row_that_is_shown_elsewhere_at_its_place_is_reopened_by_other_values() -> None:
    """One of the members that a pattern stands for still has what was decided, another has not."""
    held = ledger(replace(PINNED, covers=(RowCoverage(("shop/order",), ("$.*",)),)))
    seen = (values(a="1", b="2"), values("$.y", a="1", b="9"))
    judged = judge(result(findings=seen), held)
    assert judged.decisions == (("D-001",), ())
    assert judged.reason.startswith("D-001 reopened in shop/order: value of $.y differs: ")
    other_cause = finding(signature=replace(CHANGED, path="$.y"), odd=("b",), rest=("a",))
    assert judge(result(findings=(seen[0], other_cause)), held).reason.startswith("type of $.y ")
