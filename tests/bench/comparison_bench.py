"""CPU time of comparing two answers: two large bodies against parsing them both, and small ones as a run meets them.

Run: `python tests/bench/comparison_bench.py`.  Ratios within one run; absolute times are the machine's.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from conformance.comparison.lossless_json import parse
from conformance.comparison.parity import compare_case
from conformance.errors import Place
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.observation import Answer, Cell
from conformance.model.request import Request

REPEATS = 5
CASE = Case(
    suite="bench", name="bench", place=Place("bench.yaml", 1, 1), against=None, compare=CompareLevel.VALUE,
    steps=(Step(request=Request(method="GET", target="/")),), timeout_ms=1_000,
)  # fmt: skip
HEADERS = (("date", "Mon, 23 Nov 2026 00:00:00 GMT"), ("content-type", "application/json"), ("content-length", "1"))


def order(number: int) -> dict[str, Any]:
    """Return one of many like objects."""
    return {
        "order_id": number,
        "total": number + 0.25,
        "placed_at": f"2026-11-23T10:{number % 60:02}:00Z",
        "ship_to": {"city": f"Ålesund {number}", "zip": "0150", "gift": number % 2 == 0},
        "lines": [{"sku": f"s{number}x{line}", "count": line, "note": None} for line in range(3)],
    }


def large(**changed: object) -> bytes:
    """Return about 5 MB of JSON; what is changed is changed in every fiftieth element."""
    orders = [{**order(n), **(changed if n % 50 == 0 else {})} for n in range(17_000)]
    return json.dumps({"orders": orders}, ensure_ascii=False).encode()


def cells(*bodies: bytes) -> list[Cell]:
    """Return a cell for each body."""
    answers = [Answer(status=200, reason="OK", headers=HEADERS, body=body, elapsed_ms=1.0) for body in bodies]
    return [Cell(runtime=f"r{n}", live=True, observations=(answer,)) for n, answer in enumerate(answers)]


def milliseconds(work: Callable[[], object], rounds: int = 1) -> float:
    """Return the least CPU time of some work over several repeats."""
    best = float("inf")
    for _ in range(REPEATS):
        started = time.process_time()
        for _ in range(rounds):
            work()
        best = min(best, time.process_time() - started)
    return best / rounds * 1000


def in_camel_case(body: bytes) -> bytes:
    """Return a body with other member names."""
    for name in (b"order_id", b"placed_at", b"ship_to"):
        first, _, second = name.partition(b"_")
        body = body.replace(name, first + second.title())
    return body


if __name__ == "__main__":
    plain = large()
    for what, other in {
        "values differ": large(total=1.5, lines=[]),
        "types differ": large(total="1.5"),
        "names differ": in_camel_case(plain),
    }.items():
        parsing = milliseconds(lambda other=other: (parse(plain), parse(other)))  # type: ignore[misc]
        comparing = milliseconds(lambda other=other: compare_case(CASE, cells(plain, other)))  # type: ignore[misc]
        print(
            f"{len(plain) / 1e6:.1f} MB, {what:<17} {comparing:7.0f} ms, {comparing / parsing:4.1f} times parsing both"
        )
    small = json.dumps(order(7)).encode()
    pairs = {
        "equal bytes": small,
        "other spelling": small.replace(b": ", b":"),
        "another value": small.replace(b"0150", b"0151"),
    }
    for what, other in pairs.items():
        taken = milliseconds(lambda other=other: compare_case(CASE, cells(small, other)), 500)  # type: ignore[misc]
        print(f"{len(small)} bytes, {what:<15} {taken * 1000:6.1f} us a case of 2 runtimes")
