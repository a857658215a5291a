"""What is wrong with the ledger, and with what is written about it, as problems with file and line.

Rules 5, 7, 8, 9 and 12 of the ledger: one row a finding, no narrowed, stale or reopened row, no
done row that fails, no review that is overdue.  Then: ids are never used again, commits exist,
budgets hold.
"""

import datetime as dt
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from operator import attrgetter
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
    everyone = frozenset().union(*map(attrgetter("runtimes"), ledger.decisions))
    try:
        check_ledger(ledger, known, everyone)
    except LedgerError as error:
        yield contradiction(ledger, error)
    for row in ledger.decisions:
        yield from _row_problems(row, ledger, evidence, today)
        yield from work_problems(row, ledger, records)
    yield from _budget_problems(ledger)


def contradiction(ledger: Ledger, error: LedgerError) -> Problem:
    """Return a contradiction of the ledger as a problem."""
    place = error.place or Place(ledger.file or "")
    if not error.hint:
        return Problem(place, error.message)
    return Problem(place, f"{error.message} ({error.hint})")


def reused_ids(ledger: Ledger, evidence: DocumentEvidence) -> Iterator[Problem]:
    """Yield where a row has an id that was another's, by evidence without this ledger yet.

    The ledger is not folded into that evidence yet.
    """
    for row in ledger.decisions:
        before = evidence.row(row.id)
        if before is None:
            continue
        was = _was_another(row, before)
        if was:
            yield Problem(row.place, f"{row.id} {was}, and ids are never reused: take the next one")


def _was_another(row: Decision, before: RowEvidence) -> str:
    """Return what an id was before, if that was another row."""
    if before.removed is not None:
        return f"was removed on {before.removed}"
    # A row that is decided again is about something else, and keeps its day
    is_another = before.opened != row.opened and before.signature != row.about
    if not is_another:
        return ""
    return f"was about {before.signature}, opened {before.opened}"


def _row_problems(
    row: Decision, ledger: Ledger, evidence: DocumentEvidence, today: dt.date
) -> Iterator[Problem]:
    yield from _alarm(row, evidence.row(row.id))
    if row.opened > today + _TIME_ZONES:
        what = f"opened on {row.opened}, which is not yet: write the day on which it was"
        yield Problem(row.place, f"{row.id}: {what}")
    is_overdue = row.review_by is not None and row.review_by < today
    # Nobody needs to look again at what is done
    if is_overdue and row.live:
        what = f"its review was due by {row.review_by}, owner {row.owner}"
        yield Problem(row.place, f"{row.id}: {what}")
    if row.commit is not None:
        yield from _commit_problems(row, row.commit, ledger)


def _commit_problems(row: Decision, commit: str, ledger: Ledger) -> Iterator[Problem]:
    state, reason = commit_state(commit, ledger)
    # Of a clone that is not here, or not whole, nothing is known
    if state is CommitState.MISSING:
        yield Problem(row.place, f"{row.id}: commit {commit} does not exist: {reason}")


def _alarm(row: Decision, known: RowEvidence | None) -> Iterator[Problem]:
    """Yield that the last run found something wrong with a row that has not changed since."""
    if known is None:
        return
    # A row in another state has still to be seen in it
    is_current = known.state is row.state
    if is_current and known.seen is not None and known.seen in ALARMS:
        what = f"{row.id} is {known.seen.value} in the run of {known.seen_on}: {known.reason}"
        yield Problem(row.place, f"{what}; then sync with the run again")


def _budget_problems(ledger: Ledger) -> Iterator[Problem]:
    counts = open_rows(ledger)
    # A budget has no row to point at
    place = Place(ledger.file or "")
    for name, most in sorted(ledger.budget.items()):
        count = counts.get(name, 0)
        if count <= most:
            continue
        what = f"budget of {name}: at most {most} open rows, and there are {count}"
        yield Problem(place, f"{what}: close one, or raise the budget in a change that says why")
