"""Drop differences of texts in markup that only moved to another element.

In `<body>Hi</body>` beside `<body><p>Hi</p></body>`, the difference is the `<p>`, not the text.
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
    """Return the differences of two documents without those of texts that only moved.

    A text only moved if both elements have the same words once their children are included.
    """
    of_children = filter(attrgetter("is_of_presence"), differences)
    children = defaultdict(list, grouped(of_children, _parent))

    def is_moved(each: Difference) -> bool:
        return _is_of_text(each) and _hold_the_same_words(each, children[_parent(each)])

    return list(filterfalse(is_moved, differences))


def _parent(difference: Difference) -> Paths | None:
    """Return the paths of the elements that contain a difference, or None."""
    if difference.paths is None:
        return None
    first, second = difference.paths
    return first[:-1], second[:-1]


def _is_of_text(difference: Difference) -> bool:
    """Return whether a difference is one in an element's own text (`#text`)."""
    if difference.paths is None or difference.name != DifferenceKind.VALUE.value:
        return False
    path, _ = difference.paths
    return path[-1:] == (TEXT,)


def _hold_the_same_words(text: Difference, children: Sequence[Difference]) -> bool:
    """Return whether in each place both elements contain the same words, children included.

    `children` are the differences of children that only one side has.
    """
    of_all = chain.from_iterable(map(attrgetter("occurrences"), (text, *children)))
    by_element = grouped(of_all, attrgetter("element"))
    return all(_moves_words(seen, by_element[seen.element]) for seen in text.occurrences)


def _moves_words(text: Occurrence, of_element: Sequence[Occurrence]) -> bool:
    """Return whether two elements have different words, but the same ones with their children."""
    if _words([text.a]) == _words([text.b]):  # the same words: nothing moved
        return False
    return _words(map(attrgetter("a"), of_element)) == _words(map(attrgetter("b"), of_element))


def _words(values: Iterable[Json]) -> Counter[str]:
    """Return how often each word occurs in some values."""
    return Counter(chain.from_iterable(map(str.split, chain.from_iterable(map(_texts, values)))))


def _texts(value: Json) -> Iterator[str]:
    """Yield the texts of an element and its children, without attributes.

    The depth of markup is limited, so the recursion is.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_texts, value))
    elif isinstance(value, dict):
        names = filterfalse(is_attribute, value)
        yield from chain.from_iterable(map(_texts, map(value.__getitem__, names)))
