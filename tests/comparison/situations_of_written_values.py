"""Situations of idioms about numbers, names and texts, and how they are written."""

from typing import Final

from conformance.model.rule import RuleKind
from tests.comparison.differences import answer, rule
from tests.comparison.situations import SHAPE, situation, text, x

IGNORED: Final = (rule("$.user_id", RuleKind.ANY),)
WRITTEN_VALUES: Final = [
    # numbers
    situation(
        "no-number-is-shown-as-it-was-sent",
        x("1.0"),
        x("1.0"),
        x("NaN"),
        expected=[
            ("$.x", "c is the odd one out; a, b agree", "c"),
            ("note non-finite-number", "c is the odd one out (present); a, b: absent", "c"),
        ],
    ),
    situation(
        "no-number-beside-its-name",
        x('"NaN"'),
        x("NaN"),
        expected=[
            ("$.x", "they differ: a string · b number", ""),
            ("note non-finite-number", "they differ: a absent · b present", ""),
        ],
    ),
    situation(
        "whole-and-not",
        x(5),
        x("5.3"),
        x(5),
        expected=[("$.x", "b is the odd one out; a, c agree", "b")],
    ),
    situation(
        "whole-and-not-by-shape",
        x(5),
        x("5.3"),
        level=SHAPE,
        expected=[("$.x", "they differ: a integer · b number", "")],
    ),
    situation(
        "whole-and-written-with-a-fraction",
        "[5,5]",
        "[5.0,5.3]",
        expected=[
            ("$[*]", "they differ: a integer · b number", ""),
            ("$[*]", "they differ: a · b", ""),
        ],
    ),
    situation(
        "integer-rounded-to-a-double",
        x("9007199254740993"),
        x("9007199254740992"),
        x("9007199254740993"),
        expected=[("$.x", "b is the odd one out (rounded to a double); a, c: exact", "b")],
    ),
    situation(
        "two-clocks",
        '{"t":1763856000.123456,"elapsedMs":0.1234,"uptime":12.345678}',
        '{"t":1763856020.12,"elapsedMs":0.12,"uptime":12.35}',
        expected=[
            ("$.elapsedMs", "they differ: a · b", ""),
            ("$.t", "they differ: a · b", ""),
            ("$.uptime", "they differ: a · b", ""),
        ],
    ),
    # names, lists and maps, JSON in texts
    situation(
        "names-that-a-rule-ignores",
        '{"user_id":1,"my_x":1}',
        '{"userId":1,"myX":1}',
        rules=IGNORED,
        expected=[("$", "they differ: a snake_case · b camelCase", "")],
    ),
    situation(
        "only-names-that-a-rule-ignores",
        '{"user_id":1}',
        '{"userId":1}',
        rules=IGNORED,
        expected=[],
    ),
    situation(
        "a-value-inside-a-text",
        '{"p":"{\\"a\\":1}"}',
        '{"p":{"a":2}}',
        '{"p":{"a":2}}',
        expected=[
            ("$.p", "a is the odd one out (JSON in a text); b, c: JSON", "a"),
            ("$.p → $.a", "a is the odd one out; b, c agree", "a"),
        ],
    ),
    # texts, errors, roundings and boundaries of three
    situation(
        "texts-and-their-line-ends",
        text("a\r\nb\r\n", 200),
        text("a\nc\n", 200),
        text("a\nb\n", 200),
        expected=[
            ("$", "a is the odd one out (CRLF); b, c: LF", "a"),
            ("$", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    situation(
        "messages-of-one-error",
        answer('{"code":"E1","message":"no"}', 404),
        answer('{"code":"E1","message":"not there"}', 404),
        answer('{"code":"E1","message":"not there"}', 404),
        expected=[("$.message", "a is the odd one out; b, c agree", "a")],
    ),
    situation(
        "two-roundings",
        x("0.12"),
        x("0.13"),
        x("0.13"),
        expected=[("$.x", "a is the odd one out (last digit lower); b, c: last digit higher", "a")],
    ),
    situation(
        "pages-from-0-and-from-1",
        '{"page":0}',
        '{"page":1}',
        '{"page":7}',
        expected=[
            (
                "$.page",
                (
                    "they differ: a one less beside b · b one more beside a · c; off by "
                    "one at a boundary between a and b"
                ),
                "",
            ),
        ],
    ),
    situation(
        "one-element-less-at-the-end",
        "[1,2,3]",
        "[1,2]",
        "[1,2,3]",
        expected=[("$", "b is the odd one out; a, c agree in length", "b")],
    ),
    situation(
        "characters-lost-in-two-ways",
        x('"caf?"'),
        x('"caf\\ufffd"'),
        x('"café"'),
        expected=[
            ("$.x", "they differ: a replaced by ? · b replaced by U+FFFD · c as they are", "")
        ],
    ),
    situation(
        "two-idioms-beside-the-largest-side",
        x('"1"'),
        x("1.0"),
        x(1),
        x(1),
        x(1),
        expected=[
            (
                "$.x",
                (
                    "a (string) · b (number) are the odd ones out; c, d, e: number beside "
                    "a, integer beside b; number as string between a and b, between a and "
                    "c, d, e; integer vs float between b and c, d, e"
                ),
                "ab",
            ),
        ],
    ),
    situation(
        "an-element-twice-at-an-end",
        '["x","y"]',
        '["x","x","y"]',
        expected=[("$", "they differ: a · b", "")],
    ),
    situation(
        "a-result-of-null-beside-an-error",
        '{"id":8,"result":0}',
        '{"id":8,"error":{"code":-32602,"message":"no"}}',
        '{"id":8,"result":null}',
        expected=[
            ("$", "b is the odd one out (error); a, c: result", "b"),
            ("$.result", "they differ: a integer · c null; not compared: b", ""),
        ],
    ),
]
