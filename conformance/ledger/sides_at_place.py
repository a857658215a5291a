"""The sides of the rows for all findings of one place: no two rows claim the same.

The elements of a list may part the runtimes in several ways.  A row of some of them is then about
each of these findings, or about none: one that would be about a part of it alone is two rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, combinations, product, repeat, starmap
from operator import itemgetter

from msgspec.structs import replace

from conformance.ledger.draft_sides import (
    Claim,
    DraftSides,
    claim_alone,
    draft_sides,
    may_meet,
)
from conformance.model.decision import RowSide
from conformance.model.finding import Finding
from conformance.model.verdict import JudgedFinding

_Spelling = tuple[str, str, str]
"""A step, a runtime, and a place as it spells it."""
_Part = tuple[JudgedFinding, DraftSides]
"""A finding, and the sides of a row about it, or about a part of it."""


def by_place(undecided: Iterable[JudgedFinding]) -> Iterable[Sequence[JudgedFinding]]:
    """Return findings by place: together are those of which a runtime spells the place alike.

    A row with all spellings of its runtimes may be about each of them.
    """
    groups: list[tuple[set[_Spelling], list[JudgedFinding]]] = []
    for judged in undecided:
        spelled = set(filter(all, _spellings(judged.finding)))
        together = [judged]
        apart: list[tuple[set[_Spelling], list[JudgedFinding]]] = []
        for other_spelled, others in groups:
            if spelled.isdisjoint(other_spelled):
                apart.append((other_spelled, others))
                continue
            spelled |= other_spelled
            together = [*others, *together]
        groups = [*apart, (spelled, together)]
    return map(itemgetter(1), groups)


def _spellings(finding: Finding) -> Iterator[_Spelling]:
    """Yield how each runtime spells the place of a finding: nothing where it has nothing there."""
    for side in finding.sides:
        step = repeat(str(finding.step))
        yield from zip(step, side.runtimes, side.places, strict=False)
        yield from zip(step, side.runtimes, side.lasting_places, strict=False)


def sides_at_place(
    of_place: Sequence[JudgedFinding], asked: AbstractSet[str]
) -> list[tuple[JudgedFinding, DraftSides]]:
    """Return the sides of the rows for the findings of one place; no two rows claim the same.

    Rows about one cause and the same runtimes may stand beside each other where they list other
    values.
    """
    is_shared = len(of_place) > 1
    wanted: list[_Part] = []
    for judged in of_place:
        finding = judged.finding
        # Elements of one list may part the runtimes in several ways
        others = [other.finding for other in of_place if other is not judged]
        for sides in draft_sides(finding, judged.partial, in_pairs=is_shared, runtimes=asked):
            alone = sides.alone(finding, asked)
            wanted += [(judged, part) for part in _whole_in_each(alone, finding, others, asked)]
    # Those that claim least go first, so that the others are cut around them
    wanted.sort(key=lambda part: len(part[1].claims(part[0].finding)))
    parts: list[_Part] = []
    for judged, sides in wanted:
        finding = judged.finding
        made = [sides]
        if is_shared:
            taken = set(_claims(parts, finding))
            made = list(sides.beside(taken, finding, asked))
        parts += [(judged, part.with_code_of(finding)) for part in made]
    return parts


def _claims(parts: Iterable[_Part], finding: Finding) -> Iterator[Claim]:
    """Yield what parts claim of which a row may be about a finding, too."""
    for judged, part in parts:
        if may_meet(part, judged.finding, finding):
            yield from chain.from_iterable(part.claims(judged.finding).values())


def _whole_in_each(
    sides: DraftSides, own: Finding, others: Sequence[Finding], asked: AbstractSet[str]
) -> Iterator[DraftSides]:
    """Yield the sides of a finding in parts, of which no other finding shows a part alone."""
    for other in others:
        parts = _parts_in(sides, own, other)
        if len(parts) <= 1:
            continue
        for part in parts:
            smaller = replace(sides, sides=part, largest=None).alone(own, asked)
            yield from _whole_in_each(smaller, own, others, asked)
        return
    yield sides


def _parts_in(sides: DraftSides, own: Finding, other: Finding) -> Sequence[tuple[RowSide, ...]]:
    """Return the sides in parts, where another finding shows what they claim of some runtimes only.

    They stay one where the other finding shows all or nothing of it.
    """
    two_by_two = sides.claims(own)
    claimed = set(map(partial(claim_alone, own), two_by_two))
    in_other = set(map(partial(claim_alone, other), two_by_two)) - {None}
    if claimed.isdisjoint(in_other) or not may_meet(sides, own, other):
        return [sides.sides]
    classes = map(partial(_classes, other), sides.sides)
    return list(chain.from_iterable(starmap(product, combinations(classes, 2))))


def _classes(other: Finding, side: RowSide) -> Sequence[RowSide]:
    """Return a side in parts that another finding tells apart, who is not in it with the first."""
    stand = other.side_of
    by_side: dict[int, list[str]] = defaultdict(list)
    # Those who are in the other finding go first
    for name in sorted(side.runtimes, key=lambda each: each not in stand):
        first = next(iter(by_side), 0)
        by_side[stand.get(name, first)].append(name)
    if set(other.agreeing).issuperset(combinations(sorted(by_side), 2)):
        return [side]
    return [RowSide(side.name, tuple(names)) for names in by_side.values()]
