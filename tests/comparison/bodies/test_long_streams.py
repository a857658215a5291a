"""Two long streams that are mostly the same differ as they do where both are read whole."""

import json
import tracemalloc
from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.comparison import AnswerComparison, compare_answers
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer

Record = dict[str, Any]
COUNT: Final = 2_200
MOST_BY_BYTE: Final = 4
"""Bytes for each byte of a stream: 2.6 in long ones, and what is kept as a sample."""
MEDIA: Final = {"events": "text/event-stream", "lines": "application/x-ndjson"}


def record(number: int) -> Record:
    """Return a record, of one of several forms."""
    piece: Record = {
        "index": number % 3,
        "text": f"word {number}",
        "weight": number / 4,
        "done": number % 7 == 0,
        "parts": [{"n": at} for at in range(number % 3)],
    }
    if number % 5 == 0:
        piece["usage"] = {"tokens": number, "cached": None}
    return piece


def written(records: Sequence[Record | str], kind: str) -> bytes:
    """Return records as a body; texts are blocks or lines of their own."""
    texts = [each if isinstance(each, str) else json.dumps(each) for each in records]
    if kind == "lines":
        return "".join(f"{text}\n" for text in texts).encode()
    return "".join(
        f"{text if isinstance(each, str) else f'data: {text}'}\n\n"
        for each, text in zip(records, texts, strict=True)
    ).encode()


def compared(
    bodies: tuple[bytes, bytes], kind: str, level: CompareLevel, *, whole: bool
) -> tuple[AnswerComparison, tuple[ReadAnswer, ReadAnswer]]:
    """Compare two bodies, whole or not, and return the answers, too."""
    first, second = (read_answer(answer(body, media=MEDIA[kind])) for body in bodies)
    if whole:
        assert first.body.structured == second.body.structured
    return compare_answers(first, second, Terms(level=level)), (first, second)


def shown(found: AnswerComparison) -> tuple[str, str]:
    """Return all that a comparison says; numbers of a fraction equal themselves only."""
    stops = found.stops
    return repr(found.differences), repr(
        (stops.unpaired, stops.unexplained, stops.more, found.unread)
    )


def are_read_beside(bodies: tuple[bytes, bytes], kind: str, level: CompareLevel) -> bool:
    """Return whether the streams were read beside each other; what is found is the same anyway."""
    beside, answers = compared(bodies, kind, level, whole=False)
    expected, alone = compared(bodies, kind, level, whole=True)
    assert shown(beside) == shown(expected)
    assert [each.kind for each in answers] == [each.kind for each in alone]
    assert [each.body_notes for each in answers] == [each.body_notes for each in alone]
    return not answers[0].has_whole_body


RECORDS: Final[list[Record | str]] = [record(number) for number in range(COUNT)]
PLACES: Final = (
    (1_500, "events"),
    (COUNT - 1, "lines"),
    (0, "events"),
    (1_500, "lines"),
    (COUNT - 1, "events"),
)
Change = Callable[[Record], Record | str]
CHANGES: Final[dict[str, Change]] = {
    "another text": lambda each: {**each, "text": "another"},
    "another number": lambda each: {**each, "weight": 7.25},
    "a number as text": lambda each: {**each, "index": str(each["index"])},
    "null for a text": lambda each: {**each, "text": None},
    "zero for nothing": lambda each: {**each, "text": ""},
    "a member is gone": lambda each: {name: each[name] for name in each if name != "text"},
    "a member more": lambda each: {**each, "extra": [1, 2]},
    "a member renamed": lambda each: {
        "Text" if name == "text" else name: each[name] for name in each
    },
    "an element more": lambda each: {**each, "parts": [*each["parts"], {"n": 9}]},
    "elements of another type": lambda each: {**each, "parts": ["n"]},
    "a list for an object": lambda each: {**each, "usage": [1]},
    "a boolean as a number": lambda each: {**each, "done": int(each["done"])},
    "JSON in a text": lambda each: {**each, "text": '{"a":1}'},
    "an integer past 2^53": lambda each: {**each, "index": 1 << 60},
    "a time": lambda each: {**each, "text": "2026-01-01T00:00:00Z"},
    "a list": lambda each: json.dumps([each]),
}


@pytest.mark.parametrize("level", [CompareLevel.SHAPE, CompareLevel.VALUE])
@pytest.mark.parametrize("name", CHANGES)
def test_one_change_is_what_it_is_in_streams_that_are_read_whole(
    name: str, level: CompareLevel
) -> None:
    at, kind = PLACES[list(CHANGES).index(name) % len(PLACES)]
    changed = CHANGES[name](record(at))
    if kind == "events" and isinstance(changed, str):
        changed = f"data: {changed}"
    others = [*RECORDS[:at], changed, *RECORDS[at + 1 :]]
    assert are_read_beside((written(RECORDS, kind), written(others, kind)), kind, level)


@pytest.mark.parametrize(
    "ends",
    [
        ("data: [DONE]\n\n", ""),
        ("", 'data: {"index": 1}'),
        (": a comment\n\ndata: [DONE]\n\n", "data: [DONE]"),
        ("data: [DONE]\n\n: a comment\n\n", "data: [DONE]\n\n"),
    ],
)
def test_how_streams_end_is_a_note_on_them(ends: tuple[str, str]) -> None:
    body = written(RECORDS, "events")
    bodies = (body + ends[0].encode(), body + ends[1].encode())
    are_read_beside(bodies, "events", CompareLevel.VALUE)


def test_comments_and_line_ends_are_nothing() -> None:
    body = written(RECORDS, "events")
    other = body.replace(b"\n\n", b"\n\n: a comment\n\n").replace(b"\n", b"\r\n")
    found, answers = compared((body, other), "events", CompareLevel.VALUE, whole=False)
    assert not found.differences
    assert not any(each.has_whole_body for each in answers)


UNALIKE: Final[dict[str, Sequence[Record | str]]] = {
    "a record less": RECORDS[1:],
    "two records exchanged": [*RECORDS[:100], RECORDS[101], RECORDS[100], *RECORDS[102:]],
    "most records differ": [{**record(number), "text": "another"} for number in range(COUNT)],
    "an event after the one that ends it": [*RECORDS[:-1], "data: [DONE]", RECORDS[-1]],
}


@pytest.mark.parametrize("name", UNALIKE)
def test_what_belongs_together_elsewhere_is_read_whole(name: str) -> None:
    bodies = (written(RECORDS, "events"), written(UNALIKE[name], "events"))
    assert not are_read_beside(bodies, "events", CompareLevel.VALUE)


@pytest.mark.parametrize("more", [0, 0.25])
def test_numbers_that_two_records_exchange_are_read_whole(more: float) -> None:
    records: list[Record | str] = [{"at": number + more, "n": [number]} for number in range(COUNT)]
    exchanged = [{"at": 101 + more, "n": [100]}, {"at": 100 + more, "n": [101]}]
    bodies = (
        written(records, "lines"),
        written([*records[:100], *exchanged, *records[102:]], "lines"),
    )
    assert not are_read_beside(bodies, "lines", CompareLevel.VALUE)


def test_records_with_ids_are_read_whole() -> None:
    records = [{"id": f"r-{number}", "n": number} for number in range(COUNT)]
    bodies = (written(records, "lines"), written([*records[:-1], {"id": "x", "n": 1}], "lines"))
    assert not are_read_beside(bodies, "lines", CompareLevel.VALUE)


def test_what_streams_have_in_common_is_not_held() -> None:
    """Read whole, they take more than ten times their bytes."""
    records: list[Record | str] = [record(number) for number in range(10 * COUNT)]
    other = {**record(10 * COUNT - 1), "text": "another"}
    bodies = (written(records, "events"), written([*records[:-1], other], "events"))
    tracemalloc.start()
    try:
        compared(bodies, "events", CompareLevel.VALUE, whole=False)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < MOST_BY_BYTE * len(bodies[0])
