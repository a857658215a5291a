"""Situations of 2 to 4 runtimes whose differences a rule allows in part.

What the rule allows is as if it were equal, and the rest is compared as without it.
"""

from typing import Final

from msgspec.structs import replace

from conformance.model.json_path import parse_path
from conformance.model.rule import AlignRule, NumberRule, Rule, RuleKind
from tests.comparison.differences import PLACE, rule
from tests.comparison.situations import SHAPE, situation


def _near(path: str, absolute: float = 0, relative: float = 0) -> Rule:
    return NumberRule(
        path=parse_path(path), relative=relative, absolute=absolute, why="w", place=PLACE
    )


def _set(path: str) -> Rule:
    return AlignRule(path=parse_path(path), key=(), why="w", place=PLACE)


_ANY_V: Final = (rule("$[*].v", RuleKind.ANY),)
_NEAR_SET: Final = (_set("$"), _near("$[*]", relative=1e-6))
_NEAR_LIST: Final = (_near("$[*]", relative=1e-6),)
RULES: Final = [
    # the order of what no rule loosens
    situation(
        "another-order-beside-a-member-that-a-rule-is-about",
        '[{"v":5,"n":"p"},{"v":6,"n":"q"},{"v":7,"n":"r"}]',
        '[{"v":1,"n":"r"},{"v":2,"n":"p"},{"v":3,"n":"q"}]',
        '[{"v":8,"n":"p"},{"v":9,"n":"q"},{"v":4,"n":"r"}]',
        rules=_ANY_V,
        expected=[("$", "b is the odd one out beside a, c", "b")],
    ),
    situation(
        "another-order-of-numbers-near-each-other",
        "[1.0,2.0,5]",
        "[2.0000001,5,1.0]",
        rules=_NEAR_LIST,
        expected=[("$", "they differ: a · b", "")],
    ),
    situation(
        "integers-that-a-rule-accepts-beside-one-as-text",
        '{"x":1}',
        '{"x":2}',
        '{"x":"3"}',
        rules=(rule("$.x", RuleKind.INTEGER),),
        expected=[("$.x", "c is the odd one out (string); a, b: number", "c")],
    ),
    situation(
        "an-integer-beside-a-fraction-as-text",
        '{"x":1}',
        '{"x":"3.5"}',
        rules=(rule("$.x", RuleKind.INTEGER),),
        expected=[
            ("$.x", "they differ: a number · b string", ""),
            ("$.x", "they differ: a · b", ""),
        ],
    ),
    # elements that a rule accepts beside one that it does not
    situation(
        "an-integer-and-a-float-that-are-one-number-beside-another-value",
        "[3,1]",
        "[3.0,2]",
        "[3,1.0]",
        rules=(_near("$[*]"),),
        expected=[("$[*]", "b is the odd one out beside a, c", "b")],
    ),
    situation(
        "an-integer-and-a-float-that-are-one-number-beside-a-text",
        '[{"n":3},{"n":1}]',
        '[{"n":3.0},{"n":"1"}]',
        rules=(_near("$[*].n"),),
        expected=[("$[*].n", "they differ: a number · b string", "")],
    ),
    situation(
        "integers-and-floats-that-are-one-number-by-shape",
        '[{"n":3},{"n":null}]',
        '[{"n":3.0},{"n":null}]',
        rules=(_near("$[*].n"),),
        level=SHAPE,
        expected=[],
    ),
    situation(
        "a-uuid-beside-a-text-that-is-none",
        '["6ba7b810-9dad-11d1-80b4-00c04fd430c8","x"]',
        '["6ba7b811-9dad-11d1-80b4-00c04fd430c8","y"]',
        '["6ba7b812-9dad-11d1-80b4-00c04fd430c8","x"]',
        rules=(rule("$[*]", RuleKind.UUID),),
        expected=[("$[*]", "b is the odd one out; a, c agree", "b")],
    ),
    # values that a rule accepts, each in its own way unlike a third one
    situation(
        "two-forms-of-uuid-that-a-rule-accepts-beside-a-form-that-it-does-not",
        '{"x":"6ba7b810-9dad-11d1-80b4-00c04fd430c8"}',
        '{"x":"6BA7B810-9DAD-11D1-80B4-00C04FD430C8"}',
        '{"x":"6ba7b8109dad11d180b400c04fd430c8"}',
        rules=(rule("$.x", RuleKind.UUID),),
        expected=[
            (
                "$.x",
                (
                    "c is the odd one out (lower case without hyphens); a, b: lower case with "
                    "hyphens or upper case with hyphens"
                ),
                "c",
            )
        ],
    ),
    situation(
        "two-forms-of-a-timestamp-that-a-rule-accepts-beside-a-text-that-is-none",
        '{"x":"2026-01-02T03:04:05Z"}',
        '{"x":1767323045}',
        '{"x":"x"}',
        rules=(replace(rule("$.x", RuleKind.TIMESTAMP), any_form=True),),
        expected=[("$.x", "c is the odd one out beside a, b", "c")],
    ),
    # numbers within a tolerance
    situation(
        "a-set-of-numbers-near-each-other",
        "[1.0,2.0]",
        "[2.0000001,1.0]",
        "[2.0000001,0.9999999]",
        rules=_NEAR_SET,
        expected=[],
    ),
    situation(
        "a-set-of-numbers-of-which-one-is-far",
        "[1.0,2.0]",
        "[2.0000001,1.0]",
        "[2.5,1.0]",
        rules=_NEAR_SET,
        expected=[("$", "c is the odd one out beside a, b", "c")],
    ),
    situation(
        "a-set-of-numbers-each-near-the-next-one",
        "[1,2,3]",
        "[4,3,2]",
        rules=(_set("$"), _near("$[*]", absolute=1)),
        expected=[],
    ),
    situation(
        "a-set-of-objects-with-numbers-near-each-other",
        '[{"p":1.0,"q":1,"r":1},{"p":2,"q":1,"r":1}]',
        '[{"p":2.05,"q":1,"r":1},{"p":1.05,"q":1,"r":1}]',
        '[{"p":2.05,"q":1,"r":1},{"p":1.05,"q":7,"r":1}]',
        rules=(_set("$"), _near("$[*].p", absolute=0.1)),
        expected=[("$[*].q", "c is the odd one out; a, b agree", "c")],
    ),
    situation(
        "a-shorter-list-of-numbers-near-each-other",
        "[1.0,2.0,5]",
        "[2.0000001,5]",
        rules=_NEAR_LIST,
        expected=[("$", "they differ: a · b", "")],
    ),
    situation(
        "a-set-of-other-types-beside-one-of-lists",
        "[2,1]",
        "[[1]]",
        '["u","1"]',
        rules=(_set("$"),),
        expected=[
            ("$", "b is the odd one out; a, c agree in length", "b"),
            ("$", "they differ: a · c", ""),
            (
                "$[*]",
                (
                    "they differ: a single value · b list beside a, array beside c · c string; "
                    "single value vs list between a and b"
                ),
                "",
            ),
            (
                "$[*]",
                "they differ: a number · c string; b: list beside a, array beside c",
                "",
            ),
        ],
    ),
]
