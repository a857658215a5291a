"""A member that some elements of a list have, and one more of them on one side only."""

import json
from collections.abc import Callable, Sequence
from typing import Final

import pytest

from conformance.model.case import CompareLevel
from tests.comparison.derived_findings import findings, grouped
from tests.comparison.differences import JSON, answer, between, mirrored

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
    for before, after in ((other, NONE), (other, other), (NONE, NONE)):
        lacking, having = elements(before, NONE, after), elements(before, added, after)
        assert titles(media, write, lacking, having) == [title]
        assert titles(media, write, having, lacking) == [title]
        assert titles(media, write, lacking, having, lacking) == [title]


BY_VALUE: Final = CompareLevel.VALUE
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
        pytest.param((None, NONE, NONE), (None, None, NONE), [ELSEWHERE], id="both-write-null"),
        pytest.param((5, NONE, NONE), (5, 7, NONE), [ELSEWHERE], id="a-value"),
    ],
)  # fmt: skip
def test_a_value_for_nothing_hides_no_other_difference(
    a: Sequence[object], b: Sequence[object], wanted: list[tuple[str, str, str, str]]
) -> None:
    """What differs besides is said, and where values moved nothing is explained by it."""
    found = between(*(answer(json.dumps(elements(*values))) for values in (a, b)), BY_VALUE)
    assert found == sorted(wanted)
    turned = between(*(answer(json.dumps(elements(*values))) for values in (b, a)), BY_VALUE)
    assert turned == mirrored(wanted)
