"""A stream that is read beside another one is what it is alone; events of both are held once."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.comparison.answers.answer import ReadAnswer, read_answer
from conformance.comparison.bodies.body import Body
from tests.comparison.differences import answer

EVENTS: Final = st.lists(
    st.sampled_from(
        ['data: {"a":1}', 'data: {"a":2}', "data: 1", "data: x", "data: ", 'data: {"a":-0}',
         'data: {"a":1,"a":2}', 'id: 7\ndata: {"a":1}', "data: [DONE]", "id: 7\ndata: [DONE]",
         "event: e", ": nothing", "no field", 'data: {"a":\ndata: 1}', 'data: {"a"']
    ),
    max_size=6,
)  # fmt: skip


def stream(events: list[str], end: str = "\n") -> ReadAnswer:
    """Return an answer with some events, that nobody has read yet."""
    raw = "".join(f"{event}\n\n" for event in events).replace("\n", end)
    return read_answer(answer(raw, media="text/event-stream"))


def whole(body: Body) -> str:
    """Return all that a body is; numbers of a fraction equal themselves only."""
    return repr(body)


@given(first=EVENTS, second=EVENTS, end=st.sampled_from(["\n", "\r\n"]))
def test_a_stream_is_what_it_is_alone(first: list[str], second: list[str], end: str) -> None:
    for others in (second, [*first, *second], [*first[:-1], *second]):
        beside = stream(others).body_against(stream(first, end).body)
        assert whole(beside) == whole(stream(others).body)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_events_of_both_are_held_once(end: str) -> None:
    same = 'data: {"a":[1,2.5]}'
    first = stream([same, "data: [DONE]", same, same], end).body
    other = stream([same, 'data: {"b":1}', same, same]).body_against(first)
    assert [x is y for x, y in zip(other.value, first.value, strict=False)] == [True, False, True]


def test_what_has_a_note_is_read_by_itself() -> None:
    noted = 'data: {"a":-0}'
    first = stream([noted]).body
    other = stream([noted]).body_against(first)
    assert other.notes == first.notes == ("minus-zero",)
