"""Bodies as they are compared: what kind of thing a body is, and its value where it is JSON."""

from dataclasses import dataclass
from typing import Final, Literal

from conformance.comparison.lossless_json import Json, NoJsonError, parse

BodyKind = Literal["empty", "JSON", "text", "binary"]
_TEXT_TYPES: Final = frozenset({"application/xml", "application/javascript", "application/x-www-form-urlencoded"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body's kind, its JSON value (None unless the kind is JSON), its bytes, and notes on its encoding."""

    kind: BodyKind
    value: Json
    raw: bytes
    notes: tuple[str, ...] = ()


def read_body(raw: bytes, media: str | None) -> Body:
    """Read a body by its declared media type; without one (None), by whether it is JSON."""
    if not raw:
        return Body(kind="empty", value=None, raw=raw)
    declared = media is not None and (media == "application/json" or media.endswith("+json"))
    if declared or media is None:
        try:
            document = parse(raw)
        except NoJsonError as error:
            notes = (error.note,) if declared else ()
            return Body(kind=_kind_of_text(raw), value=None, raw=raw, notes=notes)
        return Body(kind="JSON", value=document.value, raw=raw, notes=document.notes)
    textual = media is not None and (media.startswith("text/") or media.endswith("+xml") or media in _TEXT_TYPES)
    return Body(kind=_kind_of_text(raw) if textual else "binary", value=None, raw=raw)


def _kind_of_text(raw: bytes) -> BodyKind:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "binary"
    return "text"
