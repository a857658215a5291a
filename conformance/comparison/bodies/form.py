"""Bodies of HTML forms, as `name=value` pairs."""

import re
from typing import Final
from urllib.parse import parse_qsl

from conformance.comparison.bodies import kind_names
from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.kind_names import TEXT
from conformance.comparison.bodies.label import Label
from conformance.comparison.bodies.text import read_text

_MAX_PAIRS: Final = 10_000
NO_UTF_8: Final = "not-utf-8"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def read_form(raw: bytes, label: Label) -> Body:
    """Read each name with the list of its values; how they are escaped is no difference.

    Escaped bytes that are no UTF-8 are kept escaped, and are a note.
    """
    text = read_text(raw, label)
    if text.kind != TEXT:
        raise UnreadableBodyError("a form is text")
    try:
        pairs = parse_qsl(
            text.text, keep_blank_values=True, errors="surrogateescape", max_num_fields=_MAX_PAIRS
        )
    except ValueError as error:
        raise UnreadableBodyError(f"no form: {error}") from error
    value: dict[str, list[str]] = {}
    for name, item in pairs:
        value.setdefault(_shown(name), []).append(_shown(item))
    notes = () if all(_is_utf_8(part) for pair in pairs for part in pair) else (NO_UTF_8,)
    return Body(
        kind=kind_names.FORM,
        raw=raw,
        value=value,
        structured=True,
        notes=tuple(sorted({*text.notes, *notes})),
        charset=text.charset,
    )


def _is_utf_8(text: str) -> bool:
    """Return whether a text has no byte that was escaped as a surrogate."""
    return text.isascii() or not _SURROGATE.search(text)


def _shown(text: str) -> str:
    """Return a text as it is, one with bytes that are no UTF-8 in percent-encoding, as `%E9`."""
    if _is_utf_8(text):
        return text
    return _SURROGATE.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", text.replace("%", "%25"))


FORM: Final = BodyKind(
    name=kind_names.FORM,
    word="form",
    recognises=lambda label: label.media == "application/x-www-form-urlencoded",
    read=read_form,
    may_be_empty=True,
)
