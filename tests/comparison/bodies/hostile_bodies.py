"""Bodies made to harm their readers, by the kind that they claim to be.

They are also sorted by what is wrong with them.
"""

import base64
from collections.abc import Mapping
from typing import Final

_DEEP: Final = 50_000
_LAUGHS: Final = (
    b'<!DOCTYPE a [<!ENTITY b "'
    + b"x" * 1_000
    + b'"><!ENTITY c "'
    + b"&b;" * 1_000
    + b'">]><a>&c;</a>'
)


def _token(claims: bytes) -> bytes:
    parts = (base64.urlsafe_b64encode(part).rstrip(b"=") for part in (b'{"alg":"none"}', claims))
    return b'{"t":"' + b".".join(parts) + b'."}'


def _part(content: bytes, head: bytes = b"") -> bytes:
    return b"--b\r\n" + head + b"\r\n" + content + b"\r\n--b--"


HOSTILE: Final[Mapping[str, Mapping[str, bytes]]] = {
    "json": {
        "torn": b'{"a":[' * _DEEP,
        "deep": b"[" * _DEEP + b"]" * _DEEP,
        "huge": b"[" + b'{"a":-0,"a":1},' * 60_000 + b"0]",
        "wrong-charset": '{"a":"é"}'.encode("utf-16"),
        "long-number": b"[" + b"9" * 1_000_000 + b"]",
    },
    "json-lines": {
        "torn": b'{"a":1}\n' * 100_000 + b'{"a":',
        "deep": (b"[" * 3_000 + b"]" * 3_000 + b"\n") * 50,
        "huge": b"\n" * 2_000_000,
        "wrong-charset": b'{"a":"\xe9"}\n' * 1_000,
    },
    "events": {
        "torn": b"data: " + b"x" * 4_000_000,
        "deep": b"data: " + b"[" * _DEEP + b"]" * _DEEP + b"\n\n",
        "huge": b":\n\n" * 500_000,
        "wrong-charset": b"data: \xff\xfe\n\n" * 10_000,
        "data-lines": b"data: x\n" * 300_000,
        "carriage-returns": b"\r" * 500_000,
    },
    "table": {
        "torn": b'a,b\n"' + b"x,\n" * 500_000,
        "huge": b"," * 2_000_000,
        "wrong-charset": b"a,b\n\xff,\xfe\n" * 1_000,
        "ragged": b"\n".join(b"," * (at % 50) for at in range(20_000)),
        "numbers-in-cells": b'a\n"1,2"\n' * 100_000,
        "long-number": b"a\n" + b"9" * 1_000_000,
        "blank-rows": b"a,b\n" + b"\n" * 2_000_000 + b"1,2\n",
    },
    "xml": {
        "torn": b"<a>" * _DEEP,
        "deep": b"<a>" * 20_000 + b"</a>" * 20_000,
        "huge": b"<a>" + b"<b>x</b>" * 400_000 + b"</a>",
        "wrong-charset": '<?xml version="1.0" encoding="utf-8"?><a>é</a>'.encode("latin-1"),
        "laughs": _LAUGHS,
        "attributes": b"<a " + b" ".join(b'b%d="c"' % at for at in range(50_000)) + b"/>",
        "namespaces": b"".join(b'<a xmlns="urn:%d">' % at for at in range(3_000)) + b"</a>" * 3_000,
    },
    "html": {
        "torn": b"<a <a <a " * 40_000,
        "deep": b"<div>" * 25_000,
        "huge": b"<p>x" * 300_000,
        "wrong-charset": b"<p>\xe9\xff" * 1_000,
        "attributes": b"<a " + b"b=c " * 60_000 + b">",
    },
    "form": {
        "torn": b"%" * 1_000_000,
        "huge": b"a=b&" * 500_000,
        "wrong-charset": b"a=%ff%fe&" * 5_000,
    },
    "multipart": {
        "torn": b"--b\r\n\r\n" + b"\r\n--" * 500_000,
        "deep": _part(b"--c\r\n\r\nx\r\n--c--", b"content-type: multipart/mixed; boundary=c\r\n"),
        "huge": b"--b\r\n" * 100_000,
        "wrong-charset": _part(b"\xff\xfe", b"content-disposition: form-data; name=\xff\r\n"),
        "heads": _part(b"x", b"a: b\r\n" * 200_000),
    },
    "token": {
        "torn": b'{"t":"' + b"eyJ." * 200_000 + b'"}',
        "deep": _token(b'{"a":' + b"[" * _DEEP + b"]" * _DEEP + b"}"),
        "huge": _token(b'{"a":"' + b"x" * 1_000_000 + b'"}'),
        "wrong-charset": _token('{"a":"é"}'.encode("latin-1")),
    },
    "text": {
        "torn": b"x" * 3_000_000 + b"\xc3",
        "huge": b"a\n" * 1_000_000,
        "wrong-charset": "é\n".encode("utf-16") * 1_000,
    },
    "binary": {
        "torn": b"\x89PNG",
        "huge": b"\x00" * 4_000_000,
        "wrong-charset": b"\xff\xfe" * 1_000,
        "looks-like-json": b"{" * 200_000,
    },
}
"""Kinds that nest have a deep one, too."""
