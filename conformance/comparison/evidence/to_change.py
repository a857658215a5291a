"""Who is to be changed for a finding, and what those runtimes show.

A fix belongs to the runtimes that show what is wrong by itself, all of them; else to the odd ones;
and where nobody is odd, to any side.
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
"""Where a cause shows: routes, and the places in their answers."""
_SideOfPair = tuple[int, SidePair]
"""The index of a side, and a pair that it is part of."""


class Target(Struct, frozen=True):
    """A runtime to be changed: its distinguishing idiom, the facts that it shows, and where.

    `body` is the kind of the bodies there, `wanted` are the facts of the others, `sent` is what the
    runtime sent beside what another one sent, as text.
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
    """Return who is to be changed, and whether that is anyone of several, as nobody is odd."""
    wrong = tuple(_targets(finding, _wrong_sides(finding), places))
    wrong_runtimes = set(map(attrgetter("runtime"), wrong))
    # Where all are wrong, the fix of all would not tell which of them is the odd one
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
    """Yield the sides that are wrong by themselves, and agree with others once they are fixed."""
    for pair in finding.pairs:
        broken = _broken_side(pair)
        if broken is None or not _leads_to_agreement(finding, pair, broken):
            continue
        yield broken, pair


def _beside_largest(finding: Finding, largest: int) -> Iterator[_SideOfPair]:
    for pair in finding.pairs:
        if largest in pair.sides:
            yield pair.opposite(largest), pair


def _all_sides(finding: Finding) -> Iterator[_SideOfPair]:
    for pair in finding.pairs:
        yield pair.first, pair
        yield pair.second, pair


def _leads_to_agreement(finding: Finding, pair: SidePair, broken: int) -> bool:
    """Return whether the fix of a pair's broken side does not make it odd in another way.

    It is then like the largest side; where there is none, it differs from all others in this way.
    A router's own 404 beside a 200 lacks the route; where most others answer 405, it lacks the 405.
    """
    if finding.largest is not None:
        return finding.largest in pair.sides
    own_pairs = [other for other in finding.pairs if broken in other.sides]
    idioms = set(map(attrgetter("idiom"), own_pairs))
    return idioms == {pair.idiom}


def _broken_side(pair: SidePair) -> int | None:
    """Return the side of a pair whose fact is wrong by itself; None where it is not just one."""
    idiom = _idiom_of(pair)
    if idiom is None:
        return None
    broken = [side for side in pair.sides if pair.fact_of(side) in idiom.broken]
    # Where both sides are wrong, or a fault is paired with itself, neither is the one to change
    return sole(broken)


def _idiom_of(pair: SidePair) -> Idiom | None:
    return BY_NAME.get(pair.idiom or "")


def _targets(finding: Finding, sides: Iterable[_SideOfPair], places: Places) -> Iterator[Target]:
    """Yield each runtime of some sides once, with the facts that it shows in pairs of one idiom."""
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
    """Return the first idiom of each side that has cures, with the pairs that it claims."""
    first_idioms: dict[int, tuple[Idiom, list[SidePair]]] = {}
    for side, pair in sides:
        idiom = _idiom_of(pair)
        if idiom is None or not idiom.cures_in(finding.written_as):
            continue
        first, pairs = first_idioms.setdefault(side, (idiom, []))
        # A side that differs from others in another way, too, is changed for its first idiom
        if first is idiom:
            pairs.append(pair)
    return first_idioms


def _facts(of_sides: Iterable[tuple[SidePair, int]]) -> frozenset[str]:
    """Return the facts of some sides; one side may have either of several, `A or B`."""
    facts = starmap(SidePair.fact_of, of_sides)
    return frozenset(chain.from_iterable(map(methodcaller("split", " or "), facts)))


def _sent(finding: Finding, runtime: str, others: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a runtime sent beside what each of others sent there."""
    for sent in map(dict, finding.sent):
        if runtime not in sent:
            continue
        for other in filter(sent.__contains__, others):
            yield sent[runtime], sent[other]
