"""An idiom's work grows linearly with the bodies, not with their square.

It is counted in calls, because times are random.

What runs within one call of C is seen by `tests/bench/idioms_bench.py` alone.
"""

import json
import sys
from collections import Counter
from types import FrameType

import pytest

from conformance.comparison.answers.answer import Terms, read_answer
from conformance.comparison.answers.comparison import compare_answers
from conformance.comparison.rules.loosening import Loosening
from conformance.model.case import CompareLevel
from tests.comparison.differences import answer
from tests.comparison.idioms.growing_bodies import GROWING

SMALL = 300
MOST = 2.6
"""Twice the size is twice the calls; sorting and what is halved add a little, and the square would
be four times.
"""


def calls(idiom: str, size: int) -> int:
    """Return how many functions are called while two bodies are compared."""
    pair, rules, status = GROWING[idiom]
    a, b = (read_answer(answer(json.dumps(value), status)) for value in pair(size))
    counted: Counter[str] = Counter()

    def count(_: FrameType, event: str, __: object) -> None:
        counted[event] += 1

    sys.setprofile(count)
    try:
        compare_answers(a, b, Terms(level=CompareLevel.VALUE, loosening=Loosening(rules)))
    finally:
        sys.setprofile(None)
    return counted.total()


@pytest.mark.parametrize("idiom", GROWING)
def test_twice_the_size_is_about_twice_the_work(idiom: str) -> None:
    """No idiom holds everything against everything."""
    assert calls(idiom, 2 * SMALL) < MOST * calls(idiom, SMALL)
