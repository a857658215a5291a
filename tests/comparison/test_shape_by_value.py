"""A look at the values shows no fewer differences of shape than a look at the shape alone."""

from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.difference import Difference
from conformance.comparison.values.stops import starts_with
from conformance.model.case import CompareLevel
from conformance.model.finding import Facet
from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.laws import LAW, answers, answers_of

EXTRA_OF_ANOTHER_TYPE = answers_of([1], [1, "x"])
EXTRA_WITHIN_ELEMENTS = answers_of(
    [{"id": 1, "tags": ["a"]}, {"id": 2, "tags": []}],
    [{"id": 1, "tags": ["a", None]}, {"id": 2, "tags": []}],
)
MEMBERS_IN_OTHER_ELEMENTS = answers_of([{"n": [1]}, {"n": "x"}], [{"n": [1]}, {}, {"n": [2]}])
"""The text is in an element in which the second has nothing."""


@pytest.mark.parametrize(
    "given_answers",
    [EXTRA_OF_ANOTHER_TYPE, EXTRA_WITHIN_ELEMENTS, MEMBERS_IN_OTHER_ELEMENTS],
)
def test_the_shape_of_what_is_extra_counts(given_answers: dict[str, Answer]) -> None:
    """A type that only an element without a partner has is a difference of shape."""
    assert_no_shape_is_hidden(given_answers)


@LAW
@given(answers())
def test_no_shape_is_hidden(given_answers: dict[str, Answer]) -> None:
    """Whatever differs by shape differs by value, too: as shape, there or at what contains it."""
    assert_no_shape_is_hidden(given_answers)


STREAM: Final = "text/event-stream"


@pytest.mark.parametrize(
    ("media", "first", "second"),
    [
        pytest.param(STREAM, "event: a\ndata: 1\n\n", "event: b\ndata: 1\n\n", id="types"),
        pytest.param(
            STREAM,
            "event: a\ndata: 1\n\n",
            "event: a\ndata: 1\n\nevent: b\ndata: 1\n\n",
            id="an-event-of-another-type-more",
        ),
        pytest.param("text/csv", "a,b\n", "a,c\n", id="columns"),
        pytest.param("text/csv", "a,b\n", "b,a\n", id="columns-in-another-order"),
    ],
)
def test_names_that_are_shape_are_shape_by_value(media: str, first: str, second: str) -> None:
    """The types of events and the names of columns are of the shape at every level."""
    assert_no_shape_is_hidden({"a": answer(first, media=media), "b": answer(second, media=media)})


def test_the_order_of_events_is_a_value() -> None:
    """Which types of event there are is shape, and their order is none."""
    first, second = (
        answer(body, media=STREAM)
        for body in (
            "event: a\ndata: 1\n\nevent: b\ndata: 1\n\n",
            "event: b\ndata: 1\n\nevent: a\ndata: 1\n\n",
        )
    )
    found = differences(first, second, CompareLevel.VALUE)
    assert [each.facet for each in found] == [Facet.VALUE]


def assert_no_shape_is_hidden(given_answers: dict[str, Answer]) -> None:
    """Hold answers against the next ones."""
    for a, b in pairwise(given_answers.values()):
        by_value = [each for each in differences(a, b, CompareLevel.VALUE) if of_shape(each)]
        for each in filter(of_shape, differences(a, b, CompareLevel.SHAPE)):
            assert is_of_numbers(each) or any(is_within(each, other) for other in by_value), each


def differences(a: Answer, b: Answer, level: CompareLevel) -> tuple[Difference, ...]:
    """Return how two answers differ."""
    return compare_answers(read_answer(a), read_answer(b), Terms(level=level)).differences


def of_shape(difference: Difference) -> bool:
    """Return whether a difference counts as one of shape."""
    return difference.facet is Facet.SHAPE


def is_of_numbers(difference: Difference) -> bool:
    """Return whether types differ in fractions alone: by value an integer is a number."""
    first, second = (
        set(fact.replace("integer", "number").split(" or ")) for fact in difference.facts
    )
    return difference.name == "type" and first == second


def is_within(difference: Difference, other: Difference) -> bool:
    """Return whether a difference is at the place of another one, or within it."""
    if difference.paths is None or other.paths is None:
        return difference.places == other.places
    return any(map(starts_with, difference.paths, other.paths))
