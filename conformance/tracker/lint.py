"""What is wrong with the ledger, and with what is written about it, as problems with file and line.

Rules 5, 7, 8, 9 and 12 of the ledger: one row a finding, no narrowed, stale or reopened row, no
done row that fails, no review that is overdue.  Then: ids are never used again, commits exist,
budgets hold.
"""

import datetime as dt
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from conformance.errors import LedgerError, Place, Problem
from conformance.model.decision import Decision, Ledger
from conformance.tracker.evidence import DocumentEvidence, RowEvidence
from conformance.tracker.refresh import ALARMS, open_rows
from conformance.tracker.report_records import ReportRecords
from conformance.tracker.repositories import CommitState, commit_state
from conformance.tracker.work_evidence import work_problems
from conformance.verdicts.ledger_check import check_ledger

_TIME_ZONES: Final = dt.timedelta(days=1)
"""Days are those of UTC: where a row is written it may already be tomorrow."""


def ledger_problems(
    ledger: Ledger,
    evidence: DocumentEvidence,
    known: AbstractSet[str],
    records: ReportRecords,
    today: dt.date,
) -> Iterator[Problem]:
    """Yield what is wrong with the ledger itself, the cases that there are being known."""
    runtimes = frozenset().union(*(row.runtimes for row in ledger.decisions))
    try:
        check_ledger(ledger, known, runtimes)
    except LedgerError as error:
        yield contradiction(ledger, error)
    for row in ledger.decisions:
        yield from _row_problems(row, ledger, evidence, today)
        yield from work_problems(row, ledger, records)
    yield from _budget_problems(ledger)


def contradiction(ledger: Ledger, error: LedgerError) -> Problem:
    """Return a contradiction of the ledger as a problem."""
    hint = f" ({error.hint})" if error.hint else ""
    return Problem(error.place or Place(ledger.file or ""), f"{error.message}{hint}")


def reused_ids(ledger: Ledger, evidence: DocumentEvidence) -> Iterator[Problem]:
    """Yield where a row has an id that was another's, by evidence without this ledger yet.

    The ledger is not folded into that evidence yet.
    """
    for row in ledger.decisions:
        before = evidence.row(row.id)
        if before is None:
            continue
        if before.removed is not None:
            was = f"was removed on {before.removed}"
        elif before.opened != row.opened and before.signature != row.about:
            was = f"was about {before.signature}, opened {before.opened}"
        else:
            continue
        yield Problem(row.place, f"{row.id} {was}, and ids are never reused: take the next one")


def _row_problems(
    row: Decision, ledger: Ledger, evidence: DocumentEvidence, today: dt.date
) -> Iterator[Problem]:
    yield from _alarm(row, evidence.row(row.id))
    if row.opened > today + _TIME_ZONES:
        yield Problem(
            row.place,
            f"{row.id}: opened on {row.opened}, which is not yet: write the day on which it was",
        )
    if row.live and row.review_by is not None and row.review_by < today:
        yield Problem(
            row.place, f"{row.id}: its review was due by {row.review_by}, owner {row.owner}"
        )
    if row.commit is not None:
        state, reason = commit_state(row.commit, ledger)
        if state is CommitState.MISSING:
            yield Problem(row.place, f"{row.id}: commit {row.commit} does not exist: {reason}")


def _alarm(row: Decision, known: RowEvidence | None) -> Iterator[Problem]:
    """Yield that the last run found something wrong with a row that has not changed since."""
    if known is None or known.state is not row.state or known.seen is None:
        return
    if known.seen in ALARMS:
        what = f"{row.id} is {known.seen.value} in the run of {known.seen_on}: {known.reason}"
        yield Problem(row.place, f"{what}; then sync with the run again")


def _budget_problems(ledger: Ledger) -> Iterator[Problem]:
    counts, place = open_rows(ledger), Place(ledger.file or "")
    for name, most in sorted(ledger.budget.items()):
        count = counts.get(name, 0)
        if count > most:
            what = f"budget of {name}: at most {most} open rows, and there are {count}"
            yield Problem(
                place, f"{what}: close one, or raise the budget in a change that says why"
            )
