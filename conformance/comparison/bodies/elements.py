"""The elements of an HTML or XML document, as they were read."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from conformance.model.json_path import JsonPath

WHITE_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
SPACES: Final = " \t\r\n\f"
BLANK: Final = " "
ATTRIBUTE: Final = "@"

REPEATED: Final = 1  # a parent has several children with this tag
STRUCTURED: Final = 2  # an element here has attributes or children
WORDED: Final = 4  # an element here has text
SCATTERED: Final = 8  # children with one tag stand apart here
TEXT_ALONE: Final = 16  # an element here is text alone
CHILDREN_ALONE: Final = 32  # an element here has children and no text
TEXT_BESIDE: Final = 64  # an element here has text beside attributes or children
_OF_CONTENT: Final = TEXT_ALONE | CHILDREN_ALONE | TEXT_BESIDE
Layout = Mapping[JsonPath, int]
"""How the elements at a path of tags are written, as marks: repeated, with attributes or children,
with text.
"""


def are_texts_apart(marks: int) -> bool:
    """Return whether some elements are text alone and some children alone, so two types of value.

    Where any has text beside attributes or children, all texts are a member.
    """
    return marks & _OF_CONTENT == TEXT_ALONE | CHILDREN_ALONE


class Element(Struct, eq=False):
    """An element as it was read: its children are tags and elements in their order.

    What it has none of is an empty tuple, which takes no memory.  With `as_written` the white space
    of its text counts.  `lines` are kept of HTML: see `inline_spaces`.
    """

    attributes: Sequence[tuple[str, str]] = ()
    texts: Sequence[str] = ()
    children: "Sequence[tuple[str, Element]]" = ()
    as_written: bool = False
    lines: Sequence[str] = ()

    def add_text(self, text: str) -> None:
        """Add a piece of text at the end."""
        if not isinstance(self.texts, list):
            self.texts = []
        self.texts.append(text)

    def add_child(self, tag: str, child: "Element") -> None:
        """Add a child at the end."""
        if not isinstance(self.children, list):
            self.children = []
        self.children.append((tag, child))

    def add_to_lines(self, piece: str) -> None:
        """Add a piece at the end of the lines."""
        if not isinstance(self.lines, list):
            self.lines = []
        self.lines.append(piece)

    def content(self) -> int:
        """Return the mark that says what stands in the element, none for no text and no child."""
        has_text = any(text.strip(SPACES) for text in self.texts)
        if has_text:
            return TEXT_BESIDE if self.is_structured else TEXT_ALONE
        return CHILDREN_ALONE if self.children else 0

    @property
    def is_structured(self) -> bool:
        """Return whether the element has attributes or children."""
        return bool(self.attributes or self.children)

    def text(self) -> str:
        """Return the whole text, its white space folded where it does not count."""
        text = "".join(self.texts)
        is_blank = not text.strip(SPACES)
        if is_blank or not self.as_written:
            return WHITE_SPACE.sub(BLANK, text).strip(BLANK)
        return text


class Markup(Struct, frozen=True, eq=False):
    """A document: its root, the layout of its elements, and their paths in opening order.

    `prefixes` are the namespaces by their prefixes, but for a prefix that stands for several.
    """

    root: Element
    layout: Layout
    outline: tuple[JsonPath, ...]
    prefixes: Mapping[str, str] = field(default_factory=dict)
