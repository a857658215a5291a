"""Pair the elements of two lists whose order has no meaning.

Two elements are partners if they have the same mark, which is made from their key or from all that
counts in them.  Elements with the same spelling are paired first, then those that are equal by
value, such as 1.5 and 1.50, and in a set last those with the most members in common.  Elements
without a partner are extra.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.rules.counting import (
    Counting,
    Tolerated,
    are_near,
    number_in_one_spelling,
)
from conformance.comparison.values.columns import is_numeric
from conformance.comparison.values.features import in_one_spelling
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.partners import Partners
from conformance.comparison.values.partners_in_any_order import PartnersInAnyOrder

Identity = Callable[[Json], Json]
"""A function that returns what makes two elements partners, or `ALONE` for an element without a
key.
"""
ALONE: Final = object()
"""What an Identity returns for an element without a key; it is paired only with an equal element.
"""
_LAST: Final = Decimal("Infinity")
"""The rank of numbers without a value: they come after all others."""


def order_of_partners(
    first: Json, second: Json, identity: Identity, counts: Counting, *, as_set: bool = False
) -> list[int] | None:
    """Return the indexes of the second list, so ordered that each element is beside its partner.

    Return None if they are in that order already, or if the values are not two lists of one length.
    For `as_set` see `partners_in_any_order`.
    """
    check()
    if {type(first), type(second)} != {list} or len(first) != len(second):
        return None
    all_partners = partners_in_any_order(first, second, identity, counts, as_set=as_set)
    partners = dict(all_partners.matches)
    extra = iter(all_partners.alone(1, len(second)))
    # Elements without a partner are put beside each other
    order: list[int] = []
    for index in range(len(first)):
        is_extra = index not in partners
        order.append(next(extra) if is_extra else partners[index])
    if order == list(range(len(second))):
        return None
    return order


def partners_in_any_order(
    first: Sequence[Json],
    second: Sequence[Json],
    identity: Identity,
    counts: Counting,
    *,
    as_set: bool = False,
) -> Partners:
    """Return the partners in two lists whose order has no meaning; the rest is extra.

    With a key, `identity` returns it: elements with the same key are partners, and of several with
    one key first those that are equal in `counts`.  Elements without a key are partners if they are
    equal.

    Without a key, as in a set, `as_set` is set, and `identity` is `counts`.  Then elements with
    numbers within a tolerance are paired first, and those with the most members in common last.
    """
    lists = first, second
    keys = [list(map(identity, side)) for side in lists]
    pairing = PartnersInAnyOrder(*keys)
    if as_set:
        values = keys
        _match_near(pairing, lists, keys, counts)
    else:
        values = [list(map(counts, side)) for side in lists]
        pairing.by_repeated_marks(_marks(keys, canonical), values)
    # Elements with the same spelling are paired before those that are only equal by value
    pairing.by_marks(*_marks(keys, canonical))
    pairing.by_marks(*_marks(keys, _by_number))
    _match_written_otherwise(pairing, keys, values)
    pairing.by_marks(*map(_marks_without_key, lists, keys))
    if as_set:
        pairing.most_alike()
    return Partners(pairing.matches, pairing.complete)


def _marks(
    keys: Sequence[Sequence[Json]], mark: Callable[[Json], bytes]
) -> list[list[bytes | None]]:
    """Return the marks of the elements of two lists; None for an element without a key."""
    mark_of = partial(_mark_of_key, mark=mark)
    return [list(map(mark_of, side)) for side in keys]


def _mark_of_key(key: Json, mark: Callable[[Json], bytes]) -> bytes | None:
    return None if key is ALONE else mark(key)


def _marks_without_key(elements: Sequence[Json], keys: Sequence[Json]) -> list[bytes | None]:
    """Return for each element without a key the whole element as its mark; None for the others."""
    return [
        canonical(element) if key is ALONE else None
        for element, key in zip(elements, keys, strict=True)
    ]


def _match_written_otherwise(
    pairing: PartnersInAnyOrder, keys: Sequence[Sequence[Json]], values: Sequence[Sequence[Json]]
) -> None:
    """Pair remaining elements whose keys differ only in spelling: `1` and `"1"` are one id."""
    spelled = list(map(_spelled_at, pairing.left, keys))
    if not all(spelled):
        # One list has nothing left
        return
    marks = [
        list(map(by_index.get, range(len(side))))
        for by_index, side in zip(spelled, keys, strict=True)
    ]
    pairing.by_repeated_marks(marks, values)
    pairing.by_marks(*marks)


def _spelled_at(indexes: Iterable[int], keys: Sequence[Json]) -> dict[int, bytes]:
    """Return by index the keys in one spelling; elements without a key are left out."""
    spelled: dict[int, bytes] = {}
    for index in indexes:
        key = keys[index]
        if key is not ALONE:
            check()
            spelled[index] = in_one_spelling(key)
    return spelled


def _match_near(
    pairing: PartnersInAnyOrder,
    lists: tuple[Sequence[Json], Sequence[Json]],
    keys: Sequence[Sequence[Json]],
    counts: Counting,
) -> None:
    """Pair elements whose numbers are within a tolerance, and whose other contents are equal."""
    if not counts.has_tolerance:
        return
    x, y = (list(map(counts.tolerated, side)) for side in lists)
    marks = _marks_with_numbers(keys[0], x), _marks_with_numbers(keys[1], y)
    ranks = list(map(_values, x)), list(map(_values, y))
    pairing.by_nearness(marks, ranks, lambda i, j: are_near(x[i], y[j]))


def _marks_with_numbers(
    keys: Sequence[Json], numbers: Sequence[Sequence[Tolerated]]
) -> list[bytes | None]:
    """Return a mark for each element that has numbers with a tolerance; None for the others."""
    return [
        canonical(key) if tolerated else None for key, tolerated in zip(keys, numbers, strict=True)
    ]


def _values(numbers: Sequence[Tolerated]) -> list[Decimal]:
    """Return the values of numbers, to sort by; numbers without a value come last."""
    return [_LAST if each.value is None else each.value for each in numbers]


def by_key(names: Sequence[str]) -> Identity:
    """Return the Identity that takes the values of some members as an element's key.

    An element that lacks one of the members is `ALONE`.
    """

    def identity(element: Json) -> Json:
        if not _has_all(element, names):
            return ALONE
        return list(map(element.__getitem__, names))

    return identity


def by_key_shown(names: Sequence[str], otherwise: Identity) -> Identity:
    """Return a function that shows an element by its key members, or else as `otherwise` does."""

    def named(element: Json) -> Json:
        if not _has_all(element, names):
            return otherwise(element)
        return {name: element[name] for name in names}

    return named


def _has_all(element: Json, names: Sequence[str]) -> bool:
    """Return whether an element is an object with all of these members."""
    return isinstance(element, dict) and all(map(element.__contains__, names))


def _by_number(value: Json) -> bytes:
    """Return a mark that is the same for all spellings of a number anywhere in the value."""
    spelled = mapped(value, lambda name: name, lambda scalar, _: _plain_number(scalar))
    return canonical(spelled)


def _plain_number(scalar: Json) -> Json:
    return number_in_one_spelling(scalar) if is_numeric(scalar) else scalar
