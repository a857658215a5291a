"""Walk over two structured bodies, with the idioms and places that their kind has."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import repeat
from operator import add, attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms, hold_errors
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.cells import HEADER
from conformance.comparison.bodies.events import EVENTS, texts_apart
from conformance.comparison.bodies.html import HTML
from conformance.comparison.bodies.kind_names import FORM, MULTIPART, TABLE
from conformance.comparison.bodies.reading import have_idioms, types_in
from conformance.comparison.bodies.unnamed_columns import (
    has_unnamed_columns,
    of_unlike_widths,
    single_column_tables,
)
from conformance.comparison.bodies.xml import XML
from conformance.comparison.difference import Difference
from conformance.comparison.identities.paths import OwnName
from conformance.comparison.idioms.catalogue import (
    IDIOMS,
    IN_ERRORS,
    OF_ERROR_FORMS,
    OF_FORMS,
    OF_HTML,
    OF_OTHERS,
    OF_RANGES,
    OF_TABLES,
    OF_XML,
    OF_XML_ERRORS,
)
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.values.lossless_json import MINUS_ZERO, Json
from conformance.comparison.values.side import SentSide
from conformance.comparison.values.walk import Walk
from conformance.model.case import CompareLevel
from conformance.model.finding import Facet
from conformance.model.json_path import JsonPath

_FORMS: Final = frozenset({FORM, MULTIPART})
"""Kinds of body whose values are texts that a form holds."""


def walked(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Walk:
    """Return the finished walk over two bodies."""
    walk = _walk(a, b, terms)
    for first, second in _side_by_side(a, b, terms):
        walk.compare_sides(first, second)
    return walk


def _side_by_side(
    a: ReadAnswer, b: ReadAnswer, terms: Terms
) -> Iterator[tuple[SentSide, SentSide]]:
    """Yield what is walked: both whole bodies, or by shape the unnamed columns of two tables."""
    own_name, other_own_name = terms.identities.own_names
    if terms.by_value or not _are_without_header(a, b):
        yield _root(a.body, own_name, terms.at), _root(b.body, other_own_name, terms.at)
        return
    columns = map(_columns, (a.body, b.body), terms.identities.own_names, repeat(terms.at))
    yield from zip(*columns, strict=False)


def _are_without_header(a: ReadAnswer, b: ReadAnswer) -> bool:
    """Return whether both bodies are tables without a header."""
    return all(map(has_unnamed_columns, (a.body, b.body)))


def _columns(body: Body, own_name: OwnName | None, at: JsonPath) -> Iterator[SentSide]:
    """Yield the columns of a table, each with the values that were sent."""
    both = zip(
        single_column_tables(body.value), single_column_tables(body.as_sent.value), strict=True
    )
    return (SentSide([value], at, [sent], own_name=own_name) for value, sent in both)


def _walk(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Walk:
    """Return a walk that has not begun, set up for two bodies."""
    return Walk(
        terms.level,
        terms.loosening,
        terms.numbers,
        _idioms(a, b),
        terms.identities,
        terms.stops,
        MINUS_ZERO in a.body.notes and MINUS_ZERO in b.body.notes,
        terms.forms,
        _at_path(terms.at, types_in(a.body)),
        frozenset(map(add, repeat(terms.at), _tokens_in_others(a.body, b.body))),
        terms.at,
    )


def _at_path(at: JsonPath, place: JsonPath | None) -> JsonPath | None:
    """Return a place in bodies at a path; None if there is none."""
    return None if place is None else at + place


def _tokens_in_others(a: Body, b: Body) -> AbstractSet[JsonPath]:
    """Return the paths of decoded tokens in bodies that are otherwise not compared as JSON."""
    is_as_json = have_idioms(a, b) and a.kind != TABLE
    if is_as_json:
        return frozenset()
    return a.tokens


def of_kind(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield differences that are shape in one kind of body only, if values are not compared."""
    if terms.by_value:
        return
    yield from _of_columns(a, b, terms)
    texts = texts_apart(a.body, b.body) if a.body.kind == EVENTS else None
    yield from _of_shape(a, b, texts, terms) if texts else ()


def _of_columns(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield how the columns of two tables differ in number or name."""
    if a.body.kind != TABLE:
        return
    if _are_without_header(a, b):
        unlike = of_unlike_widths(a.body.value, b.body.value)
        if unlike is not None:
            yield from _of_shape(a, b, unlike, terms)
        return
    first, second = a.body.value.get(HEADER), b.body.value.get(HEADER)
    # A header that one side lacks is a difference of members already
    names = {HEADER: first or second}, {HEADER: second or first}
    yield from _of_shape(a, b, names, terms)


def _of_shape(
    a: ReadAnswer, b: ReadAnswer, parts: tuple[Json, Json], terms: Terms
) -> Iterator[Difference]:
    """Yield the differences in value of two parts of bodies, as differences of shape."""
    walk = _walk(a, b, replace(terms, level=CompareLevel.VALUE))
    walk.compare_sides(*(SentSide([part], terms.at) for part in parts))
    yield from map(partial(replace, facet=Facet.SHAPE), walk.differences)


def _root(body: Body, own_name: OwnName | None, at: JsonPath) -> SentSide:
    """Return a whole body as one side of a walk."""
    sent = [body.sent.value] if body.sent else None
    return SentSide([body.value], at, sent, own_name=own_name)


def _idioms(a: ReadAnswer, b: ReadAnswer) -> tuple[Idiom, ...]:
    """Return the idioms to look for in two bodies."""
    both_are_errors = hold_errors(a, b)
    if a.body.kind == XML.name:
        return (OF_XML, OF_XML_ERRORS)[both_are_errors]
    if not have_idioms(a.body, b.body):
        if any(map(attrgetter("is_range"), a.body.parts + b.body.parts)):
            return OF_RANGES
        of_forms = (OF_FORMS, OF_ERROR_FORMS)[both_are_errors]
        by_kind = {HTML.name: OF_HTML, **dict.fromkeys(_FORMS, of_forms)}
        return by_kind.get(a.body.kind, OF_OTHERS)
    idioms = IN_ERRORS if both_are_errors else IDIOMS
    is_table = a.body.kind == TABLE
    return (*OF_TABLES, *idioms) if is_table else idioms
