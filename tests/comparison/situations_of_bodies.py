"""Situations of 2 to 5 runtimes that differ in members, bodies or header fields."""

from typing import Final

from tests.comparison.differences import answer
from tests.comparison.situations import situation, text, x

BODIES: Final = [
    # members that come again
    situation(
        "a-member-once-twice-and-three-times",
        '{"a":1}',
        '{"a":1,"a":1}',
        '{"a":1,"a":1,"a":1}',
        expected=[
            ("note duplicate-key", "a is the odd one out (absent); b, c: present", "a"),
            ("$['a (earlier value 2)']", "they differ: b absent · c present", ""),
        ],
    ),
    situation(
        "a-member-twice-and-three-times",
        '{"a":1,"a":2}',
        '{"a":9,"a":2}',
        '{"a":1,"a":3,"a":2}',
        expected=[
            ("$['a (earlier value 1)']", "b is the odd one out; a, c agree", "b"),
            (
                "$['a (earlier value 2)']",
                "c is the odd one out (present); a, b: absent",
                "c",
            ),
        ],
    ),
    situation(
        "an-error-in-place-of-events",
        answer('{"error":"x"}', media="text/event-stream"),
        answer('data: {"a":1}\n\n', media="text/event-stream"),
        answer('data: {"a":1}\n\n', media="text/event-stream"),
        expected=[
            ("note no-event-stream", "a is the odd one out (present); b, c: absent", "a"),
            ("kind", "a is the odd one out (text); b, c: events", "a"),
        ],
    ),
    situation(
        "labels-of-the-same-bytes",
        x(1),
        text(x(1)),
        text(x(2)),
        answer(x(1), media="text/html"),
        answer(x(1), media=None),
        expected=[
            ("$.x", "c is the odd one out; a, b, d, e agree", "c"),
            ("kind", "they differ: c JSON · d HTML", ""),
            (
                "header content-type",
                "they differ: a application/json · b, c text/plain · d text/html · e absent",
                "",
            ),
        ],
    ),
    situation(
        "kinds",
        text("x", 200),
        answer(status=200),
        answer(status=200),
        expected=[
            (
                "header content-type",
                "a is the odd one out (text/plain); b, c: application/json",
                "a",
            ),
            ("kind", "a is the odd one out (text); b, c: JSON", "a"),
        ],
    ),
    situation(
        "three-kinds",
        text("x", 200),
        answer(status=200),
        answer("", 200, media=None),
        expected=[
            (
                "header content-type",
                "they differ: a text/plain · b application/json · c absent",
                "",
            ),
            ("kind", "they differ: a text · b JSON · c empty", ""),
        ],
    ),
    situation(
        "two-texts-under-two-labels-beside-json",
        text("x", 200),
        answer(status=200),
        answer("x", 200, media="text/x-log"),
        expected=[
            (
                "header content-type",
                "they differ: a text/plain · b application/json · c text/x-log",
                "",
            ),
            ("kind", "b is the odd one out (JSON); a, c: text", "b"),
        ],
    ),
    situation(
        "text-error",
        text("bad", 400),
        answer(status=400),
        answer(status=400),
        expected=[
            (
                "header content-type",
                "a is the odd one out (text/plain); b, c: application/json",
                "a",
            ),
            ("kind", "a is the odd one out (text); b, c: JSON", "a"),
        ],
    ),
    situation(
        "texts",
        text("x", 200),
        text("y", 200),
        text("y", 200),
        expected=[("$", "a is the odd one out; b, c agree", "a")],
    ),
    situation(
        "three-texts",
        text("x", 200),
        text("y", 200),
        text("z", 200),
        expected=[("$", "they differ: a · b · c", "")],
    ),
    situation(
        "header-absent",
        answer(status=200, ETag="1"),
        answer(status=200),
        answer(status=200, ETag="2"),
        expected=[("header etag", "b is the odd one out (absent); a, c: present", "b")],
    ),
    situation(
        "header-three",
        answer(status=405, Allow="GET"),
        answer(status=405, Allow="GET, HEAD"),
        answer(status=405),
        expected=[
            (
                "header allow",
                (
                    "they differ: a without HEAD beside b, GET beside c · b with HEAD beside a, "
                    "GET, HEAD beside c · c absent"
                ),
                "",
            )
        ],
    ),
    situation(
        "location",
        answer(status=302, Location="/p"),
        answer(status=302, Location="/q"),
        answer(status=302, Location="/q"),
        expected=[("header location", "a is the odd one out; b, c agree", "a")],
    ),
    situation(
        "charset",
        answer(media="application/json; charset=utf-8"),
        answer(status=200),
        answer(status=200),
        expected=[
            ("header content-type;charset", "a is the odd one out (utf-8); b, c: absent", "a")
        ],
    ),
    situation(
        "note",
        '{"x":1,"x":1}',
        '{"x":1}',
        '{"x":1}',
        expected=[("note duplicate-key", "a is the odd one out (present); b, c: absent", "a")],
    ),
    situation(
        "note-of-two",
        '{"x":1,"x":1}',
        '{"x":1}',
        expected=[("note duplicate-key", "they differ: a present · b absent", "")],
    ),
    # nothing below
    situation(
        "another-type-is-not-compared-below",
        '{"y":[1]}',
        '{"y":[2]}',
        '{"y":"s"}',
        expected=[
            ("$.y", "c is the odd one out (string); a, b: array", "c"),
            ("$.y[*]", "they differ: a · b; not compared: c", ""),
        ],
    ),
    situation(
        "absent-is-not-compared-below",
        '{"y":{"z":1}}',
        "{}",
        '{"y":{"z":2}}',
        '{"y":{"z":2}}',
        expected=[
            ("$.y", "b is the odd one out (absent); a, c, d: present", "b"),
            ("$.y.z", "a is the odd one out; c, d agree; not compared: b", "a"),
        ],
    ),
    situation(
        "another-length-is-not-compared-below",
        "[1,1]",
        "[1,1]",
        "[1,2]",
        "[1]",
        expected=[
            ("$", "d is the odd one out; a, b, c agree in length", "d"),
            ("$[*]", "c is the odd one out; a, b agree", "c"),
        ],
    ),
]
