"""Values to try in the HTTP message: header fields, content types, methods and bodies."""

from typing import Final

HEADERS: Final[tuple[tuple[str, str, str], ...]] = (
    *(
        ("accept", "accept", value)
        for value in (
            "application/json",
            "text/html",
            "application/xml",
            "text/plain",
            "text/csv",
            "*/*",
            "application/*",
            "application/json;q=0",
            "text/html, application/json;q=0.5",
            "application/problem+json",
            "application/vnd.api+json",
            "APPLICATION/JSON",
            "nonsense",
            "",
        )
    ),
    *(
        ("accept encoding", "accept-encoding", value)
        for value in ("gzip", "identity", "br", "gzip;q=0", "identity;q=0")
    ),
    *(
        ("accept language", "accept-language", value)
        for value in ("de", "nb-NO", "*", "en;q=0, fr")
    ),
    *(("accept charset", "accept-charset", value) for value in ("iso-8859-1",)),
    *(("conditional", "if-none-match", value) for value in ("*", '"x"', 'W/"x"', "x", '"a", "b"')),
    *(("conditional", "if-match", value) for value in ("*", '"x"', 'W/"x"')),
    *(
        ("conditional", name, value)
        for name in ("if-modified-since", "if-unmodified-since")
        for value in ("Thu, 01 Jan 1970 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT", "yesterday")
    ),
    *(
        ("range", "range", value)
        for value in (
            "bytes=0-0",
            "bytes=0-",
            "bytes=-1",
            "bytes=-2",
            "bytes=1-2",
            "bytes=0-9999",
            "bytes=9999-",
            "bytes=1-0",
            "items=0-1",
            "x",
        )
    ),
    *(("range", "range", value) for value in ("bytes=0-0,2-3",)),
    *(
        ("forwarded", name, value)
        for name, value in (("x-forwarded-proto", "https"), ("x-forwarded-host", "other.test"))
    ),
    *(("method override", "x-http-method-override", value) for value in ("DELETE", "PUT", "HEAD")),
    *(
        ("authorization", "authorization", value)
        for value in ("Bearer x", "Basic eDp5", "bearer x", "x")
    ),
    *(("origin", "origin", value) for value in ("https://example.com", "null")),
    *(
        ("other fields", name, value)
        for name, value in (("cookie", "a=b; a=c"), ("x-request-id", "abc"), ("te", "trailers"))
    ),
    *(
        ("other fields", name, value)
        for name, value in (("prefer", "return=minimal"), ("idempotency-key", "k1"))
    ),
    *(
        ("other fields", name, value)
        for name, value in (("cache-control", "no-cache"), ("user-agent", ""))
    ),
)
CONTENT_TYPES: Final = (
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    "application/json; charset=latin1",
    "application/json; charset=utf-16",
    "APPLICATION/JSON",
    "application/vnd.api+json",
    "application/merge-patch+json",
    "application/json-patch+json",
    "text/json",
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/octet-stream",
    "application/json; v=1; x=y",
    "nonsense",
    "",
)
METHODS: Final = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND")
BODIES: Final[tuple[tuple[str, bytes], ...]] = (
    ("empty", b""),
    ("space only", b" "),
    ("null", b"null"),
    ("true", b"true"),
    ("number", b"1"),
    ("text", b'"x"'),
    ("empty list", b"[]"),
    ("empty object", b"{}"),
    ("truncated", b'{"a":'),
    ("no JSON", b"hello"),
    ("single quotes", b"{'a': 1}"),
    ("names without quotes", b"{a: 1}"),
    ("comment", b'{"a": 1 /* b */}'),
    ("trailing comma", b'{"a": 1,}'),
    ("two documents", b"{}{}"),
    ("text after", b"{} x"),
    ("deep", b"[" * 600 + b"]" * 600),
    ("very deep", b'{"a":' * 5000 + b"1" + b"}" * 5000),
    ("not UTF-8", b'{"a": "\xff"}'),
    ("overlong UTF-8", b'{"a": "\xc0\xaf"}'),
    ("UTF-16", '{"a": 1}'.encode("utf-16")),
    ("form", b"a=1&b=2"),
    ("XML", b"<a>1</a>"),
    ("control character", b'{"a": "\x01"}'),
    ("bad escape", b'{"a": "\\x41"}'),
    ("empty name", b'{"": 1}'),
    ("prototype", b'{"__proto__": {"a": 1}}'),
)
DEPTHS: Final = (20, 33, 65, 130, 260)
"""Depths of nested lists to try in a valid body: near usual limits of parsers."""
LONG: Final = 70_000
"""Characters of a long text in a valid body: more than 64 KiB."""
TEXT_BODIES: Final = (
    ("lines", b"a\nb\n"),
    ("no line feed at the end", b"a\nb"),
    ("CRLF", b"a\r\nb\r\n"),
    ("CR only", b"a\rb"),
    ("empty lines", b"a\n\n\nb\n\n"),
    ("a line feed only", b"\n"),
    ("other line ends", "a\u2028b\x0cc\x0bd\x85e".encode()),
    ("spaces and tabs", b"  a \t b  c\t"),
    ("other spaces", "a\u00a0b\u3000c".encode()),
    ("a byte order mark", b"\xef\xbb\xbfa\n"),
    ("other scripts", "é cafe\u0301 日本 😀\n".encode()),
    ("a null character", b"a\x00b"),
    ("comment and quotes", b'# a\n"b ""c""",d\n'),
    ("a long line", b"x" * 10_001),
)
"""Bodies of plain text, or of a format that has lines."""
CHARSETS: Final = (
    ("utf-8", "é\n".encode()),
    ("UTF-8", "é\n".encode()),
    ('"utf-8"', "é\n".encode()),
    ("us-ascii", "é\n".encode()),
    ("iso-8859-1", "é\n".encode("latin-1")),
    ("windows-1252", "€\n".encode("cp1252")),
    ("utf-16", "é\n".encode("utf-16")),
    ("nonsense", b"a\n"),
)
"""Charsets, each with a body in it."""
