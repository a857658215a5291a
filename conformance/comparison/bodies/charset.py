"""Find the charset in which a body is read.

A byte order mark decides first (RFC 7303, section 3; HTML, section 13.2.3.1), then the label, then
the document's own declaration.  UTF-8 is the last choice.
"""

import codecs
from functools import partial
from typing import Final

from conformance.comparison.bodies.label import Label

UTF_8: Final = "utf-8"
ANOTHER_CHARSET: Final = "another-charset"
"""The note on bytes that the charset named first cannot decode."""
_MARKS: Final = (
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; UTF-32 is tested first, as its little-endian mark begins like that of UTF-16.
"""
_WIDE: Final = ("utf-16", "utf-32")
"""What the names of wide charsets begin with."""
_CHARSETS: Final = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "latin1", "utf-16", "utf-16le", "utf-16be", "utf-32",
     "utf-32le", "utf-32be", "shift_jis", "euc-jp", "iso-2022-jp", "euc-kr", "gb18030", "gbk",
     "gb2312", "big5", "koi8-r", "koi8-u", "ibm866", "macintosh", "tis-620",
     *(f"windows-{number}" for number in range(1250, 1259)),
     *(f"iso-8859-{number}" for number in (*range(1, 12), *range(13, 17)))}
)  # fmt: skip
"""The charsets of the Encoding standard that Python decodes, and UTF-32."""


def charset_of(raw: bytes, label: Label, in_document: str = "") -> str:
    """Return the first named charset that can decode the bytes, or UTF-8 if none can.

    `in_document` is the charset that the document itself declares.
    """
    named = _named(raw, label, in_document)
    return next(filter(partial(is_in, raw), named), UTF_8)


def charset_notes(raw: bytes, label: Label, in_document: str = "") -> tuple[str, ...]:
    """Return a note if the charset that is named first cannot decode the bytes."""
    named = _named(raw, label, in_document)
    is_as_named = all(map(partial(is_in, raw), named[:1]))
    return () if is_as_named else (ANOTHER_CHARSET,)


def is_in(raw: bytes, charset: str) -> bool:
    """Return whether a charset can decode the bytes."""
    try:
        raw.decode(charset)
    except UnicodeError:
        return False
    return True


def is_wide(charset: str) -> bool:
    """Return whether a charset uses two or four bytes for each character."""
    return charset.startswith(_WIDE)


def _named(raw: bytes, label: Label, in_document: str) -> list[str]:
    """Return the known charsets that a byte order mark, the label and the document name."""
    marked = next((charset for mark, charset in _MARKS if raw.startswith(mark)), "")
    return list(filter(None, (marked, known(label.charset), known(in_document))))


def known(charset: str) -> str:
    """Return the charset if it is one that is read, else an empty text."""
    return charset if charset in _CHARSETS else ""
