"""Findings with the elements of lists that show them.

The elements are given as far as they can be distinguished in all runtimes.
"""

from collections.abc import Hashable
from itertools import takewhile
from operator import itemgetter

from msgspec import Struct

from conformance.comparison.shown_in_findings import steps_to
from conformance.model.finding import Finding
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER


class Located(Struct, frozen=True):
    """A finding, and the names of the elements in which it was seen.

    `after_the_cut` says that only a stream shows it that went on where another one was cut,
    `of_extra` that only extra elements of longer lists show it.
    """

    finding: Finding
    elements: frozenset[Hashable] = frozenset()
    after_the_cut: bool = False
    of_extra: bool = False


def changes_beside(located: Located, other: Located) -> bool:
    """Return whether all elements in which the one finding was seen also show the other one.

    Only lists that both places stand in count.  Findings of two steps, or of places in no common
    list, have no elements to hold against each other.
    """
    if located.finding.step != other.finding.step:
        return True
    depth = _common_lists(located.finding.place, other.finding.place)
    return _above(located.elements, depth) <= _above(other.elements, depth)


def _common_lists(place: str, other: str) -> int:
    """Return how many lists and maps two places stand in together."""
    steps = zip(steps_to(place), steps_to(other), strict=False)
    in_common = takewhile(lambda both: both[0] == both[1], steps)
    return sum(map({ANY_ELEMENT, ANY_MEMBER}.__contains__, map(itemgetter(0), in_common)))


def _above(elements: frozenset[Hashable], depth: int) -> set[Hashable]:
    """Return the elements of the first so many lists.

    A name that is no path of indexes stands for itself.
    """
    if not depth:
        return set()
    above: set[Hashable] = set()
    for element in elements:
        above.add(element[:depth] if isinstance(element, tuple) else element)
    return above
