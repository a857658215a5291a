"""Bodies of text, and what is none."""

from typing import Final

from conformance.comparison.bodies.body import Body

_CHARSETS: Final = frozenset({"iso-8859-1", "latin1", "windows-1252", "us-ascii", "utf-16", "utf-16le", "utf-16be"})


def read_text(raw: bytes, charset: str) -> Body:
    """Read text in UTF-8, else in the charset that it declares; what is neither is binary."""
    for encoding in ("utf-8", charset if charset in _CHARSETS else "utf-8"):
        try:
            return Body(kind="text", raw=raw, text=raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return Body(kind="binary", raw=raw)
