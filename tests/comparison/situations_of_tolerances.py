"""Situations of 2 to 4 runtimes whose numbers are near each other, by the tolerance of a rule."""

import json
from typing import Final

from conformance.comparison.sent_values import MAX_SENT
from conformance.model.json_path import parse_path
from conformance.model.rule import NumberRule
from tests.comparison.situations import NEAR, NEAR_IN_A_LIST, situation, x

MANY: Final = 2 * MAX_SENT
"""More combinations of values than a finding holds."""


def _listed(*values: int) -> str:
    return json.dumps([{"x": value} for value in values])


def _within(absolute: float) -> tuple[NumberRule, ...]:
    place = NEAR[0].place
    return (
        NumberRule(path=parse_path("$.x"), relative=0, absolute=absolute, why="w", place=place),
    )


TOLERANCES: Final = [
    *(
        situation(
            f"at-the-bound-{absolute}", x(first), x(second), rules=_within(absolute), expected=[]
        )
        for first, second, absolute in (
            ("0.1", "0.4", 0.3),
            ("1.10", "1.13", 0.03),
            ("1e6", "1000000.7", 0.7),
        )
    ),
    situation(
        "just-beyond-the-bound",
        x("0.1"),
        x("0.40000000000000000001"),
        rules=_within(0.3),
        expected=[
            ("$.x", "they differ: a · b", ""),
        ],
    ),
    situation(
        "near-in-a-combination-that-is-left-out",
        _listed(*range(0, 10 * MANY, 10)),
        _listed(*range(0, 10 * MANY - 10, 10), 10 * MANY - 9),
        _listed(*range(5, 10 * MANY, 10)),
        rules=NEAR_IN_A_LIST,
        expected=[("$[*].x", "c is the odd one out beside a, b", "c")],
    ),
    situation(
        "chain",
        x(1),
        x(2),
        x(3),
        rules=NEAR,
        expected=[
            ("$.x", "they differ: a · c; b differs from none of them", ""),
        ],
    ),
    situation(
        "chain-turned",
        x(2),
        x(1),
        x(3),
        rules=NEAR,
        expected=[
            ("$.x", "they differ: b · c; a differs from none of them", ""),
        ],
    ),
    situation(
        "chain-baseline",
        x(1),
        x(2),
        x(3),
        rules=NEAR,
        base="b",
        expected=[
            ("$.x", "they differ: a · c; b differs from none of them", ""),
        ],
    ),
    situation(
        "chain-of-four",
        x(1),
        x(2),
        x(3),
        x(4),
        rules=NEAR,
        expected=[
            ("$.x", "they differ: a · b · c · d, but not a from b, b from c, c from d", ""),
        ],
    ),
    situation(
        "near-and-far",
        x(1),
        x(2),
        x(9),
        rules=NEAR,
        expected=[("$.x", "c is the odd one out beside a, b", "c")],
    ),
    situation("near", x(1), x(2), rules=NEAR, expected=[]),
    situation(
        "near-in-one-element-and-far-in-another",
        '[{"x":1},{"x":5}]',
        '[{"x":2},{"x":5}]',
        '[{"x":3},{"x":9}]',
        rules=NEAR_IN_A_LIST,
        expected=[
            ("$[*].x", "they differ: a · c; b differs from none of them", ""),
            ("$[*].x", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    situation(
        "two-alike-and-a-chain",
        x(1),
        x(1),
        x(2),
        x(3),
        rules=NEAR,
        expected=[
            ("$.x", "they differ: a, b · d; c differs from none of them", ""),
        ],
    ),
    situation(
        "chain-and-the-baseline-at-its-end",
        x(1),
        x(2),
        x(3),
        rules=NEAR,
        base="a",
        expected=[
            ("$.x", "they differ: a · c; b differs from none of them", ""),
        ],
    ),
    situation(
        "three-near-one-far",
        x(1),
        x(1),
        x(2),
        x(9),
        rules=NEAR,
        expected=[("$.x", "d is the odd one out beside a, b, c", "d")],
    ),
    situation(
        "nobody-between",
        x(1),
        x(1),
        x(3),
        rules=NEAR,
        expected=[("$.x", "c is the odd one out; a, b agree", "c")],
    ),
]
