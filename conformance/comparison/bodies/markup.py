"""Markup as values: HTML and XML become objects and lists, so that one walk compares all kinds of body.

An element is an object: its attributes as `@name`, its children as a list for each tag, its texts in order as the list
`#text`.  So two pages with the same structure have one shape, whatever they say.  The order of children with different
tags is kept apart, in `outline`.

HTML is split by one regular expression that never goes back: the parser of the standard library takes quadratic time on
what a hostile service can send (10 s for 60 KB of `<a <a <a`), and only structure is wanted here.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

MAX_BYTES: Final = 1 << 18
"""Larger documents are compared as text."""
MAX_DEPTH: Final = 200
_TEXT: Final = "#text"
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_RAW: Final = {tag: re.compile(f"</{tag}", re.IGNORECASE) for tag in ("script", "style")}
_TOKEN: Final = re.compile(
    r"<!--(?:.*?-->|.*+)"
    r"|<[!?][^>]*+>?"
    r"|</(?P<end>[A-Za-z][^\s/>]*+)[^>]*+>?"
    r"|<(?P<start>[A-Za-z][^\s/>]*+)(?P<attributes>(?:[^>\"']|\"[^\"]*+\"|'[^']*+')*+)>?"
    r"|(?P<text><?[^<]*+)",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r"""([^\s"'>/=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?""")
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
Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Markup:
    """A document: its root as a value, and its tags in the order in which they open."""

    value: Element
    outline: tuple[str, ...]


class NoMarkupError(ValueError):
    """A document that is not well-formed, or declares entities."""


class _Tree:
    """Builds elements from tags and texts; what nests too deep is put into the last element that does not."""

    def __init__(self) -> None:
        self.root: Element = {_TEXT: []}
        self.outline: list[str] = []
        self._open: list[tuple[str, Element]] = [("", self.root)]

    def start(self, tag: str, attributes: Sequence[tuple[str, str]], *, empty: bool = False) -> None:
        element: Element = {f"@{name}": value for name, value in attributes}
        element[_TEXT] = []
        self._open[-1][1].setdefault(tag, []).append(element)
        self.outline.append(tag)
        if not empty and len(self._open) < MAX_DEPTH:
            self._open.append((tag, element))

    def end(self, tag: str) -> None:
        """Close the innermost element with a tag and all within it; an end that nothing starts is left out."""
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth][0] == tag:
                del self._open[depth:]
                return

    def end_before(self, tag: str) -> None:
        """Close what a start tag ends without saying so."""
        while self._open[-1][0] in _ENDED_BY.get(tag, ()):
            self._open.pop()

    def text(self, text: str) -> None:
        if words := " ".join(text.split()):
            self._open[-1][1][_TEXT].append(words)

    def markup(self) -> Markup:
        return Markup(self.root, tuple(self.outline))


def read_html(text: str) -> Markup:
    """Read an HTML document or a part of one; whatever it holds, it is read, in time that grows with its length."""
    tree, at = _Tree(), 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:  # `_TOKEN` takes any character
            break
        at = token.end()
        if token["start"]:
            at = _start(tree, token, text)
        elif token["end"]:
            tree.end(token["end"].lower())
        elif token["text"]:
            tree.text(html.unescape(token["text"]))
    return tree.markup()


def _start(tree: _Tree, token: re.Match[str], text: str) -> int:
    """Open an element; return where to read on, for a script or a style behind all that it holds."""
    tag = token["start"].lower()
    found = _ATTRIBUTE.finditer(token["attributes"])
    attributes = [(name.lower(), html.unescape(a or b or c or "")) for name, a, b, c in (one.groups() for one in found)]
    tree.end_before(tag)
    tree.start(tag, attributes, empty=tag in _VOID or token["attributes"].endswith("/"))
    if tag not in _RAW:
        return token.end()
    end = _RAW[tag].search(text, token.end())
    tree.text(text[token.end() : end.start() if end else len(text)])
    return end.start() if end else len(text)


def read_xml(raw: bytes) -> Markup:
    """Read an XML document; raises NoMarkupError for one that is none, or that has a document type."""
    tree = _Tree()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: tree.start(tag, list(attributes.items()))
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - the signature of expat
    except (expat.ExpatError, ValueError) as error:
        raise NoMarkupError(str(error)) from error
    return tree.markup()


def _refuse(*_: object) -> None:
    raise NoMarkupError("a document type may declare entities")
