"""Pairs of elements of two lists that belong together because one member identifies them."""

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
from conformance.comparison.values.own_ids import (
    TEXTS_AND_NUMBERS,
    as_text,
    is_of_ids,
    is_of_names,
)

_ENOUGH_ORDERS: Final = 20
"""How many members may give different orders without identifying the elements; after these, the
other members are not tried."""
_Objects = Sequence[Mapping[str, Json]]
_Id = str | int | None


def order_by_id(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return for each object of `x` the index in `y` of the object with the same id, or None.

    The member with the ids holds a text or a number, unique in its list; both lists have the same
    ids, in any spelling.  Elements without an id are paired in their order.  To count as the
    identity, a member must pair elements that have enough other members in common: an id any, or
    none if those at one index have none either; a name as many as those at one index; any other
    member more.  Where no member does, the order by an id or a name is still used, unless most
    members are equal at one index: then the ids were exchanged.  None also if an id pairs the lists
    in their own order.  A member that only numbers the elements does not count as equal.
    """
    if len(x) != len(y) or {*map(type, x), *map(type, y)} != {dict}:
        return None
    here = list(range(len(x)))
    common = _Common(*_without_numbers(x, y))
    by_its_name: list[int] | None = None
    for name, order in _orders(x, y):
        # the ids are in one order: nothing was moved, whatever other members suggest
        if order == here:
            if is_of_ids(name):
                return None
            continue
        at_one_index = common.in_order(here, name)
        if _identifies(name, common.in_order(order, name), at_one_index):
            return order
        # if the ids were exchanged, most members are still equal at one index
        if by_its_name is None and _is_of_identity(name) and not common.is_most(at_one_index):
            by_its_name = order
        if common.orders > _ENOUGH_ORDERS:
            break
    return by_its_name


def _without_numbers(x: list[Json], y: list[Json]) -> tuple[_Objects, _Objects]:
    """Return the elements without members that only number them, unless these are named as ids."""
    bare = without_numbers(x, y)
    if bare is None or bare.called_as_ids:
        return x, y
    return bare.x, bare.y


def _identifies(name: str, moved: int, at_one_index: int) -> bool:
    """Return whether a member identifies elements, given the numbers of equal members in pairs.

    `moved` is the number for pairs by this member, `at_one_index` that for pairs by index.
    """
    if is_of_ids(name):
        return moved > 0 or not at_one_index
    if is_of_names(name):
        return moved >= at_one_index
    return moved > at_one_index


def _is_of_identity(name: str) -> bool:
    return is_of_ids(name) or is_of_names(name)


def _orders(x: _Objects, y: _Objects) -> Iterator[tuple[str, list[int]]]:
    """Yield the members that may identify elements, ids first, each with the order it gives."""
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
    """Return the order that pairs equal ids, or None.

    None also for numbers that both sides have in one order: they may count the elements.
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
    """Return the members that may identify elements: all of the first element, and ids of any."""
    others = members_of(elements)
    return dict.fromkeys((*elements[0], *filter(is_of_ids, others)))


def _ids(elements: _Objects, name: str) -> list[_Id]:
    """Return each element's id as text; an element without one gets its number among those without.

    None for any other value, and for a missing one where the member is not named as an id.
    """
    values = members_of(elements).get(name, [])
    if len(values) < len(elements):
        values = list(map(methodcaller("get", name), elements))
    if TEXTS_AND_NUMBERS.issuperset(map(type, values)):
        return list(map(as_text, values))
    numbers: Iterator[int | None] = count() if is_of_ids(name) else repeat(None)
    ids: list[_Id] = []
    for value in values:
        number = next(numbers) if value is None else None
        ids.append(as_text(value) if type(value) in TEXTS_AND_NUMBERS else number)
    return ids


class _Common:
    """Counts the equal members of elements that an order pairs."""

    def __init__(self, x: _Objects, y: _Objects) -> None:
        self._x = x
        self._y = y
        self._counts: dict[tuple[int, ...], tuple[int, Counter[str]]] = {}

    @property
    def orders(self) -> int:
        """Return the number of orders that were counted."""
        return len(self._counts)

    def in_order(self, order: Sequence[int], leaving_out: str) -> int:
        """Return how many members are equal in an order, not counting those named `leaving_out`.

        Each order is counted once.
        """
        key = tuple(order)
        if key not in self._counts:
            counts = Counter(self._equal(order))
            self._counts[key] = counts.total(), counts
        total, by_name = self._counts[key]
        return total - by_name[leaving_out]

    def is_most(self, count: int) -> bool:
        """Return whether `count` is over half of all members, not counting one in each element."""
        return 2 * count > sum(map(len, self._x)) - len(self._x)

    def _equal(self, order: Sequence[int]) -> Iterator[str]:
        """Yield the name of each member that is equal in two paired elements."""
        for element, at in zip(self._x, order, strict=True):
            check()
            yield from equal_members(element, self._y[at])
