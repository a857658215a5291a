"""Situations of 2 to 5 runtimes that differ in lists, bodies or header fields."""

from typing import Final

from tests.comparison.differences import answer
from tests.comparison.situations import situation, text, x

BODIES: Final = [
    # lists
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
    # idioms
    situation(
        "key-case",
        '{"user_id":1}',
        '{"userId":1}',
        '{"user_id":1}',
        expected=[("$", "b is the odd one out (camelCase); a, c: snake_case", "b")],
    ),
    situation(
        "key-case-value",
        '{"user_id":1}',
        '{"userId":2}',
        '{"user_id":1}',
        expected=[
            ("$", "b is the odd one out (camelCase); a, c: snake_case", "b"),
            ("$.userId", "b is the odd one out; a, c agree", "b"),
        ],
    ),
    situation(
        "three-cases",
        '{"user_id":1}',
        '{"userId":1}',
        '{"UserId":1}',
        expected=[("$", "they differ: a snake_case · b camelCase · c PascalCase", "")],
    ),
    situation(
        "envelope",
        '{"data":{"p":1,"q":2}}',
        '{"p":1,"q":2}',
        '{"p":1,"q":2}',
        expected=[("$", "a is the odd one out (enveloped in data); b, c: bare", "a")],
    ),
    situation(
        "two-envelopes-and-a-bare-value",
        '{"data":{"id":1,"n":"x"},"ok":true}',
        '{"id":1,"n":"y"}',
        '{"result":{"id":1,"n":"x"}}',
        expected=[
            (
                "$",
                "they differ: a enveloped in data · b bare · c enveloped in result",
                "",
            ),
            ("$.data.n", "b is the odd one out beside a, c", "b"),
            ("$.ok", "a is the odd one out (present); b, c: absent", "a"),
            ("$.data", "they differ: a present · c absent; not compared: b", ""),
            ("$.result", "they differ: a absent · c present; not compared: b", ""),
        ],
    ),
    situation(
        "timestamps",
        x('"2026-11-23T00:00:00Z"'),
        x('"2026-11-23T01:00:00+01:00"'),
        x('"2026-11-23T00:00:00Z"'),
        expected=[("$.x", "b is the odd one out (ISO 8601 offset); a, c: ISO 8601 Z", "b")],
    ),
    # bodies, headers
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
    situation(
        "pagination-and-renamed-list",
        '{"items":[{"a":1}],"page":1,"total":3}',
        '{"data":[{"a":1}],"next_cursor":"x"}',
        '{"data":[{"a":1}],"next_cursor":"x"}',
        expected=[
            ("$", "a is the odd one out (items); b, c: data", "a"),
            ("$", "a is the odd one out (page, total); b, c: next_cursor", "a"),
        ],
    ),
    situation(
        "envelopes-of-two-and-a-text",
        x('{"data":{"p":1,"q":2}}'),
        x('{"p":1,"q":2}'),
        x('"s"'),
        expected=[
            ("$.x", "c is the odd one out (string); a, b: object", "c"),
            ("$.x", "they differ: a enveloped in data · b bare; c: string", ""),
        ],
    ),
]
