"""Problems of the ledger, and of what is written about it, with file and line.

Rules 5, 7, 8, 9 and 12 of the ledger: one row a finding, no narrowed, stale or reopened row, no
done row that fails, no review that is overdue.  Also: ids are never reused, commits exist, budgets
hold.
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
"""Days are in UTC: for the writer of a row it may already be the next day."""


def ledger_problems(
    ledger: Ledger,
    evidence: DocumentEvidence,
    known: AbstractSet[str],
    records: ReportRecords,
    today: dt.date,
) -> Iterator[Problem]:
    """Yield the problems of the ledger itself; `known` are the ids of all cases."""
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
    """Return an error of the ledger as a problem."""
    place = error.place or Place(ledger.file or "")
    if not error.hint:
        return Problem(place, error.message)
    return Problem(place, f"{error.message} ({error.hint})")


def reused_ids(ledger: Ledger, evidence: DocumentEvidence) -> Iterator[Problem]:
    """Yield the rows with an id that another row had, according to the evidence.

    The evidence must not contain this version of the ledger yet.
    """
    for row in ledger.decisions:
        before = evidence.row(row.id)
        if before is None:
            continue
        was = _was_another(row, before)
        if was:
            yield Problem(row.place, f"{row.id} {was}, and ids are never reused: take the next one")


def _was_another(row: Decision, before: RowEvidence) -> str:
    """Return which other row had an id before; an empty text if none had."""
    if before.removed is not None:
        return f"was removed on {before.removed}"
    # A row that is decided again has a new difference but keeps its opening day
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
    # Done rows need no review
    if is_overdue and row.live:
        what = f"its review was due by {row.review_by}, owner {row.owner}"
        yield Problem(row.place, f"{row.id}: {what}")
    if row.commit is not None:
        yield from _commit_problems(row, row.commit, ledger)


def _commit_problems(row: Decision, commit: str, ledger: Ledger) -> Iterator[Problem]:
    state, reason = commit_state(commit, ledger)
    # Without a complete clone nothing is known
    if state is CommitState.MISSING:
        yield Problem(row.place, f"{row.id}: commit {commit} does not exist: {reason}")


def _alarm(row: Decision, known: RowEvidence | None) -> Iterator[Problem]:
    """Yield a problem if the last run had an alarm for a row that has not changed since."""
    if known is None:
        return
    # A row with a new state was not yet seen in that state
    is_current = known.state is row.state
    if is_current and known.seen is not None and known.seen in ALARMS:
        what = f"{row.id} is {known.seen.value} in the run of {known.seen_on}: {known.reason}"
        yield Problem(row.place, f"{what}; then sync with the run again")


def _budget_problems(ledger: Ledger) -> Iterator[Problem]:
    counts = open_rows(ledger)
    # A budget has no row of its own
    place = Place(ledger.file or "")
    for name, most in sorted(ledger.budget.items()):
        count = counts.get(name, 0)
        if count <= most:
            continue
        what = f"budget of {name}: at most {most} open rows, and there are {count}"
        yield Problem(place, f"{what}: close one, or raise the budget in a change that says why")
