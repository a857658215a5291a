"""Situations in which header fields differ: their presence, their values, their names."""

from typing import Any, Final

from msgspec.structs import replace

from conformance.model.observation import Answer
from tests.comparison.differences import answer
from tests.comparison.situations import SHAPE, Sentence, situation


def empty(status: int, **fields: str) -> Answer:
    """Return an answer without a content."""
    named = tuple((name.replace("_", "-"), value) for name, value in fields.items())
    return replace(answer("", status, media=None), headers=named)


def having(*fields: tuple[str, str]) -> Answer:
    """Return an answer with fields whose names are sent as they are given."""
    plain = answer()
    return replace(plain, headers=(*plain.headers, *fields))


def cookies(*lines: str) -> Answer:
    """Return an answer that sets cookies."""
    return having(*(("Set-Cookie", line) for line in lines))


def fields_of(name: str, *given: Answer, sentences: list[Sentence], **how: Any) -> Any:
    """Return a row of the table."""
    return situation(name, *given, expected=sentences, **how)


HEADERS: Final = [
    # lists whose order and white space say nothing
    *(
        fields_of(
            f"the-same-list-in-{name}",
            having((name, first)),
            having((name, second)),
            sentences=[],
            headers=(name,),
        )
        for name, first, second in (
            ("vary", "Origin,Accept", "accept, origin"),
            ("access-control-allow-methods", "GET,PUT", "PUT, GET"),
            ("cache-control", 'no-cache="a,b", private', 'private, no-cache="b, a"'),
            ("cache-control", "no-cache, max-age=0", "max-age=0,no-cache"),
        )
    ),
    fields_of(
        "the-same-names-in-other-quoted-lists",
        having(("cache-control", 'private="a, b", no-cache="c, d"')),
        having(("cache-control", 'private="a, d", no-cache="c, b"')),
        sentences=[
            (
                "header cache-control",
                (
                    'they differ: a no-cache="c, d", private="a, b" · b no-cache="b, c", '
                    'private="a, d"'
                ),
                "",
            ),
        ],
        headers=("cache-control",),
    ),
    fields_of(
        "another-case-of-a-method",
        having(("access-control-allow-methods", "patch")),
        having(("access-control-allow-methods", "PATCH")),
        sentences=[
            ("header access-control-allow-methods", "they differ: a patch · b PATCH", ""),
        ],
        headers=("access-control-allow-methods",),
    ),
    # where a redirect leads
    fields_of(
        "two-redirects-to-one-place",
        empty(301, Location="/x"),
        empty(301, Location="/x"),
        empty(302, Location="/x"),
        sentences=[("status", "c is the odd one out (302); a, b: 301", "c")],
    ),
    fields_of(
        "two-redirects-to-two-places",
        empty(301, Location="/redir/alpha/"),
        empty(301, Location="/redir/alpha/"),
        empty(307, Location="/redir/Alpha"),
        sentences=[
            ("header location", "c is the odd one out; a, b agree", "c"),
            ("status", "c is the odd one out (307); a, b: 301", "c"),
        ],
    ),
    fields_of(
        "two-redirects-to-two-schemes",
        empty(302, Location="http://o/x"),
        empty(303, Location="https://o/x"),
        level=SHAPE,
        sentences=[
            (
                "header location",
                "they differ: a absolute URL to http://o · b absolute URL to https://o",
                "",
            ),
            ("status", "they differ: a 302 · b 303", ""),
        ],
    ),
    fields_of(
        "a-location-with-a-slash-in-two-forms",
        empty(201, Location="/items/6"),
        empty(201, Location="/items/6/"),
        empty(201, Location="items/6"),
        sentences=[
            (
                "header location",
                "b is the odd one out (with a slash at the end); a, c: without a slash at the end",
                "b",
            ),
            ("header location", "c is the odd one out (relative path); a, b: absolute path", "c"),
        ],
    ),
    fields_of(
        "two-locations-and-none",
        empty(201, Location="/a"),
        empty(201, Location="/b"),
        empty(201),
        sentences=[
            ("header location", "they differ: a · b; c: absent", ""),
            ("header location", "c is the odd one out (absent); a, b: absolute path", "c"),
        ],
    ),
    # statuses of one kind
    fields_of(
        "a-named-field-of-two-successes",
        answer("", 200, media="text/plain", tus_extension="one"),
        empty(204, tus_extension="one,two"),
        headers=("tus-extension",),
        sentences=[
            ("header tus-extension", "they differ: a · b", ""),
            ("status", "they differ: a 200 · b 204", ""),
        ],
    ),
    fields_of(
        "no-content-says-nothing-of-a-media-type",
        answer("", 200, media="text/plain"),
        empty(204),
        answer("", 200, media="text/html"),
        empty(204),
        sentences=[
            (
                "header content-type",
                "they differ: a text/plain · c text/html; not compared: b, d",
                "",
            ),
            ("status", "they differ: a, c 200 · b, d 204", ""),
        ],
    ),
    fields_of(
        "two-empty-successes",
        answer("", 200, media=None),
        empty(204),
        sentences=[("status", "they differ: a 200 · b 204", "")],
    ),
    fields_of(
        "a-range-of-the-whole",
        answer("hello world", 200, media="text/plain"),
        answer("hello", 206, media="text/plain", Content_Range="bytes 0-4/11"),
        sentences=[("status", "they differ: a 200 · b 206", "")],
    ),
    fields_of(
        "a-range-of-something-else",
        answer("hello world", 200, media="text/plain"),
        answer("hallo", 206, media="text/plain", Content_Range="bytes 0-4/11"),
        sentences=[
            ("$", "they differ: a · b", ""),
            ("status", "they differ: a 200 · b 206", ""),
        ],
    ),
    # presence, value and name of one field
    fields_of(
        "a-name-in-two-cases-and-none",
        having(("X-Total", "1")),
        having(("x-total", "1")),
        having(),
        headers=("x-total",),
        sentences=[
            ("header x-total", "c is the odd one out (absent); a, b: present", "c"),
            (
                "header x-total",
                "they differ: a Capitalised · b lower case; c: absent",
                "",
            ),
        ],
    ),
    fields_of(
        "a-value-an-empty-value-and-none",
        having(("X-Total", "1")),
        having(),
        having(("X-Total", "")),
        headers=("x-total",),
        sentences=[
            ("header x-total", "b is the odd one out (absent); a, c: present", "b"),
            ("header x-total", "they differ: a · c; b: absent", ""),
        ],
    ),
    fields_of(
        "five-runtimes-with-a-field-or-not",
        having(("X-Total", "1")),
        having(("X-Total", "2")),
        having(),
        having(("X-Total", "2")),
        having(),
        headers=("x-total",),
        sentences=[
            ("header x-total", "c, e are the odd ones out (absent); a, b, d: present", "ce"),
            (
                "header x-total",
                "a is the odd one out; b, d agree; c, e: absent",
                "a",
            ),
        ],
    ),
    fields_of(
        "a-cookie-set-twice-beside-once",
        cookies("sid=a", "sid=b"),
        cookies("sid=b", "sid=a"),
        cookies("sid=b"),
        headers=("set-cookie",),
        sentences=[
            ("header set-cookie;sid;value", "b is the odd one out beside a, c", "b"),
            (
                "header set-cookie;sid",
                "c is the odd one out (no attributes); a, b: set 2 times, no attributes",
                "c",
            ),
        ],
    ),
    fields_of(
        "the-attributes-of-a-cookie-that-one-does-not-set",
        cookies("sid=a; HttpOnly"),
        cookies("sid=a"),
        cookies(),
        headers=("set-cookie",),
        sentences=[
            ("header set-cookie;sid", "c is the odd one out (absent); a, b: present", "c"),
            (
                "header set-cookie;sid",
                "they differ: a HttpOnly · b no attributes; c: absent",
                "",
            ),
        ],
    ),
    situation(
        "json-in-utf-16-without-a-mark",
        answer('{"a":1}'),
        answer('{"a":1}'.encode("utf-16-le"), media="application/json; charset=utf-16le"),
        expected=[
            ("header content-type;charset", "they differ: a absent · b utf-16le", ""),
            ("note not-utf-8", "they differ: a absent · b present", ""),
            ("kind", "they differ: a JSON · b text", ""),
        ],
    ),
    situation(
        "text-in-utf-16-without-a-mark",
        answer("hi", media="text/plain"),
        answer("hi".encode("utf-16-le"), media="text/plain; charset=utf-16le"),
        expected=[("header content-type;charset", "they differ: a absent · b utf-16le", "")],
    ),
]
