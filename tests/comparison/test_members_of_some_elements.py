"""A member that some elements of a list have, and one more of them on one side only."""

import json
from collections.abc import Callable, Sequence
from itertools import permutations, product
from typing import Final

import pytest

from conformance.model.case import CompareLevel
from conformance.model.finding import Facet
from tests.comparison.derived_findings import findings, grouped
from tests.comparison.differences import JSON, Row, answer, between, by_shape, mirrored
from tests.comparison.situations import told_of

Write = Callable[[Sequence[object]], str]
NONE: Final = ...
"""Stands for an element without the member."""


def elements(*values: object) -> list[object]:
    """Return elements of which some have a member."""
    return [
        {"id": number} if value is NONE else {"id": number, "x": value}
        for number, value in enumerate(values)
    ]


def as_lines(records: Sequence[object]) -> str:
    """Write one record a line."""
    return "".join(f"{json.dumps(record)}\n" for record in records)


def as_events(records: Sequence[object]) -> str:
    """Write one event for each record."""
    return "".join(f"data: {json.dumps(record)}\n\n" for record in records)


FORMS: Final = [
    pytest.param(JSON, json.dumps, id="json"),
    pytest.param("application/x-ndjson", as_lines, id="lines"),
    pytest.param("text/event-stream", as_events, id="events"),
]


def titles(media: str, write: Write, *bodies: Sequence[object]) -> list[str]:
    """Return the titles of the causes of lists that runtimes sent."""
    found = findings(*([answer(write(body), media=media)] for body in bodies))
    return [group.title for group in grouped(found)]


@pytest.mark.parametrize(("media", "write"), FORMS)
@pytest.mark.parametrize(
    ("other", "added", "title"),
    [
        pytest.param(5, None, "null vs absent", id="null"),
        pytest.param(5, "", "zero value vs absent", id="empty-text"),
        pytest.param(5, [], "zero value vs absent", id="empty-list"),
        pytest.param(5, {}, "zero value vs absent", id="empty-object"),
        pytest.param(5, False, "zero value vs absent", id="false"),
        pytest.param(5, 0, "zero value vs absent", id="zero"),
        pytest.param(["a"], [], "zero value vs absent", id="empty-list-beside-a-list"),
        pytest.param({"a": 1}, {}, "zero value vs absent", id="empty-object-beside-an-object"),
    ],
)
def test_a_value_for_nothing_in_one_more_element_is_one_cause(
    media: str, write: Write, other: object, added: object, title: str
) -> None:
    """It is the cause that it is where all other elements have the member, or none has."""
    for before, after in product((other, NONE, added), repeat=2):
        lacking, having = elements(before, NONE, after), elements(before, added, after)
        assert titles(media, write, lacking, having) == [title]
        assert titles(media, write, having, lacking) == [title]
        assert titles(media, write, lacking, having, lacking) == [title]


def of_values(a: Sequence[object], b: Sequence[object]) -> list[Row]:
    """Return how two lists differ, given what their elements have as the member."""
    first, second = (answer(json.dumps(elements(*values))) for values in (a, b))
    return between(first, second, CompareLevel.VALUE)


ELSEWHERE: Final = ("member", "$[*].x", "differs", "differs")
ADDED_NULL: Final = ("null-vs-absent", "$[*].x", "absent", "null")


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param((5, NONE, NONE), ("5", None, NONE),
            [ADDED_NULL, ("number-as-string", "$[*].x", "number", "string")], id="another-type"),
        pytest.param((5, NONE, NONE), (6, None, NONE),
            [ADDED_NULL, ("value", "$[*].x", "differs", "differs")], id="another-value"),
        pytest.param((5, NONE, NONE, 8), (5, None, 9, NONE), [ELSEWHERE,
            ("type", "$[*].x", "integer", "integer or null")], id="a-value-elsewhere"),
        pytest.param((5, NONE, NONE, 8), (5, None, "s", NONE), [ELSEWHERE,
            ("type", "$[*].x", "integer", "integer or null or string")], id="a-text-elsewhere"),
        pytest.param((None, NONE, NONE), (None, None, NONE), [ADDED_NULL], id="both-write-null"),
        pytest.param((None, NONE), (None, None), [ADDED_NULL], id="all-null"),
        pytest.param((None, NONE, 5), (None, None, 6),
            [ADDED_NULL, ("value", "$[*].x", "differs", "differs")], id="null-and-another-value"),
        pytest.param((None, NONE, 5), (None, None, "5"),
            [ADDED_NULL, ("number-as-string", "$[*].x", "number", "string")],
            id="null-and-another-type"),
        pytest.param((5, NONE), (None, None),
            [ADDED_NULL, ("type", "$[*].x", "integer", "null")], id="null-beside-a-value"),
        pytest.param(("", NONE), (0, 0),
            [("zero-value-vs-absent", "$[*].x", "absent", "zero"),
             ("type", "$[*].x", "string", "integer")], id="zero-beside-an-empty-text"),
        pytest.param((None, None, NONE), (None, NONE, None), [ELSEWHERE], id="null-in-another"),
        pytest.param((None, NONE, NONE), (None, None, 5),
            [ADDED_NULL, ("member", "$[*].x", "sometimes present", "present")],
            id="null-and-a-value-more"),
        pytest.param((4, NONE, NONE), (4, None, 5),
            [ADDED_NULL, ("member", "$[*].x", "sometimes present", "present")],
            id="null-and-a-value-beside-a-value"),
        pytest.param((4, NONE, NONE, NONE), (4, None, 5, NONE), [ADDED_NULL, ELSEWHERE],
            id="null-and-a-value-of-some"),
        pytest.param((NONE, NONE), (None, 5), [("member", "$[*].x", "absent", "present")],
            id="null-and-a-value-beside-none"),
        pytest.param((4, NONE, NONE), (4, 0, 5),
            [("member", "$[*].x", "sometimes present", "present")], id="zero-and-a-value"),
        pytest.param((5, NONE, NONE), (5, 7, NONE), [ELSEWHERE], id="a-value"),
    ],
)  # fmt: skip
def test_a_value_for_nothing_hides_no_other_difference(
    a: Sequence[object], b: Sequence[object], wanted: list[Row]
) -> None:
    """What differs besides is said, and where values moved nothing is explained by it."""
    assert of_values(a, b) == sorted(wanted)
    assert of_values(b, a) == mirrored(wanted)


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param((None, NONE), (None, None), [ADDED_NULL], id="null"),
        pytest.param((0, NONE, 5), (0, 0, 6),
            [("zero-value-vs-absent", "$[*].x", "absent", "zero")], id="zero"),
        pytest.param(("", NONE), (0, 0), [("member", "$[*].x", "sometimes present", "present"),
            ("type", "$[*].x", "string", "integer")], id="zero-beside-an-empty-text"),
        pytest.param((None, NONE, 5), (None, None, "5"),
            [ADDED_NULL, ("number-as-string", "$[*].x", "number", "string")], id="another-type"),
        pytest.param((None, NONE, NONE), (None, None, 5),
            [("member", "$[*].x", "sometimes present", "present")], id="a-value-more"),
        pytest.param((None, NONE), (NONE, None), [], id="in-another-element"),
    ],
)  # fmt: skip
def test_by_shape_a_value_for_nothing_is_named_though_both_sides_have_some(
    a: Sequence[object], b: Sequence[object], wanted: list[Row]
) -> None:
    """What both sides have equally often says nothing about what one of them has more often."""
    first, second = (json.dumps(elements(*values)) for values in (a, b))
    assert by_shape(first, second) == sorted(wanted)
    assert by_shape(second, first) == mirrored(wanted)


def test_of_three_each_writes_null_where_it_has_the_member() -> None:
    """A runtime that leaves it out alone, or writes it alone, is odd in that element."""
    lacking, having = elements(4, None, NONE), elements(4, None, None)
    other = elements(4, NONE, NONE)
    for bodies, odd in (((having, having, lacking), ["c"]), ((lacking, having, having), ["a"])):
        assert [odd_one for _, _, odd_one in told_of([json.dumps(each) for each in bodies])] == odd
    assert titles(JSON, json.dumps, having, lacking, other) == [
        "null vs absent (a null)",
        "null vs absent (c absent)",
    ]


@pytest.mark.parametrize(("media", "write"), FORMS)
@pytest.mark.parametrize(
    ("other", "added"),
    [
        pytest.param(5, "s", id="a-text"),
        pytest.param([1], ["s"], id="in-a-list"),
        pytest.param({"p": 1}, {"p": "s"}, id="a-type-below"),
        pytest.param({"p": 1}, {"q": 1}, id="members-below"),
    ],
)
def test_a_value_of_another_type_in_one_more_element_is_one_cause(
    media: str, write: Write, other: object, added: object
) -> None:
    """What it alone shows of the shape is no cause beside it, and it counts as shape itself."""
    lacking, having = elements(other, NONE, NONE), elements(other, added, NONE)
    for bodies in ((lacking, having), (having, lacking), (lacking, having, lacking)):
        (found,) = findings(*([answer(write(body), media=media)] for body in bodies))
        assert (found.name, found.facet) == ("member", Facet.SHAPE)
        assert json.dumps(added, separators=(",", ":")) in dict(found.sent[0]).values()


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param((5, NONE, NONE), ("5", "s", NONE),
            ("number-as-string", "$[*].x", "number", "string"), id="beside-it"),
        pytest.param((5, NONE, 7, NONE), (5, "s", NONE, NONE),
            ("type", "$[*].x", "integer", "integer or string"), id="in-another-element"),
        pytest.param(([1], NONE, NONE), ([1, "s"], [2], NONE),
            ("type", "$[*].x[*]", "integer", "integer or string"), id="in-a-longer-list"),
        pytest.param(([1], NONE, NONE), ([1, 2], ["s"], NONE),
            ("type", "$[*].x[*]", "integer", "integer or string"), id="beside-a-longer-list"),
        pytest.param((5, NONE, NONE), (5, 6, NONE, "s"),
            ("type", "$[*].x", "integer", "integer or string"), id="in-an-extra-element"),
    ],
)  # fmt: skip
def test_a_type_that_other_elements_show_is_a_difference(
    a: Sequence[object], b: Sequence[object], wanted: Row
) -> None:
    """What not only the element shows that has the member on one side stands by itself."""
    for first, second, rows in ((a, b, [wanted]), (b, a, mirrored([wanted]))):
        assert {ELSEWHERE, *rows} <= {*of_values(first, second)}
        found = findings(*([answer(json.dumps(elements(*of)))] for of in (first, second)))
        assert all(each.follows is None for each in found)


@pytest.mark.parametrize(("media", "write"), FORMS)
@pytest.mark.parametrize(
    "values",
    [
        pytest.param((4, 5, 6), id="values"),
        pytest.param((4, 5, None), id="null-elsewhere"),
        pytest.param((None, None, None), id="nulls"),
        pytest.param(([], {}, ""), id="values-for-nothing"),
    ],
)
def test_each_that_lacks_a_member_in_another_element_is_odd_there(
    media: str, write: Write, values: tuple[object, ...]
) -> None:
    """The first lacks it nowhere; a runtime that lacks it in an element is odd there alone."""
    first, second, third = values
    bodies = elements(*values), elements(NONE, second, third), elements(first, NONE, third)
    for order in permutations(range(3)):
        found = findings(*([answer(write(bodies[at]), media=media)] for at in order))
        odd = sorted(name for each in found for name in each.odd)
        assert odd == sorted("abc"[order.index(at)] for at in (1, 2))
        for each in found:
            (sent,) = map(dict, each.sent)
            assert [name for name, text in sent.items() if text == "absent"] == list(each.odd)
