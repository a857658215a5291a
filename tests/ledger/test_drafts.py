"""The rows that a run's differences would get: who is on which side, and what they could list."""

import datetime as dt
from collections.abc import Sequence
from itertools import combinations
from operator import attrgetter
from typing import Any

import pytest
from msgspec.structs import replace

from conformance.comparison.difference import DIFFERS
from conformance.ledger.draft_sides import DraftSides, draft_sides, may_meet, side_labels
from conformance.ledger.drafts import Draft, Drafts, merged
from conformance.ledger.sides_at_place import by_place
from conformance.model.case import CompareLevel
from conformance.model.decision import RowSide
from conformance.model.finding import Facet, Finding
from conformance.model.follows import Follows
from conformance.model.own_difference import OwnDifference
from conformance.model.pin import MAX_PINNED
from conformance.model.signature import Signature
from conformance.model.verdict import CaseResult, JudgedFinding
from conformance.verdicts.judgement import judge
from conformance.verdicts.matching import InCase
from tests.comparison.laws import NAMES, answers_of, findings_of
from tests.verdicts.ledger_rows import cell, finding, ledger, of_sides, result

CASE = InCase("shop/order", 1)
ZONED = "2026-11-23 00:00:00"
ABSENT_IN_B = finding()
VALUE = Signature("value", "$.x", DIFFERS, DIFFERS)


def drafts_of(*findings: Finding, names: Sequence[str] = "ab", **more: Any) -> list[Draft]:
    """Return the rows to be of a case with some findings."""
    drafts = Drafts()
    found = result("order", *map(cell, names), findings=findings, **more)
    drafts.add(found, judge(found, ledger()))
    return [draft for of_cause in drafts.of_causes().values() for draft in of_cause]


def sides_of(*bodies: object) -> list[tuple[object, ...]]:
    """Return the name and the sides of the rows for bodies of some runtimes, in letters."""
    names = NAMES[: len(bodies)]
    findings = findings_of(answers_of(*bodies), names, CompareLevel.VALUE)
    return [
        (draft.sides.name, *((side.name, "".join(side.runtimes)) for side in draft.sides.sides))
        for draft in drafts_of(*findings, names=names)
    ]


@pytest.mark.parametrize(
    ("bodies", "sides"),
    [
        pytest.param(
            (1.5, 2, 1), [("value", ("v1", "a"), ("v2", "b"), ("v3", "c"))], id="three values"
        ),
        pytest.param(
            ({"n": None}, {"n": True}, {"n": 1}),
            [
                ("type", ("null", "a"), ("boolean", "b")),
                ("type", ("null", "a"), ("integer", "c")),
            ],
            id="two of three by another name",
        ),
        pytest.param(
            (["true", "1"], [True, True], ["true", 0]),
            [
                ("type", ("boolean", "b"), ("string", "a")),
                ("boolean-as-text", ("boolean", "b"), ("string", "c")),
                ("number-as-string", ("string", "a"), ("number", "c")),
                ("value", ("v1", "a"), ("v2", "c")),
                ("value", ("v1", "b"), ("v2", "c")),
            ],
            id="two alone by a name of their own",
        ),
        pytest.param(
            ([0, 0], [ZONED, 0], [ZONED, None], ["1", "1"], [ZONED, ZONED]),
            [
                ("type", ("integer", "a"), ("string", "b")),
                ("type", ("integer", "a"), ("string", "c")),
                ("type", ("integer", "a"), ("string", "de")),
                ("value", ("v1", "a"), ("v2", "d")),
                ("value", ("v1", "b"), ("v2", "d")),
                ("value", ("v1", "c"), ("v2", "d")),
                ("value", ("v1", "d"), ("v2", "e")),
                ("type", ("integer", "ab"), ("null", "c")),
                ("type", ("integer", "b"), ("string", "de")),
            ],
            id="no two rows claim the same of the same two",
        ),
    ],
)  # fmt: skip
def test_sides(bodies: Sequence[object], sides: list[tuple[object, ...]]) -> None:
    """All differ in one row where one name says how any two do; else there are rows of two."""
    assert sides_of(*bodies) == sides


def test_names_of_sides() -> None:
    """They are letters or numbers, from the first on, and never a runtime's name."""
    assert side_labels(3, {"go", "rust"}) == ("a", "b", "c")
    assert side_labels(3, {"a", "go"}) == ("v1", "v2", "v3")
    assert side_labels(2, {"a", "v1"}) == ("v2", "v3")


def test_what_no_row_can_decide_gets_none() -> None:
    """Neither what a second asking did not show, nor what follows from all that differs."""
    length = replace(
        ABSENT_IN_B,
        place="content-length",
        follows=Follows(0, ("$.ship_to",), "the length", whole_body=True),
    )
    assert len(drafts_of(ABSENT_IN_B)) == 1
    assert drafts_of(ABSENT_IN_B, unstable=(ABSENT_IN_B,)) == []
    assert list(map(attrgetter("places"), drafts_of(ABSENT_IN_B, length))) == [
        {"shop/order": {"$.ship_to"}}
    ]


BY_VALUE = DraftSides(
    "value", "", (RowSide("v1", ("a",)), RowSide("v2", ("b",))), None, by_value=True
)


def taken(sides: DraftSides, differs: Finding, found: CaseResult) -> Draft:
    """Return a row to be that took a finding."""
    draft = Draft("value@$.x", sides)
    draft.take(differs, CASE, found)
    return draft


def values(count: int, **more: Any) -> Finding:
    """Return that a and b sent other values in so many elements."""
    sent = tuple((("a", str(number)), ("b", f"{number}.5")) for number in range(count))
    return finding(signature=VALUE, facet=Facet.VALUE, sent=sent, **more)


def test_a_row_that_cannot_list_all_values_needs_a_bound() -> None:
    """There are more than it may list, or more than the run kept; else it lists them."""
    seen = result("order")
    assert not taken(BY_VALUE, values(MAX_PINNED), seen).needs_bound
    assert taken(BY_VALUE, values(MAX_PINNED + 1), seen).needs_bound
    assert taken(BY_VALUE, values(1, more_sent=1), seen).needs_bound
    facts = replace(BY_VALUE, by_value=False)
    assert not taken(facts, values(MAX_PINNED + 1), seen).needs_bound


def test_who_never_sends_the_same_value() -> None:
    """A row of these runtimes could list none; one of others is not concerned."""
    own = [OwnDifference(runtime=name, finding=values(1)) for name in "bc"]
    draft = taken(BY_VALUE, values(1), result("order", excused=tuple(own)))
    assert list(draft.varying) == [("b", "$.x")]


def test_rows_that_differ_in_who_took_part_are_one() -> None:
    """All of the largest side are on it, and what either row knew is kept."""
    first, other = (
        Draft(
            "member@$.x",
            DraftSides(
                "member",
                "",
                (RowSide("absent", ("b",)), RowSide("present", rest)),
                "present",
                by_value=False,
            ),
            places={case: {"$.x"}},
            takes={case},
        )
        for case, rest in (("shop/one", ("a",)), ("shop/two", ("c",)))
    )
    (both,) = merged([first, other])
    row = both.row(1, "-", dt.date.min)
    assert row.sides == (RowSide("absent", ("b",)), RowSide("present", ("a", "c")))
    assert both.places == {"shop/one": {"$.x"}, "shop/two": {"$.x"}}
    assert both.takes == {"shop/one", "shop/two"}
    assert list(merged([first, replace(other, follows="$.y")])) == [
        first,
        replace(other, follows="$.y"),
    ]


def test_of_each_two_sides_the_largest_is_read_against() -> None:
    """It is the last of the two, and known as the largest."""
    seen = of_sides(
        *combinations(((("a", "d", "e"), "number"), (("b",), "string"), (("c",), "null")), 2),
        name="type",
    )
    parts = draft_sides(seen, in_pairs=True)
    assert {(tuple(map(attrgetter("name"), part.sides)), part.largest) for part in parts} == {
        (("string", "number"), "number"),
        (("null", "number"), "number"),
    }


def test_a_row_has_its_place_as_each_of_its_runtimes_spells_it() -> None:
    """So it is still about it when one takes over the spelling of another."""
    sides = tuple(
        replace(side, places=("$.N",) if side.runtimes == ("b",) else ("$.n",))
        for side in values(1).sides
    )
    draft = taken(BY_VALUE, replace(values(1), sides=sides), result("order"))
    assert draft.places == {"shop/order": {"$.N | $.n"}}


def test_findings_that_some_runtime_spells_alike_are_of_one_place() -> None:
    """By way of a third one, too."""
    of_a, of_both, of_c, apart = (
        JudgedFinding(finding(odd=(odd,), rest=(rest,)), (), (), (), ())
        for odd, rest in ("ab", "ac", "bd", "ef")
    )
    groups = by_place([of_a, of_both, of_c, apart])
    assert list(map(list, groups)) == [[of_a, of_both, of_c], [apart]]


@pytest.mark.parametrize(
    ("sent", "may"),
    [
        pytest.param((("a", "1"), ("c", "1"), ("b", "2")), True, id="the-same-values"),
        pytest.param((("a", "7"), ("c", "8"), ("b", "9")), False, id="other-values"),
    ],
)
def test_a_row_with_other_values_claims_none_of_those_that_it_puts_on_one_side(
    sent: tuple[tuple[str, str], ...], may: bool
) -> None:
    """The other finding tells a and c apart, which the row has on one side."""
    both = replace(BY_VALUE, sides=(RowSide("v1", ("a", "c")), RowSide("v2", ("b",))))
    own = replace(
        finding(signature=VALUE, rest=("a", "c")), sent=((("a", "1"), ("c", "1"), ("b", "2")),)
    )
    parted = ((("a",), DIFFERS), (("b",), DIFFERS), (("c",), DIFFERS))
    other = replace(of_sides(*combinations(parted, 2), name="value"), sent=(sent,))
    assert may_meet(both, own, other) == may


def test_what_a_row_takes_is_counted_under_the_cause_that_leads_it() -> None:
    """A finding that follows another undecided one has no cause of its own."""
    led = replace(values(1), sent=(), follows=Follows(0, ("$.ship_to",), "it"))
    leading, taking = drafts_of(ABSENT_IN_B, values(1), led)
    assert taking.takes == {leading.cause}
