"""Turn HTML and XML documents into values, so that one walk compares all kinds of body.

An element with only text becomes that text.  Any other element becomes an object: its attributes as
`@name`, its children by tag, its own text as `#text`.  A tag that occurs at most once in every
parent is one value, a repeated tag is a list.  So `<order><id>1</id></order>` is `{"order": {"id":
"1"}}`.  Two documents are laid out alike before they are compared, so that one more item is a
different length and no other shape.

Members are in the order in which their tags first occur.  If children with one tag are not
adjacent, the name of their member has their indexes: see `child_tags`.  Where a child is within its
parent's text is not kept.  White space is folded, but only the characters that XML and HTML call
white space: a no-break space is text.  In elements whose white space counts, it is kept.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, count, filterfalse, groupby, repeat
from operator import attrgetter, itemgetter, methodcaller
from typing import Final, TypeGuard

from msgspec.structs import replace

from conformance.comparison.bodies import inline_spaces
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.elements import (
    ATTRIBUTE,
    REPEATED,
    SCATTERED,
    STRUCTURED,
    WORDED,
    Element,
    Layout,
    Markup,
    are_texts_apart,
)
from conformance.comparison.bodies.same_elements import same_elements
from conformance.comparison.idioms.member_names import path_without_convention
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.objects import positions_by
from conformance.model.json_path import ANY_ELEMENT, JsonPath, Segment

TEXT: Final = "#text"
"""The member with an element's own text."""
_SHOWN_BY: Final[Mapping[Segment, int]] = {ANY_ELEMENT: REPEATED, TEXT: STRUCTURED}
"""The steps of a path that depend on the layout, each with the mark that such a layout has."""


class LinedTag(str):
    """The tag of an element's first children, with the `lines` of the element's inline content."""

    __slots__ = ("lines",)
    lines: str


class ScatteredTag(LinedTag):
    """A tag whose children are not adjacent, with their indexes in the parent as `places`."""

    __slots__ = ("places",)
    places: Sequence[int]


def is_attribute(name: str) -> bool:
    """Return whether a member of an element is an attribute."""
    return name.startswith(ATTRIBUTE)


def child_tags(value: Mapping[str, Json]) -> list[str]:
    """Return the tags of an element's children in order, each as often as it occurs.

    If children were removed, the others close the gaps.
    """
    scattered: dict[int, str] = {}
    together: list[str] = []
    for tag in filter(_is_tag, value):
        if isinstance(tag, ScatteredTag):
            scattered.update(dict.fromkeys(tag.places, str(tag)))
        else:
            together.extend(repeat(tag, _count(value[tag])))
    free = filterfalse(scattered.__contains__, count())
    placed = {**scattered, **dict(zip(free, together, strict=False))}
    return list(map(placed.__getitem__, sorted(placed)))


def _is_tag(name: str) -> bool:
    """Return whether a member of an element has its children with one tag."""
    return name != TEXT and not is_attribute(name)


def lines_in(value: Json) -> str:
    """Return the lines of an HTML element with inline content, or an empty text."""
    if type(value) is not dict:
        return ""
    return "".join(getattr(tag, "lines", "") for tag in value)


def _count(children: Json) -> int:
    """Return how many children a member has."""
    return len(children) if isinstance(children, list) else 1


def body_of(kind: str, raw: bytes, markup: Markup) -> Body:
    """Return a document as a body in its own layout."""
    body = Body(kind=kind, raw=raw, structured=True, markup=markup, outline=markup.outline)
    return _laid_out(body, markup.layout)


def bodies_in_one_layout(a: Body, b: Body) -> tuple[Body, Body]:
    """Return two documents in one layout.

    What is repeated or has attributes in one of them is laid out like that in both.
    """
    first, second = alike((a, b))
    return first, second


def alike(documents: Sequence[Body]) -> list[Body]:
    """Return documents in one layout, which combines those of all of them.

    Tags that differ only by convention, such as `<Inv>` and `<inv>`, share a layout.  So do equal
    elements below another root, or with one more element around them.
    """
    layouts = list(map(attrgetter("layout"), documents))
    paths = list(dict.fromkeys(chain.from_iterable(layouts)))
    known = dict(zip(paths, map(path_without_convention, paths), strict=True))
    same = same_elements([map(known.__getitem__, layout) for layout in layouts])
    leaders = {path: same[name] for path, name in known.items()}
    marked: defaultdict[JsonPath, int] = defaultdict(int)
    for path, marks in chain.from_iterable(map(methodcaller("items"), layouts)):
        marked[leaders[path]] |= marks
    union = {path: marked[leader] for path, leader in leaders.items()}
    return list(map(_laid_out, documents, repeat(union)))


def _laid_out(body: Body, layout: Layout) -> Body:
    """Return a document with its value in a layout."""
    if body.markup is None or body.layout == layout:
        return body
    return replace(body, value=_value(body.markup.root, (), layout), layout=layout)


def own_path(markup: Markup, path: JsonPath) -> JsonPath:
    """Return a path in a shared layout as the document's own layout spells it.

    Without `[*]` for a tag that the document does not repeat, and without `#text` for an element
    with only text.
    """
    tags: JsonPath = ()
    found: list[Segment] = []
    for step in path:
        if _is_step_to_a_tag(step):
            tags = (*tags, step)
        needed = _SHOWN_BY.get(step, 0)
        marks = markup.layout.get(tags, needed)
        if marks & needed == needed:
            found.append(step)
    return tuple(found)


def own_value(markup: Markup, path: JsonPath, value: Json) -> Json:
    """Return a value in a shared layout as the document's own layout has it.

    A list for a tag that the document does not repeat becomes its only element, and an element with
    only text becomes that text.
    """
    tags = tuple(filter(_is_step_to_a_tag, path))
    is_text = path[-1:] == (TEXT,)
    is_of_attribute = any(map(is_attribute, tags[-1:]))
    if is_text or is_of_attribute:
        return value
    return _own_value(markup.layout, tags, value)


def _is_step_to_a_tag(step: Segment) -> TypeGuard[str]:
    """Return whether a step of a path is a tag, or an attribute."""
    return isinstance(step, str) and step != TEXT


def _own_value(layout: Layout, tags: JsonPath, value: Json) -> Json:
    """Return a value at a path of tags as a layout has it."""
    marks = layout.get(tags, 0)
    if isinstance(value, list):
        elements = list(map(_own_value, repeat(layout), repeat(tags), value))
        is_repeated = marks & REPEATED
        if len(elements) == 1 and not is_repeated:
            return elements[0]
        return elements
    if not isinstance(value, dict):
        return value
    if not marks & STRUCTURED:
        # An element with only text that has other members is a decoded token
        is_text_alone = value.keys() <= {TEXT}
        return value.get(TEXT, "") if is_text_alone else value
    children = {
        name: _own_value(layout, (*tags, str(name)), value[name]) for name in filter(_is_tag, value)
    }
    own = {**value, **children}
    if not marks & WORDED:
        own.pop(TEXT, None)
    return own


def path_in(layout: Layout, path: JsonPath) -> JsonPath:
    """Return a path with `[*]` after each tag that a layout repeats."""
    tags: JsonPath = ()
    found: list[Segment] = []
    for step in path:
        of_list = bool(layout.get(tags, 0) & REPEATED) and found[-1] is not ANY_ELEMENT
        if of_list and step is not ANY_ELEMENT:
            found.append(ANY_ELEMENT)
        if isinstance(step, str):
            tags = (*tags, step)
        found.append(step)
    return tuple(found)


def _value(element: Element, path: JsonPath, layout: Layout) -> Json:
    """Return an element as a value; the nesting is limited by MAX_DEPTH."""
    marks = layout[path]
    text = element.text()
    is_apart = are_texts_apart(marks)
    is_text_alone = text and is_apart and not element.is_structured
    if is_text_alone or not marks & STRUCTURED:
        return text
    value: dict[str, Json] = dict(element.attributes)
    names = _names_of_children(element, marks)
    for tag, child in element.children:
        below = (*path, tag)
        laid_out = _value(child, below, layout)
        name = names.get(tag, tag)
        if layout[below] & REPEATED:
            value.setdefault(name, []).append(laid_out)
        else:
            value[name] = laid_out
    if marks & WORDED and not is_apart:
        value[TEXT] = text
    return value


def _names_of_children(element: Element, marks: int) -> Mapping[str, str]:
    """Return by tag the member names that carry more than the tag: indexes or lines."""
    names: dict[str, LinedTag] = {}
    if marks & SCATTERED:
        names.update(_scattered(list(map(itemgetter(0), element.children))))
    lines = inline_spaces.inline_lines_of(element)
    if lines:
        first, _ = element.children[0]
        names.setdefault(first, LinedTag(first)).lines = lines
    return names


def _scattered(tags: Sequence[str]) -> dict[str, ScatteredTag]:
    """Return the tags whose children are not adjacent, with the indexes of these."""
    runs = Counter(map(itemgetter(0), groupby(tags)))
    places = positions_by(tags)
    found: dict[str, ScatteredTag] = {}
    for tag, times in runs.items():
        if times > 1:
            found[tag] = ScatteredTag(tag)
            found[tag].places = places[tag]
    return found
