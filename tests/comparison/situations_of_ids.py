"""Situations of lists in which not every element has an id, or has one of its own."""

from typing import Final

from tests.comparison.differences import answer
from tests.comparison.situations import Sentence, situation

_B_LONGER: Final = ("$", "b is the odd one out; a, c agree in length", "b")
_B_MOVED: Final = ("$", "b is the odd one out; a, c agree", "b")
_B_HAS_N: Final = ("$[*].n", "b is the odd one out; a, c agree", "b")
_TWO_IDS: Final = '[{"id":1,"n":5},{"id":2,"n":6}]'
_B_HAS_A_TOTAL: Final = [
    ("$[*].n", "b is the odd one out (sometimes present); a, c: present", "b"),
    ("$[*].id", "b is the odd one out (sometimes present); a, c: present", "b"),
    ("$[*].total", "b is the odd one out (sometimes present); a, c: absent", "b"),
]


def _b_has(place: str, kind: str, other: str) -> Sentence:
    """Return what is said of a kind that only an element has that b alone has."""
    both = " or ".join(sorted((kind, other)))
    return place, f"b is the odd one out ({both}); a, c: {kind}", "b"


IDS: Final = [
    *(
        situation(
            f"another-order-by-ids-beside-{name}",
            _TWO_IDS,
            f'[{{"id":2,"n":7}},{{"id":1,"n":5}},{one_more}]',
            _TWO_IDS,
            expected=[_B_LONGER, _B_MOVED, _B_HAS_N, *shape],
        )
        for name, one_more, shape in (
            ("an-object-without-id", '{"total":11}', _B_HAS_A_TOTAL),
            ("an-id-that-is-null", '{"id":null,"n":0}', [_b_has("$[*].id", "integer", "null")]),
            (
                "an-id-that-is-an-object",
                '{"id":{"of":1},"n":0}',
                [_b_has("$[*].id", "integer", "object")],
            ),
            ("a-text", '"end"', [_b_has("$[*]", "object", "string")]),
            ("null", "null", [_b_has("$[*]", "object", "null")]),
        )
    ),
    situation(
        "another-order-by-ids-beside-an-object-without-id-that-comes-first",
        _TWO_IDS,
        '[{"total":11},{"id":2,"n":7},{"id":1,"n":5}]',
        _TWO_IDS,
        expected=[_B_LONGER, _B_MOVED, _B_HAS_N, *_B_HAS_A_TOTAL],
    ),
    situation(
        "another-order-by-ids-beside-a-total-in-each",
        '[{"id":1,"n":5},{"id":2,"n":6},{"total":11}]',
        '[{"total":12},{"id":2,"n":7},{"id":1,"n":5}]',
        '[{"id":1,"n":5},{"id":2,"n":6},{"total":11}]',
        expected=[
            _B_MOVED,
            _B_HAS_N,
            ("$[*].total", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    situation(
        "another-order-by-ids-beside-a-total-in-each-and-no-value-as-it-was",
        '[{"id":1,"n":5},{"id":2,"n":6},{"total":11}]',
        '[{"id":2,"n":7},{"id":1,"n":8},{"total":11}]',
        '[{"id":1,"n":5},{"id":2,"n":6},{"total":11}]',
        expected=[_B_MOVED, _B_HAS_N],
    ),
    situation(
        "a-page-one-further-by-ids-and-an-object-without-id-in-each",
        '[{"id":1,"n":5},{"id":2,"n":6},{"id":3,"n":6},{"next":"p"}]',
        '[{"id":2,"n":7},{"id":3,"n":6},{"id":4,"n":1},{"next":"q"}]',
        expected=[
            ("$", "they differ: a · b", ""),
            ("$[*].n", "they differ: a · b", ""),
            ("$[*].next", "they differ: a · b", ""),
        ],
    ),
    situation(
        "events-numbered-otherwise-and-an-object-without-id-in-each",
        '[{"id":1,"n":5},{"id":2,"n":6},{"id":3,"n":9},{"next":"p"}]',
        '[{"id":2,"n":5},{"id":3,"n":6},{"id":4,"n":9},{"next":"p"}]',
        expected=[("$[*].id", "they differ: a · b", "")],
    ),
    situation(
        "an-element-that-lost-its-id-belongs-to-none-with-another-id",
        _TWO_IDS,
        '[{"id":1,"n":5},{"id":3,"n":6},{"n":6}]',
        expected=[
            ("$", "they differ: a · b", ""),
            ("$[*].id", "they differ: a present · b sometimes present", ""),
        ],
    ),
    situation(
        "lines-by-ids-and-an-error-at-the-end",
        *(
            answer(body, media="application/x-ndjson")
            for body in (
                '{"id":1,"v":1}\n{"id":2,"v":2}\n{"id":3,"v":3}\n',
                '{"id":3,"v":"3"}\n{"id":1,"v":1}\n{"id":2,"v":2}\n{"error":"x"}\n',
                '{"id":1,"v":1}\n{"id":2,"v":2}\n{"id":3,"v":3}\n',
            )
        ),
        expected=[
            _B_LONGER,
            _B_MOVED,
            ("$[*].v", "b is the odd one out (string); a, c: number", "b"),
            ("$[*].id", "b is the odd one out (sometimes present); a, c: present", "b"),
            ("$[*].error", "b is the odd one out (sometimes present); a, c: absent", "b"),
        ],
    ),
    situation(
        "ids-some-of-which-are-there-twice-in-either-list",
        '[{"id":1,"n":5},{"id":2,"n":6},{"id":3,"n":6},{"id":3,"n":7}]',
        '[{"id":3,"n":6},{"id":2,"n":7},{"id":2,"n":7},{"id":1,"n":9},{"id":4,"n":9}]',
        expected=[
            ("$", "they differ: a · b", ""),
            ("$", "they differ: a · b", ""),
            ("$[*].n", "they differ: a · b", ""),
        ],
    ),
]
