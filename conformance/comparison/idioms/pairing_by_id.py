"""Elements of two lists that belong together because one member of theirs identifies them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from conformance.comparison.idioms.member_names import words_of
from conformance.comparison.values.lossless_json import Json, canonical
from conformance.comparison.values.own_ids import is_of_ids

_ID_TYPES: Final = frozenset({str, int})
_Objects = Sequence[Mapping[str, Json]]


def order_by_id(x: list[Json], y: list[Json]) -> list[int] | None:
    """Return the order that puts the objects of a list beside those of another one with the same ids, or None.

    The member that identifies them is in all of them, a text or an integer, and no two of a list have the same; both
    lists have the same of them.  A member that is not called as ids are must show it: elements that it puts together
    have more in common than those at one index.  None, too, where the lists are in one order.
    """
    if len(x) != len(y) or {*map(type, x), *map(type, y)} != {dict}:
        return None
    here = list(range(len(x)))
    for name, order in _orders(x, y):
        if order == here and is_of_ids(name):
            return None
        if order != here and (is_of_ids(name) or _in_common(name, x, y, order) > _in_common(name, x, y, here)):
            return order
    return None


def _orders(x: _Objects, y: _Objects) -> Iterator[tuple[str, list[int]]]:
    """Yield the members that may identify elements, those named so first, each with the order that it puts them in."""
    for name in sorted(x[0], key=lambda each: (not is_of_ids(each), len(words_of(each)), each)):
        ids, others = [value.get(name) for value in x], [value.get(name) for value in y]
        if not _ID_TYPES.issuperset({*map(type, ids), *map(type, others)}):
            continue
        places = {known: at for at, known in enumerate(others)}
        if len(places) == len(y) and places.keys() == set(ids):
            yield name, [places[known] for known in ids]


def _in_common(name: str, x: _Objects, y: _Objects, order: Sequence[int]) -> int:
    """Count the members, that one aside, which are equal in the elements that an order puts together."""
    return sum(
        canonical(value) == canonical(y[at][known])
        for element, at in zip(x, order, strict=True)
        for known, value in element.items()
        if known != name and known in y[at]
    )
