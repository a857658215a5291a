"""What no client is given is no event: blocks of a stream without data, as the HTML standard says.

Their `id` and `retry` hold all the same.
"""

from itertools import product
from typing import Final

import pytest

from conformance.comparison.answers.answer import read_answer
from conformance.comparison.bodies.events import EVENT_STREAM
from conformance.comparison.bodies.long_streams import read_mostly_alike
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer, between, length_at, seen

MEDIA: Final = "text/event-stream"
ONE: Final = 'data: {"a":1}\n\n'
TWO: Final = 'data: {"a":2}\n\n'
LEVELS: Final = tuple(CompareLevel)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("heartbeat", ["event: ping\n\n", "event\n\n", ": ping\n\n", "id:\n\n"])
def test_a_heartbeat_is_no_difference(heartbeat: str, level: CompareLevel) -> None:
    for places in product(["", heartbeat], repeat=3):
        beaten = places[0] + ONE + places[1] + TWO + places[2]
        assert seen(ONE + TWO, beaten, MEDIA, level) == []


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("id: 7\n\n" + ONE, "id: 7\n" + ONE),
        ("retry: 100\n\n" + ONE, "retry: 100\n" + ONE),
        ("id: 6\n\nid: 7\n\n" + ONE, "id: 7\n" + ONE),
        ("id: 6\n\nid: 7\n" + ONE, "id: 7\n" + ONE),
        (f"id: 7\n{ONE}id: 7\nevent: ping\n\n{TWO}", f"id: 7\n{ONE}{TWO}"),
        (ONE + "id: 6\n\nid: 7\n\n", ONE + "id: 7\n\n"),
        (ONE + "event: ping", ONE),
        (ONE + ": ping", ONE),
    ],
)
def test_what_comes_to_the_same_for_a_client(a: str, b: str) -> None:
    assert seen(a, b, MEDIA) == []


def test_an_id_without_an_event_counts_where_it_holds() -> None:
    assert seen("id: 7\n\n" + ONE, ONE, MEDIA) == [("member", "$[*].id")]
    assert seen("id: 7\n\n" + ONE, "id: 8\n\n" + ONE, MEDIA) == [("value", "$[*].id")]
    after, without = (answer(body, media=MEDIA) for body in (ONE + "id: 7\n\n", ONE))
    assert length_at("$") in between(after, without, CompareLevel.VALUE)


def test_data_that_is_empty_is_an_event() -> None:
    (event,) = read_answer(answer("data\n\n", media=MEDIA)).body.value
    assert event == {"data": ""}


def test_heartbeats_in_long_streams() -> None:
    """They are no records; what holds on belongs to the record after it."""
    stream = EVENT_STREAM.stream
    assert stream is not None
    plain = [f'data: {{"a":{number}}}\n\n' for number in range(10_000)]
    beaten = [("event: ping\n\n" + each if each[-5] == "7" else each) for each in plain]
    for start in ("", "retry: 100\n\n"):
        texts = (f"{start}{''.join(each)}".encode() for each in (plain, beaten))
        pair = read_mostly_alike(stream, *texts)
        assert pair is not None
        first, second = pair
        assert first.value == second.value
        assert len(first.value) == len(plain)
