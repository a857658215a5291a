"""Texts of markup that stand in another element: what differs is the elements, and no text.

So `<body>Hi</body>` beside `<body><p>Hi</p></body>` is a `<p>` that one lacks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, filterfalse
from operator import attrgetter

from conformance.comparison.bodies.markup import TEXT, is_attribute
from conformance.comparison.difference import Difference, Occurrence
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.stops import Paths
from conformance.grouped import grouped
from conformance.model.finding import DifferenceKind


def without_moved_texts(differences: Sequence[Difference]) -> Sequence[Difference]:
    """Return the differences of two documents without those of texts that were only moved.

    They were where both elements hold the same words, with those of all children that only one has.
    """
    of_children = filter(attrgetter("tells_presence"), differences)
    children = defaultdict(list, grouped(of_children, _parent))

    def is_moved(each: Difference) -> bool:
        return _is_of_text(each) and _hold_the_same_words(each, children[_parent(each)])

    return list(filterfalse(is_moved, differences))


def _parent(difference: Difference) -> Paths | None:
    """Return the places of the elements that hold what differs."""
    if difference.paths is None:
        return None
    first, second = difference.paths
    return first[:-1], second[:-1]


def _is_of_text(difference: Difference) -> bool:
    if difference.paths is None or difference.name != DifferenceKind.VALUE.value:
        return False
    path, _ = difference.paths
    return path[-1:] == (TEXT,)


def _hold_the_same_words(text: Difference, children: Sequence[Difference]) -> bool:
    """Return whether each element holds the same words, some in children that only one side has."""
    of_all = chain.from_iterable(map(attrgetter("occurrences"), (text, *children)))
    by_element = grouped(of_all, attrgetter("element"))
    return all(_moves_words(seen, by_element[seen.element]) for seen in text.occurrences)


def _moves_words(text: Occurrence, of_element: Sequence[Occurrence]) -> bool:
    """Return whether an element with other words of its own has the same ones with its children."""
    if _words([text.a]) == _words([text.b]):  # in another order, or with other white space
        return False
    return _words(map(attrgetter("a"), of_element)) == _words(map(attrgetter("b"), of_element))


def _words(values: Iterable[Json]) -> Counter[str]:
    return Counter(chain.from_iterable(map(str.split, chain.from_iterable(map(_texts, values)))))


def _texts(value: Json) -> Iterator[str]:
    """Yield the texts of an element; elements nest no deeper than markup may."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_texts, value))
    elif isinstance(value, dict):
        names = filterfalse(is_attribute, value)
        yield from chain.from_iterable(map(_texts, map(value.__getitem__, names)))
