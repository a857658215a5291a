"""Lists whose order says nothing: each element is put where its partner stands.

The element is of one side, its partner is on the other.

Elements are partners where they have the same mark: first those that are spelled alike, then those
that are only equal, as 1.5 and 1.50 are; of a set last those that have most members in common.
Those that have no partner are extra.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
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


def order_beside(
    first: Json, second: Json, identity: Identity, counts: Counting, *, also_alike: bool = False
) -> list[int] | None:
    """Return the order that puts a second list beside the first.

    None where it stands so, or they are not alike.
    """
    check()
    if not isinstance(first, list) or not isinstance(second, list) or len(first) != len(second):
        return None
    found = partners_in_any_order(first, second, identity, counts, also_alike=also_alike)
    partners = dict(found.matches)
    left = iter(found.alone(1, len(second)))
    order = [partners[index] if index in partners else next(left) for index in range(len(first))]
    return None if order == list(range(len(second))) else order


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
    known = [list(map(identity, side)) for side in (first, second)]
    values = known if also_alike else [list(map(counts, side)) for side in (first, second)]
    found = PartnersInAnyOrder(*known)
    if not also_alike:
        keys = [[None if key is ALONE else canonical(key) for key in side] for side in known]
        found.by_repeated_marks(keys, values)
    elif counts.has_tolerance:
        _match_near(found, (first, second), known, counts)
    for mark in (canonical, _by_number):
        found.by_marks(
            *([None if told is ALONE else mark(told) for told in side] for side in known)
        )
    _match_written_otherwise(found, known, values)
    both = zip((first, second), known, strict=True)
    found.by_marks(
        *(
            [canonical(v) if told is ALONE else None for v, told in zip(*side, strict=True)]
            for side in both
        )
    )
    if also_alike:
        found.most_alike()
    return Partners(found.matches, found.complete)


def _match_written_otherwise(
    found: PartnersInAnyOrder, known: Sequence[Sequence[Json]], values: Sequence[Sequence[Json]]
) -> None:
    """Match what is left and is equal but for its spelling: `1` and `"1"` are one id."""
    spelled: list[dict[int, bytes]] = []
    for left, side in zip(found.left, known, strict=True):
        here = (index for index in left if side[index] is not ALONE)
        spelled.append({index: _in_one_spelling(side[index]) for index in here})
    if all(spelled):
        indexes = (range(len(side)) for side in known)
        marks = [list(map(each.get, at)) for each, at in zip(spelled, indexes, strict=True)]
        found.by_repeated_marks(marks, values)
        found.by_marks(*marks)


def _in_one_spelling(value: Json) -> bytes:
    check()
    return in_one_spelling(value)


def _match_near(
    found: PartnersInAnyOrder,
    lists: tuple[Sequence[Json], Sequence[Json]],
    known: Sequence[Sequence[Json]],
    counts: Counting,
) -> None:
    """Match elements whose numbers are near each other, where all else that counts is equal."""
    x, y = ([counts.tolerated(element) for element in side] for side in lists)
    of_x, of_y = (
        [canonical(value) if numbers else None for value, numbers in zip(*side, strict=True)]
        for side in zip(known, (x, y), strict=True)
    )
    ranks = list(map(_values, x)), list(map(_values, y))
    found.by_nearness((of_x, of_y), ranks, lambda i, j: are_near(x[i], y[j]))


def _values(numbers: Sequence[Tolerated]) -> list[Decimal]:
    """Return numbers by value; those without a value come last."""
    return [Decimal("Infinity") if each.value is None else each.value for each in numbers]


def by_key(names: Sequence[str]) -> Identity:
    """Return what tells the objects with some members as their key apart."""

    def identity(element: Json) -> Json:
        if not isinstance(element, dict) or any(name not in element for name in names):
            return ALONE
        return [element[name] for name in names]

    return identity


def by_key_shown(names: Sequence[str], otherwise: Identity) -> Identity:
    """Return what objects with some members as their key are called: their key.

    Any other element as without a key.
    """

    def shown(element: Json) -> Json:
        if not isinstance(element, dict) or any(name not in element for name in names):
            return otherwise(element)
        return {name: element[name] for name in names}

    return shown


def _by_number(value: Json) -> bytes:
    """Return the mark that all spellings of a value have."""
    return canonical(
        mapped(
            value,
            lambda name: name,
            lambda scalar, _: plain(scalar) if is_numeric(scalar) else scalar,
        )
    )
