"""Situations in which one thing stands at other places of the runtimes' bodies.

An element of a list, a member of a map, a bare value and the same in a list of one, an envelope, and
JSON in a text are one element for every pair of runtimes.
"""

from typing import Final

from tests.comparison.differences import answer
from tests.comparison.situations import SHAPE, Sentence, situation, x

_LIST, _ENVELOPE = "a is the odd one out (list); b, c: map by id", "enveloped in data"
_TEXT: Final = "a is the odd one out (JSON in a text); b, c: JSON"


def _without_a_member(name: str, value: str, fact: str) -> tuple[str, list[str], list[Sentence]]:
    """Return a situation where the bare body of b lacks a member that a and c have."""
    return (
        f"{name}-that-one-bare-body-lacks",
        [f'{{"data":{{"id":1,"q":{value}}}}}', '{"id":1}', f'{{"id":1,"q":{value}}}'],
        [
            ("$", f"a is the odd one out ({_ENVELOPE}); b, c: bare", "a"),
            ("$.data.q", f"b is the odd one out (absent); a, c: {fact}", "b"),
        ],
    )


_B_IN_PASCAL: Final = "b is the odd one out (PascalCase); a, c: lowercase"
_UUIDS: Final = [f"0b7e1c9e-51a5-4c0f-9a57-0f4c2d3e4f0{number}" for number in (1, 2)]
_ROWS: Final[list[tuple[str, list[str], list[Sentence]]]] = [
    (
        "names-in-another-case-beside-a-list-that-lacks-an-element",
        ['[{"name":1},{"name":2}]', '[{"Name":1},{"Name":2}]', '[{"name":1}]'],
        [
            ("$", "c is the odd one out; a, b agree in length", "c"),
            ("$[*]", _B_IN_PASCAL, "b"),
        ],
    ),
    (
        "names-in-another-case-beside-an-envelope",
        ['{"name":1,"size":2}', '{"Name":1,"Size":2}', '{"data":{"name":1,"size":2}}'],
        [
            ("$", "c is the odd one out (enveloped in data); a, b: bare", "c"),
            ("$", _B_IN_PASCAL, "b"),
        ],
    ),
    (
        "names-in-another-case-in-a-map-that-lacks-a-member",
        [
            f'{{"{_UUIDS[0]}":{{"name":1}},"{_UUIDS[1]}":{{"name":2}}}}',
            f'{{"{_UUIDS[0]}":{{"Name":1}},"{_UUIDS[1]}":{{"Name":2}}}}',
            f'{{"{_UUIDS[0]}":{{"name":1}}}}',
        ],
        [
            ("$", "c is the odd one out beside a, b", "c"),
            ("$.*", _B_IN_PASCAL, "b"),
        ],
    ),
    (
        "an-underscore-before-a-name",
        ['[{"id":1}]', '[{"_id":1}]', '[{"ID":1}]'],
        [
            ("$[*]", "they differ: a lowercase · c UPPERCASE", ""),
            ("$[*].ID", "b is the odd one out (absent); a, c: present", "b"),
            ("$[*]._id", "b is the odd one out (present); a, c: absent", "b"),
        ],
    ),
    (
        "another-value-in-a-map-beside-a-list",
        [
            '[{"id":"x","n":1},{"id":"y","n":2}]',
            '{"x":{"n":1},"y":{"n":3}}',
            '{"x":{"n":1},"y":{"n":2}}',
        ],
        [("$", _LIST, "a"), ("$.*.n", "b is the odd one out beside a, c", "b")],
    ),
    (
        "another-value-in-one-of-two-lists-and-two-maps",
        [
            '[{"id":"x","n":1},{"id":"y","n":2}]',
            '{"x":{"n":1},"y":{"n":2}}',
            '[{"id":"y","n":3},{"id":"x","n":1}]',
            '{"y":{"n":2},"x":{"n":1}}',
        ],
        [
            ("$", "they differ: a, c list · b, d map by id", ""),
            ("$", "they differ: a · c; b, d: map by id", ""),
            ("$.*.n", "c is the odd one out beside a, b, d", "c"),
        ],
    ),
    (
        "a-null-that-a-map-lacks-beside-a-list",
        ['[{"id":"x","n":null,"m":1}]', '{"x":{"m":1}}', '{"x":{"n":null,"m":1}}'],
        [("$", _LIST, "a"), ("$.*.n", "b is the odd one out (absent); a, c: null", "b")],
    ),
    (
        "a-member-that-a-map-has-once-beside-a-list",
        [
            '[{"id":"x","n":"1"},{"id":"y","n":"2"}]',
            '{"x":{"n":1},"y":{"n":2}}',
            '{"x":{"n":1},"y":{}}',
        ],
        [
            ("$", _LIST, "a"),
            ("$.*.n", "a is the odd one out (string); b, c: number", "a"),
            ("$.*.n", "they differ: a string · b number; c: sometimes present", ""),
            ("$.*.n", "c is the odd one out (sometimes present); a, b: present", "c"),
        ],
    ),
    (
        "another-value-in-a-list-of-one-beside-a-bare-one",
        ['{"m":{"id":1,"v":1}}', '{"m":[{"id":1,"v":2}]}', '{"m":[{"id":1,"v":1}]}'],
        [
            ("$.m", "a is the odd one out (single value); b, c: list", "a"),
            ("$.m.v", "b is the odd one out beside a, c", "b"),
        ],
    ),
    _without_a_member("a-null", "null", "null"),
    _without_a_member("a-zero", "0", "zero"),
    _without_a_member("a-member", "5", "present"),
    (
        "a-member-that-json-beside-json-in-a-text-lacks",
        ['{"p":"{\\"a\\":1,\\"q\\":5}"}', '{"p":{"a":1}}', '{"p":{"a":1,"q":5}}'],
        [("$.p", _TEXT, "a"), ("$.p → $.q", "b is the odd one out (absent); a, c: present", "b")],
    ),
    (
        "another-value-in-one-of-two-texts-of-json",
        ['{"p":"{\\"a\\":1}"}', '{"p":{"a":1}}', '{"p":"{\\"a\\":2}"}'],
        [
            ("$.p", "b is the odd one out (JSON); a, c: JSON in a text", "b"),
            ("$.p → $.a", "c is the odd one out beside a, b", "c"),
        ],
    ),
    (
        "the-same-json-in-two-texts",
        ['{"p":"{\\"a\\":1}"}', '{"p":{"a":1}}', '{"p":"{\\"a\\": 1}"}'],
        [
            (
                "$.p",
                (
                    "they differ: a JSON in a text beside b · b JSON · c JSON in a text beside b; "
                    "JSON inside a text between a and b, between b and c"
                ),
                "",
            )
        ],
    ),
    (
        "another-order-in-one-of-two-texts-of-json",
        ['{"p":"[1,2]"}', '{"p":[1,2]}', '{"p":"[2,1]"}'],
        [
            ("$.p", "b is the odd one out (JSON); a, c: JSON in a text", "b"),
            ("$.p", "c is the odd one out beside a, b", "c"),
        ],
    ),
    (
        "two-orders-in-two-texts-of-json-and-two-lists",
        ['{"p":"[1,2]"}', '{"p":[1,2]}', '{"p":[2,1]}', '{"p":"[2,1]"}'],
        [
            ("$.p", "they differ: a, d JSON in a text · b, c JSON", ""),
            ("$.p", "they differ: a, b · c, d", ""),
        ],
    ),
]
_RECORD: Final = '{"id":"1","title":"x","tags":["p","q"]}'
_IN_TWO_TYPES: Final[list[tuple[str, str, str]]] = [
    ("an-empty-list-beside-a-record-with-a-list", "[]", _RECORD),
    ("a-list-beside-a-record-with-another-list", '["r"]', _RECORD),
    ("a-list-beside-a-record-with-an-empty-list", '["r"]', '{"id":"1","tags":[]}'),
    ("objects-beside-a-record-with-other-objects", '[{"u":1}]', '{"id":1,"by":[{"n":1,"m":2}]}'),
]
"""A list that an object is no envelope of."""
_XML: Final = [
    situation(
        f"an-attribute-of-one-element-{name}",
        answer('<inv><sum currency="EUR">3</sum></inv>', media="application/xml"),
        answer(other, media="application/xml"),
        expected=[*names, (place, "they differ: a present · b absent", "")],
    )
    for name, other, place, names in (
        ("beside-the-same-tags", "<inv><sum>3</sum></inv>", "$.inv.sum['@currency']", []),
        (
            "beside-tags-in-another-case",
            "<Inv><sum>3</sum></Inv>",
            "$.inv.sum['@currency']",
            [("$", "they differ: a lowercase · b PascalCase", "")],
        ),
    )
]
LAYOUTS: Final = [
    *_XML,
    *[
        situation(
            name, x(bare), x(other), expected=[("$.x", "they differ: a array · b object", "")]
        )
        for name, bare, other in _IN_TWO_TYPES
    ],
    *[situation(name, *bodies, expected=said) for name, bodies, said in _ROWS],
    situation(
        "a-member-of-one-of-two-texts-of-json-by-shape",
        '{"p":"{\\"a\\":1}"}',
        '{"p":{"a":1}}',
        '{"p":"{}"}',
        level=SHAPE,
        expected=[
            ("$.p", "b is the odd one out (JSON); a, c: JSON in a text", "b"),
            ("$.p → $.a", "c is the odd one out (absent); a, b: present", "c"),
        ],
    ),
    situation(
        "a-list-under-another-name-beside-no-list-under-the-same-name",
        '{"items":[{"id":1}]}',
        '{"data":[{"id":1}],"next":null}',
        '{"items":"X"}',
        level=SHAPE,
        expected=[
            ("$", "they differ: a items · b data", ""),
            ("$.data", "they differ: b present · c absent; a: items", ""),
            (
                "$.items",
                "they differ: b absent · c present; a: array beside c, items beside b",
                "",
            ),
            ("$.items", "they differ: a array · c string; b: absent", ""),
            ("$.next", "b is the odd one out (null); a, c: absent", "b"),
        ],
    ),
]
