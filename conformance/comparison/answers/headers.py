"""The header facet: two answers differ where the facts that were read from their header fields do."""

from collections.abc import Iterator
from typing import Final

from conformance.comparison.answers.answer import ReadAnswer, Terms, are_errors
from conformance.comparison.difference import DIFFERS, Difference, as_fact, at_one_place
from conformance.comparison.idioms.errors import problem_document
from conformance.comparison.idioms.headers import HEADER_NAME_CASE, header_idiom, name_cases
from conformance.model.finding import DifferenceKind, Facet

_PROBLEM: Final = "application/problem+json"
Names = tuple[tuple[str, str], ...]
"""Header names in lower case, each with its spelling as it was sent."""


def header_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    """Yield the differences between the compared header fields of two answers."""
    if a.header.facts != b.header.facts:
        yield from _fact_differences(a, b, terms)
    if not terms.by_value:
        return
    first, second = a.header, b.header
    if first.facts[-1] == second.facts[-1] and first.target != second.target:
        yield _difference("location", (DIFFERS, DIFFERS), (first.location or "", second.location or ""), Facet.VALUE)
    for (name, x), (_, y) in zip(first.named, second.named, strict=True):
        if x is not None and y is not None and x != y:
            yield _difference(name, (DIFFERS, DIFFERS), (x, y), Facet.VALUE)
    yield from _name_differences(first.names, second.names)


def _name_differences(a: Names, b: Names) -> Iterator[Difference]:
    """Yield the header names that the case names and the sides send with other capitals."""
    there = dict(b)
    for name, sent in a:
        other = there.get(name, sent)
        if other != sent:
            place, facts = f"header {name}", name_cases(sent, other)
            idiom = HEADER_NAME_CASE.name
            yield at_one_place(DifferenceKind.NOTE, Facet.HEADERS, place, facts, (sent, other), idiom=idiom)


def _fact_differences(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> Iterator[Difference]:
    same_media = a.header.media == b.header.media
    for (field, a_fact), (_, b_fact) in zip(a.header.facts, b.header.facts, strict=True):
        if a_fact == b_fact or (field == "content-type;charset" and not same_media):
            continue
        if field.startswith("content-type") and _shown_by_the_bodies(a, b, terms):
            continue
        facts = (a_fact, b_fact)
        yield _difference(field, facts, facts, Facet.HEADERS, header_idiom(field, a_fact, b_fact))


def _shown_by_the_bodies(a: ReadAnswer, b: ReadAnswer, terms: Terms) -> bool:
    """Tell whether the bodies differ in what their media types say: then that is one difference, and theirs.

    Of the same bytes under two labels only the label differs.
    """
    if a.body.kind != b.body.kind:
        return a.body.raw != b.body.raw
    if _PROBLEM not in {a.header.media, b.header.media} or a.body.kind != "JSON" or not are_errors(a, b):
        return False
    first, second = [a.body.value], [b.body.value]
    claimed = problem_document(first, second) or problem_document(second, first)
    return claimed is not None and not terms.loosening.accepts(first, second, ((), ()), paired=terms.by_value)


def _difference(
    field: str, facts: tuple[str, str], values: tuple[str, str], facet: Facet, idiom: str | None = None
) -> Difference:
    facts = (as_fact(facts[0]), as_fact(facts[1]))
    return at_one_place(DifferenceKind.HEADER, facet, f"header {field}", facts, values, idiom=idiom)
