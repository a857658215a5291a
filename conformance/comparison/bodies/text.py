"""Text, and bytes that are no text: what has no structure that is read."""

import codecs
import re
from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.kind_names import BINARY, TEXT
from conformance.comparison.bodies.label import Label

_CHARSETS: Final = frozenset(
    {"utf-8", "utf8", "iso-8859-1", "latin1", "windows-1252", "us-ascii", "utf-16", "utf-16le",
     "utf-16be", "shift_jis", "euc-jp", "euc-kr", "gb18030", "gbk", "gb2312", "big5",
     "koi8-r", "windows-1251", "iso-8859-15"}
)  # fmt: skip
_UTF_8: Final = "utf-8"
ANOTHER_CHARSET: Final = "another-charset"
_TEXT_TYPES: Final = frozenset({"application/javascript", "application/yaml", "application/x-yaml"})
_UNPRINTABLE: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def _is_text(label: Label) -> bool:
    return label.media.startswith("text/") or label.media in _TEXT_TYPES


def read_text(raw: bytes, label: Label) -> Body:
    """Read text in the charset that its label names, else in UTF-8; what is neither is binary."""
    for encoding in (charset_of(raw, label) or _UTF_8, _UTF_8):
        try:
            return Body(kind=TEXT, raw=raw, text=raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return Body(kind=BINARY, raw=raw)


def is_in_its_charset(raw: bytes, label: Label) -> bool:
    """Return whether bytes are of the charset that their label names, if it is one that is read."""
    try:
        raw.decode(charset_of(raw, label) or "latin-1")
    except UnicodeDecodeError:
        return False
    return True


def charset_of(raw: bytes, label: Label) -> str:
    """Return the charset that a label names, if it is one that is read.

    A byte order mark of UTF-8 says more than the label.
    """
    named = label.charset if label.charset in _CHARSETS else ""
    return _UTF_8 if named and raw.startswith(codecs.BOM_UTF8) else named


def text_of(raw: bytes, text: str) -> str:
    """Return a body as text: as it was read, else its bytes in UTF-8.

    Bytes that are not UTF-8 are escaped as surrogates.
    """
    return text or raw.decode("utf-8", "surrogateescape")


def read_any(raw: bytes, label: Label) -> Body:
    """Read printable bytes as text, all others as bytes."""
    return read_binary(raw, label) if _UNPRINTABLE.search(raw) else read_text(raw, label)


def read_binary(raw: bytes, _: Label) -> Body:
    """Read bytes as what they are."""
    return Body(kind=BINARY, raw=raw)


PLAIN_TEXT: Final = BodyKind(name=TEXT, word="text", recognises=_is_text, read=read_text)
BYTES: Final = BodyKind(name=BINARY, word="binary", recognises=lambda _: True, read=read_any)
