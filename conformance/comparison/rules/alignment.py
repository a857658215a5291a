"""Lists whose order says nothing: each element is put where its partner stands.

The element is of one side, its partner is on the other.

Elements are partners where they have the same mark: first those that are spelled alike, then those
that are only equal, as 1.5 and 1.50 are; of a set last those that have most members in common.
Those that have no partner are extra.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Final

from conformance.comparison.budget import check
from conformance.comparison.rules.counting import Counting, Tolerated, are_near, plain
from conformance.comparison.values.columns import is_numeric
from conformance.comparison.values.features import in_one_spelling
from conformance.comparison.values.json_encoding import canonical
from conformance.comparison.values.lossless_json import Json
from conformance.comparison.values.mapping import mapped
from conformance.comparison.values.partners import Partners
from conformance.comparison.values.partners_in_any_order import PartnersInAnyOrder

Identity = Callable[[Json], Json]
"""Gives what makes an element of one list the partner of one of another; `ALONE`: it has no
partner.
"""
ALONE: Final = object()
_LAST: Final = Decimal("Infinity")


def order_beside(
    first: Json, second: Json, identity: Identity, counts: Counting, *, also_alike: bool = False
) -> list[int] | None:
    """Return the order that puts a second list beside the first.

    None where it stands so, or they are not alike.
    """
    check()
    if {type(first), type(second)} != {list} or len(first) != len(second):
        return None
    all_partners = partners_in_any_order(first, second, identity, counts, also_alike=also_alike)
    partners = dict(all_partners.matches)
    extra = iter(all_partners.alone(1, len(second)))
    # An element without a partner stands beside one that has none either
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
    also_alike: bool = False,
) -> Partners:
    """Return the partners of two lists by what makes them partners; the rest is extra.

    Elements without a key belong together where they are equal, and of several with one key first
    those whose `counts` are equal.  With `also_alike`, as in a set, `counts` are the identity. Then
    those belong together first whose numbers are near each other, and last those that have most
    members in common.
    """
    lists = first, second
    keys = [list(map(identity, side)) for side in lists]
    pairing = PartnersInAnyOrder(*keys)
    if also_alike:
        values = keys
        _match_near(pairing, lists, keys, counts)
    else:
        values = [list(map(counts, side)) for side in lists]
        pairing.by_repeated_marks(_marks(keys, canonical), values)
    # What is spelled alike belongs together before what is only equal by value
    pairing.by_marks(*_marks(keys, canonical))
    pairing.by_marks(*_marks(keys, _by_number))
    _match_written_otherwise(pairing, keys, values)
    pairing.by_marks(*map(_marks_without_key, lists, keys))
    if also_alike:
        pairing.most_alike()
    return Partners(pairing.matches, pairing.complete)


def _marks(
    keys: Sequence[Sequence[Json]], mark: Callable[[Json], bytes]
) -> list[list[bytes | None]]:
    """Return the marks of the elements of two lists; None for one without a key."""
    mark_of = partial(_mark_of_key, mark=mark)
    return [list(map(mark_of, side)) for side in keys]


def _mark_of_key(key: Json, mark: Callable[[Json], bytes]) -> bytes | None:
    return None if key is ALONE else mark(key)


def _marks_without_key(elements: Sequence[Json], keys: Sequence[Json]) -> list[bytes | None]:
    """Return what the elements without a key are; None for the others."""
    return [
        canonical(element) if key is ALONE else None
        for element, key in zip(elements, keys, strict=True)
    ]


def _match_written_otherwise(
    pairing: PartnersInAnyOrder, keys: Sequence[Sequence[Json]], values: Sequence[Sequence[Json]]
) -> None:
    """Match what is left and is equal but for its spelling: `1` and `"1"` are one id."""
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
    """Return the keys at some indexes of a list in one spelling, where elements have a key."""
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
    """Match elements whose numbers are near each other, where all else that counts is equal."""
    if not counts.has_tolerance:
        return
    x, y = (list(map(counts.tolerated, side)) for side in lists)
    marks = _marks_with_numbers(keys[0], x), _marks_with_numbers(keys[1], y)
    ranks = list(map(_values, x)), list(map(_values, y))
    pairing.by_nearness(marks, ranks, lambda i, j: are_near(x[i], y[j]))


def _marks_with_numbers(
    keys: Sequence[Json], numbers: Sequence[Sequence[Tolerated]]
) -> list[bytes | None]:
    """Return what elements with a tolerated number are; None for those without one."""
    return [
        canonical(key) if tolerated else None for key, tolerated in zip(keys, numbers, strict=True)
    ]


def _values(numbers: Sequence[Tolerated]) -> list[Decimal]:
    """Return numbers by value; those without a value come last."""
    return [_LAST if each.value is None else each.value for each in numbers]


def by_key(names: Sequence[str]) -> Identity:
    """Return what tells the objects with some members as their key apart."""

    def identity(element: Json) -> Json:
        if not _has_all(element, names):
            return ALONE
        return list(map(element.__getitem__, names))

    return identity


def by_key_shown(names: Sequence[str], otherwise: Identity) -> Identity:
    """Return what objects with some members as their key are called: their key.

    Any other element as without a key.
    """

    def named(element: Json) -> Json:
        if not _has_all(element, names):
            return otherwise(element)
        return {name: element[name] for name in names}

    return named


def _has_all(element: Json, names: Sequence[str]) -> bool:
    return isinstance(element, dict) and all(map(element.__contains__, names))


def _by_number(value: Json) -> bytes:
    """Return the mark that all spellings of a value have."""
    spelled = mapped(value, lambda name: name, lambda scalar, _: _plain_number(scalar))
    return canonical(spelled)


def _plain_number(scalar: Json) -> Json:
    return plain(scalar) if is_numeric(scalar) else scalar
