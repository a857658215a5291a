"""The sides of new rows for all findings of one place; no two rows claim the same.

The elements of a list may group the runtimes in several ways.  A row about some of the runtimes
must then match each finding of the place as a whole, or not at all; otherwise it is split in two.
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
"""`(step, runtime, place as this runtime spells it)`."""
_Part = tuple[JudgedFinding, DraftSides]
"""A finding, and the sides of a row about all or a part of it."""


def by_place(undecided: Iterable[JudgedFinding]) -> Iterable[Sequence[JudgedFinding]]:
    """Return findings grouped by place: those for which a runtime spells the place alike.

    A row with all spellings of its runtimes may match each finding of such a group.
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
    """Yield how each runtime spells the place of a finding; an empty text if it has no value."""
    for side in finding.sides:
        step = repeat(str(finding.step))
        yield from zip(step, side.runtimes, side.places, strict=False)
        yield from zip(step, side.runtimes, side.lasting_places, strict=False)


def sides_at_place(
    of_place: Sequence[JudgedFinding], asked: AbstractSet[str]
) -> list[tuple[JudgedFinding, DraftSides]]:
    """Return the sides of the rows for the findings of one place; no two rows claim the same.

    Several rows may have the same cause and runtimes if they list different values.
    """
    is_shared = len(of_place) > 1
    wanted: list[_Part] = []
    for judged in of_place:
        finding = judged.finding
        # Elements of one list may group the runtimes in several ways
        others = [other.finding for other in of_place if other is not judged]
        for sides in draft_sides(finding, judged.partial, in_pairs=is_shared, runtimes=asked):
            alone = sides.alone(finding, asked)
            wanted += [(judged, part) for part in _whole_in_each(alone, finding, others, asked)]
    # Rows with the fewest claims are first; the others get what these leave
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
    """Yield the claims of those parts whose rows may also match a finding."""
    for judged, part in parts:
        if may_meet(part, judged.finding, finding):
            yield from chain.from_iterable(part.claims(judged.finding).values())


def _whole_in_each(
    sides: DraftSides, own: Finding, others: Sequence[Finding], asked: AbstractSet[str]
) -> Iterator[DraftSides]:
    """Yield parts of the sides such that each other finding shows a part whole or not at all."""
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
    """Return the parts of the sides, split where another finding shows a part of their claims.

    They stay one part where the other finding shows all or none of these claims.
    """
    two_by_two = sides.claims(own)
    claimed = set(map(partial(claim_alone, own), two_by_two))
    in_other = set(map(partial(claim_alone, other), two_by_two)) - {None}
    if claimed.isdisjoint(in_other) or not may_meet(sides, own, other):
        return [sides.sides]
    classes = map(partial(_classes, other), sides.sides)
    return list(chain.from_iterable(starmap(product, combinations(classes, 2))))


def _classes(other: Finding, side: RowSide) -> Sequence[RowSide]:
    """Return a side split by the sides of another finding; others join the first part."""
    stand = other.side_of
    by_side: dict[int, list[str]] = defaultdict(list)
    # Runtimes of the other finding are first
    for name in sorted(side.runtimes, key=lambda each: each not in stand):
        first = next(iter(by_side), 0)
        by_side[stand.get(name, first)].append(name)
    if set(other.agreeing).issuperset(combinations(sorted(by_side), 2)):
        return [side]
    return [RowSide(side.name, tuple(names)) for names in by_side.values()]
