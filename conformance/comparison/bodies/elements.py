"""The elements of an HTML or XML document, as they were read."""

from collections.abc import Mapping

from msgspec import Struct, field

from conformance.model.json_path import JsonPath

Layout = Mapping[JsonPath, int]
"""How the elements at a path of tags are written, as marks: repeated, with attributes or children,
with text.
"""


class Element(Struct, eq=False):
    """An element as it was read: its children are tags and elements in their order.

    What it has none of is None.  With `as_written` the white space of its text counts.  `lines`
    are kept of HTML: see `inline_spaces`.
    """

    attributes: Mapping[str, str] | None = None
    texts: list[str] | None = None
    children: "list[tuple[str, Element]] | None" = None
    as_written: bool = False
    lines: list[str] | None = None


class Markup(Struct, frozen=True, eq=False):
    """A document: its root, the layout of its elements, and their paths in opening order.

    `prefixes` are the namespaces by their prefixes, but for a prefix that stands for several.
    """

    root: Element
    layout: Layout
    outline: tuple[JsonPath, ...]
    prefixes: Mapping[str, str] = field(default_factory=dict)
