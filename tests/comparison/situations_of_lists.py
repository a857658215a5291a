"""Situations of lists that several runtimes lay out, order and key in their own ways."""

from typing import Final

from conformance.model.json_path import parse_path
from conformance.model.rule import AlignRule
from tests.comparison.differences import PLACE, answer
from tests.comparison.situations import SHAPE, situation

_TWO_STATUSES: Final = ("status", "they differ: a, b 200 · c, d 400", "")
_ERRORS_BESIDE_SUCCESSES: Final = [
    situation(
        "errors-part-no-element-of-successes",
        answer("[1,2]"),
        answer("[3,4]"),
        answer("[1,2]", 400),
        answer("[1,5]", 400),
        expected=[
            ("$[*]", "they differ: a · b; not compared: c, d", ""),
            ("$[*]", "they differ: c · d; not compared: a, b", ""),
            _TWO_STATUSES,
        ],
    ),
    situation(
        "errors-of-one-type-with-a-success",
        answer("[1,true]"),
        answer('["1",1]'),
        answer('["1",1]', 400),
        answer('["1","1"]', 400),
        level=SHAPE,
        expected=[
            (
                "$[*]",
                "they differ: a boolean or integer · b integer or string; not compared: c, d",
                "",
            ),
            (
                "$[*]",
                "they differ: c integer or string · d string; not compared: a, b",
                "",
            ),
            _TWO_STATUSES,
        ],
    ),
]
_BY_ID: Final = (AlignRule(path=parse_path("$"), key=("id",), why="no order", place=PLACE),)
_AS_SET: Final = (AlignRule(path=parse_path("$"), key=(), why="no order", place=PLACE),)
_B_IS_TEXT: Final = ("$[*].id", "b is the odd one out (string); a, c: number", "b")
_KEYS_WRITTEN_OTHERWISE: Final = [
    situation(
        "ids-that-are-texts-by-a-rule-with-key",
        '[{"id":1,"n":"a"},{"id":2,"n":"b"}]',
        '[{"id":"2","n":"b"},{"id":"1","n":"a"}]',
        '[{"id":2,"n":"b"},{"id":1,"n":"a"}]',
        rules=_BY_ID,
        expected=[_B_IS_TEXT],
    ),
    situation(
        "ids-that-are-texts-and-another-value-by-a-rule-with-key",
        '[{"id":1,"n":"a"},{"id":2,"n":"b"}]',
        '[{"id":"2","n":"x"},{"id":"1","n":"a"}]',
        '[{"id":2,"n":"b"},{"id":1,"n":"a"}]',
        rules=_BY_ID,
        expected=[_B_IS_TEXT, ("$[*].n", "b is the odd one out; a, c agree", "b")],
    ),
    situation(
        "ids-that-are-texts-and-one-more-by-a-rule-with-key",
        '[{"id":1,"n":"a"},{"id":2,"n":"b"}]',
        '[{"id":"3","n":"c"},{"id":"2","n":"b"},{"id":"1","n":"a"}]',
        '[{"id":1,"n":"a"},{"id":2,"n":"b"}]',
        rules=_BY_ID,
        expected=[("$", "b is the odd one out; a, c agree in length", "b"), _B_IS_TEXT],
    ),
    situation(
        "ids-that-are-texts-and-there-twice-by-a-rule-with-key",
        '[{"id":1,"n":"a"},{"id":1,"n":"b"}]',
        '[{"id":"1","n":"b"},{"id":"1","n":"a"}]',
        '[{"id":1,"n":"a"},{"id":1,"n":"b"}]',
        rules=_BY_ID,
        expected=[_B_IS_TEXT],
    ),
    situation(
        "a-set-of-texts-beside-numbers",
        "[1,2]",
        '["2","1"]',
        "[2,1]",
        rules=_AS_SET,
        expected=[("$[*]", "b is the odd one out (string); a, c: number", "b")],
    ),
]
LISTS: Final = [*_KEYS_WRITTEN_OTHERWISE, *_ERRORS_BESIDE_SUCCESSES]
