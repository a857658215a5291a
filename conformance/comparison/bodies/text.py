"""Text, and bytes that are no text: what has no structure that is read."""

import re
from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.charset import charset_notes, charset_of
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.kind_names import BINARY, TEXT
from conformance.comparison.bodies.label import Label

_TEXT_TYPES: Final = frozenset({"application/javascript", "application/yaml", "application/x-yaml"})
_UNPRINTABLE: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def _is_text(label: Label) -> bool:
    return label.media.startswith("text/") or label.media in _TEXT_TYPES


def read_text(raw: bytes, label: Label, in_document: str = "") -> Body:
    """Read text in its charset, which it may name `in_document`; what is of none is binary."""
    charset = charset_of(raw, label, in_document)
    notes = charset_notes(raw, label, in_document)
    try:
        return Body(kind=TEXT, raw=raw, text=raw.decode(charset), charset=charset, notes=notes)
    except UnicodeDecodeError:
        return Body(kind=BINARY, raw=raw)


def read_any(raw: bytes, label: Label) -> Body:
    """Read printable bytes as text, all others as bytes."""
    return read_binary(raw, label) if _UNPRINTABLE.search(raw) else read_text(raw, label)


def read_binary(raw: bytes, _: Label) -> Body:
    """Read bytes as what they are."""
    return Body(kind=BINARY, raw=raw)


PLAIN_TEXT: Final = BodyKind(name=TEXT, word="text", recognises=_is_text, read=read_text)
BYTES: Final = BodyKind(name=BINARY, word="binary", recognises=lambda _: True, read=read_any)
