"""Read HTML as a value.

One regular expression without backtracking splits it.  The parser of the standard library takes
quadratic time on hostile input (10 s for 60 KB of `<a <a <a`), and only structure is needed here.
"""

import html
import re
from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from conformance.comparison.bodies import kind_names
from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.charset import UTF_8, is_wide
from conformance.comparison.bodies.elements import Markup
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.kind_names import TEXT
from conformance.comparison.bodies.label import Label, read_label
from conformance.comparison.bodies.markup import bodies_in_one_layout, body_of
from conformance.comparison.bodies.text import read_text
from conformance.comparison.bodies.tree import MAX_BYTES, Tree

_VOID: Final = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
"""Elements without content or an end tag (HTML, section 13.1.2)."""
_WITH_ENTITIES: Final = frozenset({"textarea", "title"})
"""Elements of raw text in which entities are decoded."""
_RAW: Final = {
    tag: re.compile(rf"</{tag}(?=[ \t\r\n\f/>])", re.IGNORECASE)
    for tag in ("iframe", "noembed", "noframes", "script", "style", "xmp", *_WITH_ENTITIES)
}
"""Elements that contain only text, each with the pattern that ends it (HTML, section 13.2.6.2)."""
_AS_WRITTEN: Final = frozenset({"pre", "script", "style", "textarea", "xmp"})
"""Elements whose white space counts."""
_WITHOUT_FIRST_LINE_END: Final = frozenset({"pre", "textarea"})
"""Elements whose first line end is no part of their text (HTML, section 13.2.6.4.7)."""
_TOKEN: Final = re.compile(
    r"<!--(?:.*?-->|.*+)"
    r"|<[!?][^>]*+>?"
    r"|</(?P<end>[A-Za-z][^ \t\r\n\f/>]*+)[^>]*+>?"
    r"|<(?P<start>[A-Za-z][^ \t\r\n\f/>]*+)(?P<attributes>(?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+)>?"
    r"|(?P<text><?[^<]*+)",
    re.DOTALL,
)
"""A comment, declaration, end tag, start tag or text; the quantifiers never backtrack."""
_ATTRIBUTE: Final = re.compile(
    r"""([^ \t\r\n\f"'>/=]++)(?:[ \t\r\n\f]*+=[ \t\r\n\f]*+"""
    r"""(?:"([^"]*+)"|'([^']*+)'|([^ \t\r\n\f"'>]++)))?"""
)
"""An attribute: its name, and its value in double quotes, in single quotes or without quotes."""
_MAX_BYTES_TO_META: Final = 1024
"""The bytes in which a document declares its charset (HTML, section 4.2.5.4)."""
_CONTENT_TYPE: Final = "content-type"
_ENDED_BY: Final = {
    "li": frozenset({"li"}),
    "p": frozenset({"p"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "tr": frozenset({"tr", "td", "th"}),
    "td": frozenset({"td", "th"}),
    "th": frozenset({"td", "th"}),
    "option": frozenset({"option"}),
}
"""By tag: the open elements that a start tag with it closes."""


def _recognises(label: Label) -> bool:
    return label.media == "text/html" or label.media.endswith("+html")


def charset_in_html(raw: bytes) -> str:
    """Return the charset that the first `meta` element with a charset names, or nothing."""
    start = raw[:_MAX_BYTES_TO_META].decode("latin-1")
    tags = filter(_is_meta, _TOKEN.finditer(start))
    charset = next(filter(None, map(_charset_in, map(_attributes, tags))), "")
    # A `meta` element that was read as ASCII cannot be UTF-16 (HTML, section 13.2.3.2)
    return UTF_8 if is_wide(charset) else charset


def _is_meta(token: re.Match[str]) -> bool:
    return (token["start"] or "").lower() == "meta"


def _charset_in(attributes: Mapping[str, str]) -> str:
    """Return the charset that a `meta` element names, or an empty text."""
    if attributes.get("http-equiv", "").lower() == _CONTENT_TYPE:
        return read_label(attributes.get("content", "")).charset
    return attributes.get("charset", "").strip().lower()


def read_html(raw: bytes, label: Label) -> Body:
    """Read an HTML document; raise UnreadableBodyError if it is larger than MAX_BYTES."""
    if len(raw) > MAX_BYTES:
        raise UnreadableBodyError(f"HTML of more than {MAX_BYTES} bytes")
    text = read_text(raw, label, charset_in_html(raw))
    if text.kind != TEXT:
        raise UnreadableBodyError("HTML is text")
    document = body_of("HTML", raw, parse_html(text.text))
    return replace(document, charset=text.charset, notes=text.notes)


def parse_html(text: str) -> Markup:
    """Read an HTML document or a part of one.

    Any text can be read, in time linear in its length.
    """
    tree, at = Tree(with_lines=True), 0
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # `_TOKEN` matches at any character
    while at < len(text) and (token := _TOKEN.match(text, at)):
        at = token.end()
        if token["start"]:
            at = _start(tree, token, text)
        elif token["end"]:
            tree.end(token["end"].lower())
        elif token["text"]:
            tree.text(html.unescape(token["text"]))
    return tree.markup()


def _start(tree: Tree, token: re.Match[str], text: str) -> int:
    """Open an element, and return the index at which to read on.

    For an element with raw text, that is the index after its text.
    """
    tag = token["start"].lower()
    attributes = _attributes(token)
    tree.end_before(_ENDED_BY.get(tag, frozenset()))
    is_closed = tag not in _RAW and token["attributes"].endswith("/")
    tree.start(
        tag,
        list(attributes.items()),
        empty=is_closed or tag in _VOID,
        as_written=True if tag in _AS_WRITTEN else None,
    )
    start = token.end()
    if tag in _WITHOUT_FIRST_LINE_END and text.startswith("\n", start):
        start += 1  # It is no part of the text (HTML, section 13.2.6.4.7)
    if tag not in _RAW:
        return start
    found = _RAW[tag].search(text, start)
    end = found.start() if found else len(text)
    held = text[start:end]
    if tag in _WITH_ENTITIES:
        held = html.unescape(held)
    tree.text(held)
    return end


def _attributes(tag: re.Match[str]) -> dict[str, str]:
    """Return the attributes of a tag by name, names in lower case."""
    attributes: dict[str, str] = {}
    for attribute in _ATTRIBUTE.finditer(tag["attributes"]):
        name, *quoted_or_bare = attribute.groups()
        value = next(filter(None, quoted_or_bare), "")
        # The first attribute with a name counts
        attributes.setdefault(name.lower(), html.unescape(value))
    return attributes


HTML: Final = BodyKind(
    name=kind_names.HTML,
    declared_as="html",
    recognises=_recognises,
    read=read_html,
    in_one_layout=bodies_in_one_layout,
)
