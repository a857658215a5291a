"""Situations of plain values, members and faults: who is odd, and who agrees."""

from typing import Final

from tests.comparison.differences import answer
from tests.comparison.situations import situation, text, x

VALUES: Final = [
    # values
    situation("two-values", x(1), x(2), expected=[("$.x", "they differ: a · b", "")]),
    situation(
        "two-values-baseline",
        x(1),
        x(2),
        base="a",
        expected=[("$.x", "b is the odd one out; a is the baseline", "b")],
    ),
    situation(
        "two-values-other-baseline",
        x(1),
        x(2),
        base="b",
        expected=[("$.x", "a is the odd one out; b is the baseline", "a")],
    ),
    situation("three-values", x(1), x(2), x(3), expected=[("$.x", "they differ: a · b · c", "")]),
    situation(
        "three-values-baseline",
        x(1),
        x(2),
        x(3),
        base="b",
        expected=[("$.x", "a · c are the odd ones out; b is the baseline", "ac")],
    ),
    situation(
        "one-of-three",
        x(1),
        x(1),
        x(2),
        expected=[("$.x", "c is the odd one out; a, b agree", "c")],
    ),
    situation(
        "first-of-three",
        x(1),
        x(2),
        x(2),
        expected=[("$.x", "a is the odd one out; b, c agree", "a")],
    ),
    situation(
        "one-of-four",
        x(1),
        x(2),
        x(2),
        x(2),
        expected=[("$.x", "a is the odd one out; b, c, d agree", "a")],
    ),
    situation(
        "two-and-two", x(1), x(2), x(2), x(1), expected=[("$.x", "they differ: a, d · b, c", "")]
    ),
    situation(
        "two-one-one", x(1), x(2), x(2), x(3), expected=[("$.x", "they differ: a · b, c · d", "")]
    ),
    situation(
        "three-of-five",
        x(1),
        x(2),
        x(2),
        x(2),
        x(3),
        expected=[("$.x", "a · e are the odd ones out; b, c, d agree", "ae")],
    ),
    situation(
        "two-of-five",
        x(1),
        x(1),
        x(2),
        x(3),
        x(4),
        expected=[("$.x", "they differ: a, b · c · d · e", "")],
    ),
    situation(
        "outvoted-baseline",
        x(1),
        x(2),
        x(2),
        base="a",
        expected=[("$.x", "b, c are the odd ones out; a is the baseline", "bc")],
    ),
    situation(
        "outvoted-baseline-of-five",
        x(1),
        x(2),
        x(2),
        x(2),
        x(3),
        base="e",
        expected=[("$.x", "a · b, c, d are the odd ones out; e is the baseline", "abcd")],
    ),
    situation(
        "baseline-agrees",
        x(1),
        x(2),
        x(2),
        base="c",
        expected=[("$.x", "a is the odd one out; b, c agree", "a")],
    ),
    situation(
        "unknown-baseline", x(1), x(2), base="z", expected=[("$.x", "they differ: a · b", "")]
    ),
    # statuses
    situation(
        "two-statuses",
        answer(status=200),
        answer(status=404),
        expected=[("status", "they differ: a 200 · b 404", "")],
    ),
    situation(
        "two-statuses-baseline",
        answer(status=200),
        answer(status=404),
        base="a",
        expected=[("status", "b is the odd one out (404); a: 200", "b")],
    ),
    situation(
        "500-of-two",
        answer(status=500),
        answer(status=400),
        expected=[("status", "they differ: a 500 · b 400", "")],
    ),
    situation(
        "500|400|400",
        text("one", 500),
        text("two", 400),
        text("three", 400),
        expected=[
            ("$", "they differ: b · c; not compared: a", ""),
            ("status", "a is the odd one out (500); b, c: 400", "a"),
        ],
    ),
    situation(
        "three-statuses",
        answer(status=200),
        answer(status=404),
        answer(status=500),
        expected=[
            (
                "status",
                (
                    "they differ: a 200 · b 404 · c 500; server error where the other "
                    "refuses between b and c"
                ),
                "",
            )
        ],
    ),
    situation(
        "three-statuses-baseline",
        answer(status=200),
        answer(status=404),
        answer(status=500),
        base="c",
        expected=[
            (
                "status",
                (
                    "a (200) · b (404) are the odd ones out; c: 500; server error where "
                    "the other refuses between b and c"
                ),
                "ab",
            )
        ],
    ),
    situation(
        "200|201|201",
        answer(status=200),
        answer(status=201),
        answer(status=201),
        expected=[("status", "a is the odd one out (200); b, c: 201", "a")],
    ),
    situation(
        "204|200|200",
        answer("", 204, media=None),
        answer(status=200),
        answer(status=200),
        expected=[("status", "a is the odd one out (204); b, c: 200", "a")],
    ),
    situation(
        "422|400|400",
        answer(status=422),
        answer(status=400),
        answer(status=400),
        expected=[("status", "a is the odd one out (422); b, c: 400", "a")],
    ),
    situation(
        "status-and-member",
        answer(x(1), 200),
        answer("{}", 201),
        answer(x(1), 201),
        expected=[
            ("status", "a is the odd one out (200); b, c: 201", "a"),
            ("$.x", "b is the odd one out (absent); a, c: present", "b"),
        ],
    ),
    situation(
        "error-says-nothing-below",
        answer(x(9), 404),
        answer(x(1), 200),
        answer(x(2), 200),
        expected=[
            ("$.x", "they differ: b · c; not compared: a", ""),
            ("status", "a is the odd one out (404); b, c: 200", "a"),
        ],
    ),
    situation(
        "error-and-two-that-agree",
        answer(x(9), 404),
        answer(x(1), 200),
        answer(x(1), 200),
        expected=[("status", "a is the odd one out (404); b, c: 200", "a")],
    ),
    situation(
        "two-errors-two-successes",
        answer('{"e":1}', 404),
        answer('{"f":1}', 404),
        answer(x(1), 200),
        answer(x(2), 200),
        expected=[
            ("$", "they differ: a e · b f; not compared: c, d", ""),
            ("$.x", "they differ: c · d; not compared: a, b", ""),
            ("status", "they differ: a, b 404 · c, d 200", ""),
        ],
    ),
]
