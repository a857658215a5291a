"""How the time of a comparison grows with bodies that one idiom has to look at closely.

Run: `python -m tests.bench.idioms_bench`

Each line has the CPU time of comparing two bodies by value at three sizes, each twice the one
before.  A time that grows as the body shows as about 2; 4 is a time that grows with its square.
"""

import itertools
import json
from typing import Any, Final

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.rules.loosening import Loosening
from conformance.model.case import CompareLevel
from conformance.model.observation import Answer
from conformance.model.rule import Rule
from tests.bench.comparison_bench import seconds
from tests.comparison.idioms.growing_bodies import GROWING

SIZES: Final = (1_000, 2_000, 4_000)
JSON: Final = (("content-type", "application/json"),)


def main() -> None:
    """Measure and print."""
    print(f"{'idiom':<24}" + "".join(f"{size:>12}" for size in SIZES) + "   growth")
    for idiom, (pair, rules, status) in GROWING.items():
        taken = [_compared(*pair(size), rules, status) for size in SIZES]
        growth = ", ".join(f"{later / earlier:.1f}" for earlier, later in itertools.pairwise(taken))
        print(
            f"{idiom:<24}" + "".join(f"{each * 1e3:9.1f} ms" for each in taken) + f"   {growth}",
            flush=True,
        )


def _compared(first: Any, second: Any, rules: tuple[Rule, ...], status: int) -> float:
    a, b = _read(first, status), _read(second, status)
    return seconds(
        lambda: compare_answers(a, b, Terms(level=CompareLevel.VALUE, loosening=Loosening(rules)))
    )


def _read(value: Any, status: int) -> ReadAnswer:
    body = json.dumps(value).encode()
    return read_answer(
        Answer(status=status, reason="", headers=JSON, body=body, notes=(), elapsed_ms=1.0)
    )


if __name__ == "__main__":
    main()
