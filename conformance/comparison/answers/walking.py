"""The walk over two structured bodies: what it is given of them, and of the terms."""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms, are_errors
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.cells import HEADER
from conformance.comparison.bodies.kind_names import FORM, MULTIPART, TABLE
from conformance.comparison.bodies.reading import has_idioms, types_in
from conformance.comparison.bodies.xml import XML
from conformance.comparison.difference import Difference
from conformance.comparison.identities.paths import OwnName
from conformance.comparison.idioms.catalogue import (
    IDIOMS,
    IN_ERRORS,
    OF_ERROR_FORMS,
    OF_FORMS,
    OF_OTHERS,
    OF_TABLES,
    OF_XML,
)
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.values.lossless_json import MINUS_ZERO
from conformance.comparison.values.side import SentSide
from conformance.comparison.values.walk import Walk
from conformance.model.case import CompareLevel
from conformance.model.finding import Facet

_FORMS: Final = frozenset({FORM, MULTIPART})


def walked(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Walk:
    """Return the walk over two bodies."""
    walk = _walk(a, b, terms)
    own_name, other_own_name = terms.identities.own_names
    walk.compare_sides(_root(a.body, own_name), _root(b.body, other_own_name))
    return walk


def _walk(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Walk:
    return Walk(
        terms.level,
        terms.loosening,
        terms.numbers,
        _idioms(a, b),
        terms.identities,
        terms.stops,
        MINUS_ZERO in a.body.notes and MINUS_ZERO in b.body.notes,
        terms.forms,
        types_in(a.body),
    )


def of_columns(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield how the names of the columns of two tables differ, which by shape is no value."""
    if terms.by_value or a.body.kind != TABLE:
        return
    first, second = a.body.value.get(HEADER), b.body.value.get(HEADER)
    walk = _walk(a, b, replace(terms, level=CompareLevel.VALUE))
    # that one has none is a difference of the members
    walk.compare({HEADER: first or second}, {HEADER: second or first})
    yield from (replace(each, facet=Facet.SHAPE) for each in walk.differences)


def _root(body: Body, own_name: OwnName | None) -> SentSide:
    sent = [body.sent.value] if body.sent else None
    return SentSide([body.value], sent=sent, own_name=own_name)


def _idioms(a: ReadAnswer, b: ReadAnswer) -> tuple[Idiom, ...]:
    if a.body.kind == XML.name:
        return OF_XML
    both_are_errors = are_errors(a, b)
    if a.body.kind in _FORMS and not has_idioms(a.body):
        return OF_ERROR_FORMS if both_are_errors else OF_FORMS
    if not has_idioms(a.body):
        return OF_OTHERS
    idioms = IN_ERRORS if both_are_errors else IDIOMS
    is_table = a.body.kind == TABLE
    return (*OF_TABLES, *idioms) if is_table else idioms
