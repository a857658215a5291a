"""Common names for elements that are the same one in several runtimes' lists, at any index.

Two answers may have the elements of a list in another order.  Each pair of answers gives the index
of an element on either side; an element of three runtimes is a chain of such pairs.

A value that is in a list of one in one runtime, and bare in another, has an index on one side only.
An element that is a member of another runtime's map has a name there.  An element with an id of its
own is known by the id, and by its index in each runtime.

Lists of different lengths are aligned by the neighbours of their elements, and three alignments may
contradict each other.  So these make no chain: the name of an element is the lower of its two
indexes, whatever other runtimes are compared.
"""

from collections.abc import Hashable, Sequence
from operator import itemgetter
from typing import Final

from conformance.comparison.sides import Pair
from conformance.comparison.values.element_ids import (
    ElementId,
    OwnId,
    in_shorter,
    indexes_on_side,
    is_shifted,
    on_side,
)

_OfRuntime = tuple[int, ElementId]
"""An element in one runtime: the index of the runtime, and the id of the element there."""


_NO_RUNTIME: Final = -1


class SharedElements:
    """Gives elements names that are equal for the same element in every pair of runtimes."""

    def __init__(self, seen: Sequence[tuple[Pair, ElementId | None]]) -> None:
        self._above: dict[_OfRuntime, _OfRuntime] = {}
        with_element = [(pair, element) for pair, element in seen if element is not None]
        elements = list(map(itemgetter(1), with_element))
        has_own_ids = set(map(_has_own_id, elements))
        # If all have one index on both sides, or all an id of their own, names are equal without a
        # chain
        self._joined = any(map(_is_moved, elements)) or len(has_own_ids) > 1
        to_join = with_element if self._joined else ()
        for pair, element in to_join:
            self._join_all(pair, element)

    def name(self, pair: Pair, element: ElementId | None) -> Hashable:
        """Return the name of an element in a pair of runtimes; None for columns without any."""
        if element is None:
            return None
        if not self._joined:
            return in_shorter(element)
        return self._top(_of_each(pair, element)[0])

    def _join_all(self, pair: Pair, element: ElementId) -> None:
        """Join an element of two runtimes: by its id there, and by its index."""
        first, second = _of_each(pair, element)
        self._join(first, second)
        if not _has_own_id(element) or is_shifted(element):
            return
        for side, index in enumerate(pair):
            self._join(first, (index, indexes_on_side(element, side)))

    def _join(self, element: _OfRuntime, other: _OfRuntime) -> None:
        """Put two elements, each of one runtime, under one name."""
        first, second = self._top(element), self._top(other)
        if first != second:
            self._above[second] = first

    def _top(self, element: _OfRuntime) -> _OfRuntime:
        """Return the element whose name stands for all that were joined with this one."""
        while element in self._above:
            element = self._above[element]
        return element


def _is_moved(element: ElementId) -> bool:
    """Return whether an element has different steps on the two sides."""
    return tuple in map(type, element)


def _has_own_id(element: ElementId) -> bool:
    """Return whether any step to an element is an id that an element has itself."""
    return OwnId in map(type, element)


def _of_each(pair: Pair, element: ElementId) -> tuple[_OfRuntime, _OfRuntime]:
    """Return an element as each runtime of a pair has it.

    For an aligned element, return its name without a runtime, and with one that has this index.
    """
    first, second = pair
    if not is_shifted(element):
        return (first, on_side(element, 0)), (second, on_side(element, 1))
    name = in_shorter(element)
    having = first if on_side(element, 0) == name else second
    return (_NO_RUNTIME, name), (having, name)
