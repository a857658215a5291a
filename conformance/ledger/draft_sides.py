"""The sides that rows about a finding would have.

All of them are in one row where one name says how any two differ.

Where it does not, each side is put beside the largest, or the first, in a row of two.  No two rows
of a case claim the same facts of the same two runtimes, though its elements may part them in
several ways.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import combinations, product
from string import ascii_lowercase

from conformance.comparison.difference import DIFFERS
from conformance.comparison.faults import faulted
from conformance.model.decision import Decision, RowSide
from conformance.model.finding import DifferenceKind, Finding, SidePair

_Claim = frozenset[tuple[str, str]]
"""Two runtimes, each with the fact that it shows: no fact where values alone differ."""


@dataclass(frozen=True, slots=True)
class DraftSides:
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
    def claims(self) -> frozenset[_Claim]:
        """Return what this says of the runtimes whose difference it is, two by two."""
        return frozenset(
            self._claim(side, first, other, second)
            for side, other in combinations(self.sides, 2)
            for first, second in product(side.runtimes, other.runtimes)
        )

    def _claim(self, side: RowSide, first: str, other: RowSide, second: str) -> _Claim:
        """Return two runtimes, each with the fact of its side: letters are no facts."""
        names = ("", "") if self.by_value else (side.name, other.name)
        return frozenset(((first, names[0]), (second, names[1])))

    def with_code_of(self, finding: Finding) -> "DraftSides":
        """Return the sides with the refusing side's error name, where they are about statuses."""
        if self.name != DifferenceKind.STATUS.value:
            return self
        return replace(
            self, code=finding.code_among({name for side in self.sides for name in side.runtimes})
        )

    def beside(self, others: Iterable["DraftSides"]) -> Iterator["DraftSides"]:
        """Yield the sides as parts that claim nothing that others of the same name claim."""
        left = self.claims.difference(
            *(other.claims for other in others if other.name == self.name)
        )
        if left == self.claims:
            yield self
            return
        for side, other in combinations(self.sides, 2):
            parts: dict[tuple[str, ...], list[str]] = {}
            for first in side.runtimes:
                rest = tuple(
                    second
                    for second in other.runtimes
                    if self._claim(side, first, other, second) in left
                )
                parts.setdefault(rest, []).append(first)
            for rest, first_side in parts.items():
                if rest:
                    sides = (RowSide(side.name, tuple(first_side)), RowSide(other.name, rest))
                    yield replace(self, sides=sides, largest=None)

    def without(self, rows: Iterable[Decision]) -> "DraftSides | None":
        """Return the sides with those runtimes alone that rows about them leave out.

        None where they leave nobody.

        The side that others are read against keeps all of its runtimes where it has none that is
        left out.
        """
        live = [row for row in rows if row.live]
        named = {name for row in live for name in row.runtimes}
        if all(named.isdisjoint(side.runtimes) for side in self.sides):
            return self
        left = [tuple(name for name in side.runtimes if name not in named) for side in self.sides]
        if not any(left):
            return None
        keep_last = any(left[:-1])
        kept = left[:-1] if keep_last else [side.runtimes for side in self.sides[:-1]]
        last = self.sides[-1].runtimes if keep_last else left[-1]
        sides = zip((side.name for side in self.sides), (*kept, last), strict=True)
        return replace(
            self, sides=tuple(RowSide(name, runtimes) for name, runtimes in sides if runtimes)
        )


def side_labels(count: int, runtimes: AbstractSet[str]) -> tuple[str, ...]:
    """Return names for sides of which facts say no more than that values differ.

    None of them is a runtime's.

    They are letters, or numbered where a runtime has a letter for a name.
    """
    if all(len(name) > 1 for name in runtimes) and count <= len(ascii_lowercase):
        return tuple(ascii_lowercase[:count])
    numbered = (f"v{number}" for number in range(1, count + len(runtimes) + 1))
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
    parts = (part.without(rows) for part in _in_pairs(finding, names))
    return [part for part in parts if part is not None]


def _faults(finding: Finding, rows: Sequence[Decision]) -> Iterator[DraftSides]:
    """Yield a side of its own for each runtime that gave no answer."""
    live = [row for row in rows if row.live]
    named = {name for row in live for name in row.runtimes}
    for at, side in enumerate(finding.sides):
        fact = finding.facts_of(at)[0]
        if faulted(fact):
            for runtime in (name for name in side.runtimes if name not in named):
                sides = (RowSide(fact, (runtime,)),)
                yield DraftSides(finding.name, "", sides, None, by_value=False)


def _whole(finding: Finding, runtimes: AbstractSet[str]) -> DraftSides | None:
    """Return all sides of a finding, where any two differ by one name and each shows one fact."""
    names = {pair.name for pair in finding.pairs}
    if (
        len(names) > 1 and finding.kind is DifferenceKind.STATUS
    ):  # a row may call any difference of statuses so
        names = {finding.kind.value}
    every_two = len(finding.pairs) == len(finding.sides) * (len(finding.sides) - 1) // 2
    facts = [finding.facts_of(at) for at in range(len(finding.sides))]
    if (
        len(names) > 1
        or not every_two
        or finding.agreeing
        or any(len(facts_of_side) > 1 for facts_of_side in facts)
    ):
        return None
    by_value = all(facts_of_side == (DIFFERS,) for facts_of_side in facts)
    if not by_value and len(set(facts)) < len(facts):
        return None
    order = sorted(
        range(len(facts)), key=lambda at: (at == finding.largest, finding.sides[at].runtimes)
    )
    labels = side_labels(len(order), runtimes) if by_value else [facts[at][0] for at in order]
    sides = tuple(
        RowSide(label, finding.sides[at].runtimes) for label, at in zip(labels, order, strict=True)
    )
    largest = sides[-1].name if finding.largest is not None else None
    return DraftSides(names.pop(), "", sides, largest, by_value)


def _in_pairs(finding: Finding, runtimes: AbstractSet[str]) -> Iterator[DraftSides]:
    """Yield each side beside the largest, or the first, as far as the two were compared."""
    reference = finding.largest if finding.largest is not None else 0
    joined = [{at} for at in range(len(finding.sides))]
    for pair in sorted(finding.pairs, key=lambda pair: reference not in {pair.first, pair.second}):
        both = [group for group in joined if pair.first in group or pair.second in group]
        if len(both) > 1:
            joined = [*(group for group in joined if group not in both), set().union(*both)]
            yield _of_pair(finding, pair, runtimes)


def _of_pair(finding: Finding, pair: SidePair, runtimes: AbstractSet[str]) -> DraftSides:
    """Return two sides, the one that the other is read against last."""
    first, second = pair.first, pair.second
    if first == finding.largest:
        first, second = second, first
    by_value = pair.facts == (DIFFERS, DIFFERS)
    names = side_labels(2, runtimes) if by_value else (pair.fact_of(first), pair.fact_of(second))
    sides = tuple(
        RowSide(name, finding.sides[at].runtimes)
        for name, at in zip(names, (first, second), strict=True)
    )
    largest = names[1] if finding.largest in {first, second} else None
    return DraftSides(pair.name, "", sides, largest, by_value)
