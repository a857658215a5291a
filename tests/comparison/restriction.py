"""What a finding says of some of its runtimes alone: just what a run with no others would say.

Sides, facts and signatures of a finding never depend on who else is there.  Only who is odd does.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import combinations

from msgspec.structs import replace

from conformance.comparison.sides import largest_side, together
from conformance.model.finding import Finding, Sent, Side, SidePair

_Way = tuple[str, tuple[str, str]]


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
    for group in together(((pair.first, pair.second) for pair in pairs), agreeing):
        yield _part_of(finding, group, runtimes, baseline)


def _part_of(
    finding: Finding, kept: set[int], runtimes: AbstractSet[str], baseline: str | None
) -> Finding:
    """Return a finding with some of its sides, of some runtimes."""
    pairs = [pair for pair in finding.pairs if pair.first in kept and pair.second in kept]
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
        pairs=tuple(_renumbered(pairs, new)),
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
        at: {_other(pair, at): _way(pair, at) for pair in pairs if at in (pair.first, pair.second)}
        for at in kept
    }
    differing = [at for at in kept if ways[at]]
    chains = together(
        ((at, at) for at in differing),
        (pair for pair in agreeing if pair[0] in differing and pair[1] in differing),
    )
    groups: list[list[int]] = []
    for chain in map(sorted, chains):
        if any(pair not in agreeing for pair in combinations(chain, 2)):
            groups.extend([at] for at in chain)
            continue
        by_ways: list[list[int]] = []
        for at in chain:
            alike = [group for group in by_ways if ways[group[0]] == ways[at]]
            if alike:
                alike[0].append(at)
            else:
                by_ways.append([at])
        groups.extend(by_ways)
    return groups


def _other(pair: SidePair, at: int) -> int:
    return pair.second if pair.first == at else pair.first


def _way(pair: SidePair, at: int) -> _Way:
    return pair.name, pair.facts if pair.first == at else pair.facts[::-1]


def _renumbered(pairs: Iterable[SidePair], new: dict[int, int]) -> Iterator[SidePair]:
    seen: set[tuple[int, int]] = set()
    for pair in pairs:
        first, second = new[pair.first], new[pair.second]
        turned = first > second
        key = (second, first) if turned else (first, second)
        if key not in seen:
            seen.add(key)
            facts = pair.facts[::-1] if turned else pair.facts
            yield replace(pair, first=key[0], second=key[1], facts=facts)


def _sent(sent: Iterable[Sent], names: AbstractSet[str]) -> Iterator[Sent]:
    for each in sent:
        left = tuple((name, value) for name, value in each if name in names)
        if len(left) > 1:
            yield left
