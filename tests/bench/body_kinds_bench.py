"""CPU time of reading and comparing the same records in four formats.

They are JSON, JSON lines, events and a table. Memory is measured for events.

Run: `python -m tests.bench.body_kinds_bench`

The records differ in one text of the last one.  *to JSON* is the time of reading both bodies and
comparing them by value, against that of the same records as one JSON array, and *of its size*
against that of as many of them as are a JSON array of the same size.  Garbage is collected as
seldom as the command does it.

Hostile bodies of every kind come last: the time of reading two of them and comparing their shapes,
and how many times that of two halves.  A time that grows faster than the body shows as 4 and more;
a half may also be torn, and cheap.
"""

import gc
import json
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.model.case import CompareLevel
from conformance.model.observation import Answer
from tests.bench.comparison_bench import seconds
from tests.comparison.bodies.hostile_bodies import HOSTILE
from tests.comparison.bodies.test_every_kind import WRITERS

Record = dict[str, Any]
COUNTS: Final = (10, 800, 30_000)
EVENTS: Final = 100_000
AS_THE_COMMAND: Final = (10_000, 50, 50)
"""The thresholds of garbage collection that `conformance` sets."""
SHOWN_FROM_S: Final = 0.1
BY_VALUE: Final = Terms(level=CompareLevel.VALUE)


def _record(number: int) -> Record:
    return {
        "id": number,
        "name": f"customer {number % 97}",
        "since": 2000 + number % 25,
        "price": 19.95 + number % 50,
        "express": number % 3 == 0,
        "note": "leave it at the door please",
    }


def _table(records: list[Record]) -> str:
    cells = [
        [value if isinstance(value, str) else json.dumps(value) for value in row.values()]
        for row in records
    ]
    return "\n".join(",".join(row) for row in ([*records[0]], *cells)) + "\n"


def _events(records: list[Record]) -> str:
    return "".join(f"data: {json.dumps(record)}\n\n" for record in records)


KINDS: Final[dict[str, tuple[str, Callable[[list[Record]], str]]]] = {
    "JSON": ("application/json", json.dumps),
    "JSON lines": (
        "application/x-ndjson",
        lambda records: "".join(json.dumps(each) + "\n" for each in records),
    ),
    "events": ("text/event-stream", _events),
    "table": ("text/csv", _table),
}


def main() -> None:
    """Measure and print."""
    print(
        f"{'records':>8} {'kind':<11} {'bytes':>9} {'read both':>11} {'compare':>11}  to JSON  of "
        "its size"
    )
    gc.set_threshold(*AS_THE_COMMAND)
    for count in COUNTS:
        _show([_record(number) for number in range(count)])
    for kind in ("JSON", "events"):
        media, write = KINDS[kind]
        raw = write([_record(number) for number in range(EVENTS)]).encode()
        tracemalloc.start()
        held = _answer(raw, media).body
        print(
            f"{EVENTS} records as {kind}: {tracemalloc.get_traced_memory()[1] / len(raw):.1f} "
            f"bytes a byte, {held.kind}"
        )
        tracemalloc.stop()
    _show_hostile()


def _show_hostile() -> None:
    """Print the hostile bodies that take 0.1 s and more."""
    print(f"\n{'hostile body':<28} {'bytes':>9} {'CPU':>9}  to half")
    for word, bodies in HOSTILE.items():
        for name, raw in bodies.items():
            media = WRITERS[word][0]
            half, whole = (_once(part, media) for part in (raw[: len(raw) // 2], raw))
            if whole >= SHOWN_FROM_S:
                print(
                    f"{word + ' ' + name:<28} {len(raw):>9} {whole:>7.2f} s {whole / half:>8.1f}",
                    flush=True,
                )


def _once(raw: bytes, media: str) -> float:
    started = time.process_time()
    compare_answers(
        _answer(raw, media), _answer(raw[:-1] + b"x", media), Terms(level=CompareLevel.SHAPE)
    )
    return time.process_time() - started


def _read(first: bytes, second: bytes, media: str) -> None:
    for body in (first, second):
        _ = _answer(body, media).body


def _show(records: list[Record]) -> None:
    of_json = _measured("JSON", records)
    for kind in KINDS:
        size, reading, comparing = _measured(kind, records)
        as_large = records[: max(1, round(len(records) * size / of_json[0]))]
        _, *of_its_size = _measured("JSON", as_large)
        taken = reading + comparing
        row = f"{len(records):>8} {kind:<11} {size:>9} {reading * 1e3:>8.2f} ms"
        ratios = f"{taken / sum(of_json[1:]):8.2f} {taken / sum(of_its_size):12.2f}"
        print(f"{row} {comparing * 1e3:>8.2f} ms {ratios}", flush=True)


def _measured(kind: str, records: list[Record]) -> tuple[int, float, float]:
    """Return the size of records as a kind, and the seconds of reading two and comparing them."""
    media, write = KINDS[kind]
    others = [*records[:-1], {**records[-1], "note": "ring twice"}]
    first, second = write(records).encode(), write(others).encode()
    reading = seconds(partial(_read, first, second, media))
    a, b = _answer(first, media), _answer(second, media)
    if len(compare_answers(a, b, BY_VALUE).differences) != 1:
        raise ValueError(f"{kind}: not one difference")
    comparing = seconds(lambda: compare_answers(a, b, Terms(level=CompareLevel.VALUE)))
    return len(first), reading, comparing


def _answer(raw: bytes, media: str) -> ReadAnswer:
    return read_answer(
        Answer(
            status=200, reason="OK", headers=(("content-type", media),), body=raw, elapsed_ms=1.0
        )
    )


if __name__ == "__main__":
    main()
