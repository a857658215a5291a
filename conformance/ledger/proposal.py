"""Ledger rows for what is in no decision: one for each difference, ready but for what only people know.

A row is proposed for each signature with its two sides, whichever of them a case calls odd.  Cases that had no answer
and findings that two replays do not agree on make none: such differences cannot be in the ledger.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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


def sides_to_decide(finding: Finding) -> Iterator[TwoSides]:
    """Yield the pairs of sides whose rows cover a finding together: each side beside the largest, or the first."""
    reference = finding.largest if finding.largest is not None else 0
    covered: set[int] = set()
    for pair, signature in sorted(
        zip(finding.pairs, finding.signatures, strict=True),
        key=lambda each: reference not in (each[0].first, each[0].second),
    ):
        if covered.issuperset((pair.first, pair.second)):
            continue
        covered |= {pair.first, pair.second}
        first_is_odd = pair.fact_of(pair.first) == signature.odd and pair.first != finding.largest
        odd, rest = (pair.first, pair.second) if first_is_odd else (pair.second, pair.first)
        yield TwoSides(signature, finding.sides[odd].runtimes, finding.sides[rest].runtimes)


def rows_of(finding: Finding, proposed: Mapping[Difference, Decision]) -> tuple[Decision, ...]:
    """Return the proposed rows that would decide a finding together; none where it can have none."""
    wanted = [proposed.get(sides.difference) for sides in sides_to_decide(finding)]
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
        for finding, decided in zip(result.comparison.findings, judgement.decisions, strict=True):
            for sides in () if decided else sides_to_decide(finding):
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
