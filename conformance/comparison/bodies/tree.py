"""Build the elements of a document from its tags and texts in order."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from conformance.comparison.bodies import inline_spaces
from conformance.comparison.bodies.elements import (
    ATTRIBUTE,
    BLANK,
    REPEATED,
    SCATTERED,
    SPACES,
    STRUCTURED,
    WHITE_SPACE,
    WORDED,
    Element,
    Markup,
)
from conformance.model.json_path import JsonPath

MAX_BYTES: Final = 1 << 20
"""Larger documents are compared as text: a tree takes about fifty times the memory of its document.
"""
MAX_DEPTH: Final = 200
"""Elements that are nested deeper become children of the deepest element allowed."""


class Tree:
    """Builds a document from tags and texts; `with_lines`, as for HTML, keeps inline lines."""

    def __init__(self, *, with_lines: bool = False) -> None:
        self.root = Element()
        self._with_lines = with_lines
        self.layout: dict[JsonPath, int] = {(): STRUCTURED}
        self.outline: list[JsonPath] = []
        self._open: list[_Open] = [_Open("", self.root, (), set())]
        self._paths: dict[JsonPath, JsonPath] = {}

    def start(
        self,
        tag: str,
        attributes: Sequence[tuple[str, str]],
        *,
        empty: bool = False,
        as_written: bool | None = None,
    ) -> None:
        """Open an element, or add it at once if it is `empty`.

        `as_written` says whether its white space counts; None means as in its parent.
        """
        parent = self._open[-1]
        named = [(ATTRIBUTE + name, value) for name, value in attributes]
        element = Element(named or ())
        element.as_written = parent.element.as_written if as_written is None else as_written
        path = (*parent.path, tag)
        path = self._paths.setdefault(path, path)
        parent.element.add_child(tag, element)
        self._mark(parent.path, STRUCTURED)
        self._mark(path, STRUCTURED if attributes else 0)
        if tag in parent.tags:
            self._mark_repeated(parent, path)
        parent.tags.add(tag)
        self._part_words(parent.element, tag)
        self.outline.append(path)
        if not empty and len(self._open) < MAX_DEPTH:
            self._open.append(_Open(tag, element, path, set()))

    def _part_words(self, parent: Element, tag: str) -> None:
        """Record that a child separates the words of its parent's text."""
        if parent.texts and not parent.as_written:
            parent.add_text(BLANK)
        if self._with_lines:
            inline_spaces.add_child(parent, tag)

    def _mark_repeated(self, parent: "_Open", path: JsonPath) -> None:
        """Mark that the last child's tag is repeated, and whether another tag is in between."""
        self._mark(path, REPEATED)
        before_the_last, _ = parent.element.children[-2]
        if before_the_last != path[-1]:
            self._mark(parent.path, SCATTERED)

    def end(self, tag: str) -> None:
        """Close the innermost element with a tag, and all elements inside it.

        An end tag without a start tag is ignored.
        """
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                closed = self._open[depth]
                del self._open[depth:]
                if not self._with_lines:
                    self._mark(closed.path, closed.element.content())
                return

    def end_before(self, ended: frozenset[str]) -> None:
        """Close the innermost elements as long as their tags are in `ended`."""
        while self._open[-1].tag in ended:
            self._open.pop()

    def text(self, text: str) -> None:
        """Append a piece of text to the innermost element, with white space folded.

        A word may be split between two pieces.
        """
        if not text:
            return
        innermost = self._open[-1]
        element = innermost.element
        if text.strip(SPACES):
            self._mark(innermost.path, WORDED)
        if element.as_written:
            element.add_text(text)
            return
        if self._with_lines:
            inline_spaces.add_text(element, text)
        words = WHITE_SPACE.sub(BLANK, text)
        # A blank has no meaning before the first word or after another blank
        follows_a_word = element.texts and element.texts[-1] != BLANK
        if words != BLANK or follows_a_word:
            element.add_text(words)

    def markup(self) -> Markup:
        """Return the finished document."""
        return Markup(self.root, self.layout, tuple(self.outline))

    def _mark(self, path: JsonPath, mark: int) -> None:
        """Add a mark to the elements at a path."""
        self.layout[path] = self.layout.get(path, 0) | mark


class _Open(NamedTuple):
    """An open element with its tag, its path, and the tags of its children so far."""

    tag: str
    element: Element
    path: JsonPath
    tags: set[str]
