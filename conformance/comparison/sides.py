"""Which runtimes stand on which side at a place, and which side the others are read against.

Runtimes are on one side where nothing differs between any two of them.  Where "does not differ" is
no equivalence (with a tolerance a may be near b, and b near c, but not a near c), each of them is a
side of its own and nobody is odd.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain, combinations

from msgspec import Struct

from conformance.model.finding import DifferenceKind, Finding

Pair = tuple[int, int]
"""Two runtimes by their indexes, the lower first."""


class Way(Struct, frozen=True):
    """How two runtimes differ at a place: the kind of it, and the fact of either."""

    kind: DifferenceKind
    facts: tuple[str, str]


class Parted(Struct, frozen=True):
    """Runtimes by side, in their order.

    `agreeing` are the indexes of sides between which nothing differs either.

    Where there are such, agreement is no equivalence here, and nobody can be called odd.
    """

    sides: tuple[tuple[int, ...], ...]
    agreeing: tuple[Pair, ...] = ()


def part(runtimes: Sequence[int], apart: Mapping[Pair, Way], same: Collection[Pair]) -> Parted:
    """Part runtimes by which pairs differ, and which were compared and do not.

    Of other pairs nothing is known.
    """
    sides = together(((runtime, runtime) for runtime in runtimes), same)
    refined = [
        part
        for side in sides
        for part in _of_equals(sorted(side & set(runtimes)), runtimes, apart, same)
    ]
    found = tuple(sorted(map(tuple, refined)))
    agreeing = (
        (one, two)
        for (one, first), (two, second) in combinations(enumerate(found), 2)
        if any(_pair(x, y) in same for x in first for y in second)
    )
    return Parted(found, tuple(agreeing))


def together(*pairs: Iterable[Pair]) -> list[set[int]]:
    """Return what any chain of pairs puts together, in the order of first mention by the pairs."""
    groups: list[set[int]] = []
    for one, two in chain.from_iterable(pairs):
        joined = [group for group in groups if one in group or two in group]
        if not joined:
            groups.append({one, two})
            continue
        joined[0].update({one, two}, *joined[1:])
        groups = [group for group in groups if not any(group is other for other in joined[1:])]
    return groups


def _of_equals(
    side: Sequence[int], runtimes: Sequence[int], apart: Mapping[Pair, Way], same: Collection[Pair]
) -> list[list[int]]:
    """Part runtimes that agree only in a chain, or differ from another one in two ways.

    In a chain not any two of them agree.
    """
    if any(pair not in same for pair in combinations(side, 2)):
        return [[runtime] for runtime in side]
    others = [runtime for runtime in runtimes if runtime not in side]
    parts: dict[tuple[Way | None, ...], list[int]] = {}
    for runtime in side:
        parts.setdefault(tuple(_from(runtime, other, apart) for other in others), []).append(
            runtime
        )
    return list(parts.values())


def _from(runtime: int, other: int, apart: Mapping[Pair, Way]) -> Way | None:
    """Return how a runtime differs from another one, as it is seen from the first of them."""
    way = apart.get(_pair(runtime, other))
    if way is None or runtime < other:
        return way
    return Way(way.kind, way.facts[::-1])


def _pair(one: int, two: int) -> Pair:
    return (one, two) if one < two else (two, one)


def largest_side(sides: Sequence[Sequence[str]], baseline: str | None) -> int | None:
    """Return the index of the side that the others are read against, or None.

    The baseline's, if one is named and has a fact here; else the side that holds more than half of
    the runtimes with a fact here, and at least two.
    """
    for index, side in enumerate(sides):
        if baseline in side:
            return index
    everyone = sum(map(len, sides))
    for index, side in enumerate(sides):
        if len(side) > 1 and 2 * len(side) > everyone:
            return index
    return None


def agreement(findings: Iterable[Finding], runtimes: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return runtimes grouped by agreement: those on the same side of every finding together."""
    places: dict[str, list[int]] = {runtime: [] for runtime in runtimes}
    for finding in findings:
        side_of = {
            name: index for index, side in enumerate(finding.sides) for name in side.runtimes
        }
        for runtime, found in places.items():
            found.append(side_of.get(runtime, len(finding.sides)))
    together: dict[tuple[int, ...], list[str]] = {}
    for runtime, found in places.items():
        together.setdefault(tuple(found), []).append(runtime)
    return tuple(map(tuple, together.values()))
