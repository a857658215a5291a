"""Situations in which some elements of a list have a member.

They vary in how often, in which elements, and with which values.
"""

from typing import Any, Final

from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.situations import SHAPE, situation


def xml(body: str) -> Answer:
    """Return an answer in XML."""
    return answer(f"<r><a>1</a>{body}</r>", media="application/xml")


PRESENCE: Final[list[Any]] = [
    situation(
        "xmn",
        '{"x":1}',
        '{"x":1,"m":1}',
        '{"x":1,"m":1,"n":1}',
        level=SHAPE,
        expected=[
            ("$.m", "a is the odd one out (absent); b, c: present", "a"),
            ("$.n", "c is the odd one out (present); a, b: absent", "c"),
        ],
    ),
    situation(
        "member-of-fewer-elements",
        '[{"n":"id"},{"n":"name","s":"Ann"},{"n":"since","s":"2024"}]',
        '[{"n":"id"},{"n":"name","s":"Ann"},{"n":"since"}]',
        expected=[("$[*].s", "they differ: a · b", "")],
    ),
    situation(
        "member-of-two",
        '{"x":1}',
        "{}",
        expected=[("$.x", "they differ: a present · b absent", "")],
    ),
    situation(
        "member-of-one-of-three",
        '{"x":1,"y":1}',
        '{"x":1}',
        '{"x":1}',
        expected=[("$.y", "a is the odd one out (present); b, c: absent", "a")],
    ),
    situation(
        "member-missing-in-one",
        '{"x":1}',
        '{"x":1,"y":1}',
        '{"x":1,"y":1}',
        expected=[("$.y", "a is the odd one out (absent); b, c: present", "a")],
    ),
    situation(
        "member-tie",
        '{"x":1}',
        '{"x":1,"y":1}',
        '{"x":1,"y":1}',
        '{"x":1}',
        expected=[("$.y", "they differ: a, d absent · b, c present", "")],
    ),
    situation(
        "member-baseline-lacks",
        '{"x":1}',
        '{"x":1,"y":1}',
        '{"x":1,"y":1}',
        base="a",
        expected=[("$.y", "b, c are the odd ones out (present); a: absent", "bc")],
    ),
    situation(
        "null-absent-value",
        '{"x":null,"z":1}',
        '{"z":1}',
        '{"x":1,"z":1}',
        expected=[
            (
                "$.x",
                ("b is the odd one out (absent); a, c: present; null vs absent between a and b"),
                "b",
            ),
            ("$.x", "they differ: a null · c integer; b: absent", ""),
        ],
    ),
    situation(
        "null-vs-absent",
        '{"x":null,"z":1}',
        '{"z":1}',
        '{"z":1}',
        expected=[("$.x", "a is the odd one out (null); b, c: absent", "a")],
    ),
    situation(
        "empty-list-vs-absent-vs-null",
        '{"x":[],"z":1}',
        '{"z":1}',
        '{"x":null,"z":1}',
        expected=[
            (
                "$.x",
                (
                    "b is the odd one out (absent); a, c: empty list or null; zero value "
                    "vs absent between a and b; null vs absent between b and c"
                ),
                "b",
            ),
            ("$.x", "they differ: a empty list · c null; b: absent", ""),
        ],
    ),
    situation(
        "null-vs-empty-list",
        '{"x":null}',
        '{"x":[]}',
        '{"x":[]}',
        expected=[("$.x", "a is the odd one out (null); b, c: empty list", "a")],
    ),
    situation(
        "sometimes",
        '[{"x":1},{"x":1}]',
        '[{"x":1},{}]',
        '[{"x":1},{"x":1}]',
        level=SHAPE,
        expected=[("$[*].x", "b is the odd one out (sometimes present); a, c: present", "b")],
    ),
    situation(
        "absent-beside-two-values-in-one-element",
        '[{"v":4},{"v":1}]',
        '[{"v":5},{"v":1}]',
        '[{},{"v":1}]',
        expected=[
            ("$[*].v", "c is the odd one out (sometimes present); a, b: present", "c"),
            ("$[*].v", "they differ: a · b; c: sometimes present", ""),
        ],
    ),
    situation(
        "absent-and-two-values",
        '{"x":1,"z":1}',
        '{"z":1}',
        '{"x":2,"z":1}',
        expected=[
            ("$.x", "b is the odd one out (absent); a, c: present", "b"),
            ("$.x", "they differ: a · c; b: absent", ""),
        ],
    ),
    situation(
        "sometimes-by-value",
        '[{"x":1},{"x":1}]',
        '[{"x":1},{}]',
        '[{"x":1},{"x":1}]',
        expected=[("$[*].x", "b is the odd one out (sometimes present); a, c: present", "b")],
    ),
    situation(
        "sometimes-and-two-values",
        '[{"n":1},{"n":2,"x":"A"}]',
        '[{"n":1,"x":"b"},{"n":2,"x":"bb"}]',
        '[{"n":1,"x":"c"},{"n":2,"x":"cc"}]',
        expected=[
            ("$[*].x", "a is the odd one out (sometimes present); b, c: present", "a"),
            ("$[*].x", "they differ: b · c; a: sometimes present", ""),
            ("$[*].x", "they differ: a · b · c", ""),
        ],
    ),
    situation(
        "in-other-elements",
        '[{"n":1},{"n":2,"x":"A"}]',
        '[{"n":1,"x":"i"},{"n":2,"x":"B"}]',
        '[{"n":1,"x":"C"},{"n":2}]',
        expected=[
            ("$[*].x", "a is the odd one out beside b, c", "a"),
            ("$[*].x", "c is the odd one out beside a, b", "c"),
            ("$[*].x", "they differ: a · b; c: sometimes present", ""),
            ("$[*].x", "they differ: b · c; a: sometimes present", ""),
        ],
    ),
    situation(
        "in-other-elements-by-shape",
        '[{"n":1},{"n":2,"x":"A"}]',
        '[{"n":1,"x":"i"},{"n":2,"x":"B"}]',
        '[{"n":1,"x":"C"},{"n":2}]',
        level=SHAPE,
        expected=[("$[*].x", "b is the odd one out (present); a, c: sometimes present", "b")],
    ),
    situation(
        "in-another-element-of-one",
        '[{"n":1},{"n":2,"x":"A"}]',
        '[{"n":1},{"n":2,"x":"A"}]',
        '[{"n":1,"x":"A"},{"n":2}]',
        expected=[("$[*].x", "c is the odd one out; a, b agree", "c")],
    ),
    situation(
        "in-other-elements-beside-one-that-has-all",
        '[{"id":1,"a":1},{"id":2}]',
        '[{"id":1},{"id":2,"a":1}]',
        '[{"id":1,"a":1},{"id":2,"a":1}]',
        expected=[
            ("$[*].a", "a is the odd one out; b, c agree", "a"),
            ("$[*].a", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    situation(
        "absent-in-an-element-that-is-extra",
        '[{"x":1,"n":1}]',
        '[{"x":1,"n":1},{"n":1}]',
        '[{"x":1,"n":1},{"n":1}]',
        expected=[
            ("$", "a is the odd one out; b, c agree in length", "a"),
            ("$[*].x", "a is the odd one out (present); b, c: sometimes present", "a"),
        ],
    ),
    situation(
        "an-empty-element-and-none",
        xml("<b/>"),
        xml(""),
        expected=[("$.r.b", "they differ: a present · b absent", "")],
    ),
    situation(
        "an-empty-element-in-two-spellings-and-none",
        xml("<b></b>"),
        xml(""),
        xml("<b/>"),
        expected=[("$.r.b", "b is the odd one out (absent); a, c: present", "b")],
    ),
    situation(
        "an-element-with-text-and-none",
        xml("<b>0</b>"),
        xml(""),
        expected=[("$.r.b", "they differ: a present · b absent", "")],
    ),
    situation(
        "an-empty-element-in-two-spellings",
        xml("<b></b>"),
        xml("<b/>"),
        expected=[],
    ),
]
