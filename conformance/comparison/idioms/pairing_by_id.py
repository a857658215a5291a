"""Elements of two lists that belong together because one member of theirs identifies them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, repeat
from operator import methodcaller
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.idioms.member_names import normalised, words_of
from conformance.comparison.values.columns import members_of
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.numbered_elements import without_numbers
from conformance.comparison.values.objects import equal_members
from conformance.comparison.values.own_ids import is_of_ids, is_of_names

_ID_TYPES: Final = frozenset({str, int})
_ENOUGH_ORDERS: Final = 20
"""So many members that each put the elements in an order of their own, and none of them for a
reason, are data.
"""
_Objects = Sequence[Mapping[str, Json]]
_Id = str | int | None


def order_by_id(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return the order that aligns a list's objects with another's by equal ids, or None.

    The member that identifies them is a text or an integer, and no two of a list have the same;
    both lists have the same of them, however these are written.  All elements have it, or those
    without an id belong to those without one in their order.  Elements that it puts together have
    something in common besides, or those at one index have nothing in common either.  A name need
    only put together what has as much in common as what stands at one index, any other member what
    has more.  Where none does, an id or a name tells the elements all the same, unless most of what
    else they have is equal at one index: then the ids were exchanged. None, too, where the lists
    are in one order.  What only numbers the elements is nothing that they have in common.
    """
    if len(x) != len(y) or {*map(type, x), *map(type, y)} != {dict}:
        return None
    here = list(range(len(x)))
    common = _Common(*_without_numbers(x, y))
    by_its_name: list[int] | None = None
    for name, order in _orders(x, y):
        # in one order by an id: nothing was moved, whatever other members say
        if order == here:
            if is_of_ids(name):
                return None
            continue
        at_one_index = common.in_order(here, name)
        if _identifies(name, common.in_order(order, name), at_one_index):
            return order
        # ids that were exchanged would leave most members equal at one index
        if by_its_name is None and _is_of_identity(name) and not common.is_most(at_one_index):
            by_its_name = order
        if common.orders > _ENOUGH_ORDERS:
            break
    return by_its_name


def _without_numbers(x: list[Json], y: list[Json]) -> tuple[_Objects, _Objects]:
    """Return the elements without what only numbers them; ids may be the things' own."""
    bare = without_numbers(x, y)
    if bare is None or bare.called_as_ids:
        return x, y
    return bare.x, bare.y


def _identifies(name: str, moved: int, at_one_index: int) -> bool:
    """Return whether a member identifies elements, given what has how much in common."""
    if is_of_ids(name):
        return moved > 0 or not at_one_index
    if is_of_names(name):
        return moved >= at_one_index
    return moved > at_one_index


def _is_of_identity(name: str) -> bool:
    return is_of_ids(name) or is_of_names(name)


def _orders(x: _Objects, y: _Objects) -> Iterator[tuple[str, list[int]]]:
    """Yield members that may identify elements, those named so first, each with its order.

    The order is the one that it puts the elements in.
    """
    others = (*_names(y), *y[0])
    in_other = dict(zip(map(normalised, others), others, strict=True))
    names = sorted(_names(x), key=lambda name: (not is_of_ids(name), len(words_of(name)), name))
    for name in names:
        check()
        other_name = in_other.get(normalised(name), name)
        order = _order_of_ids(_ids(x, name), _ids(y, other_name))
        if order is not None:
            yield name, order


def _order_of_ids(ids: list[_Id], others: list[_Id]) -> list[int] | None:
    """Return the order that puts the same ids side by side; None where it says nothing.

    Numbers that both sides have in one order say nothing: they may count the elements.
    """
    places = dict(zip(others, count(), strict=False))
    is_ambiguous = None in ids or len(places) < len(others)
    if is_ambiguous or places.keys() != set(ids):
        return None
    order = list(map(places.__getitem__, ids))
    are_texts = set(map(type, ids)) == {str}
    if order == sorted(order) and not are_texts:
        return None
    return order


def _names(elements: _Objects) -> dict[str, None]:
    """Return what may identify elements: the names that the first has, and those of ids."""
    others = members_of(elements)
    return dict.fromkeys((*elements[0], *filter(is_of_ids, others)))


def _ids(elements: _Objects, name: str) -> list[_Id]:
    """Return what identifies each element: its id as text, or its number among those without one.

    None where something else stands there, or where nothing does and no id is expected.
    """
    values = members_of(elements).get(name, [])
    if len(values) < len(elements):
        values = list(map(methodcaller("get", name), elements))
    if _ID_TYPES.issuperset(map(type, values)):
        return list(map(str, values))
    numbers: Iterator[int | None] = count() if is_of_ids(name) else repeat(None)
    ids: list[_Id] = []
    for value in values:
        number = next(numbers) if value is None else None
        ids.append(str(value) if type(value) in _ID_TYPES else number)
    return ids


class _Common:
    """Counts the members that are equal in the elements of two lists that an order pairs."""

    def __init__(self, x: _Objects, y: _Objects) -> None:
        self._x = x
        self._y = y
        self._counts: dict[tuple[int, ...], tuple[int, Counter[str]]] = {}

    @property
    def orders(self) -> int:
        """Return how many orders were looked at."""
        return len(self._counts)

    def in_order(self, order: Sequence[int], leaving_out: str) -> int:
        """Return how many members are equal, that one aside.

        The elements are compared once for each order.
        """
        key = tuple(order)
        if key not in self._counts:
            counts = Counter(self._equal(order))
            self._counts[key] = counts.total(), counts
        total, by_name = self._counts[key]
        return total - by_name[leaving_out]

    def is_most(self, count: int) -> bool:
        """Return whether so many are more than half of all members, those of one name aside."""
        return 2 * count > sum(map(len, self._x)) - len(self._x)

    def _equal(self, order: Sequence[int]) -> Iterator[str]:
        """Yield the name of each member that is equal in two elements."""
        for element, at in zip(self._x, order, strict=True):
            check()
            yield from equal_members(element, self._y[at])
