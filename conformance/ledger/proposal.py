"""Ledger rows for what is in no decision: one for each difference, ready but for what only people know.

A row is proposed for each signature with its two sides, whichever of them a case calls odd.  Cases that had no answer
and findings that two replays do not agree on make none: such differences cannot be in the ledger.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

from conformance.errors import Place
from conformance.model.case_glob import narrowest_globs
from conformance.model.decision import Decision, DecisionKind, DecisionState, Ledger
from conformance.model.finding import Finding
from conformance.model.known_cases import KnownCases
from conformance.model.verdict import CaseResult, Judgement, Verdict

REASON_TO_WRITE: Final = "TODO: why this is decided so"
OWNER_TO_NAME: Final = "TODO: who answers for it"
_SHOWN: Final = 100

Difference = tuple[object, ...]


def difference_of(finding: Finding) -> Difference:
    """Return what findings that one row covers have in common: the difference, and the runtimes with either fact."""
    signature = finding.signature
    sides = frozenset({(signature.odd, frozenset(finding.odd)), (signature.rest, frozenset(finding.rest))})
    return signature.key, sides


def next_id(ledger: Ledger) -> int:
    """Return the number of the first id after all that the ledger holds; ids are never reused."""
    return 1 + max((int(re.sub(r"\D", "", row.id)) for row in ledger.decisions), default=0)


def proposed_row(finding: Finding, where: tuple[str, ...], number: int, today: dt.date) -> Decision:
    """Return the row that would record a decision about a finding, for some globs over case ids."""
    signature = finding.signature
    odd, rest = ", ".join(finding.odd), ", ".join(finding.rest)
    return Decision(
        id=f"D-{number:03d}",
        title=f"{signature.name} at {signature.path[:_SHOWN]}: {signature.odd} in {odd}, {signature.rest} in {rest}",
        state=DecisionState.OPEN,
        kind=DecisionKind.RESEARCH,
        where=where,
        signature=signature,
        odd=finding.odd,
        rest=finding.rest,
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
        self._found: dict[Difference, tuple[Finding, list[str]]] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        self._known.add(result, judgement)
        if judgement.verdict in {Verdict.ERRORED, Verdict.NONDETERMINISTIC}:
            return
        for finding, decision in zip(result.comparison.findings, judgement.decisions, strict=True):
            if decision is None:
                _, cases = self._found.setdefault(difference_of(finding), (finding, []))
                cases.append(result.case_id)

    def rows(self, ledger: Ledger, today: dt.date, *, finished: bool) -> Mapping[Difference, Decision]:
        """Return the rows in the order in which the run met the differences, with ids that the ledger has not.

        A suite is named as a whole only by a run that finished, as others do not know all its cases, and only where no
        other row is about the same signature: two rows must never claim one finding.
        """
        held = Counter(row.signature.key for row in ledger.decisions)
        held.update(finding.signature.key for finding, _ in self._found.values())
        known = self._known.of_suite() if finished else {}
        rows: dict[Difference, Decision] = {}
        for number, (key, (finding, cases)) in enumerate(self._found.items(), start=next_id(ledger)):
            alone = held[finding.signature.key] == 1
            rows[key] = proposed_row(finding, narrowest_globs(cases, known if alone else {}), number, today)
        return rows
