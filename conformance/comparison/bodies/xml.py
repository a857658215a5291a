"""Read XML as a value: a well-formed document that declares no entities.

Elements are named without prefix, as each writer chooses the prefixes.  An element in another
namespace than its parent has the member `@xmlns=URI`, so that namespaces are part of the shape.
Unused declarations have no meaning.  A text that is a prefixed name, such as `xsd:string`, is
spelled with the other document's prefix.  A document type is skipped; if it declares entities, the
document is compared as text.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.parsers import expat

from msgspec.structs import replace

from conformance.comparison.bodies import kind_names
from conformance.comparison.bodies.body import Body, UnreadableBodyError
from conformance.comparison.bodies.charset import UTF_8, charset_notes, charset_of, is_wide
from conformance.comparison.bodies.elements import Markup
from conformance.comparison.bodies.inherited_namespaces import without_inherited
from conformance.comparison.bodies.kind import BodyKind
from conformance.comparison.bodies.label import Label
from conformance.comparison.bodies.markup import bodies_in_one_layout, body_of
from conformance.comparison.bodies.qualified_names import shown_in_full, with_prefixes_of
from conformance.comparison.bodies.tree import MAX_BYTES, Tree

_SPACE: Final = "xml:space"
_AS_WRITTEN: Final = {"preserve": True, "default": False}
"""Whether white space counts, by the value of `xml:space` (XML 1.0, section 2.10)."""
MALFORMED_XML: Final = "invalid-xml"
"""The note on XML that is not well-formed."""
_BOM: Final = b"\xef\xbb\xbf"
_DECLARED: Final = re.compile(
    rb"""(?:\xef\xbb\xbf)?<\?xml\s[^>]*?encoding\s*+=\s*+["']([A-Za-z0-9._-]++)"""
)
"""The encoding in an XML declaration."""
_LOOKED_AT: Final = 64
"""How many bytes show whether a body begins like an HTML page."""
_BETWEEN: Final = " "  # stands between namespace and name, and in neither
_KNOWN_PREFIXES: Final[Mapping[str, str]] = {
    "http://www.w3.org/XML/1998/namespace": "xml",
    "http://www.w3.org/2001/XMLSchema-instance": "xsi",
    "http://www.w3.org/1999/xlink": "xlink",
}
"""Attributes in these namespaces get their usual prefix, others are `@{URI}name`."""


def _recognises(label: Label) -> bool:
    return label.media in {"text/xml", "application/xml"} or label.media.endswith("+xml")


def read_xml(raw: bytes, label: Label) -> Body:
    """Read an XML document; raise UnreadableBodyError if it is larger than MAX_BYTES."""
    if len(raw) > MAX_BYTES:
        raise UnreadableBodyError(f"XML of more than {MAX_BYTES} bytes")
    charset = charset_of(raw, label, charset_in_xml(raw))
    # A document in UTF-16 or UTF-32 says so by its first bytes, whatever it declares
    text, encoding = (raw, None) if is_wide(charset) else _in_utf_8(raw, charset)
    body = body_of("XML", raw, parse_xml(text, encoding))
    return replace(body, charset=charset, notes=charset_notes(raw, label))


def charset_in_xml(raw: bytes) -> str:
    """Return the charset that a document declares, or nothing."""
    declared = _DECLARED.match(raw)
    return declared[1].decode().lower() if declared else ""


def _in_utf_8(raw: bytes, charset: str) -> tuple[bytes, str | None]:
    """Return a document in UTF-8 with that encoding, or unchanged if it cannot be decoded."""
    try:
        return raw.decode(charset).encode(), UTF_8
    except UnicodeError:
        return raw, None


def parse_xml(raw: bytes, encoding: str | None = None) -> Markup:
    """Parse an XML document; an `encoding` given here replaces the declared one.

    Raise UnreadableBodyError if it is not well-formed, or declares entities.
    """
    tree, around = Tree(), [""]
    bound: dict[str, set[str]] = {}
    parser = expat.ParserCreate(encoding, _BETWEEN)
    parser.buffer_text = True

    def start(name: str, attributes: Mapping[str, str]) -> None:
        namespace, local = _split(name)
        named = list(_attributes(attributes))
        if namespace != around[-1]:
            named.append((f"xmlns={namespace}", namespace))
        around.append(namespace)
        tree.start(local, named, as_written=_AS_WRITTEN.get(dict(named).get(_SPACE, "")))

    def end(name: str) -> None:
        around.pop()
        tree.end(_split(name)[1])

    def bind(prefix: str | None, namespace: str | None) -> None:
        bound.setdefault(prefix or "", set()).add(namespace or "")

    parser.StartNamespaceDeclHandler = bind
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = tree.text
    parser.EntityDeclHandler = _refuse
    parser.SkippedEntityHandler = _refuse
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - the signature of expat
    except UnreadableBodyError:
        raise
    except (expat.ExpatError, ValueError) as error:
        raise UnreadableBodyError(f"no XML: {error}", MALFORMED_XML) from error
    prefixes = {prefix: uris.pop() for prefix, uris in bound.items() if prefix and len(uris) == 1}
    return replace(tree.markup(), prefixes=prefixes)


def _split(name: str) -> tuple[str, str]:
    """Return the namespace and the local name in a name of expat."""
    namespace, _, local = name.rpartition(_BETWEEN)
    return namespace, local


def _attributes(attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield attributes with their names as members show them."""
    for name, value in attributes.items():
        namespace, local = _split(name)
        prefix = _KNOWN_PREFIXES.get(namespace, f"{{{namespace}}}")
        separator = ":" if namespace in _KNOWN_PREFIXES else ""
        yield (f"{prefix}{separator}{local}" if namespace else local), value


def _begins(raw: bytes) -> bool:
    """Return whether a body begins like XML, and not like an HTML page."""
    start = raw.removeprefix(_BOM).lstrip(b" \t\r\n")[:_LOOKED_AT].lower()
    return start.startswith(b"<") and not start.startswith((b"<!doctype html", b"<html"))


def _refuse(*_: object) -> None:
    """Raise UnreadableBodyError: entities can grow without bound, so they are not expanded."""
    raise UnreadableBodyError("XML that declares entities is compared as text")


def _in_one_layout(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two documents in one layout, with namespaces and prefixes that can be compared."""
    first, second = without_inherited(*bodies_in_one_layout(a, b))
    second = with_prefixes_of(first, second)
    return shown_in_full(first, second), shown_in_full(second, first)


XML: Final = BodyKind(
    name=kind_names.XML,
    declared_as="xml",
    recognises=_recognises,
    read=read_xml,
    in_one_layout=_in_one_layout,
    begins=_begins,
)
