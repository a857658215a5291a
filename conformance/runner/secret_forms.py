"""The ways in which services write a secret: the forms that are searched for.

Named forms are fixed bytes, each with the name of its way, so that two runtimes that echo a secret
in two ways still differ.  Patterns find what has no fixed form: characters escaped one by one, more
than once, or mixed with plain ones, and base64 with line breaks.
"""

import base64
import json
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote, quote_plus

OTHER_CASE: Final = "other case"
ESCAPED: Final = "escaped"
BROKEN_BASE64: Final = "base64 in lines"
_PERCENT: Final = re.compile("%[0-9A-F]{2}")
_AGAIN: Final = rb"(?:25)*"
"""Percent-encoding of a percent sign: any number of times."""
_BREAK: Final = rb"(?:[\r\n\t ]|\\+[nrt]|%(?:25)*0[ad])*"
_HTML_NAMES: Final = {"&": b"amp", "<": b"lt", ">": b"gt", '"': b"quot", "'": b"apos"}
_END_OF_BMP: Final = 0xFFFF


def named_forms(value: str) -> Iterator[tuple[bytes, str]]:
    """Yield pairs: the bytes of each named form, also within JSON text, and the name of its way.

    The plain value, also as a JSON string, has an empty name.
    """
    yield value.encode("latin-1", "replace"), ""
    for text, way in _texts(value):
        once = _in_json(text)
        twice = [deeper for each in once for deeper in _in_json(each)]
        thrice = [deeper for each in twice for deeper in _in_json(each)]
        yield from ((_bytes(each), way) for each in (text, *once))
        yield from ((_bytes(each), way or "json") for each in (*twice, *thrice))


def patterns(value: str) -> Iterator[tuple[bytes, str]]:
    """Yield pairs: a pattern for RE2 over bytes, and the name of its way."""
    yield b"".join(map(_spellings, value)), ESCAPED
    broken = {_BREAK.join(map(_literal_byte, form)) for form in _in_base64(_bytes(value))}
    yield b"|".join(sorted(broken)), BROKEN_BASE64


def _spellings(character: str) -> bytes:
    """Return a pattern for every way to write one character."""
    raw, number = _bytes(character), ord(character)
    ways = [
        literal(raw),
        b"".join(b"%%%s%02x" % (_AGAIN, byte) for byte in raw),
        rb"\\+u" + rb"\\+u".join(b"%04x" % unit for unit in _utf_16(number)),
        b"&(?:amp;)*#0*%d;" % number,
        b"&(?:amp;)*#x0*%x;" % number,
    ]
    escape = json.dumps(character)[1:-1]
    if escape != character and not escape.startswith("\\u"):
        ways.append(rb"\\+" + re.escape(escape[1:].encode()))
    if character == "/":
        ways.append(rb"\\+/")
    if character == " ":
        ways.append(rb"\+")
    if character in _HTML_NAMES:
        ways.append(b"&(?:amp;)*%s;" % _HTML_NAMES[character])
    return b"(?:%s)" % b"|".join(ways)


def _utf_16(number: int) -> tuple[int, ...]:
    """Return the UTF-16 code units of a character."""
    if number <= _END_OF_BMP:
        return (number,)
    units = chr(number).encode("utf-16-be")
    return int.from_bytes(units[:2]), int.from_bytes(units[2:])


def literal(raw: bytes) -> bytes:
    """Return a pattern that matches exactly these bytes."""
    return b"".join(map(_literal_byte, raw))


def _literal_byte(byte: int) -> bytes:
    return b"\\x%02x" % byte


def _texts(value: str) -> Iterator[tuple[str, str]]:
    import html  # noqa: PLC0415 - with its 2,231 entities; most runs have no secret

    raw = _bytes(value)
    yield value, ""
    yield from ((each, OTHER_CASE) for each in (value.upper(), value.lower()))
    for text in (
        quote(raw, safe=""),
        quote(raw),
        quote_plus(raw),
        "".join(f"%{byte:02X}" for byte in raw),
    ):
        yield text, "url"
        yield _PERCENT.sub(lambda found: found[0].lower(), text), "url in lower case"
    yield from ((html.escape(value, quote=quoted), "html") for quoted in (True, False))
    yield raw.hex(), "hex"
    yield raw.hex().upper(), "hex in upper case"
    yield from ((encoded.decode(), "base64") for encoded in _in_base64(raw))


def _in_json(text: str) -> list[str]:
    return [json.dumps(text, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """Yield parts of base64 by which a text can be found in the base64 of a longer text.

    There is one result for each of the three offsets at which it can start.
    """
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for offset in range(3):
            encoded = encode(b"\0" * offset + raw)
            first, spoiled = (0, 2, 3)[offset], (len(raw) + offset) % 3
            yield encoded[first : len(encoded) - (0, 3, 2)[spoiled]]
