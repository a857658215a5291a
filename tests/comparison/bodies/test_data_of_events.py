"""The data of an event is a text or JSON; what one event has says nothing of the others."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.layout import in_one_layout
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between, seen

EVENTS: Final = "text/event-stream"
VALUE: Final = CompareLevel.VALUE
DATA: Final = "$[*].data"


def stream(*data: str) -> str:
    """Return a stream of events with this data."""
    return "".join(f"data: {each}\n\n" for each in data)


@pytest.mark.parametrize(
    ("text", "in_json"),
    [
        ("hello", '"hello"'),
        ("two\ndata: lines", '"two\\nlines"'),
        ("", '""'),
        ("é", '"\\u00e9"'),
    ],
)
@pytest.mark.parametrize("others", [(), ("4",), ("null",), ("4.0", "true"), ('{"a":1}',)])
def test_a_text_is_not_the_same_text_in_json(
    text: str, in_json: str, others: tuple[str, ...]
) -> None:
    """It differs by its quotes, as a cell or an element does, and no other event does."""
    for order in ((text, in_json), (in_json, text)):
        first, second = (stream(each, *others) for each in order)
        assert seen(first, second, EVENTS) == [("value", DATA)]


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param(("1", "2", "3"), ("1", "2", "end"), [("type", DATA, "integer", "string")],
            id="last-is-a-text"),
        pytest.param(("Hi", "4"), ('"Hi"', "4"), [("value", DATA, "differs", "differs")],
            id="text-in-json"),
        pytest.param(("1", "2"), ("1", "2", "bye"),
            [("length", "$", "differs", "differs"), ("type", DATA, "integer", "integer or string")],
            id="one-more"),
        pytest.param(("-0", "x"), ("-0", '"x"'), [("value", DATA, "differs", "differs")],
            id="note-on-both"),
        pytest.param(('{"a":1,"a":2}', "x"), ('{"a":3,"a":2}', '"x"'),
            [("value", "$[*].data['a (earlier value 1)']", "differs", "differs"),
             ("value", DATA, "differs", "differs")], id="member-that-comes-again"),
        pytest.param(("a", "1"), ("a", "b"), [("value", DATA, "differs", "differs")],
            id="two-streams-of-texts"),
        pytest.param(("1", "2"), ('"1"', '"2"'), [("number-as-string", DATA, "number", "string")],
            id="two-streams-of-json"),
    ],
)  # fmt: skip
def test_one_event_differs(
    a: tuple[str, ...], b: tuple[str, ...], wanted: list[tuple[str, str, str, str]]
) -> None:
    """A text in one stream does not make texts of the numbers that both have."""
    first, second = (answer(stream(*data), media=EVENTS) for data in (a, b))
    assert sorted(between(first, second, VALUE)) == sorted(wanted)


DATA_OF_ANY_KIND: Final = st.lists(
    st.sampled_from(["1", "-0", "1.50", "null", "true", "x", '"x"', "", '""', '{"a":1}', '{"a"']),
    min_size=1,
    max_size=5,
)


@given(first=DATA_OF_ANY_KIND, second=DATA_OF_ANY_KIND)
def test_equal_data_at_one_index_is_equal(first: list[str], second: list[str]) -> None:
    """Whatever the other events have, the same bytes are read as the same in both streams."""
    answers = [read_answer(answer(stream(*each), media=EVENTS)) for each in (first, second)]
    one, other = in_one_layout(answers[0], answers[1], Terms(level=VALUE))
    for at, (a, b) in enumerate(zip(first, second, strict=False)):
        if a == b:
            assert repr(one.body.value[at]) == repr(other.body.value[at])


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        pytest.param(("hello",), ('"hello"',), [("value", DATA)], id="one-text"),
        pytest.param(("x", "4"), ("4", '"y"', '"z"'), [("value", DATA)], id="others-beside-them"),
        pytest.param(("x", '"y"'), ('"x"', '"y"'), [], id="both-forms-in-one"),
        pytest.param(("hello",), ("bye",), [], id="texts-alone"),
        pytest.param(('"x"',), ('"\\"y\\""',), [], id="a-quoted-text-in-json"),
    ],
)
def test_texts_in_json_and_texts_are_two_shapes(
    a: tuple[str, ...], b: tuple[str, ...], wanted: list[tuple[str, str]]
) -> None:
    """They are where all of one stream are JSON, and none of the other: readers parse, or do not."""
    assert seen(stream(*a), stream(*b), EVENTS, CompareLevel.SHAPE) == wanted
