"""CPU time of comparing two JSON bodies, against parsing them both and against DeepDiff.

DeepDiff compares what `json.loads` makes.

Run: `python -m tests.bench.comparison_bench`

Bodies are lists of orders.  *Spelling* is the same value written with other blanks; *equal* has the
members in another order too; *last value* differs in one string of the last order, *last type* in
its type.  Ours is the comparison of two answers that were read already.  It is held against reading
both as the harness does, and against jiter alone doing so.
"""

import gc
import json
import time
from collections.abc import Callable
from typing import Any, Final

import jiter
from deepdiff import DeepDiff

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.model.case import CompareLevel
from conformance.model.observation import Answer

SIZES: Final = {"1 KB": 1_000, "100 KB": 100_000, "5 MB": 5_000_000}
REPEATS: Final = 5
LEAST_SAMPLE_S: Final = 0.05
ENOUGH_S: Final = 2.0
Orders = list[dict[str, Any]]


def main() -> None:
    """Measure and print."""
    head = (
        f"{'body':<7} {'second body':<11} {'level':<6} {'read both':>12} {'jiter both':>12} "
        f"{'compare':>12}"
    )
    print(f"{head}  to reading  to jiter  differences")
    for size, length in SIZES.items():
        for kind, (first, second) in _pairs(_orders(length)).items():
            _show_ours(size, kind, first, second)
    print(
        f"\n{'body':<7} {'second body':<11} {'json.loads':>12} {'DeepDiff':>13} "
        f"{'in our comparisons by value':>28}"
    )
    for size, length in SIZES.items():
        pairs = _pairs(_orders(length))
        for kind in ("equal", "last value"):
            _show_deepdiff(size, kind, *pairs[kind])


def _orders(length: int) -> Orders:
    """Return orders that take about so many bytes."""
    size = len(json.dumps(_order(0))) + 2
    return [_order(number) for number in range(max(2, round(length / size)))]


def _order(number: int) -> dict[str, Any]:
    return {
        "id": f"order-{number:06d}",
        "customer": {"name": f"customer {number % 97}", "since": 2000 + number % 25, "email": None},
        "lines": [
            {
                "article": f"A-{1000 + number % 1000}",
                "quantity": number % 7,
                "price": 19.95 + number % 50,
            }
        ],
        "express": number % 3 == 0,
        "note": "leave it at the door, please",
    }


def _pairs(orders: Orders) -> dict[str, tuple[bytes, bytes]]:
    """Return the pairs of bodies by what is different about the second."""
    raw, last = json.dumps(orders).encode(), orders[-1]
    reordered = [dict(reversed(order.items())) for order in orders]
    return {
        "spelling": (raw, json.dumps(orders, separators=(",", ":")).encode()),
        "equal": (raw, json.dumps(reordered).encode()),
        "last value": (
            raw,
            json.dumps([*reordered[:-1], last | {"note": "ring twice, please"}]).encode(),
        ),
        "last type": (
            raw,
            json.dumps([*reordered[:-1], last | {"note": ["ring twice", "please"]}]).encode(),
        ),
    }


def seconds(work: Callable[[], object]) -> float:
    """Return the least CPU time of one call; repeats end once they have taken long enough."""
    gc.collect()
    best, spent = float("inf"), 0.0
    for _ in range(REPEATS):
        calls, started = 0, time.process_time()
        while (taken := time.process_time() - started) < LEAST_SAMPLE_S:
            work()
            calls += 1
        best, spent = min(best, taken / calls), spent + taken
        if spent > ENOUGH_S:
            break
    return best


def _read(raw: bytes) -> ReadAnswer:
    headers = (("content-type", "application/json"),)
    read = read_answer(
        Answer(status=200, reason="OK", headers=headers, body=raw, notes=(), elapsed_ms=1.0)
    )
    if read.body.kind != "JSON":
        raise ValueError(f"read as {read.body.kind}")
    return read


def _parse(raw: bytes) -> object:
    return jiter.from_json(
        raw,
        allow_inf_nan=False,
        catch_duplicate_keys=True,
        float_mode="lossless-float",
        cache_mode="keys",
    )


def _show_ours(size: str, kind: str, first: bytes, second: bytes) -> None:
    reading = seconds(lambda: (_read(first), _read(second)))
    parsing = seconds(lambda: (_parse(first), _parse(second)))
    a, b = _read(first), _read(second)
    for level in (CompareLevel.SHAPE, CompareLevel.VALUE):
        terms = Terms(level=level)
        comparing = seconds(lambda terms=terms: compare_answers(a, b, terms))  # type: ignore[misc]
        found = len(compare_answers(a, b, terms).differences)
        row = (
            f"{size:<7} {kind:<11} {level.value:<6} {_ms(reading):>12} {_ms(parsing):>12} "
            f"{_ms(comparing):>12}"
        )
        print(
            f"{row} {comparing / reading:11.2f} {comparing / parsing:9.2f} {found:12}", flush=True
        )


def _show_deepdiff(size: str, kind: str, first: bytes, second: bytes) -> None:
    loading = seconds(lambda: (json.loads(first), json.loads(second)))
    a, b = json.loads(first), json.loads(second)
    theirs = seconds(lambda: DeepDiff(a, b))
    x, y = _read(first), _read(second)
    ours = seconds(lambda: compare_answers(x, y, Terms(level=CompareLevel.VALUE)))
    print(
        f"{size:<7} {kind:<11} {_ms(loading):>12} {_ms(theirs):>13} {theirs / ours:28.0f}",
        flush=True,
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1e3:.3f} ms"


if __name__ == "__main__":
    main()
