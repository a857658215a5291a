"""The sides that rows about a finding would have.

All of them are in one row where one name says how any two differ.

Where it does not, each side is put beside the largest, or the first, in a row of two.  No two rows
of a case claim the same facts of the same two runtimes, though its elements may part them in
several ways.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain, combinations, product
from math import comb
from operator import itemgetter
from string import ascii_lowercase

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.difference import DIFFERS, VALUES_DIFFER
from conformance.comparison.error_codes import has_code
from conformance.comparison.faults import faulted
from conformance.comparison.sides import together
from conformance.model.decision import Decision, RowSide, live_rows
from conformance.model.finding import DifferenceKind, Finding, SidePair
from conformance.model.pin import pinned_text

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
        return frozenset(chain.from_iterable(side.runtimes for side in self.sides))

    def claims(self, finding: Finding) -> dict[_Two, frozenset[Claim]]:
        """Return for every two runtimes what this says of them, and what they show alone."""
        claims: dict[_Two, frozenset[Claim]] = {}
        for side, other in combinations(self.sides, 2):
            facts = ("", "") if self.by_value else (side.name, other.name)
            for two in product(side.runtimes, other.runtimes):
                row = self.name, frozenset(zip(two, facts, strict=True))
                alone = claim_alone(finding, frozenset(two))
                claims[frozenset(two)] = frozenset((row, alone or row))
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
        whole = between(finding, [side.runtimes[0] for side in self.sides])
        if whole is None or not whole[0].claims:
            return self
        found, sides = whole[0].among(self.runtimes), whole[1]
        by_value = found.facts == VALUES_DIFFER
        names = side_labels(2, asked) if by_value else tuple(map(found.fact_of, sides))
        both = list(zip(names, self.sides, strict=True))
        return replace(
            self,
            name=found.name,
            sides=tuple(RowSide(name, side.runtimes) for name, side in both),
            largest=next((name for name, side in both if side.name == self.largest), None),
            by_value=by_value,
        )

    def beside(
        self, taken: AbstractSet[Claim], finding: Finding, asked: AbstractSet[str]
    ) -> Iterator["DraftSides"]:
        """Yield the sides as parts that claim nothing that is taken."""
        claims = self.claims(finding)
        left = set(filter(lambda two: claims[two].isdisjoint(taken), claims))
        if len(left) == len(claims):
            yield self
            return
        # A row of all may be in the way where one of these two alone is not
        alone = map(partial(claim_alone, finding), claims.keys() - left)
        own = (claim for claim in alone if claim is not None and claim not in taken)
        groups = (left, *({frozenset(map(itemgetter(0), facts))} for _, facts in own))
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
        left = [tuple(name for name in side.runtimes if name not in named) for side in self.sides]
        if not any(left):
            return None
        whole = [side.runtimes for side in self.sides]
        # Runtimes that are left need a whole side beside them: the last, or else all others
        kept = [*left[:-1], whole[-1]] if any(left[:-1]) else [*whole[:-1], left[-1]]
        names = (side.name for side in self.sides)
        sides = (RowSide(*side) for side in zip(names, kept, strict=True))
        return replace(self, sides=tuple(side for side in sides if side.runtimes))


def between(finding: Finding, runtimes: Sequence[str]) -> tuple[SidePair, tuple[int, ...]] | None:
    """Return how the sides of two runtimes of a finding differ, and which sides these are."""
    stand = finding.side_of
    sides = tuple(stand[name] for name in runtimes if name in stand)
    pair = next((pair for pair in finding.pairs if {*pair.sides} == {*sides}), None)
    return None if pair is None or len(sides) < len(runtimes) else (pair, sides)


def claim_alone(finding: Finding, runtimes: frozenset[str]) -> Claim | None:
    """Return what a finding says of two runtimes alone; None if it does not tell them apart."""
    two = sorted(runtimes)
    whole = between(finding, two)
    if whole is None:
        return None
    found = whole[0].among(runtimes)
    facts = ("", "") if found.facts == VALUES_DIFFER else map(found.fact_of, whole[1])
    return found.name, frozenset(zip(two, facts, strict=True))


def _parts(
    side: RowSide, other: RowSide, left: AbstractSet[_Two]
) -> Iterator[tuple[RowSide, RowSide]]:
    """Yield two sides in parts between which every two runtimes are left."""
    first_by_rest: dict[tuple[str, ...], list[str]] = {}
    for first in side.runtimes:
        rest = tuple(second for second in other.runtimes if {first, second} in left)
        first_by_rest.setdefault(rest, []).append(first)
    first_by_rest.pop((), None)  # runtimes of which everything is claimed
    for rest, firsts in first_by_rest.items():
        yield RowSide(side.name, tuple(firsts)), RowSide(other.name, rest)


def _named_by_live(rows: Iterable[Decision]) -> set[str]:
    """Return the runtimes that live rows name."""
    return set(chain.from_iterable(row.runtimes for row in live_rows(rows)))


def side_labels(count: int, runtimes: AbstractSet[str]) -> tuple[str, ...]:
    """Return names for sides of which facts say no more than that values differ.

    None of them is a runtime's.

    They are letters, or numbered where a runtime has a letter for a name.
    """
    letters_are_free = all(len(name) > 1 for name in runtimes)
    if letters_are_free and count <= len(ascii_lowercase):
        return tuple(ascii_lowercase[:count])
    # So many numbers that enough are left even if each runtime has one for a name
    numbered = [f"v{number}" for number in range(1, count + len(runtimes) + 1)]
    return tuple(name for name in numbered if name not in runtimes)[:count]


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
    whole = None if in_pairs or rows else _whole(finding, names)
    if whole is not None:
        return [whole]
    parts = [part.without(rows) for part in _in_pairs(finding, names)]
    return [part for part in parts if part is not None]


def _faults(finding: Finding, rows: Sequence[Decision]) -> Iterator[DraftSides]:
    """Yield a side of its own for each runtime that gave no answer."""
    named = _named_by_live(rows)
    for index, side in enumerate(finding.sides):
        fault = finding.facts_of(index)[0]
        unnamed = [name for name in side.runtimes if name not in named]
        for runtime in unnamed if faulted(fault) else ():
            sides = (RowSide(fault, (runtime,)),)
            yield DraftSides(finding.name, "", sides, None, by_value=False)


def _whole(finding: Finding, runtimes: AbstractSet[str]) -> DraftSides | None:
    """Return all sides of a finding, where any two differ by one name and each shows one fact."""
    names = {pair.name for pair in finding.pairs}
    if finding.kind is DifferenceKind.STATUS and len(names) > 1:
        names = {finding.kind.value}  # a row may call any difference of statuses so
    count = len(finding.sides)
    every_two_differ = len(finding.pairs) == comb(count, 2) and not finding.agreeing
    facts = [finding.facts_of(side) for side in range(count)]
    one_fact_each = max(map(len, facts)) == 1
    if len(names) > 1 or not every_two_differ or not one_fact_each:
        return None
    by_value = set(facts) == {(DIFFERS,)}
    if not by_value and len(set(facts)) < count:
        return None
    # By runtimes, so that a row reads the same whichever case showed the cause first
    order = sorted(range(count), key=partial(_rank, finding))
    labels = side_labels(count, runtimes) if by_value else [facts[side][0] for side in order]
    sides = tuple(
        RowSide(label, finding.sides[side].runtimes)
        for label, side in zip(labels, order, strict=True)
    )
    largest = sides[-1].name if finding.largest is not None else None
    return DraftSides(names.pop(), "", sides, largest, by_value)


def _rank(finding: Finding, side: int) -> tuple[bool, tuple[str, ...]]:
    """Return the key by which a side of a finding is sorted: the largest goes last."""
    return side == finding.largest, finding.sides[side].runtimes


def _in_pairs(finding: Finding, runtimes: AbstractSet[str]) -> Iterator[DraftSides]:
    """Yield each side beside the largest, or the first, as far as the two were compared.

    Two values that differ have a row that says which, also where other rows join the two.
    """
    reference = finding.largest if finding.largest is not None else 0
    pairs = sorted(finding.pairs, key=lambda pair: reference not in pair.sides)
    joined: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for pair in pairs:
        by_value = pair.facts == VALUES_DIFFER
        if any(group.issuperset(pair.sides) for group in together(joined[by_value])):
            continue  # other rows already join the two
        joined[by_value].append(pair.sides)
        joined[False].append(pair.sides)
        yield _of_pair(finding, pair, runtimes)


def _of_pair(finding: Finding, pair: SidePair, runtimes: AbstractSet[str]) -> DraftSides:
    """Return two sides, the one that the other is read against last."""
    first, second = pair.sides
    if first == finding.largest:
        first, second = second, first
    by_value = pair.facts == VALUES_DIFFER
    names = side_labels(2, runtimes) if by_value else (pair.fact_of(first), pair.fact_of(second))
    sides = (
        RowSide(names[0], finding.sides[first].runtimes),
        RowSide(names[1], finding.sides[second].runtimes),
    )
    largest = names[1] if finding.largest in pair.sides else None
    return DraftSides(pair.name, "", sides, largest, by_value)


def may_meet(sides: DraftSides, own: Finding, other: Finding) -> bool:
    """Return whether a row with sides of one finding may claim another one of the same place.

    It cannot where it lists other values, and puts runtimes on one side that the other tells apart.
    """
    stand = other.side_of
    in_one_side = all(len({*map(stand.get, side.runtimes)} - {None}) <= 1 for side in sides.sides)
    return in_one_side or not sides.by_value or not _have_other_values(own, other)


def _have_other_values(first: Finding, second: Finding) -> bool:
    """Return whether two findings have no value of a runtime in common."""
    left_out = first.more_sent + second.more_sent
    sent, others = _values_of(first), _values_of(second)
    return not left_out and any(
        sent[name].isdisjoint(others[name]) for name in sent.keys() & others.keys()
    )


def _values_of(finding: Finding) -> dict[str, set[str]]:
    """Return what each runtime of a finding sent, as pins have it."""
    values: dict[str, set[str]] = {}
    for runtime, value in chain.from_iterable(finding.to_pin):
        values.setdefault(runtime, set()).add(pinned_text(value))
    return values
