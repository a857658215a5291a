"""Markup as values: what HTML and XML have in common, so that one walk compares all kinds of body.

An element with text alone is that text.  Any other is an object: its attributes as `@name`, its
children by tag, its own text as `#text`.  A tag that stands once in every parent is that child; one
that is repeated is a list.  So `<order><id>1</id></order>` is `{"order": {"id": "1"}}`.  What two
documents write in two ways is laid out alike before they are compared, so that one item more is a
length, and no other shape.

The members of an object stand in the order in which their tags come first.  Where children of one
tag stand apart, the name of their member says at which places: see `child_tags`.  Where a child
stands within its parent's text is not kept. White space is folded: the characters that XML and HTML
call white space, and no others.  A no-break space is a text.  In
elements that say that it counts, white space is kept as written.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, count, filterfalse, groupby, repeat
from typing import Final, NamedTuple

from msgspec.structs import replace

from conformance.comparison.bodies import inline_spaces
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.elements import Element, Layout, Markup
from conformance.comparison.bodies.kind_names import XML
from conformance.comparison.bodies.same_elements import same_elements
from conformance.comparison.idioms.member_names import path_without_convention
from conformance.comparison.values.lossless_json import Json
from conformance.model.json_path import ANY_ELEMENT, JsonPath, Segment

MAX_BYTES: Final = 1 << 20
"""Larger documents are compared as text: a tree takes some fifty times what it is read from."""
MAX_DEPTH: Final = 200
TEXT: Final = "#text"

_WHITE_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_SPACES: Final = " \t\r\n\f"
_BLANK: Final = " "
_ATTRIBUTE: Final = "@"

_REPEATED: Final = 1  # a parent has several children with this tag
_STRUCTURED: Final = 2  # an element here has attributes or children
_WORDED: Final = 4  # an element here has text
_SCATTERED: Final = 8  # children with one tag stand apart here
_SHOWN_BY: Final[Mapping[Segment, int]] = {ANY_ELEMENT: _REPEATED, TEXT: _STRUCTURED}
"""The steps of a path that depend on the layout, and the marks that they take."""


class LinedTag(str):
    """The tag of the first children of an element that has inline elements, with its `lines`."""

    __slots__ = ("lines",)
    lines: str


class ScatteredTag(LinedTag):
    """The tag of children that stand apart from each other in their parent.

    `places` are their indexes there.
    """

    __slots__ = ("places",)
    places: Sequence[int]


def is_attribute(name: str) -> bool:
    """Return whether a member of an element is an attribute."""
    return name.startswith(_ATTRIBUTE)


def child_tags(value: Mapping[str, Json]) -> list[str]:
    """Return the tags of an element's children in their order, each as often as it occurs.

    Where children were taken out, those that are left close up.
    """
    tags = [tag for tag in value if not is_attribute(tag) and tag != TEXT]
    scattered = {at: str(tag) for tag in tags if isinstance(tag, ScatteredTag) for at in tag.places}
    plain = [tag for tag in tags if not isinstance(tag, ScatteredTag)]
    together = chain.from_iterable(repeat(tag, _count(value[tag])) for tag in plain)
    free = filterfalse(scattered.__contains__, count())
    placed = {**scattered, **{at: tag for tag, at in zip(together, free, strict=False)}}
    return [placed[at] for at in sorted(placed)]


def lines_in(value: Json) -> str:
    """Return the lines of an element that holds inline elements of HTML; nothing of any other."""
    tags = value if type(value) is dict else ()
    return "".join(getattr(tag, "lines", "") for tag in tags)


def _count(children: Json) -> int:
    return len(children) if isinstance(children, list) else 1


class Tree:
    """Builds elements from tags and texts, in HTML `with_lines`.

    What nests too deep is put into the last element that does not.
    """

    def __init__(self, *, with_lines: bool = False) -> None:
        self.root = Element()
        self._with_lines = with_lines
        self.layout: dict[JsonPath, int] = {(): _STRUCTURED}
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
        """Open an element, and close it at once where it is empty.

        With `as_written` white space counts in it; None: as in its parent.
        """
        parent = self._open[-1]
        element = Element({f"@{name}": value for name, value in attributes} if attributes else None)
        element.as_written = parent.element.as_written if as_written is None else as_written
        path = (*parent.path, tag)
        path = self._paths.setdefault(path, path)
        if parent.element.children is None:
            parent.element.children = []
        parent.element.children.append((tag, element))
        self._mark(parent.path, _STRUCTURED)
        self._mark(
            path, (_REPEATED if tag in parent.tags else 0) | (_STRUCTURED if attributes else 0)
        )
        if tag in parent.tags and parent.element.children[-2][0] != tag:
            self._mark(parent.path, _SCATTERED)
        parent.tags.add(tag)
        if parent.element.texts and not parent.element.as_written:
            parent.element.texts.append(_BLANK)
        if self._with_lines:
            inline_spaces.add_child(parent.element, tag)
        self.outline.append(path)
        if not empty and len(self._open) < MAX_DEPTH:
            self._open.append(_Open(tag, element, path, set()))

    def end(self, tag: str) -> None:
        """Close the innermost element with a tag and all within it.

        An end that nothing starts is left out.
        """
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def end_before(self, ended: frozenset[str]) -> None:
        """Close the innermost elements whose tags are among those that the next start tag ends."""
        while self._open[-1].tag in ended:
            self._open.pop()

    def text(self, text: str) -> None:
        """Add a piece of text to the innermost element, its white space folded.

        Pieces may begin within a word.
        """
        innermost = self._open[-1]
        written = innermost.element.as_written
        words = text if written else _WHITE_SPACE.sub(" ", text)
        texts = innermost.element.texts
        if self._with_lines and text and not written:
            inline_spaces.add_text(innermost.element, text)
        if words.strip(_SPACES):
            self._mark(innermost.path, _WORDED)
        elif not words or (not written and (not texts or texts[-1] == _BLANK)):
            return
        if innermost.element.texts is None:
            innermost.element.texts = []
        innermost.element.texts.append(words)

    def markup(self) -> Markup:
        """Return the document."""
        return Markup(self.root, self.layout, tuple(self.outline))

    def _mark(self, path: JsonPath, mark: int) -> None:
        self.layout[path] = self.layout.get(path, 0) | mark


class _Open(NamedTuple):
    """An element that is not closed yet, where it stands, and the tags of its children so far."""

    tag: str
    element: Element
    path: JsonPath
    tags: set[str]


def body_of(kind: str, raw: bytes, markup: Markup) -> Body:
    """Return a document as a body, laid out by itself."""
    body = Body(kind=kind, raw=raw, structured=True, markup=markup, outline=markup.outline)
    return _laid_out(body, markup.layout)


def beside(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two documents laid out alike.

    What either has several times, or with attributes, is laid out so in both.
    """
    first, second = alike((a, b))
    return _apart(first, b), _apart(second, a)


def _apart(body: Body, other: Body) -> Body:
    """Return a document of XML in which a text beside elements is one difference, of type."""
    if body.kind != XML or body.markup is None or other.markup is None:
        return body
    own, of_other = body.markup.layout, other.markup.layout
    at = _texts_beside_children(own, of_other) | _texts_beside_children(of_other, own)
    marks = {path: own[path] | body.layout[path] & _REPEATED for path in at}
    return _laid_out(body, {**body.layout, **marks}) if at else body


def _texts_beside_children(layout: Layout, other: Layout) -> set[JsonPath]:
    """Return the paths at which one document has text alone, and the other one children alone."""
    parents = {path[:-1] for path in other if path and not other[path[:-1]] & _WORDED}
    return {path for path in parents & layout.keys() if layout[path] & ~_REPEATED == _WORDED}


def alike(documents: Sequence[Body]) -> list[Body]:
    """Return documents laid out alike: as all of them together are written.

    Tags that differ by convention alone, `<Inv>` and `<inv>`, are of one layout.  So are the same
    elements under another root, or with an element more around them.
    """
    known = {path: path_without_convention(path) for body in documents for path in body.layout}
    same = same_elements([[known[path] for path in body.layout] for body in documents])
    marked: dict[JsonPath, int] = {}
    for body in documents:
        for path, marks in body.layout.items():
            leader = same[known[path]]
            marked[leader] = marked.get(leader, 0) | marks
    union = {path: marked[same[name]] for path, name in known.items()}
    return [body if body.layout == union else _laid_out(body, union) for body in documents]


def _laid_out(body: Body, layout: Layout) -> Body:
    if body.markup is None:
        return body
    return replace(body, value=_value(body.markup.root, (), layout), layout=layout)


def own_path(markup: Markup, path: JsonPath) -> JsonPath:
    """Return a path of a document laid out beside others as its own layout spells it.

    There an element that is not repeated has no `[*]`, and text alone no `#text`.
    """
    tags: JsonPath = ()
    found: list[Segment] = []
    for step in path:
        if isinstance(step, str) and step != TEXT:
            tags = (*tags, step)
        needed = _SHOWN_BY.get(step, 0)
        marks = markup.layout.get(tags, needed)
        if marks & needed == needed:
            found.append(step)
    return tuple(found)


def own_value(markup: Markup, path: JsonPath, value: Json) -> Json:
    """Return what stands at a path of a document laid out beside others as it would stand alone.

    A list of one is the element itself where the document repeats no such tag, and an element with
    text alone is this text.
    """
    tags = tuple(step for step in path if isinstance(step, str) and step != TEXT)
    if path and (path[-1] == TEXT or (tags and is_attribute(tags[-1]))):
        return value
    return _own_value(markup.layout, tags, value)


def _own_value(layout: Layout, tags: JsonPath, value: Json) -> Json:
    marks = layout.get(tags, 0)
    if isinstance(value, list):
        elements = [_own_value(layout, tags, element) for element in value]
        return elements if marks & _REPEATED or len(elements) != 1 else elements[0]
    if not isinstance(value, dict):
        return value
    if not marks & _STRUCTURED:
        # an element of text alone that has members is a decoded token
        return value.get(TEXT, "") if value.keys() <= {TEXT} else value
    return {
        name: member
        if name == TEXT or is_attribute(name)
        else _own_value(layout, (*tags, str(name)), member)
        for name, member in value.items()
        if name != TEXT or marks & _WORDED
    }


def path_in(layout: Layout, path: JsonPath) -> JsonPath:
    """Return a path with `[*]` below each tag that is repeated in a layout."""
    tags: JsonPath = ()
    found: list[Segment] = []
    for step in path:
        of_list = bool(layout.get(tags, 0) & _REPEATED) and found[-1] is not ANY_ELEMENT
        if of_list and step is not ANY_ELEMENT:
            found.append(ANY_ELEMENT)
        if isinstance(step, str):
            tags = (*tags, step)
        found.append(step)
    return tuple(found)


def _value(element: Element, path: JsonPath, layout: Layout) -> Json:
    """Return an element as a value; elements nest no deeper than MAX_DEPTH."""
    marks = layout[path]
    text = "".join(element.texts or ())
    if not element.as_written or not text.strip(_SPACES):
        text = _WHITE_SPACE.sub(_BLANK, text).strip(_BLANK)
    if not marks & _STRUCTURED:
        return text
    value: dict[str, Json] = dict(element.attributes or {})
    children = element.children or []
    names: dict[str, LinedTag] = {}
    if layout[path] & _SCATTERED:
        names.update(_scattered([tag for tag, _ in children]))
    if lines := inline_spaces.lines_of(element):
        names.setdefault(children[0][0], LinedTag(children[0][0])).lines = lines
    for tag, child in children:
        below = (*path, tag)
        laid_out = _value(child, below, layout)
        name = names.get(tag, tag)
        if layout[below] & _REPEATED:
            value.setdefault(name, []).append(laid_out)
        else:
            value[name] = laid_out
    if marks & _WORDED:
        value[TEXT] = text
    return value


def _scattered(tags: Sequence[str]) -> dict[str, ScatteredTag]:
    """Return the child tags that occur in separate runs, with the indexes of their children."""
    runs = Counter(tag for tag, _ in groupby(tags))
    found = {tag: ScatteredTag(tag) for tag, count in runs.items() if count > 1}
    for tag, name in found.items():
        name.places = [at for at, other in enumerate(tags) if other == tag]
    return found
