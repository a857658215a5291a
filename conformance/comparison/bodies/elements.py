"""The elements of an HTML or XML document, as they were read."""

from collections.abc import Mapping
from dataclasses import dataclass

from conformance.model.json_path import JsonPath

Layout = Mapping[JsonPath, int]
"""How the elements at a path of tags are written, as marks: repeated, with attributes or children,
with text.
"""


@dataclass(slots=True, eq=False)
class Element:
    """An element as it was read: its children are tags and elements in their order.

    What it has none of is None.  With `as_written` the white space of its text counts.
    """

    attributes: Mapping[str, str] | None = None
    texts: list[str] | None = None
    children: "list[tuple[str, Element]] | None" = None
    as_written: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Markup:
    """A document: its root, the layout of its elements, and their paths in opening order."""

    root: Element
    layout: Layout
    outline: tuple[JsonPath, ...]
