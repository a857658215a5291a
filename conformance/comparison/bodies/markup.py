"""Markup as values: what HTML and XML have in common, so that one walk compares all kinds of body.

An element is an object: its attributes as `@name`, its children as a list for each tag, its texts in order as the list
`#text`.  So two pages with the same structure have one shape, whatever they say.  The order of children with different
tags is kept apart, in `outline`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from conformance.model.json_path import ANY_ELEMENT, JsonPath

MAX_BYTES: Final = 1 << 18
"""Larger documents are compared as text."""
MAX_DEPTH: Final = 200
_TEXT: Final = "#text"
Element = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Markup:
    """A document: its root as a value, and the paths of its elements in the order in which they open."""

    value: Element
    outline: tuple[JsonPath, ...]


class Tree:
    """Builds elements from tags and texts; what nests too deep is put into the last element that does not."""

    def __init__(self) -> None:
        self.root: Element = {_TEXT: []}
        self.outline: list[JsonPath] = []
        self._open: list[tuple[str, Element, JsonPath]] = [("", self.root, ())]

    def start(self, tag: str, attributes: Sequence[tuple[str, str]], *, empty: bool = False) -> None:
        """Open an element, and close it at once where it is empty."""
        element: Element = {f"@{name}": value for name, value in attributes}
        element[_TEXT] = []
        _, parent, above = self._open[-1]
        parent.setdefault(tag, []).append(element)
        path = (*above, tag, ANY_ELEMENT)
        self.outline.append(path)
        if not empty and len(self._open) < MAX_DEPTH:
            self._open.append((tag, element, path))

    def end(self, tag: str) -> None:
        """Close the innermost element with a tag and all within it; an end that nothing starts is left out."""
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth][0] == tag:
                del self._open[depth:]
                return

    def end_before(self, ended: frozenset[str]) -> None:
        """Close the innermost elements whose tags are among those that the next start tag ends."""
        while self._open[-1][0] in ended:
            self._open.pop()

    def text(self, text: str) -> None:
        """Add a text to the innermost element, its white space folded; blank text is nothing."""
        if words := " ".join(text.split()):
            self._open[-1][1][_TEXT].append(words)

    def markup(self) -> Markup:
        """Return the document."""
        return Markup(self.root, tuple(self.outline))
