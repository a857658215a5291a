"""Read text, and bytes that are no text: bodies without structure."""

import re
from typing import Final

from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.charset import charset_notes, charset_of
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.kind_names import BINARY, TEXT
from conformance.comparison.bodies.label import Label

_TEXT_TYPES: Final = frozenset({"application/javascript", "application/yaml", "application/x-yaml"})
"""Media types of text that do not begin with `text/`."""
_UNPRINTABLE: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
"""Bytes that do not occur in text."""


def _is_text(label: Label) -> bool:
    return label.media.startswith("text/") or label.media in _TEXT_TYPES


def read_text(raw: bytes, label: Label, in_document: str = "") -> Body:
    """Read text in its charset; bytes that this charset cannot decode are binary.

    `in_document` is the charset that the document itself declares.
    """
    charset = charset_of(raw, label, in_document)
    notes = charset_notes(raw, label, in_document)
    try:
        return Body(kind=TEXT, raw=raw, text=raw.decode(charset), charset=charset, notes=notes)
    except UnicodeDecodeError:
        return Body(kind=BINARY, raw=raw)


def read_any(raw: bytes, label: Label) -> Body:
    """Read bytes as text if all of them are printable, else as binary."""
    return read_binary(raw, label) if _UNPRINTABLE.search(raw) else read_text(raw, label)


def read_binary(raw: bytes, _: Label) -> Body:
    """Return a binary body."""
    return Body(kind=BINARY, raw=raw)


PLAIN_TEXT: Final = BodyKind(name=TEXT, declared_as="text", recognises=_is_text, read=read_text)
BYTES: Final = BodyKind(name=BINARY, declared_as="binary", recognises=lambda _: True, read=read_any)
