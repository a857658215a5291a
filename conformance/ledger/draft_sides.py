"""The sides of new ledger rows for a finding.

All sides are in one row where one name of a difference fits any two of them.

Otherwise each row has two sides: a smaller one and the largest, or the first if none is largest. No
two rows of a case claim the same facts of the same two runtimes, even where the elements of a list
group the runtimes in several ways.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, combinations, filterfalse, islice, product
from math import comb
from operator import attrgetter
from string import ascii_lowercase
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.difference import DIFFERS, VALUES_DIFFER
from conformance.comparison.error_codes import has_code
from conformance.comparison.faults import faulted
from conformance.comparison.sides import connected_sets
from conformance.model.decision import Decision, RowSide, live_rows
from conformance.model.finding import DifferenceKind, Finding, SidePair
from conformance.model.pin import pinned_text

_NAME: Final = attrgetter("name")
_RUNTIMES: Final = attrgetter("runtimes")
_Two = frozenset[str]
Claim = tuple[str, frozenset[tuple[str, str]]]
"""`(name of the difference, {(runtime, fact)} of two runtimes)`; without facts for values."""


class DraftSides(Struct, frozen=True):
    """The sides of a new row: the cause, the error code of a status, and the runtimes by fact.

    `largest` is the name of the side that the others are read against, if any.  `by_value` is set
    where the facts only say that values differ; the sides then have letters for names.
    """

    name: str
    code: str
    sides: tuple[RowSide, ...]
    largest: str | None
    by_value: bool

    @property
    def runtimes(self) -> frozenset[str]:
        """Return all runtimes on the sides."""
        return frozenset(chain.from_iterable(map(_RUNTIMES, self.sides)))

    def claims(self, finding: Finding) -> dict[_Two, frozenset[Claim]]:
        """Return for every two runtimes the claim of this row, and the claim of the two alone."""
        claims: dict[_Two, frozenset[Claim]] = {}
        for side, other in combinations(self.sides, 2):
            facts = (side.name, other.name)
            for two in product(side.runtimes, other.runtimes):
                runtimes = frozenset(two)
                row = _claim(self.name, two, facts, by_value=self.by_value)
                alone = claim_alone(finding, runtimes)
                claims[runtimes] = frozenset((row, alone or row))
        return claims

    def with_code_of(self, finding: Finding) -> "DraftSides":
        """Return the sides with the error name of the side that refuses, if a side refuses."""
        if not has_code(finding.name):
            return self
        return replace(self, code=finding.code_among(self.runtimes))

    def alone(self, finding: Finding, asked: AbstractSet[str]) -> "DraftSides":
        """Return the two sides with the name and facts that a run of only their runtimes shows.

        A runtime that the row leaves out may have given the pair another name.
        """
        two = [side.runtimes[0] for side in self.sides]
        whole = between(finding, two)
        if whole is None:
            return self
        pair, at_sides = whole
        # One name for all runtimes of the two sides needs no narrowing
        if not pair.claims:
            return self
        pair = pair.among(self.runtimes)
        names = _names_of(list(map(pair.fact_of, at_sides)), asked)
        renamed = dict(zip(map(_NAME, self.sides), names, strict=True))
        return replace(
            self,
            name=pair.name,
            sides=tuple(map(RowSide, names, map(_RUNTIMES, self.sides))),
            largest=renamed.get(self.largest),
            by_value=pair.facts == VALUES_DIFFER,
        )

    def beside(
        self, taken: AbstractSet[Claim], finding: Finding, asked: AbstractSet[str]
    ) -> Iterator["DraftSides"]:
        """Yield parts of the sides that claim nothing that is already `taken`."""
        claims = self.claims(finding)
        left = {two for two, claimed in claims.items() if claimed.isdisjoint(taken)}
        if len(left) == len(claims):
            yield self
            return
        groups = [left]
        # The claim of the whole row may be taken although the claim of these two alone is free
        for two in claims.keys() - left:
            alone = claim_alone(finding, two)
            if alone is not None and alone not in taken:
                groups.append({two})
        for (side, other), group in product(combinations(self.sides, 2), groups):
            for sides in _parts(side, other, group):
                part = replace(self, sides=sides, largest=None).alone(finding, asked)
                yield from part.beside(taken, finding, asked)

    def without(self, rows: Iterable[Decision]) -> "DraftSides | None":
        """Return the sides without the runtimes that live rows name; None if no runtime remains.

        A side stays whole where the runtimes that remain need a side to be compared with: the last
        side, or the others if only the last has runtimes that remain.
        """
        named = _named_by_live(rows)
        if named.isdisjoint(self.runtimes):
            return self
        whole = list(map(_RUNTIMES, self.sides))
        left = [tuple(filterfalse(named.__contains__, runtimes)) for runtimes in whole]
        if not any(left):
            return None
        # The runtimes that remain need a whole side to be compared with
        kept = [*left[:-1], whole[-1]]
        if not any(left[:-1]):
            kept = [*whole[:-1], left[-1]]
        sides = map(RowSide, map(_NAME, self.sides), kept)
        return replace(self, sides=tuple(filter(_RUNTIMES, sides)))


def between(finding: Finding, runtimes: Sequence[str]) -> tuple[SidePair, tuple[int, ...]] | None:
    """Return how two runtimes of a finding differ, and the indexes of their sides, or None."""
    stand = finding.side_of
    if not stand.keys() >= set(runtimes):
        return None
    sides = tuple(map(stand.__getitem__, runtimes))
    for pair in finding.pairs:
        if set(pair.sides) == set(sides):
            return pair, sides
    return None


def claim_alone(finding: Finding, runtimes: frozenset[str]) -> Claim | None:
    """Return what a finding claims of two runtimes alone; None if they do not differ in it."""
    two = sorted(runtimes)
    whole = between(finding, two)
    if whole is None:
        return None
    pair, sides = whole
    pair = pair.among(runtimes)
    facts = tuple(map(pair.fact_of, sides))
    return _claim(pair.name, two, facts, by_value=pair.facts == VALUES_DIFFER)


def _claim(name: str, two: Sequence[str], facts: tuple[str, ...], *, by_value: bool) -> Claim:
    """Return the claim about two runtimes; the facts are empty where only values differ."""
    if by_value:
        facts = ("", "")
    return name, frozenset(zip(two, facts, strict=True))


def _parts(
    side: RowSide, other: RowSide, left: AbstractSet[_Two]
) -> Iterator[tuple[RowSide, RowSide]]:
    """Yield smaller pairs of the two sides, in which every two runtimes are in `left`."""
    firsts_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for first in side.runtimes:
        rest = tuple(second for second in other.runtimes if {first, second} in left)
        firsts_of[rest].append(first)
    firsts_of.pop((), None)  # runtimes without a pair that is left
    for rest, firsts in firsts_of.items():
        yield RowSide(side.name, tuple(firsts)), RowSide(other.name, rest)


def _named_by_live(rows: Iterable[Decision]) -> set[str]:
    """Return the runtimes that live rows name."""
    return set(chain.from_iterable(row.runtimes for row in live_rows(rows)))


def side_labels(count: int, runtimes: AbstractSet[str]) -> tuple[str, ...]:
    """Return names for sides whose facts say only that values differ.

    The names are letters, or `v1`, `v2`, … where the name of a runtime is one letter; no name is a
    runtime's.
    """
    letters_are_free = 1 not in map(len, runtimes)
    if letters_are_free and count <= len(ascii_lowercase):
        return tuple(ascii_lowercase[:count])
    # Enough numbers, even if each runtime has such a name
    numbers = range(1, count + len(runtimes) + 1)
    free = filterfalse(runtimes.__contains__, map("v{}".format, numbers))
    return tuple(islice(free, count))


def _names_of(facts: Sequence[str], runtimes: AbstractSet[str]) -> tuple[str, ...]:
    """Return the names of sides: their facts, or letters where values alone differ."""
    if set(facts) == {DIFFERS}:
        return side_labels(len(facts), runtimes)
    return tuple(facts)


def draft_sides(
    finding: Finding,
    rows: Sequence[Decision] = (),
    *,
    in_pairs: bool = False,
    runtimes: AbstractSet[str] = frozenset(),
) -> list[DraftSides]:
    """Return the sides of the rows that together cover what `rows` do not cover of a finding.

    `runtimes` are all runtimes of the run: no letter of a side may be the name of one.
    """
    if finding.kind is DifferenceKind.FAULT:
        return list(_faults(finding, rows))
    names = runtimes | {*finding.runtimes}
    # Where rows decide a part of the finding, the rest is drafted pair by pair
    is_in_pairs = in_pairs or bool(rows)
    if not is_in_pairs:
        whole = _whole(finding, names)
        if whole is not None:
            return [whole]
    parts = (part.without(rows) for part in _in_pairs(finding, names))
    return list(filter(None, parts))


def _faults(finding: Finding, rows: Sequence[Decision]) -> Iterator[DraftSides]:
    """Yield one side for each runtime that gave no answer and that no live row names."""
    named = _named_by_live(rows)
    for index, side in enumerate(finding.sides):
        fault, *_ = finding.facts_of(index)
        if not faulted(fault):
            continue
        for runtime in filterfalse(named.__contains__, side.runtimes):
            sides = (RowSide(fault, (runtime,)),)
            yield DraftSides(finding.name, "", sides, None, by_value=False)


def _whole(finding: Finding, runtimes: AbstractSet[str]) -> DraftSides | None:
    """Return all sides of a finding as one row; None where one name or fact does not fit a side."""
    names = {pair.name for pair in finding.pairs}
    if finding.kind is DifferenceKind.STATUS and len(names) > 1:
        names = {finding.kind.value}  # the kind `status` fits any two statuses
    if len(names) > 1 or not _every_two_differ(finding):
        return None
    # Sorted by runtimes: a row is the same whichever case showed the cause first
    order = sorted(range(len(finding.sides)), key=partial(_rank, finding))
    facts_of_sides = list(map(finding.facts_of, order))
    has_one_fact_each = max(map(len, facts_of_sides)) == 1
    if not has_one_fact_each:
        return None
    facts = list(chain.from_iterable(facts_of_sides))
    by_value = set(facts) == {DIFFERS}
    is_told_apart = by_value or len(set(facts)) == len(facts)
    if not is_told_apart:
        return None
    labels = _names_of(facts, runtimes)
    runtimes_of_sides = map(_RUNTIMES, map(finding.sides.__getitem__, order))
    sides = tuple(map(RowSide, labels, runtimes_of_sides))
    largest = sides[-1].name if finding.largest is not None else None
    return DraftSides(names.pop(), "", sides, largest, by_value)


def _every_two_differ(finding: Finding) -> bool:
    """Return whether any two sides of a finding were compared and differ."""
    if finding.agreeing:
        return False
    return len(finding.pairs) == comb(len(finding.sides), 2)


def _rank(finding: Finding, side: int) -> tuple[bool, tuple[str, ...]]:
    """Return the sort key of a side of a finding; the largest side is last."""
    return side == finding.largest, finding.sides[side].runtimes


def _in_pairs(finding: Finding, runtimes: AbstractSet[str]) -> Iterator[DraftSides]:
    """Yield rows of two sides, each with the largest, or first, side where these were compared.

    Values that differ get a row that lists them, even where other rows already link the two sides.
    """
    reference = 0 if finding.largest is None else finding.largest
    pairs = sorted(finding.pairs, key=lambda pair: reference not in pair.sides)
    joined: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for pair in pairs:
        by_value = pair.facts == VALUES_DIFFER
        groups = connected_sets(joined[by_value])
        is_joined = any(group.issuperset(pair.sides) for group in groups)
        if is_joined:
            continue  # other rows already link the two
        joined[by_value].append(pair.sides)
        joined[False].append(pair.sides)
        yield _of_pair(finding, pair, runtimes)


def _of_pair(finding: Finding, pair: SidePair, runtimes: AbstractSet[str]) -> DraftSides:
    """Return a row of two sides; the side that the other is read against is last."""
    first, second = pair.sides
    if first == finding.largest:
        first, second = second, first
    name, other = _names_of((pair.fact_of(first), pair.fact_of(second)), runtimes)
    sides = (
        RowSide(name, finding.sides[first].runtimes),
        RowSide(other, finding.sides[second].runtimes),
    )
    largest = other if finding.largest in pair.sides else None
    return DraftSides(pair.name, "", sides, largest, pair.facts == VALUES_DIFFER)


def may_meet(sides: DraftSides, own: Finding, other: Finding) -> bool:
    """Return whether a row about one finding may also match another finding of its place.

    It cannot match if it lists values that the other finding lacks, and the other finding separates
    runtimes of one of its sides.
    """
    if not sides.by_value or not _have_other_values(own, other):
        return True
    stand = other.side_of
    for side in sides.sides:
        at_sides = set(map(stand.get, side.runtimes)) - {None}
        if len(at_sides) > 1:
            return False
    return True


def _have_other_values(first: Finding, second: Finding) -> bool:
    """Return whether a runtime sent values in one finding and none of them in the other."""
    # Values that were not kept may be any
    if first.more_sent or second.more_sent:
        return False
    sent = _values_of(first)
    others = _values_of(second)
    common = sent.keys() & others.keys()
    return any(sent[name].isdisjoint(others[name]) for name in common)


def _values_of(finding: Finding) -> dict[str, set[str]]:
    """Return the values that each runtime of a finding sent, as texts of a pin."""
    values: dict[str, set[str]] = defaultdict(set)
    for runtime, value in chain.from_iterable(finding.to_pin):
        values[runtime].add(pinned_text(value))
    return values
