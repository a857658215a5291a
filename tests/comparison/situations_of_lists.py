"""Situations of lists that several runtimes lay out, order and key in their own ways."""

from typing import Final

from tests.comparison.differences import answer
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
LISTS: Final = [*_ERRORS_BESIDE_SUCCESSES]
