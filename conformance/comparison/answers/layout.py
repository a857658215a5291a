"""Bring two bodies into one layout, so that one walk compares them member by member.

Bodies whose labels say different kinds, but which contain the same kind, are read as that kind.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from operator import attrgetter

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms, read_in_one_layout
from conformance.comparison.bodies.body import Body
from conformance.comparison.bodies.column_names import as_tables, with_headers
from conformance.comparison.bodies.kind_names import HTML, MULTIPART, TABLE, XML
from conformance.comparison.bodies.label import NO_LABEL
from conformance.comparison.bodies.markup import alike
from conformance.comparison.bodies.multipart import parts_beside
from conformance.comparison.bodies.reading import (
    as_labelled_if_kinds_differ,
    bodies_in_one_layout,
    kind_to_read,
)
from conformance.comparison.bodies.table import by_shape
from conformance.comparison.bodies.text import read_binary
from conformance.comparison.bodies.token import with_decoded_tokens
from conformance.comparison.values.objects import picked


def in_one_layout(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> tuple[ReadAnswer, ReadAnswer]:
    """Return two answers with their bodies in one layout.

    Both documents of markup get one layout, tokens are decoded, and the pieces of streams are
    joined.
    """
    if a.is_fragment or b.is_fragment:
        # A range of bytes can only be compared with a document as bytes
        return _as_fragments(a, b)
    first, second = _read(a, b, terms)
    if first.kind != second.kind or not first.structured:
        # Bodies of different kinds, or without structure, have no layout
        return _with_bodies(a, b, first, second)
    terms.loosening.in_markup = first.markup is not None
    is_same_value = first.raw == second.raw and first.kind != TABLE
    if is_same_value and not terms.loosening.joins:
        return _with_bodies(a, b, first, second)
    laid_out = _laid_out(first, second, terms)
    first, second = with_decoded_tokens(*laid_out, terms.loosening.accepts_any_text)
    if terms.loosening.joins:
        first, second = _joined(first, second, terms)
    return _with_bodies(a, b, first, second)


def _read(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> tuple[Body, Body]:
    """Return the bodies of two answers, read as one kind if possible."""
    # Rules about bodies need every record, so none may be left out then
    if not terms.loosening.is_about_bodies:
        streams = read_in_one_layout(a, b)
        if streams is not None:
            return streams
    return as_tables(*as_labelled_if_kinds_differ(a.body, b.body_against(a.body)))


def _laid_out(a: Body, b: Body, terms: Terms) -> tuple[Body, Body]:
    """Return two bodies of one kind in one layout, as the level of the terms compares them."""
    if a.kind == MULTIPART:
        return parts_beside(a, b, partial(_parts_laid_out, terms=terms))
    laid_out = bodies_in_one_layout(a, b)
    if a.kind == TABLE:
        return with_headers(*_of_level(*laid_out, terms), (a, b))
    return laid_out


def _parts_laid_out(a: Body, b: Body, terms: Terms) -> tuple[Body, Body]:
    """Return the bodies of two parts, read as one kind if possible, and then in one layout."""
    first, second = as_tables(*as_labelled_if_kinds_differ(a, b))
    if first.kind != second.kind or not first.structured:
        return first, second
    return _laid_out(first, second, terms)


def _of_level(a: Body, b: Body, terms: Terms) -> tuple[Body, Body]:
    """Return two tables as the level of the terms compares them."""
    return (a, b) if terms.by_value else by_shape(a, b)


def _as_fragments(a: ReadAnswer, b: ReadAnswer) -> tuple[ReadAnswer, ReadAnswer]:
    """Return two answers with their bodies read as texts, or as bytes if one of them is no text."""
    first, second = a.as_fragment(), b.as_fragment()
    if first.kind == second.kind:
        return first, second
    raw, other_raw = a.answer.body, b.answer.body
    return _with_bodies(
        a,
        b,
        read_binary(raw, NO_LABEL),
        read_binary(other_raw, NO_LABEL),
    )


def _with_bodies(
    a: ReadAnswer, b: ReadAnswer, first: Body, second: Body
) -> tuple[ReadAnswer, ReadAnswer]:
    """Return two answers with these bodies."""
    return a.respelled(a.header, first), b.respelled(b.header, second)


def documents_in_one_layout(answers: Sequence[ReadAnswer]) -> list[ReadAnswer]:
    """Return the answers to a step with all documents of one kind in one layout.

    Then an element has the same path in every pair of answers.
    """
    by_kind: defaultdict[str, list[int]] = defaultdict(list)
    for at, answer in enumerate(answers):
        kind = kind_to_read(answer.header.label, answer.read_as)
        if kind in {XML, HTML} and answer.body.markup is not None:
            by_kind[kind].append(at)
    laid_out_answers = list(answers)
    for together in by_kind.values():
        bodies = alike(list(map(attrgetter("body"), picked(answers, together))))
        for at, body in zip(together, bodies, strict=True):
            laid_out_answers[at] = answers[at].respelled(answers[at].header, body)
    return laid_out_answers


def laid_out_alone(answer: ReadAnswer) -> ReadAnswer:
    """Return an answer in the layout that it has beside an equal one, with its tokens decoded."""
    first, second = bodies_in_one_layout(answer.body, answer.body)
    body, _ = with_decoded_tokens(first, second)
    return answer.respelled(answer.header, body)


def _joined(a: Body, b: Body, terms: Terms) -> tuple[Body, Body]:
    """Return two bodies with the pieces of streams joined, as the rules say."""
    first, second = terms.loosening.joined(a.value, b.value)
    return replace(a, value=first, sent=None), replace(b, value=second, sent=None)
