"""Which kind a body is: by its declared media type, and by what it holds where none is declared."""

from dataclasses import replace
from typing import Final

from conformance.comparison.bodies.body import Body, BodyKind
from conformance.comparison.bodies.form import read_form
from conformance.comparison.bodies.html import read_html
from conformance.comparison.bodies.markup import MAX_BYTES, Markup
from conformance.comparison.bodies.text import read_text
from conformance.comparison.bodies.xml import NoMarkupError, read_xml
from conformance.comparison.values.lossless_json import NoJsonError, parse

_TEXT_TYPES: Final = frozenset({"application/javascript", "application/yaml"})
_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_XML_TYPES: Final = frozenset({"text/xml", "application/xml"})
_FORM_TYPE: Final = "application/x-www-form-urlencoded"


def read_body(raw: bytes, media: str | None, charset: str = "") -> Body:
    """Read a body by its declared media type; without one (None), by whether it is JSON."""
    if not raw:
        return Body(kind="empty", raw=raw)
    if media is None or media == "application/json" or media.endswith("+json"):
        return _read_json(raw, charset, declared=media is not None)
    if media in _XML_TYPES or (media.endswith("+xml") and media not in _HTML_TYPES):
        return _read_xml(raw) or read_text(raw, charset)
    if media in _HTML_TYPES or media == _FORM_TYPE or media in _TEXT_TYPES or media.startswith("text/"):
        text = read_text(raw, charset)
        if text.kind == "text" and media in _HTML_TYPES and len(raw) <= MAX_BYTES:
            return _structured(raw, "HTML", read_html(text.text))
        return (read_form(text) or text) if media == _FORM_TYPE else text
    return Body(kind="binary", raw=raw)


def _read_json(raw: bytes, charset: str, *, declared: bool) -> Body:
    try:
        document = parse(raw)
    except NoJsonError as error:
        read = read_text(raw, charset)
        return replace(read, notes=(error.note,), misfit=str(error)) if declared else read
    return Body(kind="JSON", raw=raw, value=document.value, notes=document.notes)


def _structured(raw: bytes, kind: BodyKind, markup: Markup) -> Body:
    return Body(kind=kind, raw=raw, value=markup.value, outline=markup.outline)


def _read_xml(raw: bytes) -> Body | None:
    try:
        return _structured(raw, "XML", read_xml(raw)) if len(raw) <= MAX_BYTES else None
    except NoMarkupError:
        return None
