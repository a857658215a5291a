"""Situations of lists that several runtimes lay out, order and key in their own ways."""

from typing import Final

from conformance.model.json_path import parse_path
from conformance.model.rule import AlignRule
from tests.comparison.differences import PLACE, answer
from tests.comparison.situations import SHAPE, situation, x

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
_B_ORDERED: Final = ("$", "b is the odd one out; a, c agree", "b")
_MOVED_AND_CHANGED: Final = [
    *(
        situation(
            f"another-order-by-{name}-and-other-values",
            *(
                body.replace("ID", name)
                for body in (
                    '[{"ID":"p","n":"a","s":"u"},{"ID":"q","n":"b","s":"v"}]',
                    '[{"ID":"q","n":"a","s":"y"},{"ID":"p","n":"x","s":"z"}]',
                    '[{"ID":"p","n":"a","s":"u"},{"ID":"q","n":"b","s":"v"}]',
                )
            ),
            expected=[
                _B_ORDERED,
                ("$[*].n", "b is the odd one out; a, c agree", "b"),
                ("$[*].s", "b is the odd one out; a, c agree", "b"),
            ],
        )
        for name in ("id", "key", "code", "userId", "name", "title", "email")
    ),
    *(
        situation(
            f"another-order-by-{name}-and-no-value-as-it-was",
            *(
                body.replace("ID", name)
                for body in (
                    '{"items":[{"ID":"p","n":1},{"ID":"q","n":2}]}',
                    '{"items":[{"ID":"q","n":1},{"ID":"p","n":3}]}',
                    '{"items":[{"ID":"p","n":1},{"ID":"q","n":2}]}',
                )
            ),
            expected=[
                ("$.items", "b is the odd one out; a, c agree", "b"),
                ("$.items[*].n", "b is the odd one out; a, c agree", "b"),
            ],
        )
        for name in ("id", "key", "name")
    ),
    situation(
        "another-order-by-ids-that-are-texts-and-other-values",
        '[{"id":"1","n":"a"},{"id":"2","n":"b"}]',
        '[{"id":2,"n":"y"},{"id":1,"n":"x"}]',
        '[{"id":1,"n":"a"},{"id":2,"n":"b"}]',
        expected=[
            ("$", "b is the odd one out beside a, c", "b"),
            ("$[*].id", "a is the odd one out (string); b, c: number", "a"),
            ("$[*].n", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    situation(
        "another-order-by-ids-under-another-name-and-other-values",
        '[{"userId":1,"n":"a"},{"userId":2,"n":"b"}]',
        '[{"user_id":2,"n":"y"},{"user_id":1,"n":"x"}]',
        expected=[
            ("$", "they differ: a · b", ""),
            ("$[*]", "they differ: a camelCase · b snake_case", ""),
            ("$[*].n", "they differ: a · b", ""),
        ],
    ),
    situation(
        "ids-exchanged-where-most-else-is-equal",
        '[{"id":1,"n":"a","s":"u"},{"id":2,"n":"b","s":"v"}]',
        '[{"id":2,"n":"a","s":"u"},{"id":1,"n":"x","s":"v"}]',
        expected=[
            ("$[*].id", "they differ: a · b", ""),
            ("$[*].n", "they differ: a · b", ""),
        ],
    ),
]
_LIST_MAP_OR_BARE: Final = [
    situation(
        "a-list-a-bare-value-and-another-list",
        "[1]",
        "1",
        "[2]",
        expected=[
            (
                "$",
                "b is the odd one out (integer); a, c: array; single value vs list between a and b",
                "b",
            ),
            ("$[*]", "they differ: a · c; not compared: b", ""),
        ],
    ),
    situation(
        "two-lists-alike-a-bare-value-and-another-list",
        "[1]",
        "1",
        "[1]",
        "[2]",
        expected=[
            (
                "$",
                (
                    "b is the odd one out (integer); a, c, d: array; single value vs list "
                    "between a and b, between b and c"
                ),
                "b",
            ),
            ("$[*]", "d is the odd one out; a, c agree; not compared: b", "d"),
        ],
    ),
    situation(
        "two-lists-a-bare-value-and-null",
        x("[1]"),
        x("[2]"),
        x("1"),
        x("null"),
        expected=[
            (
                "$.x",
                (
                    "they differ: a, b array · c integer · d null; single value vs list between "
                    "a and c"
                ),
                "",
            ),
            ("$.x[*]", "they differ: a · b; not compared: c, d", ""),
        ],
    ),
    situation(
        "a-list-a-bare-value-another-list-and-no-member",
        x("[1]"),
        x("1"),
        x("[2]"),
        "{}",
        expected=[
            (
                "$.x",
                (
                    "b is the odd one out (integer); a, c: array; single value vs list between "
                    "a and b; d: absent"
                ),
                "b",
            ),
            ("$.x", "d is the odd one out (absent); a, b, c: present", "d"),
            ("$.x[*]", "they differ: a · c; not compared: b, d", ""),
        ],
    ),
    situation(
        "a-list-an-object-and-a-number",
        x('[{"n":1}]'),
        x('{"n":1}'),
        x("3"),
        expected=[
            (
                "$.x",
                (
                    "they differ: a list beside b, array beside c · b single value beside a, "
                    "object beside c · c integer; single value vs list between a and b"
                ),
                "",
            )
        ],
    ),
    situation(
        "a-list-a-map-and-a-text",
        x('[{"id":"p","n":1},{"id":"q","n":2}]'),
        x('{"p":{"n":1},"q":{"n":2}}'),
        x('"p"'),
        expected=[
            (
                "$.x",
                (
                    "they differ: a list beside b, array beside c · b map by id beside a, object "
                    "beside c · c string; list vs map between a and b"
                ),
                "",
            )
        ],
    ),
]
_VALUES_AND_LENGTHS: Final = [
    situation(
        "two-splits",
        "[1,3]",
        "[1,4]",
        "[2,3]",
        expected=[
            ("$[*]", "b is the odd one out; a, c agree", "b"),
            ("$[*]", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    situation(
        "two-splits-alike",
        "[1,3]",
        "[1,3]",
        "[2,4]",
        expected=[("$[*]", "c is the odd one out; a, b agree", "c")],
    ),
    situation(
        "three-and-odd",
        "[1,1]",
        "[1,2]",
        "[2,3]",
        expected=[
            ("$[*]", "they differ: a · b · c", ""),
            ("$[*]", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    situation(
        "lengths",
        "[1,2]",
        "[1,2]",
        "[1]",
        expected=[("$", "c is the odd one out; a, b agree in length", "c")],
    ),
    situation(
        "three-lengths",
        "[1,2,3]",
        "[1,2]",
        "[1]",
        expected=[
            (
                "$",
                "they differ: a · b · c",
                "",
            ),
        ],
    ),
    situation(
        "lengths-and-values",
        "[1,2]",
        "[1,3]",
        "[1]",
        expected=[
            ("$", "c is the odd one out; a, b agree in length", "c"),
            ("$[*]", "they differ: a · b", ""),
        ],
    ),
]
LISTS: Final = [
    *_VALUES_AND_LENGTHS,
    *_LIST_MAP_OR_BARE,
    *_MOVED_AND_CHANGED,
    *_KEYS_WRITTEN_OTHERWISE,
    *_ERRORS_BESIDE_SUCCESSES,
]
