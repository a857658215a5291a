"""What a finding says of some of its runtimes alone: just what a run with no others would say.

Sides, facts and signatures of a finding never depend on who else is there.  Only who is odd does.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, combinations, product
from operator import attrgetter

from msgspec.structs import replace

from conformance.comparison.sides import PairFacts, connected_sets, largest_side
from conformance.model.finding import DifferenceKind, Finding, Sent, SidePair
from conformance.model.idiom_claims import shared_facts, shared_idiom, to_keep
from conformance.model.side import Side

_Ways = Mapping[int, PairFacts]
"""How a side differs from each other one, as it is seen from it."""


def restricted(
    finding: Finding, runtimes: AbstractSet[str], baseline: str | None = None
) -> Iterator[Finding]:
    """Yield what a finding says of some runtimes.

    It is nothing where no two differ, and one finding each where they are split.
    """
    kept = [at for at, side in enumerate(finding.sides) if not runtimes.isdisjoint(side.runtimes)]
    finding = replace(finding, pairs=tuple(pair.among(runtimes) for pair in finding.pairs))
    pairs = [pair for pair in finding.pairs if pair.first in kept and pair.second in kept]
    differing = {at for pair in pairs for at in (pair.first, pair.second)}
    agreeing = (pair for pair in finding.agreeing if differing.issuperset(pair))
    for group in connected_sets(((pair.first, pair.second) for pair in pairs), agreeing):
        yield _part_of(finding, group, runtimes, baseline)


def _part_of(
    finding: Finding, kept: set[int], runtimes: AbstractSet[str], baseline: str | None
) -> Finding:
    """Return a finding with some of its sides, of some runtimes."""
    pairs = [pair for pair in finding.pairs if pair.first in kept and pair.second in kept]
    here = [_side([side], runtimes) for side in finding.sides]
    merged = _merged(sorted(kept), pairs, set(finding.agreeing))
    sides = [_side([finding.sides[at] for at in group], runtimes) for group in merged]
    new = {at: index for index, group in enumerate(merged) for at in group}
    agreeing = {(new[one], new[two]) for one, two in finding.agreeing if one in new and two in new}
    agreeing = {pair for pair in agreeing if pair[0] != pair[1]}
    named = {name for side in sides for name in side.runtimes}
    return replace(
        finding,
        place=min(place for side in sides for place in side.places if place),
        sides=tuple(sides),
        pairs=tuple(_renumbered(pairs, new, here)),
        agreeing=tuple(sorted(agreeing)),
        largest=None if agreeing else largest_side([side.runtimes for side in sides], baseline),
        sent=tuple(dict.fromkeys(_sent(finding.sent, named))),
        not_compared=tuple(
            name
            for name in (*finding.runtimes, *finding.not_compared)
            if name in runtimes and name not in named
        ),
    )


def _side(sides: Iterable[Side], wanted: AbstractSet[str]) -> Side:
    """Return sides as one, of the wanted runtimes only."""
    named = [
        (name, place)
        for side in sides
        for name, place in zip(side.runtimes, side.places, strict=True)
        if name in wanted
    ]
    return Side(
        runtimes=tuple(name for name, _ in named), places=tuple(place for _, place in named)
    )


def _merged(
    kept: Sequence[int], pairs: list[SidePair], agreeing: AbstractSet[tuple[int, int]]
) -> list[list[int]]:
    """Group sides that only a runtime that is not here told apart.

    Those that differ from nobody here are left out.  Where agreement is only a
    chain, each stands alone.
    """
    ways = {
        at: {
            _other(pair, at): _pair_facts(pair, at)
            for pair in pairs
            if at in (pair.first, pair.second)
        }
        for at in kept
    }
    differing = [at for at in kept if ways[at]]
    chains = connected_sets(
        ((at, at) for at in differing),
        (pair for pair in agreeing if pair[0] in differing and pair[1] in differing),
    )
    groups: list[list[int]] = []
    for linked in map(sorted, chains):
        if any(pair not in agreeing for pair in combinations(linked, 2)):
            groups.extend([at] for at in linked)
            continue
        for alike in _grouped(linked, ways, attrgetter("coarse_key")):
            types = _types_beside_each([ways[at] for at in alike])
            one_type = all(len(set(found)) <= 1 for found in types)
            groups += [alike] if one_type else _grouped(alike, ways, attrgetter("exact_key"))
    return groups


def _grouped(
    sides: Iterable[int], ways: Mapping[int, _Ways], mark: Callable[[PairFacts], Hashable]
) -> list[list[int]]:
    groups: dict[Hashable, list[int]] = {}
    for at in sides:
        key = frozenset((other, mark(way)) for other, way in ways[at].items())
        groups.setdefault(key, []).append(at)
    return list(groups.values())


def _types_beside_each(sides: Sequence[_Ways]) -> Iterator[Sequence[Hashable]]:
    """Yield for each other side the types that differ there, where no idiom has a word for them."""
    for other in sides[0]:
        yield list(chain.from_iterable(ways[other].types for ways in sides))


def _other(pair: SidePair, at: int) -> int:
    return pair.second if pair.first == at else pair.first


def _pair_facts(pair: SidePair, at: int) -> PairFacts:
    facts = pair.facts if pair.first == at else pair.facts[::-1]
    return PairFacts(pair.kind, facts, pair.idiom is not None)


def _renumbered(
    pairs: Iterable[SidePair], new: Mapping[int, int], sides: Sequence[Side]
) -> Iterator[SidePair]:
    """Yield the pairs of the merged sides; of several that are one now, what all of them say."""
    together_now: dict[tuple[int, int], list[SidePair]] = {}
    for pair in pairs:
        first, second = new[pair.first], new[pair.second]
        turned = pair if first < second else _turned(pair)
        together_now.setdefault((min(first, second), max(first, second)), []).append(turned)
    for (first, second), found in together_now.items():
        one = found[0] if len(found) == 1 else _joined(found, sides)
        yield replace(one, first=first, second=second)


def _turned(pair: SidePair) -> SidePair:
    own = tuple((names, facts[::-1]) for names, facts in pair.own_facts)
    return replace(
        pair, first=pair.second, second=pair.first, facts=pair.facts[::-1], own_facts=own
    )


def _joined(pairs: Sequence[SidePair], sides: Sequence[Side]) -> SidePair:
    """Return several pairs as one, each two runtimes with their own idiom and facts."""
    claims, own = [], []
    for pair in pairs:
        by_two, facts = dict(pair.claims), dict(pair.own_facts)
        runtimes = (sides[at].runtimes for at in (pair.first, pair.second))
        for two in by_two or map(frozenset, product(*runtimes)):
            claims.append((two, by_two.get(two, pair.idiom)))
            own.append((two, facts.get(two, pair.facts)))
    kind = max((pair.kind for pair in pairs), key=list(DifferenceKind).index)
    kept, kept_facts = to_keep(tuple(claims), tuple(own))
    return replace(
        pairs[0],
        kind=kind,
        idiom=shared_idiom(tuple(claims), tuple(own), of_types=kind is DifferenceKind.TYPE),
        facts=shared_facts(tuple(claims), tuple(own)),
        claims=kept,
        own_facts=kept_facts,
    )


def _sent(sent: Iterable[Sent], names: AbstractSet[str]) -> Iterator[Sent]:
    for each in sent:
        left = tuple((name, value) for name, value in each if name in names)
        if len(left) > 1:
            yield left
