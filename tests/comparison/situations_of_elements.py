"""Situations of 3 and 4 runtimes whose lists differ at one index or another.

Each element is judged by itself.
"""

from typing import Final

from tests.comparison.situations import SHAPE, Sentence, situation

FORMS: Final = {
    "number-as-string": ('"1"', "1", "2", '"2"', "string", "number"),
    "null": ("null", "1", "2", "null", "null", "integer"),
    "boolean-as-text": ('"true"', "true", "false", '"false"', "string", "boolean"),
    "integer-vs-float": ("1.0", "1", "2", "2.0", "number", "integer"),
    "letter-case": ('"Red"', '"RED"', '"BLUE"', '"Blue"', "first letter a capital", "all capitals"),
    "timestamp-form": (
        '"2026-11-23T00:00:00Z"',
        '"2026-11-23T00:00:00+00:00"',
        '"2026-11-24T00:00:00+00:00"',
        '"2026-11-24T00:00:00Z"',
        "ISO 8601 Z",
        "ISO 8601 offset",
    ),
}
"""An element that a runtime sends in a form of its own, and as the others send it, and the same of
another element.
"""


_Row = tuple[str, list[str], list[Sentence]]


def _at_other_indexes(name: str, agreeing: int) -> _Row:
    """Return a situation where the first and the last runtime differ at other indexes.

    Each of the two sends another element in a form of its own.
    """
    own, usual, other, last, fact, others = FORMS[name]
    names = "abcd"[: agreeing + 2]
    beside_first, beside_last = ", ".join(names[1:]), ", ".join(names[:-1])
    return (
        f"{name}-at-other-indexes-of-{len(names)}",
        [
            f'{{"v":[{own},{other}]}}',
            *[f'{{"v":[{usual},{other}]}}'] * agreeing,
            f'{{"v":[{usual},{last}]}}',
        ],
        [
            ("$.v[*]", f"a is the odd one out ({fact}); {beside_first}: {others}", "a"),
            (
                "$.v[*]",
                f"{names[-1]} is the odd one out ({fact}); {beside_last}: {others}",
                names[-1],
            ),
        ],
    )


LISTS: Final = {
    "a-form-beside-another-value": (
        ['["Red","Blue"]', '["red","Blue"]', '["red","Green"]'],
        [
            (
                "$[*]",
                "a is the odd one out (first letter a capital); b, c: first letter small",
                "a",
            ),
            ("$[*]", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    "null-beside-an-object-at-other-indexes": (
        ['[null,{"n":2}]', '[{"n":1},{"n":2}]', '[{"n":1},null]'],
        [
            ("$[*]", "a is the odd one out (null); b, c: object", "a"),
            ("$[*]", "c is the odd one out (null); a, b: object", "c"),
        ],
    ),
    "a-value-beside-another-type-elsewhere": (
        ['["x",2]', "[1,2]", "[1,3]"],
        [
            ("$[*]", "a is the odd one out (string); b, c: integer", "a"),
            ("$[*]", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    "a-longer-list-splits-nothing": (
        [
            '[{"id":1,"ok":true}]',
            '[{"id":1,"ok":"true"}]',
            '[{"id":1,"ok":true},{"id":3,"ok":false}]',
        ],
        [
            ("$", "c is the odd one out; a, b agree in length", "c"),
            ("$[*].ok", "b is the odd one out (string); a, c: boolean", "b"),
        ],
    ),
    "another-order-and-another-length": (
        ["[1,2,3]", "[1,2,3,4]", "[3,2,1]"],
        [
            ("$", "b is the odd one out; a, c agree in length", "b"),
            ("$", "c is the odd one out beside a, b", "c"),
        ],
    ),
    "another-length-and-another-value": (
        ["[1,2]", "[1,2,3]", "[1,9]"],
        [
            ("$", "b is the odd one out; a, c agree in length", "b"),
            ("$[*]", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    "a-shorter-list-and-another-order": (
        ["[1,2,3]", "[1,3]", "[3,2,1]"],
        [
            ("$", "b is the odd one out; a, c agree in length", "b"),
            ("$", "c is the odd one out beside a, b", "c"),
        ],
    ),
    "an-element-twice-and-another-order": (
        ["[1,2,3]", "[1,2,3]", "[3,2,1,1]"],
        [
            ("$", "c is the odd one out; a, b agree in length", "c"),
            ("$", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    "another-order-beside-other-values": (
        ["[1,2,3]", "[3,2,1]", "[4,5,6]"],
        [
            ("$", "they differ: a · b", ""),
            ("$[*]", "they differ: a · b · c; a and b have other elements there", ""),
            ("$[*]", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    "another-order-by-fractions-and-another-value": (
        [
            '[{"p":5.25,"r":9.5,"q":1},{"p":7.0,"r":3.5,"q":2}]',
            '[{"p":7,"r":3.50,"q":3},{"p":5.250,"r":9.5,"q":4}]',
        ],
        [
            ("$", "they differ: a · b", ""),
            ("$[*].p", "they differ: a number · b integer", ""),
            ("$[*].q", "they differ: a · b", ""),
        ],
    ),
    "another-order-and-ids-of-another-type": (
        ['[{"id":1,"v":"x"},{"id":2,"v":"y"}]', '[{"id":"2","v":"y"},{"id":"1","v":"x"}]'],
        [
            ("$", "they differ: a · b", ""),
            ("$[*].id", "they differ: a number · b string", ""),
        ],
    ),
    "an-equal-element-that-is-not-named": (
        ['[1,"1"]', '["1",1]', "[1,1]"],
        [
            ("$", "they differ: a · b", ""),
            ("$[*]", "they differ: a string · c number", ""),
            ("$[*]", "they differ: b string · c number", ""),
        ],
    ),
    "an-element-twice-in-another-order": (
        [
            '[{"id":1,"s":1},{"id":2,"s":2},{"id":3,"s":3}]',
            '[{"id":2,"s":"2"},{"id":1,"s":"1"},{"id":3,"s":"3"},{"id":3,"s":"3"}]',
            '[{"id":1,"s":1},{"id":2,"s":2},{"id":3,"s":3}]',
        ],
        [
            ("$", "b is the odd one out; a, c agree in length", "b"),
            ("$", "b is the odd one out; a, c agree", "b"),
            ("$[*].s", "b is the odd one out (string); a, c: number", "b"),
        ],
    ),
    "an-element-twice-and-one-missing": (
        [
            '[{"id":1,"n":"a"},{"id":2,"n":"b"},{"id":3,"n":"c"}]',
            '[{"id":1,"n":"a"},{"id":1,"n":"a"},{"id":2,"n":"b"}]',
        ],
        [("$", "they differ: a · b", "")],
    ),
    "a-shifted-page": (
        [
            '[{"id":1,"n":"a"},{"id":2,"n":"b"},{"id":3,"n":"c"}]',
            '[{"id":2,"n":"b"},{"id":3,"n":"C"},{"id":4,"n":"d"}]',
        ],
        [
            ("$", "they differ: a · b", ""),
            ("$[*].n", "they differ: a first letter small · b all capitals", ""),
        ],
    ),
    "a-shifted-page-of-unlike-types": (
        [
            '[1,"a",{"x":2},null,true]',
            '["a",{"x":3},null,true,4]',
            '[1,"a",{"x":2},null,true]',
        ],
        [
            ("$", "b is the odd one out; a, c agree", "b"),
            ("$[*].x", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    "few-equal-elements-elsewhere-are-no-shifted-page": (
        ["[1,2,3,4]", "[4,5,6,7]"],
        [("$[*]", "they differ: a · b", "")],
    ),
    "events-that-are-only-numbered-otherwise": (
        ['[{"id":1,"n":"a"},{"id":2,"n":"b"}]', '[{"id":2,"n":"a"},{"id":3,"n":"b"}]'],
        [("$[*].id", "they differ: a · b", "")],
    ),
    "two-ids-exchanged": (
        ['[{"id":1,"n":"a"},{"id":2,"n":"b"}]', '[{"id":2,"n":"a"},{"id":1,"n":"b"}]'],
        [("$[*].id", "they differ: a · b", "")],
    ),
    "another-order-by-name-and-another-value": (
        [
            *['[{"name":"a1","url":"/p/a1"},{"name":"a2","url":"/p/a2"}]'] * 2,
            '[{"name":"a2","url":"./a2"},{"name":"a1","url":"./a1"}]',
        ],
        [
            ("$", "c is the odd one out; a, b agree", "c"),
            ("$[*].url", "c is the odd one out; a, b agree", "c"),
        ],
    ),
    "one-length-with-other-elements": (
        ["[1,2]", "[3]", "[4]"],
        [
            ("$", "a is the odd one out; b, c agree in length", "a"),
            ("$[*]", "they differ: b · c; not compared: a", ""),
        ],
    ),
    "two-orders-in-a-list-of-lists": (
        ['{"g":[[1,2,3],[4,5]]}', '{"g":[[1,3],[5,4]]}', '{"g":[[3,2,1],[4,5]]}'],
        [
            ("$.g[*]", "b is the odd one out; a, c agree in length", "b"),
            ("$.g[*]", "c is the odd one out beside a, b", "c"),
            ("$.g[*]", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    "null-beside-two-lengths": (
        ['{"x":[]}', '{"x":null}', '{"x":[1]}'],
        [
            (
                "$.x",
                ("b is the odd one out (null); a, c: array; null vs empty list between a and b"),
                "b",
            ),
            ("$.x", "they differ: a · c; b: null", ""),
        ],
    ),
    "a-single-value-beside-another-one-in-a-list": (
        ['{"x":"m"}', '{"x":["extra"]}', '{"x":["extra"]}'],
        [
            ("$.x", "a is the odd one out (string); b, c: array", "a"),
        ],
    ),
}
"""What runtimes send, and the sentence about each place with the odd runtimes."""
ROWS: Final[list[_Row]] = [
    *(_at_other_indexes(name, agreeing) for name in FORMS for agreeing in (1, 2)),
    *((name, given, sentences) for name, (given, sentences) in LISTS.items()),
]
_WRAPPED: Final = ['[{"u":{"id":1}},{"u":{"id":2}}]', '[{"id":1},{"id":2}]']
_AT: Final = "2026-01-02T03:04:0"
_OTHER_LISTS: Final[list[_Row]] = [
    (
        "a-null-and-an-empty-text-in-another-order-beside-an-absent-member",
        ['[{"a":null},{"a":1}]', '[{},{"a":1}]', '[{"a":1},{"a":""}]'],
        [
            ("$", "they differ: a · c", ""),
            (
                "$[*].a",
                (
                    "b is the odd one out (sometimes present); a, c: present; "
                    "null vs absent between a and b"
                ),
                "b",
            ),
            (
                "$[*].a",
                (
                    "they differ: a null · b integer · c empty text beside a, string beside b; a and b "
                    "have other elements there; null vs empty text between a and c"
                ),
                "",
            ),
        ],
    ),
    (
        "envelopes-in-two-orders-beside-bare-values",
        [*_WRAPPED, '[{"u":{"id":2}},{"u":{"id":1}}]'],
        [
            ("$", "they differ: a · c", ""),
            ("$[*]", "b is the odd one out (bare); a, c: enveloped in u", "b"),
            ("$[*].id", "they differ: b · c", ""),
        ],
    ),
    (
        "timestamps-in-two-orders-beside-another-form",
        [
            f'[{{"t":"{_AT}5Z","i":1}},{{"t":"{_AT}6Z","i":2}}]',
            '[{"t":1767323045,"i":1},{"t":1767323046,"i":2}]',
            f'[{{"t":"{_AT}6Z","i":2}},{{"t":"{_AT}5Z","i":1}}]',
        ],
        [
            ("$", "they differ: a · c", ""),
            ("$[*].i", "they differ: b · c", ""),
            ("$[*].t", "b is the odd one out (epoch seconds); a, c: ISO 8601 Z", "b"),
            ("$[*].t", "they differ: b · c; a: ISO 8601 Z", ""),
        ],
    ),
]
BY_SHAPE: Final[list[_Row]] = [
    (
        "floats-and-null-in-another-order",
        ['[{"id":1,"r":3},{"id":2,"r":null}]', '[{"id":2,"r":null},{"id":1,"r":3.0}]'],
        [("$[*].r", "they differ: a integer · b number", "")],
    ),
    (
        "the-same-types-in-two-orders-beside-floats",
        ["[3,null]", "[null,4]", "[2.0,null]"],
        [("$[*]", "c is the odd one out (number); a, b: integer", "c")],
    ),
    (
        "integers-and-fractions-in-two-orders-beside-floats",
        ["[3,2.5]", "[2.5,3]", "[4.0,2.5]"],
        [("$[*]", "c is the odd one out (number); a, b: integer or number", "c")],
    ),
    (
        "the-same-types-in-two-orders-beside-integers",
        ["[3,null,2.5]", "[null,2.5,4]", "[1,2,3]"],
        [("$[*]", "c is the odd one out (integer); a, b: integer or null or number", "c")],
    ),
]
ELEMENTS: Final = [
    *(
        situation(name, *given, expected=sentences)
        for name, given, sentences in (*ROWS, *_OTHER_LISTS)
    ),
    *(
        situation(name, *given, level=SHAPE, expected=sentences)
        for name, given, sentences in BY_SHAPE
    ),
]
