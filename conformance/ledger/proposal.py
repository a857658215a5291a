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
from conformance.model.decision import Decision, DecisionKind, DecisionState, Ledger
from conformance.model.finding import Finding
from conformance.model.verdict import CaseResult, Judgement, Verdict

REASON_TO_WRITE: Final = "TODO: why this is decided so"
OWNER_TO_NAME: Final = "TODO: who answers for it"
_CASES_OF_A_SUITE: Final = 20
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
    """Takes the judged cases of a run one by one and gives a row for each undecided difference."""

    def __init__(self) -> None:
        self._found: dict[Difference, tuple[Finding, list[str]]] = {}

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one case."""
        if judgement.verdict in {Verdict.ERRORED, Verdict.NONDETERMINISTIC}:
            return
        for finding, decision in zip(result.comparison.findings, judgement.decisions, strict=True):
            if decision is None:
                _, cases = self._found.setdefault(difference_of(finding), (finding, []))
                cases.append(result.case_id)

    def rows(self, ledger: Ledger, today: dt.date) -> Mapping[Difference, Decision]:
        """Return the rows in the order in which the run met the differences, with ids that the ledger has not."""
        first = next_id(ledger)
        held = Counter(row.signature.key for row in ledger.decisions)
        held.update(finding.signature.key for finding, _ in self._found.values())
        return {
            key: proposed_row(finding, _where(cases, alone=held[finding.signature.key] == 1), number, today)
            for number, (key, (finding, cases)) in enumerate(self._found.items(), start=first)
        }


def _where(case_ids: Iterable[str], *, alone: bool) -> tuple[str, ...]:
    """Return globs over cases: each by its id, but a suite that shows the difference in very many as a whole.

    That is done only where no other row is about the same signature: two rows must never claim one finding.
    """
    by_suite: dict[str, list[str]] = {}
    for case_id in sorted(case_ids):
        by_suite.setdefault(case_id.rpartition("/")[0], []).append(case_id)
    return tuple(
        glob
        for suite, ids in by_suite.items()
        for glob in ([f"{suite}/*"] if alone and len(ids) > _CASES_OF_A_SUITE else dict.fromkeys(ids))
    )
