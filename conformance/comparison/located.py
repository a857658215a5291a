"""Findings with the elements of lists that show them, if all runtimes identify these alike."""

from collections.abc import Hashable
from itertools import takewhile
from operator import itemgetter

from msgspec import Struct

from conformance.comparison.finding_values import steps_to
from conformance.model.finding import Finding
from conformance.model.json_path import ANY_ELEMENT, ANY_MEMBER


class Located(Struct, frozen=True):
    """A finding, and the names of the elements in which it was seen.

    - `after_the_cut`: only the rest of a stream shows it, after the point where another was cut.
    - `of_extra`: only extra elements of longer lists show it.
    """

    finding: Finding
    elements: frozenset[Hashable] = frozenset()
    after_the_cut: bool = False
    of_extra: bool = False


def changes_beside(located: Located, other: Located) -> bool:
    """Return whether all elements that show one finding also show the other one.

    Only lists that contain both places count.  Findings of two steps, or of places without a common
    list, have no elements to compare: then the result is true.
    """
    if located.finding.step != other.finding.step:
        return True
    depth = _common_lists(located.finding.place, other.finding.place)
    return _above(located.elements, depth) <= _above(other.elements, depth)


def _common_lists(place: str, other: str) -> int:
    """Return the number of lists and maps that contain both places."""
    steps = zip(steps_to(place), steps_to(other), strict=False)
    in_common = takewhile(lambda both: both[0] == both[1], steps)
    return sum(map({ANY_ELEMENT, ANY_MEMBER}.__contains__, map(itemgetter(0), in_common)))


def _above(elements: frozenset[Hashable], depth: int) -> set[Hashable]:
    """Return the elements cut to the first `depth` indexes.

    A name that is not a path of indexes is kept.
    """
    if not depth:
        return set()
    above: set[Hashable] = set()
    for element in elements:
        above.add(element[:depth] if isinstance(element, tuple) else element)
    return above
