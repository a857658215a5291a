"""Read the bodies of HTML forms, as `name=value` pairs."""

import re
from collections.abc import Iterable
from itertools import chain
from typing import Final
from urllib.parse import parse_qsl

from conformance.comparison.bodies import kind_names
from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.charset import UTF_8, is_wide
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.kind_names import TEXT
from conformance.comparison.bodies.label import Label
from conformance.comparison.bodies.text import read_text

_MAX_PAIRS: Final = 10_000
"""A form with more pairs is not read."""
NO_UTF_8: Final = "not-utf-8"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
"""A byte that could not be decoded, as Python escapes it (`surrogateescape`)."""


def read_form(raw: bytes, label: Label) -> Body:
    """Read a form as the list of values of each name; escaping is no difference.

    Escaped bytes are UTF-8, or else in the charset of the form.  Bytes that are neither stay
    escaped, and are a note.
    """
    text = read_text(raw, label)
    if text.kind != TEXT:
        raise UnreadableBodyError("a form is text")
    pairs = _pairs(text.text, UTF_8)
    # In a wide charset, one escaped byte is only a part of a character
    if not (_are_read(pairs) or is_wide(text.charset)):
        in_charset = _pairs(text.text, text.charset)
        pairs = in_charset if _are_read(in_charset) else pairs
    value: dict[str, list[str]] = {}
    for name, item in pairs:
        value.setdefault(_shown(name), []).append(_shown(item))
    notes = {*text.notes}
    if not _are_read(pairs):
        notes.add(NO_UTF_8)
    return Body(
        kind=kind_names.FORM,
        raw=raw,
        value=value,
        structured=True,
        notes=tuple(sorted(notes)),
        charset=text.charset,
    )


def _pairs(text: str, charset: str) -> list[tuple[str, str]]:
    """Return the names and values of a form, with escaped bytes decoded in a charset."""
    try:
        return parse_qsl(
            text,
            keep_blank_values=True,
            encoding=charset,
            errors="surrogateescape",
            max_num_fields=_MAX_PAIRS,
        )
    except ValueError as error:
        raise UnreadableBodyError(f"no form: {error}") from error


def _are_read(pairs: Iterable[tuple[str, str]]) -> bool:
    """Return whether all escaped bytes could be decoded."""
    return all(map(_is_read, chain.from_iterable(pairs)))


def _is_read(text: str) -> bool:
    """Return whether a text has no byte that could not be decoded."""
    return text.isascii() or not _SURROGATE.search(text)


def _shown(text: str) -> str:
    """Return a text, with bytes that could not be decoded in percent-encoding, as `%E9`."""
    if _is_read(text):
        return text
    return _SURROGATE.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", text.replace("%", "%25"))


FORM: Final = BodyKind(
    name=kind_names.FORM,
    declared_as="form",
    recognises=lambda label: label.media == "application/x-www-form-urlencoded",
    read=read_form,
    may_be_empty=True,
)
