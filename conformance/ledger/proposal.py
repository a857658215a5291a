"""Ledger rows for what is undecided: one for each difference, ready but for what only people know.

A row is proposed for each signature with its two sides, whichever of them a case calls odd.  Cases that had no answer
and findings that two replays do not agree on make none: such differences cannot be in the ledger.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product
from typing import Final

from conformance.errors import Place
from conformance.model.case_glob import narrowest_globs
from conformance.model.decision import Decision, DecisionKind, DecisionState, Ledger
from conformance.model.finding import Finding, Signature
from conformance.model.known_cases import KnownCases
from conformance.model.verdict import CaseResult, Judgement, Verdict

REASON_TO_WRITE: Final = "TODO: why this is decided so"
OWNER_TO_NAME: Final = "TODO: who answers for it"
_SHOWN: Final = 100

Difference = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class TwoSides:
    """Two sides of a finding, as a row has them: how they differ, and the runtimes on either."""

    signature: Signature
    odd: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def difference(self) -> Difference:
        """Return what all findings have in common that one row covers, whichever side they call odd."""
        sides = {(self.signature.odd, frozenset(self.odd)), (self.signature.rest, frozenset(self.rest))}
        return self.signature.key, frozenset(sides)

    @property
    def pairs(self) -> frozenset[frozenset[str]]:
        """Return the runtimes that a row claims the difference of, two by two."""
        return frozenset(map(frozenset, product(self.odd, self.rest)))

    def beside(self, others: Iterable["TwoSides"]) -> Iterator["TwoSides"]:
        """Yield the sides as parts that claim nothing which other rows of the same case do."""
        key = self.signature.key
        left = self.pairs.difference(*(other.pairs for other in others if other.signature.key == key))
        if left == self.pairs:
            yield self
            return
        parts: dict[tuple[str, ...], list[str]] = {}
        for odd in self.odd:
            parts.setdefault(tuple(rest for rest in self.rest if frozenset((odd, rest)) in left), []).append(odd)
        yield from (replace(self, odd=tuple(odd), rest=rest) for rest, odd in parts.items() if rest)

    def without(self, rows: Iterable[Decision]) -> "TwoSides | None":
        """Return the sides with those runtimes alone that rows about them leave out; None where they leave nobody."""
        named: set[str] = set()
        for row in rows:
            runtimes = {*row.odd, *row.rest}
            if row.state is not DecisionState.DONE and runtimes & {*self.odd} and runtimes & {*self.rest}:
                named |= runtimes
        odd = tuple(name for name in self.odd if name not in named)
        rest = tuple(name for name in self.rest if name not in named)
        if not odd and not rest:
            return None
        return replace(self, odd=odd or self.odd, rest=self.rest if odd else rest)


def sides_to_decide(finding: Finding, partial: Iterable[Decision] = ()) -> Iterator[TwoSides]:
    """Yield the pairs of sides whose rows cover a finding together, without what rows already cover in part.

    These are each side beside the largest, or the first, as far as they were held against it.
    """
    reference = finding.largest if finding.largest is not None else 0
    joined = [{at} for at in range(len(finding.sides))]
    for pair, signature in sorted(
        zip(finding.pairs, finding.signatures, strict=True),
        key=lambda each: reference not in (each[0].first, each[0].second),
    ):
        both = [group for group in joined if pair.first in group or pair.second in group]
        if len(both) == 1:
            continue
        joined = [*(group for group in joined if group not in both), set().union(*both)]
        first_is_odd = pair.fact_of(pair.first) == signature.odd and pair.first != finding.largest
        odd, rest = (pair.first, pair.second) if first_is_odd else (pair.second, pair.first)
        sides = TwoSides(signature, finding.sides[odd].runtimes, finding.sides[rest].runtimes)
        if (left := sides.without(partial)) is not None:
            yield left


def sides_of_case(result: CaseResult, judgement: Judgement) -> Mapping[Finding, Sequence[TwoSides]]:
    """Return the pairs of sides whose rows would decide each undecided finding of a case.

    Where elements at one place part the runtimes in several ways, the rows of one way are rows of the other too: no two
    rows of a case claim the same two runtimes.
    """
    wanted = {
        finding: list(sides_to_decide(finding, partial))
        for finding, decided, partial in zip(
            result.comparison.findings, judgement.decisions, judgement.partial, strict=False
        )
        if not decided
    }
    parts: list[TwoSides] = []
    for sides in sorted(chain.from_iterable(wanted.values()), key=lambda sides: len(sides.pairs)):
        parts.extend(list(sides.beside(parts)))
    return {
        finding: [
            part
            for part in parts
            if any(part.signature.key == each.signature.key and part.pairs <= each.pairs for each in sides)
        ]
        for finding, sides in wanted.items()
    }


def rows_of(
    finding: Finding, result: CaseResult, judgement: Judgement, proposed: Mapping[Difference, Decision]
) -> tuple[Decision, ...]:
    """Return the proposed rows that would decide a finding of a case; none where it can have none."""
    wanted = [proposed.get(sides.difference) for sides in sides_of_case(result, judgement).get(finding, ())]
    rows = tuple(row for row in wanted if row is not None)
    return rows if len(rows) == len(wanted) else ()


def next_id(ledger: Ledger) -> int:
    """Return the number of the first id after all that the ledger holds; ids are never reused."""
    return 1 + max((int(re.sub(r"\D", "", row.id)) for row in ledger.decisions), default=0)


def proposed_row(sides: TwoSides, where: tuple[str, ...], number: int, today: dt.date) -> Decision:
    """Return the row that would record a decision about two sides, for some globs over case ids."""
    signature = sides.signature
    odd, rest = ", ".join(sides.odd), ", ".join(sides.rest)
    return Decision(
        id=f"D-{number:03d}",
        title=f"{signature.name} at {signature.path[:_SHOWN]}: {signature.odd} in {odd}, {signature.rest} in {rest}",
        state=DecisionState.OPEN,
        kind=DecisionKind.RESEARCH,
        where=where,
        signature=signature,
        odd=sides.odd,
        rest=sides.rest,
        reason=REASON_TO_WRITE,
        owner=OWNER_TO_NAME,
        opened=today,
        place=Place(""),
    )


class Proposals:
    """Takes the judged cases of a run one by one and gives a row for each undecided difference.

    `unselected` are the known cases that the run did not select.
    """

    def __init__(self, unselected: Iterable[str]) -> None:
        self._known = KnownCases(unselected)
        self._found: dict[Difference, tuple[TwoSides, list[str]]] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        self._known.add(result, judgement)
        if judgement.verdict in {Verdict.ERRORED, Verdict.NONDETERMINISTIC}:
            return
        for sides in dict.fromkeys(chain.from_iterable(sides_of_case(result, judgement).values())):
            _, cases = self._found.setdefault(sides.difference, (sides, []))
            cases.append(result.case_id)

    def rows(self, ledger: Ledger, today: dt.date, *, finished: bool) -> Mapping[Difference, Decision]:
        """Return the rows in the order in which the run met the differences, with ids that the ledger has not.

        A suite is named as a whole only by a run that finished, as others do not know all its cases, and only where no
        other row is about the same signature: two rows must never claim one finding.
        """
        held = Counter(row.signature.key for row in ledger.decisions)
        held.update(sides.signature.key for sides, _ in self._found.values())
        known = self._known.of_suite() if finished else {}
        rows: dict[Difference, Decision] = {}
        for number, (key, (sides, cases)) in enumerate(self._found.items(), start=next_id(ledger)):
            alone = held[sides.signature.key] == 1
            rows[key] = proposed_row(sides, narrowest_globs(cases, known if alone else {}), number, today)
        return rows
