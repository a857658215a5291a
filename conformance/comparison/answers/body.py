"""The body facet: compare the kinds of two bodies, and then what they contain."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, filterfalse, repeat, starmap
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.all_of_shape import (
    may_hide_shape,
    present_in_all,
    with_all_of_shape,
)
from conformance.comparison.answers.answer import ReadAnswer, Terms, are_errors
from conformance.comparison.answers.moved_texts import without_moved_texts
from conformance.comparison.answers.parts import at_path, from_path, inside, with_documents
from conformance.comparison.answers.text import binary_difference, described, text_differences
from conformance.comparison.answers.walking import of_kind, walked
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.elements import Markup
from conformance.comparison.bodies.html import HTML
from conformance.comparison.bodies.kind_names import MULTIPART, TABLE, TEXT
from conformance.comparison.bodies.label import NO_LABEL
from conformance.comparison.bodies.markup import own_path, own_value
from conformance.comparison.bodies.multipart import parts_without_structure
from conformance.comparison.bodies.text import read_any
from conformance.comparison.bodies.token import is_in_token
from conformance.comparison.difference import VALUES_DIFFER, Difference, at_one_place, printable
from conformance.comparison.idioms.bodies import OTHER_ERROR_PAGE, body_kind_idiom
from conformance.comparison.idioms.tables import is_shown_by_rows, of_uneven_rows
from conformance.comparison.values.columns import not_one_object
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json, kind_of
from conformance.comparison.values.side import MISSING
from conformance.comparison.values.stops import Stops
from conformance.model.case import CompareLevel
from conformance.model.finding import DifferenceKind, Facet
from conformance.model.json_path import JsonPath, render_path

_SMALL: Final = 64 << 10
"""Up to this many bytes a walk is about as fast as testing first whether two bodies are equal."""


def body_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterable[Difference]:
    """Return the differences of two bodies."""
    if a.has_same_body(b) and not terms.identities:
        return ()
    kinds = tuple(_kind_differences(a, b))
    if a.body.kind != b.body.kind:
        # Bodies of different kinds have no place in common
        terms.stops.stop_below((terms.at, terms.at))
        return kinds
    if a.body.kind == MULTIPART:
        return (*kinds, *with_documents(a, b, terms, _structured_differences, body_differences))
    if a.body.structured:
        return (*kinds, *_structured_differences(a, b, terms))
    return _plain_differences(a.body, b.body, terms)


def _structured_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterable[Difference]:
    """Return the differences of two structured bodies of one kind."""
    first, second = a.body, b.body
    is_worth_a_look = len(first.raw) == len(second.raw) or len(first.raw) < _SMALL
    if is_worth_a_look and _hold_the_same(first, second):
        return _spelling_difference(first, second, terms)
    compare = _by_value if terms.by_value else _walked
    differences = compare(a, b, terms)
    if terms.in_pages:
        return differences
    return _as_a_page(a, b, differences)


def _by_value(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Sequence[Difference]:
    """Return the differences of two values, or of their spelling if the values are equal."""
    first, second = a.body, b.body
    accepted_before = terms.loosening.hits.total()
    differences = _walked(a, b, terms)
    if may_hide_shape(differences, first, terms.stops, terms.at):
        uncounted = terms.loosening.uncounted()
        at_shape = replace(terms, level=CompareLevel.SHAPE, stops=Stops(), loosening=uncounted)
        of_shape = _walked(a, b, at_shape)
        terms.loosening.add_shaping(uncounted)
        bodies = inside(terms.at, first.value), inside(terms.at, second.value)
        of_all = present_in_all(differences, bodies, terms.stops)
        differences = with_all_of_shape(of_all, of_shape, terms.stops)
    # A rule that accepts two values also accepts that they are spelled differently
    accepts_nothing = terms.loosening.hits.total() == accepted_before
    if not differences and accepts_nothing:
        return list(_spelling_difference(first, second, terms))
    return differences


def _walked(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Sequence[Difference]:
    """Return the differences that a walk over two bodies finds, named as fits their kind."""
    walk = walked(a, b, terms)
    terms.stops.more += walk.more
    found = (*of_kind(a, b, terms), *walk.differences)
    in_bodies = list(map(from_path, found, repeat(terms.at)))
    named = _named_by_kind(in_bodies, a.body, b.body, by_value=terms.by_value)
    return list(map(at_path, named, repeat(terms.at)))


def _hold_the_same(a: Body, b: Body) -> bool:
    """Return whether two bodies are equal, including the order of their elements in markup."""
    if a.kind == HTML.name:  # Values do not show the white space beside inline elements
        return False
    if not _may_be_equal(a.value, b.value) or a.outline != b.outline:
        return False
    return _are_equal(a.value, b.value)


def _may_be_equal(a: Json, b: Json) -> bool:
    """Return False if the members or the length at the top already show that two values differ."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return bool(a.keys() == b.keys())
    return not isinstance(a, list) or len(a) == len(b)


def _are_equal(a: Json, b: Json) -> bool:
    """Return whether two values are equal; list elements that are one shared object are skipped."""
    are_lists = type(a) is type(b) is list
    if are_lists and len(a) == len(b):
        # Two long streams share the records that they have in common
        a, b = not_one_object(a, b)
    return canonical(a) == canonical(b)


def _named_by_kind(
    differences: Sequence[Difference], a: Body, b: Body, *, by_value: bool
) -> Sequence[Difference]:
    """Return the differences with the idioms and places of their kind of body.

    In tables, differences of the header that the rows show too are left out.  In markup, so are
    moved texts and differences of layout.
    """
    if a.kind == TABLE:
        of_rows = partial(is_shown_by_rows, a=a.value, b=b.value)
        own = filterfalse(of_rows, differences)
        return list(map(of_uneven_rows, own, repeat(a.value), repeat(b.value)))
    if a.markup is None:
        return differences
    found: list[Difference] = []
    for each in without_moved_texts(differences):
        written = _as_written(each, a, b)
        if _is_in_tokens(each, a, b) or not _is_of_layout(written, by_value=by_value):
            found.append(written)
    return found


def _is_in_tokens(difference: Difference, a: Body, b: Body) -> bool:
    """Return whether a difference is inside decoded tokens, whose contents are not markup."""
    if difference.paths is None:
        return False
    return all(map(is_in_token, difference.paths, (a.tokens, b.tokens)))


def _is_of_layout(difference: Difference, *, by_value: bool) -> bool:
    """Return whether two types differ only because documents are laid out for a third one.

    A tag that the third document repeats is laid out as a list in all of them, except where its
    name is written in another convention.
    """
    # A difference with an idiom is a difference of values
    if difference.name != DifferenceKind.TYPE.value:
        return False
    are_alike = _are_equal if by_value else _are_of_one_kind
    pairs = list(map(attrgetter("both"), difference.occurrences))
    if MISSING in chain.from_iterable(pairs):
        return False
    return all(starmap(are_alike, pairs))


def _are_of_one_kind(a: Json, b: Json) -> bool:
    """Return whether two values have the same kind."""
    return kind_of(a) == kind_of(b)


def _as_written(difference: Difference, a: Body, b: Body) -> Difference:
    """Return a difference with the places and values that each document has when laid out alone."""
    if difference.paths is None or a.markup is None or b.markup is None:
        return difference
    first, second = difference.paths
    places = _own_place(a.markup, first), _own_place(b.markup, second)
    if _is_in_tokens(difference, a, b):
        return replace(difference, places=places)
    occurrences = tuple(
        replace(
            each,
            a=own_value(a.markup, first, each.a),
            b=own_value(b.markup, second, each.b),
        )
        for each in difference.occurrences
    )
    return replace(difference, places=places, occurrences=occurrences)


def _own_place(markup: Markup, path: JsonPath) -> str:
    """Return a place in a document as the document laid out alone has it."""
    return printable(render_path(own_path(markup, path)))


def _spelling_difference(a: Body, b: Body, terms: Terms) -> Iterable[Difference]:
    """Return the difference in spelling of two equal bodies, if their labels make it count."""
    spelling_counts = all(map(attrgetter("spelling_counts"), (a, b)))
    if not spelling_counts or terms.identities:
        return ()
    # Where an address was spelled alike, the bytes differ at least there
    are_as_sent = a.sent is b.sent is None
    if not are_as_sent:
        return ()
    first, second = read_any(a.raw, NO_LABEL), read_any(b.raw, NO_LABEL)
    return _plain_differences(first, second, terms)


def _as_a_page(
    a: ReadAnswer, b: ReadAnswer, differences: Sequence[Difference]
) -> Sequence[Difference]:
    """Return the differences of two error pages as a single difference.

    They are pages of a framework, which nobody fixes element by element.  A text without elements
    that is labelled HTML is no page: beside a page, it is another kind of body.
    """
    if not differences or a.body.kind != HTML.name or not are_errors(a, b):
        return differences
    kinds = _kind_of_page(a.body), _kind_of_page(b.body)
    if HTML.name not in kinds:
        return differences
    if TEXT in kinds:
        other_kind = at_one_place(
            DifferenceKind.BODY_KIND, Facet.SHAPE, "kind", kinds, _shown(a, b)
        )
        return (other_kind,)
    of_shape = Facet.SHAPE in map(attrgetter("facet"), differences)
    page = at_one_place(
        DifferenceKind.VALUE,
        Facet.SHAPE if of_shape else Facet.VALUE,
        "$",
        VALUES_DIFFER,
        _shown(a, b),
        idiom=OTHER_ERROR_PAGE.name,
    )
    return (page,)


def _kind_of_page(body: Body) -> str:
    """Return `HTML` if a body has any element, else `text`."""
    return HTML.name if body.outline else TEXT


def _plain_differences(a: Body, b: Body, terms: Terms) -> Iterator[Difference]:
    """Yield the differences of two bodies without structure, if values are compared.

    Where identities are mixed up, they are a difference already, and nothing more is compared.
    """
    if not terms.by_value or terms.identities.mixed:
        return
    if a.kind == TEXT:
        yield from text_differences(a, b)
        return
    if a.raw != b.raw:
        yield binary_difference(a, b)


def _kind_differences(a: ReadAnswer, b: ReadAnswer) -> Iterator[Difference]:
    """Yield a difference if two bodies are of different kinds by their labels."""
    kinds = (a.body.kind_by_label, b.body.kind_by_label)
    # The same bytes under two labels differ only in the header field
    if kinds[0] == kinds[1] or a.body.raw == b.body.raw:
        return
    idiom = body_kind_idiom(a.body, b.body, errors=are_errors(a, b))
    yield at_one_place(
        DifferenceKind.BODY_KIND, Facet.SHAPE, "kind", kinds, _shown(a, b), idiom=idiom
    )


def _shown(a: ReadAnswer, b: ReadAnswer) -> tuple[str, str]:
    """Return both bodies as texts for a report."""
    return shown_body(a.body), shown_body(b.body)


def unread_kind(a: Body, b: Body, terms: Terms) -> str:
    """Return the kind of two bodies that differ but are not read at this level, else nothing.

    If only a part of them differs, it is `text of a part` or `binary of a part`.
    """
    if terms.by_value or a.raw == b.raw:
        return ""
    if a.kind == b.kind and not a.structured:
        return a.kind
    return min(_unread_parts(a, b), default="")


def _unread_parts(a: Body, b: Body) -> Iterator[str]:
    """Yield the kind of each part without structure whose bytes differ, as `text of a part`."""
    for part, other in parts_without_structure(a, b):
        if part.raw == other.raw:
            continue
        # The kind of an empty part has no meaning
        kind = part.kind if part.raw else other.kind
        yield f"{kind} of a part"


def shown_body(body: Body) -> str:
    """Return a body as text for a report; of binary data, its size and digest."""
    if body.kind_by_label == "binary":
        return described(body.raw)
    return body.raw.decode("utf-8", "backslashreplace")
