"""The elements of an HTML or XML document as they were read."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct, field

from conformance.model.json_path import JsonPath

WHITE_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
SPACES: Final = " \t\r\n\f"
"""The white space of XML and HTML.  A no-break space does not belong to it."""
BLANK: Final = " "
ATTRIBUTE: Final = "@"
"""What the name of a member that is an attribute begins with."""

REPEATED: Final = 1  # a parent has several children with this tag
STRUCTURED: Final = 2  # an element here has attributes or children
WORDED: Final = 4  # an element here has text
SCATTERED: Final = 8  # children with one tag are not adjacent here
TEXT_ALONE: Final = 16  # an element here has only text
CHILDREN_ALONE: Final = 32  # an element here has children and no text
TEXT_BESIDE: Final = 64  # an element here has text, and attributes or children
_OF_CONTENT: Final = TEXT_ALONE | CHILDREN_ALONE | TEXT_BESIDE
"""The marks for what an element contains."""
Layout = Mapping[JsonPath, int]
"""By path of tags: the marks of all elements at that path, added up."""


def are_texts_apart(marks: int) -> bool:
    """Return whether some elements at a path have only text, and others only children.

    These are values of two types.  If any element has both, each text is a member `#text` instead.
    """
    return marks & _OF_CONTENT == TEXT_ALONE | CHILDREN_ALONE


class Element(Struct, eq=False):
    """An element: its attributes, pieces of text, and its children as pairs of tag and element.

    An empty tuple saves memory where there are none.  With `as_written`, the white space of its
    text counts.  `lines` are only kept for HTML: see `inline_spaces`.
    """

    attributes: Sequence[tuple[str, str]] = ()
    texts: Sequence[str] = ()
    children: "Sequence[tuple[str, Element]]" = ()
    as_written: bool = False
    lines: Sequence[str] = ()

    def add_text(self, text: str) -> None:
        """Append a piece of text."""
        if not isinstance(self.texts, list):
            self.texts = []
        self.texts.append(text)

    def add_child(self, tag: str, child: "Element") -> None:
        """Append a child."""
        if not isinstance(self.children, list):
            self.children = []
        self.children.append((tag, child))

    def add_to_lines(self, piece: str) -> None:
        """Append a piece to the lines."""
        if not isinstance(self.lines, list):
            self.lines = []
        self.lines.append(piece)

    def content(self) -> int:
        """Return the mark for what the element contains; 0 without text and children."""
        has_text = any(text.strip(SPACES) for text in self.texts)
        if has_text:
            return TEXT_BESIDE if self.is_structured else TEXT_ALONE
        return CHILDREN_ALONE if self.children else 0

    @property
    def is_structured(self) -> bool:
        """Return whether the element has attributes or children."""
        return bool(self.attributes or self.children)

    def text(self) -> str:
        """Return the whole text, with white space folded unless it counts."""
        text = "".join(self.texts)
        is_blank = not text.strip(SPACES)
        if is_blank or not self.as_written:
            return WHITE_SPACE.sub(BLANK, text).strip(BLANK)
        return text


class Markup(Struct, frozen=True, eq=False):
    """A document: its root, the layout of its elements, and their paths in document order.

    `prefixes` maps each prefix to its namespace; a prefix with several namespaces is left out.
    """

    root: Element
    layout: Layout
    outline: tuple[JsonPath, ...]
    prefixes: Mapping[str, str] = field(default_factory=dict)
