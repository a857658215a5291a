"""The sides that rows about a finding would have.

All of them are in one row where one name says how any two differ.

Where it does not, each side is put beside the largest, or the first, in a row of two.  No two rows
of a case claim the same facts of the same two runtimes, though its elements may part them in
several ways.
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
from conformance.comparison.sides import together
from conformance.model.decision import Decision, RowSide, live_rows
from conformance.model.finding import DifferenceKind, Finding, SidePair
from conformance.model.pin import pinned_text

_NAME: Final = attrgetter("name")
_RUNTIMES: Final = attrgetter("runtimes")
_Two = frozenset[str]
Claim = tuple[str, frozenset[tuple[str, str]]]
"""A name, and two runtimes, each with the fact that it shows: no fact where values alone differ."""


class DraftSides(Struct, frozen=True):
    """How runtimes differ, as a row has it: the cause, the code of a status, and who shows what.

    `largest` is the name of the side that the others are read against, if any; `by_value` says that
    the sides have letters, as their facts say no more than that values differ.
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
        """Return for every two runtimes what this says of them, and what they show alone."""
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
        """Return the sides with the refusing side's error name, where some refuse."""
        if not has_code(finding.name):
            return self
        return replace(self, code=finding.code_among(self.runtimes))

    def alone(self, finding: Finding, asked: AbstractSet[str]) -> "DraftSides":
        """Return two sides with the name and the facts that a run of their runtimes alone shows.

        A runtime that a row leaves out may share another name with them.
        """
        two = [side.runtimes[0] for side in self.sides]
        whole = between(finding, two)
        if whole is None:
            return self
        pair, at_sides = whole
        # One name for all runtimes of the two is that of any of them
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
        """Yield the sides as parts that claim nothing that is taken."""
        claims = self.claims(finding)
        left = {two for two, claimed in claims.items() if claimed.isdisjoint(taken)}
        if len(left) == len(claims):
            yield self
            return
        groups = [left]
        # A row of all may be in the way where one of these two alone is not
        for two in claims.keys() - left:
            alone = claim_alone(finding, two)
            if alone is not None and alone not in taken:
                groups.append({two})
        for (side, other), group in product(combinations(self.sides, 2), groups):
            for sides in _parts(side, other, group):
                part = replace(self, sides=sides, largest=None).alone(finding, asked)
                yield from part.beside(taken, finding, asked)

    def without(self, rows: Iterable[Decision]) -> "DraftSides | None":
        """Return the sides with those runtimes alone that rows about them leave out.

        None where they leave nobody.

        The side that others are read against keeps all of its runtimes where it has none that is
        left out.
        """
        named = _named_by_live(rows)
        if named.isdisjoint(self.runtimes):
            return self
        whole = list(map(_RUNTIMES, self.sides))
        left = [tuple(filterfalse(named.__contains__, runtimes)) for runtimes in whole]
        if not any(left):
            return None
        # Runtimes that are left need a whole side beside them: the last, or else all others
        kept = [*left[:-1], whole[-1]]
        if not any(left[:-1]):
            kept = [*whole[:-1], left[-1]]
        sides = map(RowSide, map(_NAME, self.sides), kept)
        return replace(self, sides=tuple(filter(_RUNTIMES, sides)))


def between(finding: Finding, runtimes: Sequence[str]) -> tuple[SidePair, tuple[int, ...]] | None:
    """Return how the sides of two runtimes of a finding differ, and which sides these are."""
    stand = finding.side_of
    if not stand.keys() >= set(runtimes):
        return None
    sides = tuple(map(stand.__getitem__, runtimes))
    for pair in finding.pairs:
        if set(pair.sides) == set(sides):
            return pair, sides
    return None


def claim_alone(finding: Finding, runtimes: frozenset[str]) -> Claim | None:
    """Return what a finding says of two runtimes alone; None if it does not tell them apart."""
    two = sorted(runtimes)
    whole = between(finding, two)
    if whole is None:
        return None
    pair, sides = whole
    pair = pair.among(runtimes)
    facts = tuple(map(pair.fact_of, sides))
    return _claim(pair.name, two, facts, by_value=pair.facts == VALUES_DIFFER)


def _claim(name: str, two: Sequence[str], facts: tuple[str, ...], *, by_value: bool) -> Claim:
    """Return what is claimed of two runtimes; that values differ is no fact of either."""
    if by_value:
        facts = ("", "")
    return name, frozenset(zip(two, facts, strict=True))


def _parts(
    side: RowSide, other: RowSide, left: AbstractSet[_Two]
) -> Iterator[tuple[RowSide, RowSide]]:
    """Yield two sides in parts between which every two runtimes are left."""
    firsts_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for first in side.runtimes:
        rest = tuple(second for second in other.runtimes if {first, second} in left)
        firsts_of[rest].append(first)
    firsts_of.pop((), None)  # runtimes of which everything is claimed
    for rest, firsts in firsts_of.items():
        yield RowSide(side.name, tuple(firsts)), RowSide(other.name, rest)


def _named_by_live(rows: Iterable[Decision]) -> set[str]:
    """Return the runtimes that live rows name."""
    return set(chain.from_iterable(row.runtimes for row in live_rows(rows)))


def side_labels(count: int, runtimes: AbstractSet[str]) -> tuple[str, ...]:
    """Return names for sides of which facts say no more than that values differ.

    None of them is a runtime's.

    They are letters, or numbered where a runtime has a letter for a name.
    """
    letters_are_free = 1 not in map(len, runtimes)
    if letters_are_free and count <= len(ascii_lowercase):
        return tuple(ascii_lowercase[:count])
    # So many numbers that enough are left even if each runtime has one for a name
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
    """Return the sides whose rows together cover a finding, without what `rows` cover in part.

    `runtimes` are all that were asked: no side is named by a letter that is a runtime's name.
    """
    if finding.kind is DifferenceKind.FAULT:
        return list(_faults(finding, rows))
    names = runtimes | {*finding.runtimes}
    # Where rows decide a part of it, the rest is put beside them pair by pair
    is_in_pairs = in_pairs or bool(rows)
    if not is_in_pairs:
        whole = _whole(finding, names)
        if whole is not None:
            return [whole]
    parts = (part.without(rows) for part in _in_pairs(finding, names))
    return list(filter(None, parts))


def _faults(finding: Finding, rows: Sequence[Decision]) -> Iterator[DraftSides]:
    """Yield a side of its own for each runtime that gave no answer."""
    named = _named_by_live(rows)
    for index, side in enumerate(finding.sides):
        fault, *_ = finding.facts_of(index)
        if not faulted(fault):
            continue
        for runtime in filterfalse(named.__contains__, side.runtimes):
            sides = (RowSide(fault, (runtime,)),)
            yield DraftSides(finding.name, "", sides, None, by_value=False)


def _whole(finding: Finding, runtimes: AbstractSet[str]) -> DraftSides | None:
    """Return all sides of a finding, where any two differ by one name and each shows one fact."""
    names = {pair.name for pair in finding.pairs}
    if finding.kind is DifferenceKind.STATUS and len(names) > 1:
        names = {finding.kind.value}  # a row may call any difference of statuses so
    if len(names) > 1 or not _every_two_differ(finding):
        return None
    # By runtimes, so that a row reads the same whichever case showed the cause first
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
    """Return whether any two sides of a finding were compared, and differ."""
    if finding.agreeing:
        return False
    return len(finding.pairs) == comb(len(finding.sides), 2)


def _rank(finding: Finding, side: int) -> tuple[bool, tuple[str, ...]]:
    """Return the key by which a side of a finding is sorted: the largest goes last."""
    return side == finding.largest, finding.sides[side].runtimes


def _in_pairs(finding: Finding, runtimes: AbstractSet[str]) -> Iterator[DraftSides]:
    """Yield each side beside the largest, or the first, as far as the two were compared.

    Two values that differ have a row that says which, also where other rows join the two.
    """
    reference = 0 if finding.largest is None else finding.largest
    pairs = sorted(finding.pairs, key=lambda pair: reference not in pair.sides)
    joined: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for pair in pairs:
        by_value = pair.facts == VALUES_DIFFER
        groups = together(joined[by_value])
        is_joined = any(group.issuperset(pair.sides) for group in groups)
        if is_joined:
            continue  # other rows already join the two
        joined[by_value].append(pair.sides)
        joined[False].append(pair.sides)
        yield _of_pair(finding, pair, runtimes)


def _of_pair(finding: Finding, pair: SidePair, runtimes: AbstractSet[str]) -> DraftSides:
    """Return two sides, the one that the other is read against last."""
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
    """Return whether a row with sides of one finding may claim another one of the same place.

    It cannot where it lists other values, and puts runtimes on one side that the other tells apart.
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
    """Return whether two findings have no value of a runtime in common."""
    # What is left out may be any value
    if first.more_sent or second.more_sent:
        return False
    sent = _values_of(first)
    others = _values_of(second)
    common = sent.keys() & others.keys()
    return any(sent[name].isdisjoint(others[name]) for name in common)


def _values_of(finding: Finding) -> dict[str, set[str]]:
    """Return what each runtime of a finding sent, as pins have it."""
    values: dict[str, set[str]] = defaultdict(set)
    for runtime, value in chain.from_iterable(finding.to_pin):
        values[runtime].add(pinned_text(value))
    return values
