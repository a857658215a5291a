"""Which runtimes are on which side at a place, and which side the others are read against.

Runtimes are on one side if nothing differs between any two of them.  Where agreement is no
equivalence, each runtime is a side of its own and none is odd: with a tolerance a may be near b,
and b near c, but not a near c.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from itertools import chain, combinations, filterfalse, product, repeat, starmap
from operator import attrgetter, methodcaller
from typing import Final

from msgspec import Struct

from conformance.comparison.difference import ABSENT, SOMETIMES_PRESENT
from conformance.grouped import grouped
from conformance.model.finding import DifferenceKind, Finding

PRESENCE: Final = {ABSENT: ABSENT, SOMETIMES_PRESENT: SOMETIMES_PRESENT}
"""The facts of a member that some or all elements lack; any other fact means that it is there."""

Pair = tuple[int, int]
"""Two runtimes by their indexes, the lower first."""


class PairFacts(Struct, frozen=True):
    """How two runtimes differ at a place: the kind of difference, and the fact of each.

    `claimed` is true if the facts are from an idiom.
    """

    kind: DifferenceKind
    facts: tuple[str, str]
    claimed: bool = False

    @property
    def exact_key(self) -> Hashable:
        """Return a mark that is equal for ways with the same kind and facts."""
        return self.kind, self.facts

    @property
    def coarse_key(self) -> Hashable:
        """Return a mark without what only idioms distinguish: null and `[]` are both present.

        So two runtimes that both have a member, or agree in its value, are one side beside a third,
        even if an idiom claims only one of the two differences.  The same is true if the third has
        the member as often as one of them, but in other elements.
        """
        return self.kind

    @property
    def types(self) -> Sequence[Hashable]:
        """Return the types that differ, if no idiom claims the difference; else empty."""
        if self.claimed or self.kind is not DifferenceKind.TYPE:
            return ()
        return (self.facts,)


_NO_DIFFERENCE: Final = PairFacts(DifferenceKind.FAULT, ("", ""))


class SplitSides(Struct, frozen=True):
    """The runtimes by side, in their order.

    `agreeing` are the pairs of sides between which nothing differs either.  If there are any,
    agreement is no equivalence, and no side is odd.
    """

    sides: tuple[tuple[int, ...], ...]
    agreeing: tuple[Pair, ...] = ()


def split_sides(
    runtimes: Sequence[int],
    apart: Mapping[Pair, PairFacts],
    same: Collection[Pair],
    accepted: Iterable[Pair] = (),
) -> SplitSides:
    """Return the sides of runtimes, given the pairs that differ and those that agree.

    Nothing is known of other pairs.  Runtimes whose values a rule accepted stay on one side, though
    each may differ from a third runtime in its own way.
    """
    kept = list(accepted)
    parts: list[list[int]] = []
    for chained in connected_sets(zip(runtimes, runtimes, strict=True), same):
        side = sorted(chained.intersection(runtimes))
        parts += _split_unequal(side, runtimes, apart, same, kept)
    sides = tuple(sorted(map(tuple, parts)))
    agreeing: list[Pair] = []
    for first, second in combinations(range(len(sides)), 2):
        between = starmap(pair_of, product(sides[first], sides[second]))
        if any(map(same.__contains__, between)):
            agreeing.append((first, second))
    return SplitSides(sides, tuple(agreeing))


def connected_sets(*pairs: Iterable[Pair]) -> list[set[int]]:
    """Return the sets that chains of pairs connect, in the order of first mention by the pairs."""
    groups: list[set[int]] = []
    for pair in chain.from_iterable(pairs):
        joined = list(filterfalse({*pair}.isdisjoint, groups))
        if not joined:
            groups.append({*pair})
            continue
        first, *others = joined
        first.update(pair, *others)
        for other in others:
            groups.remove(other)
    return groups


def _split_unequal(
    side: Sequence[int],
    runtimes: Sequence[int],
    apart: Mapping[Pair, PairFacts],
    same: Collection[Pair],
    accepted: Iterable[Pair],
) -> list[list[int]]:
    """Split a side where a chain connects runtimes that disagree, or where they differ from others.

    In the second case, they differ from another runtime in two ways.
    """
    if not all(map(same.__contains__, combinations(side, 2))):
        return [[runtime] for runtime in side]
    others = list(filterfalse(side.__contains__, runtimes))
    pair_facts: dict[int, list[PairFacts]] = {}
    for runtime in side:
        pair_facts[runtime] = list(map(_facts_between, repeat(runtime), others, repeat(apart)))
    parts: list[list[int]] = []
    for alike in _grouped(side, pair_facts, attrgetter("coarse_key")):
        by_other = zip(*map(pair_facts.__getitem__, alike), strict=True)
        if all(map(_is_of_one_type, by_other)):
            parts.append(alike)
        else:
            parts += _grouped(alike, pair_facts, attrgetter("exact_key"))
    return _joined(parts, accepted)


def _joined(parts: Sequence[Sequence[int]], accepted: Iterable[Pair]) -> list[list[int]]:
    """Join the parts of a side if a rule accepted values of a runtime in each."""
    # A rule may have accepted values of two runtimes that are on two sides for another reason
    here = set(chain.from_iterable(parts))
    own = chain.from_iterable(product(each[:1], each) for each in parts)
    within = filter(here.issuperset, accepted)
    return list(map(sorted, connected_sets(own, within)))


def _grouped(
    side: Iterable[int],
    pair_facts: Mapping[int, Iterable[PairFacts]],
    mark: Callable[[PairFacts], Hashable],
) -> Iterable[list[int]]:
    """Group runtimes by a mark of how they differ from the others."""
    return grouped(side, lambda runtime: tuple(map(mark, pair_facts[runtime]))).values()


def _is_of_one_type(pair_facts: Iterable[PairFacts]) -> bool:
    """Return whether the ways have at most one pair of types that no idiom claims."""
    types = chain.from_iterable(map(attrgetter("types"), pair_facts))
    return len(set(types)) <= 1


def _facts_between(runtime: int, other: int, apart: Mapping[Pair, PairFacts]) -> PairFacts:
    """Return how a runtime differs from another, with the runtime's own fact first."""
    found = apart.get(pair_of(runtime, other), _NO_DIFFERENCE)
    if runtime < other:
        return found
    return PairFacts(found.kind, found.facts[::-1], found.claimed)


def pair_of(first: int, second: int) -> Pair:
    """Return two runtimes as a pair, the lower index first."""
    return min(first, second), max(first, second)


def largest_side(sides: Sequence[Sequence[str]], baseline: str | None) -> int | None:
    """Return the index of the side that the others are read against, or None.

    It is the side of the baseline, if that has a fact here; else the side with more than half of
    the runtimes that have a fact here, and at least two.
    """
    for index, side in enumerate(sides):
        if baseline in side:
            return index
    sizes = list(map(len, sides))
    largest = max(sizes, default=0)
    is_most = 2 * largest > sum(sizes)
    # A single runtime with a fact is no majority
    if is_most and largest > 1:
        return sizes.index(largest)
    return None


def agreement(findings: Iterable[Finding], runtimes: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the runtimes grouped by agreement: those on the same side in every finding."""
    sides = list(map(attrgetter("side_of"), findings))
    alike = grouped(runtimes, lambda name: tuple(map(methodcaller("get", name), sides)))
    return tuple(map(tuple, alike.values()))
