"""Situations of 3 and 4 runtimes of which some agree, though an idiom claims one of them only.

Who agrees is on one side, and who differs is never said to agree.
"""

from typing import Final

from conformance.model.json_path import parse_path
from conformance.model.observation import Answer
from conformance.model.rule import AlignRule
from tests.comparison.differences import PLACE
from tests.comparison.situations import SHAPE, situation, x

_AS_SET: Final = (AlignRule(path=parse_path("$.t"), key=(), why="w", place=PLACE),)
_LATIN: Final = '{"n":"\xe9"}'.encode("latin-1")


def _pages(first: int, second: int) -> str:
    return f'[{{"id":1,"page":{first}}},{{"id":2,"page":{second}}}]'


def _labelled(body: bytes, media: str) -> Answer:
    headers = (("Content-Type", media),)
    return Answer(status=200, reason="", headers=headers, body=body, elapsed_ms=1.0)


_ONE_VALUE: Final = [
    situation(
        "a-number-that-is-written-in-two-ways-and-another-one",
        x("1.50"),
        x("1.5"),
        x("1.49"),
        expected=[
            (
                "$.x",
                "c is the odd one out beside a, b; different rounding between a and c",
                "c",
            ),
        ],
    ),
    situation(
        "a-number-that-is-written-in-two-ways-by-three-and-another-one",
        x("10.50"),
        x("10.5"),
        x("10.5"),
        x("10.49"),
        expected=[
            (
                "$.x",
                "d is the odd one out beside a, b, c; different rounding between a and d",
                "d",
            ),
        ],
    ),
    situation(
        "a-number-that-is-a-text-and-another-one",
        x("10.50"),
        x('"10.50"'),
        x("10.49"),
        expected=[
            ("$.x", "b is the odd one out (string); a, c: number", "b"),
            (
                "$.x",
                "c is the odd one out beside a, b; different rounding between a and c",
                "c",
            ),
        ],
    ),
    situation(
        "an-element-elsewhere-takes-the-idiom-from-one-pair",
        "[0.125,2.5]",
        "[0.13,2.5]",
        "[0.125,3.5]",
        expected=[
            (
                "$[*]",
                "b is the odd one out; a, c agree; number with fewer digits between a and b",
                "b",
            ),
            ("$[*]", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    situation(
        "pages-that-are-one-more-beside-one-of-two",
        _pages(1, 5),
        _pages(2, 6),
        _pages(1, 9),
        expected=[
            (
                "$[*].page",
                "b is the odd one out; a, c agree; off by one at a boundary between a and b",
                "b",
            ),
            (
                "$[*].page",
                (
                    "they differ: a one less beside b · b one more beside a · c; "
                    "off by one at a boundary between a and b"
                ),
                "",
            ),
        ],
    ),
    situation(
        "the-same-bytes-under-two-labels-and-another-body",
        _labelled(_LATIN, "application/json; charset=iso-8859-1"),
        _labelled(_LATIN.decode("latin-1").encode(), "application/json"),
        _labelled(_LATIN, "application/json"),
        expected=[
            (
                "header content-type;charset",
                "a is the odd one out (iso-8859-1); b, c: absent",
                "a",
            ),
            ("note not-utf-8", "b is the odd one out (absent); a, c: present", "b"),
            ("kind", "b is the odd one out (JSON); a, c: binary or text", "b"),
        ],
    ),
]
_NULL_UNDER_TWO_NAMES: Final = situation(
    "two-nulls-under-two-names-and-no-member",
    '{"d":{"results":[{"id":1}],"__next":null}}',
    '{"results":[{"id":1}],"next":null}',
    '{"d":[{"id":1}]}',
    level=SHAPE,
    expected=[
        ("$", "they differ: a enveloped in d · b bare; c: d", ""),
        ("$", "they differ: b results · c d; a: enveloped in d", ""),
        ("$", "they differ: a __next · b next", ""),
        ("$.d", "they differ: a enveloped in results · c bare; not compared: b", ""),
        ("$.d.__next", "c is the odd one out (absent); a, b: null", "c"),
    ],
)
_TOLD_IN_ANOTHER_CAUSE: Final = [
    situation(
        "two-envelopes-of-other-names-and-a-bare-object",
        '{"user":{"id":1,"name":"x"}}',
        '{"data":{"id":1,"name":"x"},"status":"ok"}',
        '{"id":1,"name":"x"}',
        level=SHAPE,
        expected=[
            ("$.user", "they differ: a present · b absent; not compared: c", ""),
            ("$.data", "they differ: a absent · b present; not compared: c", ""),
            ("$", "they differ: a enveloped in user · b enveloped in data · c bare", ""),
            ("$.status", "b is the odd one out (present); a, c: absent", "b"),
        ],
    ),
    situation(
        "an-envelope-around-one-of-three-conventions",
        '{"response":{"userId":1,"fullName":"x"}}',
        '{"user_id":1,"full_name":"x"}',
        '{"UserId":1,"FullName":"x"}',
        expected=[
            ("$", "a is the odd one out (enveloped in response); b, c: bare", "a"),
            ("$", "they differ: a camelCase · b snake_case · c PascalCase", ""),
        ],
    ),
    situation(
        "elements-of-a-set-that-differ-in-another-member-from-each",
        '{"t":[{"n":"x","w":0.5},{"n":"y","w":0.7}]}',
        '{"t":[{"n":"y","w":0.7},{"n":"x","w":0.6}]}',
        '{"t":[{"n":"y","w":0.7},{"n":"z","w":0.5}]}',
        rules=_AS_SET,
        expected=[
            ("$.t[*].w", "they differ: a · b", ""),
            ("$.t[*].n", "they differ: a · c", ""),
            ("$.t", "they differ: b · c", ""),
        ],
    ),
]
_A_MEMBER_OF_ANOTHER_LAYOUT: Final = situation(
    "who-has-another-member-of-paging-is-named-with-it",
    '{"data":[{"id":1}],"next":null}',
    '{"items":[{"id":1}]}',
    '[{"id":1}]',
    '{"results":[{"id":1}],"count":1}',
    level=SHAPE,
    expected=[
        ("$", "they differ: a data · b items · d results; c: bare", ""),
        (
            "$",
            (
                "they differ: a enveloped in data · b enveloped in items · c bare · "
                "d enveloped in results"
            ),
            "",
        ),
        ("$", "they differ: a next · d count; b: items; c: bare", ""),
        ("$.next", "a is the odd one out (null); b, c: absent; d: count", "a"),
        ("$.count", "d is the odd one out (present); b, c: absent; a: next", "d"),
    ],
)

AGREEMENT: Final = [
    *_ONE_VALUE,
    _NULL_UNDER_TWO_NAMES,
    *_TOLD_IN_ANOTHER_CAUSE,
    _A_MEMBER_OF_ANOTHER_LAYOUT,
]
