"""Situations of values of other types: who is odd, and what each pair is called."""

from typing import Final

from tests.comparison.situations import situation, x

TYPES: Final = [
    situation(
        "string-number-boolean",
        x('"1"'),
        x(1),
        x("true"),
        expected=[
            (
                "$.x",
                (
                    "they differ: a string · b number beside a, integer beside c · c "
                    "boolean; number as string between a and b; boolean as number between "
                    "b and c"
                ),
                "",
            ),
        ],
    ),
    situation(
        "string-number-boolean-baseline",
        x('"1"'),
        x(1),
        x("true"),
        base="b",
        expected=[
            (
                "$.x",
                (
                    "a (string) · c (boolean) are the odd ones out; b: number beside a, "
                    "integer beside c; number as string between a and b; boolean as number "
                    "between b and c"
                ),
                "ac",
            ),
        ],
    ),
    situation(
        "number-as-string",
        x('"1"'),
        x(1),
        x(1),
        expected=[("$.x", "a is the odd one out (string); b, c: number", "a")],
    ),
    situation(
        "number-as-string-and-other-value",
        x('"1"'),
        x(2),
        x(2),
        expected=[
            ("$.x", "a is the odd one out (string); b, c: number", "a"),
            ("$.x", "a is the odd one out; b, c agree", "a"),
        ],
    ),
    situation(
        "integer-float",
        x(1),
        x("1.0"),
        x(1),
        expected=[("$.x", "b is the odd one out (number); a, c: integer", "b")],
    ),
    situation(
        "integer-float-string",
        x(1),
        x("1.0"),
        x('"1"'),
        expected=[
            (
                "$.x",
                (
                    "they differ: a integer beside b, number beside c · b number · c "
                    "string; integer vs float between a and b; number as string between a "
                    "and c, between b and c"
                ),
                "",
            ),
        ],
    ),
    situation(
        "type",
        x(1),
        x("{}"),
        x(1),
        expected=[("$.x", "b is the odd one out (object); a, c: integer", "b")],
    ),
    situation(
        "type-at-root",
        "1",
        '"x"',
        "{}",
        expected=[("$", "they differ: a integer · b string · c object", "")],
    ),
    situation(
        "list-vs-single",
        x('["p"]'),
        x('"p"'),
        x('"p"'),
        expected=[("$.x", "a is the odd one out (list); b, c: single value", "a")],
    ),
    situation(
        "null-number",
        x("null"),
        x(1),
        x(1),
        expected=[("$.x", "a is the odd one out (null); b, c: integer", "a")],
    ),
]
