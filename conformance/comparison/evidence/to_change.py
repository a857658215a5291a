"""The runtimes to fix for a finding, and the facts that they show.

They are all runtimes with a fact that is wrong by itself; else the odd runtimes; else, without an
odd one, the runtimes of any one side.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, repeat, starmap
from operator import attrgetter, itemgetter, methodcaller

from msgspec import Struct

from conformance.comparison.idioms.catalogue import BY_NAME
from conformance.comparison.idioms.idiom import Idiom
from conformance.comparison.values.objects import sole
from conformance.model.finding import Finding, SidePair

Places = AbstractSet[tuple[str, str]]
"""Where a cause shows: pairs of a route and a place in its answers."""
_SideOfPair = tuple[int, SidePair]
"""The index of a side, and a pair that it is part of."""


class Target(Struct, frozen=True):
    """A runtime to fix, with its idiom and facts.

    - `body`: the kind of the bodies.
    - `wanted`: the facts of the other runtimes.
    - `sent`: pairs of its own value and another runtime's value there, as text.
    - `places`: where the cause shows.
    """

    runtime: str
    idiom: Idiom
    body: str
    facts: frozenset[str]
    wanted: frozenset[str]
    sent: tuple[tuple[str, str], ...]
    places: Places

    @property
    def routes(self) -> frozenset[str]:
        """Return the routes at which the cause shows."""
        return frozenset(map(itemgetter(0), self.places))


def to_fix(finding: Finding, places: Places) -> tuple[tuple[Target, ...], bool]:
    """Return the runtimes to fix, and whether fixing one side suffices because nobody is odd."""
    wrong = tuple(_targets(finding, _wrong_sides(finding), places))
    wrong_runtimes = set(map(attrgetter("runtime"), wrong))
    # If all are wrong, this does not distinguish the odd runtimes
    if 0 < len(wrong_runtimes) < len(finding.runtimes):
        return wrong, False
    if finding.largest is not None:
        odd_sides = _beside_largest(finding, finding.largest)
        return tuple(_targets(finding, odd_sides, places)), False
    if finding.idiom is None:
        return (), True
    any_sides = _all_sides(finding)
    return tuple(_targets(finding, any_sides, places)), True


def _wrong_sides(finding: Finding) -> Iterator[_SideOfPair]:
    """Yield the sides with a fact that is wrong by itself, if the fix leads to agreement."""
    for pair in finding.pairs:
        broken = _broken_side(pair)
        if broken is None or not _leads_to_agreement(finding, pair, broken):
            continue
        yield broken, pair


def _beside_largest(finding: Finding, largest: int) -> Iterator[_SideOfPair]:
    """Yield the other side of each pair with the largest side."""
    for pair in finding.pairs:
        if largest in pair.sides:
            yield pair.opposite(largest), pair


def _all_sides(finding: Finding) -> Iterator[_SideOfPair]:
    """Yield both sides of each pair."""
    for pair in finding.pairs:
        yield pair.first, pair
        yield pair.second, pair


def _leads_to_agreement(finding: Finding, pair: SidePair, broken: int) -> bool:
    """Return whether a fixed side would agree with the others.

    With a largest side, the pair must contain it; else the side must differ from all others by the
    same idiom.  Example: a router's own 404 beside a 200 lacks the route, but where most others
    answer 405, it lacks the 405.
    """
    if finding.largest is not None:
        return finding.largest in pair.sides
    own_pairs = [other for other in finding.pairs if broken in other.sides]
    idioms = set(map(attrgetter("idiom"), own_pairs))
    return idioms == {pair.idiom}


def _broken_side(pair: SidePair) -> int | None:
    """Return the side of a pair whose fact is wrong by itself; None unless it is exactly one."""
    idiom = _idiom_of(pair)
    if idiom is None:
        return None
    broken = [side for side in pair.sides if pair.fact_of(side) in idiom.broken]
    # If both sides are wrong, or a fault is paired with itself, neither side is chosen
    return sole(broken)


def _idiom_of(pair: SidePair) -> Idiom | None:
    """Return the idiom that claims a pair, or None."""
    return BY_NAME.get(pair.idiom or "")


def _targets(finding: Finding, sides: Iterable[_SideOfPair], places: Places) -> Iterator[Target]:
    """Yield each runtime of some sides once, with the facts of its pairs of one idiom."""
    for side, (idiom, pairs) in _first_idioms(finding, sides).items():
        opposites = list(map(methodcaller("opposite", side), pairs))
        others = [finding.sides[opposite].runtimes[0] for opposite in opposites]
        facts = _facts(zip(pairs, repeat(side)))
        wanted = _facts(zip(pairs, opposites, strict=True))
        for runtime in finding.sides[side].runtimes:
            yield Target(
                runtime=runtime,
                idiom=idiom,
                body=finding.written_as,
                facts=facts,
                wanted=wanted,
                sent=tuple(_sent(finding, runtime, others)),
                places=places,
            )


def _first_idioms(
    finding: Finding, sides: Iterable[_SideOfPair]
) -> dict[int, tuple[Idiom, list[SidePair]]]:
    """Return for each side its first idiom that has cures, with the pairs that the idiom claims."""
    first_idioms: dict[int, tuple[Idiom, list[SidePair]]] = {}
    for side, pair in sides:
        idiom = _idiom_of(pair)
        if idiom is None or not idiom.cures_in(finding.written_as):
            continue
        first, pairs = first_idioms.setdefault(side, (idiom, []))
        # A side with several idioms is fixed for the first one
        if first is idiom:
            pairs.append(pair)
    return first_idioms


def _facts(of_sides: Iterable[tuple[SidePair, int]]) -> frozenset[str]:
    """Return the facts of sides in pairs; a fact `A or B` counts as two."""
    facts = starmap(SidePair.fact_of, of_sides)
    return frozenset(chain.from_iterable(map(methodcaller("split", " or "), facts)))


def _sent(finding: Finding, runtime: str, others: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield pairs of a runtime's value and the value of each of the other runtimes."""
    for sent in map(dict, finding.sent):
        if runtime not in sent:
            continue
        for other in filter(sent.__contains__, others):
            yield sent[runtime], sent[other]
