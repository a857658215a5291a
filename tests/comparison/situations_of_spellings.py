"""Situations of 2 to 4 runtimes that spell one value in several ways."""

from typing import Final

from tests.comparison.differences import answer
from tests.comparison.situations import situation, x

SPELLINGS: Final = [
    situation(
        "a-message-in-other-capitals-beside-another-message",
        answer('{"code":"E1","message":"Not Found it"}', 404),
        answer('{"code":"E2","message":"not found it"}', 404),
        answer('{"code":"E2","message":"No such thing"}', 404),
        expected=[
            ("$.code", "a is the odd one out; b, c agree", "a"),
            (
                "$.message",
                "they differ: a more capitals beside b · b fewer capitals beside a · c",
                "",
            ),
        ],
    ),
    situation(
        "a-number-in-single-precision-beside-the-same-in-double",
        x("0.33333334"),
        x("0.3333333333333333"),
        x("0.3333333432674408"),
        expected=[
            (
                "$.x",
                "they differ: a fewer digits · b more digits beside a, double precision beside c · "
                "c more digits beside a, single precision beside b",
                "",
            )
        ],
    ),
]
