"""Which runtimes stand on which side at a place, and which side the others are read against.

Runtimes are on one side where nothing differs between any two of them.  Where "does not differ" is
no equivalence (with a tolerance a may be near b, and b near c, but not a near c), each of them is a
side of its own and nobody is odd.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from itertools import chain, combinations
from operator import attrgetter
from typing import Final

from msgspec import Struct

from conformance.comparison.difference import ABSENT, SOMETIMES_PRESENT
from conformance.model.finding import DifferenceKind, Finding

PRESENCE: Final = {ABSENT: ABSENT, SOMETIMES_PRESENT: SOMETIMES_PRESENT}
"""What is said of a member that some or all elements lack; any other fact says that it is there."""

Pair = tuple[int, int]
"""Two runtimes by their indexes, the lower first."""


class Way(Struct, frozen=True):
    """How two runtimes differ at a place: the kind of it, and the fact of either.

    `claimed` tells that the facts are the words of an idiom.
    """

    kind: DifferenceKind
    facts: tuple[str, str]
    claimed: bool = False

    @property
    def exactly(self) -> Hashable:
        """Return what is equal for ways with the same facts, whatever idioms claim."""
        return self.kind, self.facts

    @property
    def in_general(self) -> Hashable:
        """Return the way without what only an idiom says: null and an empty list are both present.

        So two runtimes that have a member, or agree in what stands there, are one side beside a
        third: an idiom may also read how a number is written, or the rest of a list, and claim one
        of the two only.
        """
        of_member = self.kind is DifferenceKind.MEMBER
        return self.kind, tuple(map(PRESENCE.get, self.facts)) if of_member else ()

    @property
    def types(self) -> Sequence[Hashable]:
        """Return the types that differ, where no idiom has a word for them."""
        return () if self.claimed or self.kind is not DifferenceKind.TYPE else (self.facts,)


_NOT_APART: Final = Way(DifferenceKind.FAULT, ("", ""))


class Parted(Struct, frozen=True):
    """Runtimes by side, in their order.

    `agreeing` are the indexes of sides between which nothing differs either.

    Where there are such, agreement is no equivalence here, and nobody can be called odd.
    """

    sides: tuple[tuple[int, ...], ...]
    agreeing: tuple[Pair, ...] = ()


def part(
    runtimes: Sequence[int],
    apart: Mapping[Pair, Way],
    same: Collection[Pair],
    accepted: Iterable[Pair] = (),
) -> Parted:
    """Part runtimes by which pairs differ, and which were compared and do not.

    Of other pairs nothing is known. Those that a rule accepted stay on one side, though each may
    differ from a third runtime in its own way.
    """
    sides = together(((runtime, runtime) for runtime in runtimes), same)
    kept = list(accepted)
    refined = [
        part
        for side in sides
        for part in _of_equals(sorted(side & set(runtimes)), runtimes, apart, same, kept)
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
    side: Sequence[int],
    runtimes: Sequence[int],
    apart: Mapping[Pair, Way],
    same: Collection[Pair],
    accepted: Iterable[Pair],
) -> list[list[int]]:
    """Part runtimes that agree only in a chain, or differ from another one in two ways.

    In a chain not any two of them agree.
    """
    if any(pair not in same for pair in combinations(side, 2)):
        return [[runtime] for runtime in side]
    others = [runtime for runtime in runtimes if runtime not in side]
    parts: list[list[int]] = []
    ways = {runtime: [_from(runtime, other, apart) for other in others] for runtime in side}
    for alike in _grouped(side, ways, attrgetter("in_general")):
        one_type = all(map(_is_of_one_type, zip(*map(ways.__getitem__, alike), strict=True)))
        parts += [alike] if one_type else _grouped(alike, ways, attrgetter("exactly"))
    return _joined(parts, accepted)


def _joined(parts: Sequence[Sequence[int]], accepted: Iterable[Pair]) -> list[list[int]]:
    """Join parts of a side of which a rule accepted a value of each."""
    here = set(chain.from_iterable(parts))
    own = ((part[0], runtime) for part in parts for runtime in part)
    return list(map(sorted, together(own, filter(here.issuperset, accepted))))


def _grouped(
    side: Iterable[int], ways: Mapping[int, Iterable[Way]], mark: Callable[[Way], Hashable]
) -> list[list[int]]:
    """Group runtimes by a mark of how they differ from the others."""
    groups: dict[Hashable, list[int]] = {}
    for runtime in side:
        groups.setdefault(tuple(map(mark, ways[runtime])), []).append(runtime)
    return list(groups.values())


def _is_of_one_type(ways: Iterable[Way]) -> bool:
    """Return whether runtimes show one type beside another one, where no idiom has a word."""
    return len(set(chain.from_iterable(way.types for way in ways))) <= 1


def _from(runtime: int, other: int, apart: Mapping[Pair, Way]) -> Way:
    """Return how a runtime differs from another one, as it is seen from the first of them."""
    way = apart.get(_pair(runtime, other), _NOT_APART)
    return way if runtime < other else Way(way.kind, way.facts[::-1], way.claimed)


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
