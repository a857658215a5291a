"""Compare the documents in the parts of two multipart bodies as bodies, at their paths."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final

from msgspec.structs import replace

from conformance.comparison.answers.answer import ReadAnswer, Terms
from conformance.comparison.bodies.documents_in_parts import (
    DocumentPair,
    documents_beside,
    without_documents,
)
from conformance.comparison.difference import Difference, printable
from conformance.comparison.finding_values import KIND
from conformance.comparison.rules.rule_paths import are_about_whole
from conformance.comparison.values.lossless_json import Json
from conformance.grouped import grouped
from conformance.model.json_path import ANY_ELEMENT, JsonPath, render_path

_ROOT: Final = "$"
_WHOLE: Final = frozenset({_ROOT, KIND})
"""The places that are a whole body, and not a place in it."""
Compare = Callable[[ReadAnswer, ReadAnswer, Terms], Iterable[Difference]]


def with_documents(
    a: ReadAnswer, b: ReadAnswer, terms: Terms, compare_parts: Compare, compare: Compare
) -> Sequence[Difference]:
    """Return the differences of two multipart bodies, with those of the documents in their parts.

    `compare_parts` compares the bodies without the documents, `compare` each pair of documents.
    """
    documents = documents_beside(
        a.body,
        b.body,
        lambda path: are_about_whole(terms.loosening.rules, (*terms.at, *path)),
        in_lists=terms.by_value,
    )
    a_alone, b_alone = (
        each.respelled(each.header, without_documents(each.body, documents)) for each in (a, b)
    )
    found = list(compare_parts(a_alone, b_alone, terms))
    for each in documents:
        found += _of_documents(a, b, each, terms, compare)
    return _merged(found)


def _of_documents(
    a: ReadAnswer, b: ReadAnswer, documents: DocumentPair, terms: Terms, compare: Compare
) -> Sequence[Difference]:
    """Return the differences of two documents, at their path in the answers."""
    at = (*terms.at, *documents.path)
    first, second = a.respelled(a.header, documents.a), b.respelled(b.header, documents.b)
    loosening = terms.loosening
    loosening.in_markup = None not in (documents.a.markup, documents.b.markup)
    try:
        found = list(compare(first, second, replace(terms, at=at)))
    finally:
        loosening.in_markup = False
    return [_in_element(_of_part(each, at), documents.indexes) for each in found]


def _of_part(difference: Difference, at: JsonPath) -> Difference:
    """Return a difference of two whole bodies as one at the path of two parts."""
    if not _WHOLE.issuperset(difference.places):
        return difference
    place = printable(render_path(at))
    return replace(difference, places=(place, place), paths=(at, at))


def _in_element(difference: Difference, indexes: tuple[int, ...]) -> Difference:
    """Return a difference with the indexes of the part before the ids of its elements."""
    seen = tuple(
        each if each.element is None else replace(each, element=(*indexes, *each.element))
        for each in difference.occurrences
    )
    return replace(difference, occurrences=seen)


def _merged(differences: Iterable[Difference]) -> Sequence[Difference]:
    """Return differences with those that several elements of a list show as one."""
    found = grouped(differences, attrgetter("kind", "places", "facts", "idiom"))
    return list(map(_as_one, found.values()))


def _as_one(alike: Sequence[Difference]) -> Difference:
    """Return differences that are alike in all but their occurrences as one."""
    occurrences = chain.from_iterable(map(attrgetter("occurrences"), alike))
    return replace(alike[0], occurrences=tuple(occurrences))


def inside(at: JsonPath, value: Json) -> Json:
    """Return a value at a path: inside objects and lists that hold nothing else."""
    for step in reversed(at):
        value = [value] if step is ANY_ELEMENT else {step: value}
    return value


def from_path(difference: Difference, at: JsonPath) -> Difference:
    """Return a difference in two bodies at a path as one with places in these bodies."""
    if not at or difference.paths is None:
        return difference
    first, second = difference.paths
    length = len(printable(render_path(at)))
    place, other = (each[length:] for each in difference.places)
    return replace(
        difference,
        paths=(first[len(at) :], second[len(at) :]),
        places=(f"{_ROOT}{place}", f"{_ROOT}{other}"),
    )


def at_path(difference: Difference, at: JsonPath) -> Difference:
    """Return a difference with places in two bodies at a path as one with their whole places."""
    if not at or difference.paths is None:
        return difference
    first, second = difference.paths
    around = printable(render_path(at))
    place, other = (each.removeprefix(_ROOT) for each in difference.places)
    return replace(
        difference,
        paths=(at + first, at + second),
        places=(f"{around}{place}", f"{around}{other}"),
    )
