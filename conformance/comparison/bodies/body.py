"""Bodies as they are compared: what kind of thing a body is, and its value where it has structure."""

from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import parse_qsl

from conformance.comparison.bodies.markup import MAX_BYTES, Markup, NoMarkupError, read_html, read_xml
from conformance.comparison.values.lossless_json import Json, NoJsonError, parse

BodyKind = Literal["empty", "JSON", "HTML", "XML", "form", "text", "binary"]
STRUCTURED: Final = frozenset({"JSON", "HTML", "XML", "form"})
_TEXT_TYPES: Final = frozenset({"application/javascript", "application/yaml"})
_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_XML_TYPES: Final = frozenset({"text/xml", "application/xml"})
_FORM_TYPE: Final = "application/x-www-form-urlencoded"
_CHARSETS: Final = frozenset({"iso-8859-1", "latin1", "windows-1252", "us-ascii", "utf-16", "utf-16le", "utf-16be"})
_MAX_PAIRS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body's kind, its value where the kind is structured, its bytes and text, and notes on its encoding.

    `outline` holds the tags of markup in order; `misfit` says why a body is not the JSON that it is declared to be.
    """

    kind: BodyKind
    raw: bytes
    value: Json = None
    text: str = ""
    outline: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    misfit: str = ""


def read_body(raw: bytes, media: str | None, charset: str = "") -> Body:
    """Read a body by its declared media type; without one (None), by whether it is JSON."""
    if not raw:
        return Body(kind="empty", raw=raw)
    if media is None or media == "application/json" or media.endswith("+json"):
        return _read_json(raw, charset, declared=media is not None)
    if media in _XML_TYPES or (media.endswith("+xml") and media not in _HTML_TYPES):
        return _read_xml(raw) or _read_text(raw, charset)
    if media in _HTML_TYPES or media == _FORM_TYPE or media in _TEXT_TYPES or media.startswith("text/"):
        text = _read_text(raw, charset)
        if text.kind == "text" and media in _HTML_TYPES and len(raw) <= MAX_BYTES:
            return _structured(raw, "HTML", read_html(text.text))
        return (_read_form(text) or text) if media == _FORM_TYPE else text
    return Body(kind="binary", raw=raw)


def _read_json(raw: bytes, charset: str, *, declared: bool) -> Body:
    try:
        document = parse(raw)
    except NoJsonError as error:
        read = _read_text(raw, charset)
        return replace(read, notes=(error.note,), misfit=str(error)) if declared else read
    return Body(kind="JSON", raw=raw, value=document.value, notes=document.notes)


def _structured(raw: bytes, kind: BodyKind, markup: Markup) -> Body:
    return Body(kind=kind, raw=raw, value=markup.value, outline=markup.outline)


def _read_xml(raw: bytes) -> Body | None:
    try:
        return _structured(raw, "XML", read_xml(raw)) if len(raw) <= MAX_BYTES else None
    except NoMarkupError:
        return None


def _read_form(body: Body) -> Body | None:
    if body.kind != "text":
        return None
    try:
        pairs = parse_qsl(body.text, keep_blank_values=True, max_num_fields=_MAX_PAIRS)
    except ValueError:
        return None
    value: dict[str, list[str]] = {}
    for name, item in pairs:
        value.setdefault(name, []).append(item)
    return Body(kind="form", raw=body.raw, value=value)


def _read_text(raw: bytes, charset: str) -> Body:
    """Read text in UTF-8, else in the charset that it declares; what is neither is binary."""
    for encoding in ("utf-8", charset if charset in _CHARSETS else "utf-8"):
        try:
            return Body(kind="text", raw=raw, text=raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return Body(kind="binary", raw=raw)
