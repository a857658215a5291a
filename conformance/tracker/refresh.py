"""Folds the ledger and a complete run into the evidence.

It shows what the document will say, and what of it is news.

A refresh adds one line to the change log when the state of a row, what a run says of it, a figure
or the budget changed; a later date alone is no news.

Pure: it rests on what it is handed and on nothing else.  It reads no file and no clock, as the day
is that of the run or is given, and it changes nothing: whatever it makes comes with its news.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from conformance.ledger.file import UNDECIDED
from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.model.verdict import RowState, RowVerdict
from conformance.tracker.claim_tally import ClaimOutcome
from conformance.tracker.evidence import Change, ClaimEvidence, Evidence, RowEvidence, TrendPoint
from conformance.tracker.evidence_file import id_number
from conformance.tracker.run_evidence import Globs, RunEvidence
from conformance.wording import plural

ALARMS: Final = frozenset(
    {RowState.NARROWED, RowState.STALE, RowState.REOPENED, RowState.REGRESSED}
)
_TOLD: Final = ALARMS | {RowState.MATCHED, RowState.HOLDS}
_News = tuple[str, ...]


def refreshed(
    evidence: Evidence,
    ledger: Ledger,
    claims: Mapping[Globs, bool],
    run: RunEvidence | None,
    today: dt.date,
) -> Evidence:
    """Return the evidence after a refresh, with a line of the change log where there is news.

    `claims` are the globs of each claim, and whether the document shows its figure, so that a new
    one is news.  Without a run only the ledger is folded in, as of today.
    """
    date = run.refresh.date if run else today
    rows = tuple(_rows(evidence, ledger, run, date))
    claim_rows = tuple(_claims(evidence, claims, run))
    of_rows = (what for _, news_of_row in (*rows, *claim_rows) for what in news_of_row)
    news = (*of_rows, *_budget_news(evidence.budget, ledger.budget))
    return replace(
        evidence,
        refresh=run.refresh if run else evidence.refresh,
        claims=tuple(claim for claim, _ in claim_rows),
        rows=tuple(row for row, _ in rows),
        budget=dict(sorted(ledger.budget.items())),
        trend=_trend(evidence.trend, open_rows(ledger), date),
        changes=_with_change(evidence.changes, date, news),
    )


def _with_change(changes: tuple[Change, ...], date: dt.date, news: _News) -> tuple[Change, ...]:
    """Return the change log with one more line, if there is news."""
    number = max((change.number for change in changes), default=0) + 1
    further = (Change(date=date, number=number, what=news),) if news else ()
    return tuple(sorted((*changes, *further), key=lambda change: change.order))


def open_rows(ledger: Ledger) -> dict[str, int]:
    """Return for each runtime how many open rows have it to be changed.

    Under `undecided`, how many say of none.
    """
    rows = [row for row in ledger.decisions if row.state is DecisionState.OPEN and not row.work]
    fixed = Counter(name for row in rows for name in row.to_fix or (UNDECIDED,))
    return dict(sorted(fixed.items()))


def _rows(
    evidence: Evidence, ledger: Ledger, run: RunEvidence | None, date: dt.date
) -> Iterator[tuple[RowEvidence, _News]]:
    """Yield the rows of the ledger and those that were once in it, by id."""
    current = {row.id: row for row in ledger.decisions}
    for decision_id in sorted({*current, *(row.id for row in evidence.rows)}, key=id_number):
        before, row = evidence.row(decision_id), current.get(decision_id)
        if row is not None:
            yield _row(row, before, run.rows.get(decision_id) if run else None, date)
        elif before is not None and before.removed is None:
            yield replace(before, removed=date), (f"{decision_id} removed",)
        elif before is not None:
            yield before, ()


def _row(
    row: Decision, before: RowEvidence | None, verdict: RowVerdict | None, date: dt.date
) -> tuple[RowEvidence, _News]:
    known, news = _by_the_ledger(row, before, date)
    if verdict is None or verdict.state not in _TOLD:
        return known, news
    if verdict.state in ALARMS and known.seen is not verdict.state:
        news = (*news, f"{row.id} {verdict.state.value}")
    elif known.seen in ALARMS and verdict.state not in ALARMS:
        news = (*news, f"{row.id} {verdict.state.value} again")
    seen = replace(
        known, seen=verdict.state, seen_on=date, reason=verdict.reason, found=len(verdict.cases)
    )
    if not row.grows:
        return seen, news
    new = [case for case in verdict.cases if known.cases and case not in known.cases]
    news = (*news, f"{row.id} now also covers {', '.join(new)}") if new else news
    return replace(seen, cases=verdict.cases), news


def _by_the_ledger(
    row: Decision, before: RowEvidence | None, date: dt.date
) -> tuple[RowEvidence, _News]:
    """Return a row as the ledger has it: if new or in another state, no run has seen it."""
    known = RowEvidence(
        id=row.id, opened=row.opened, signature=row.about, state=row.state, since=date
    )
    if before is None:
        since = row.opened if row.state is DecisionState.OPEN else date
        return replace(known, since=since), (f"{row.id} {row.state.value}: {row.title}",)
    if before.state is not row.state:
        commit = f" in {row.commit}" if row.commit else ""
        return known, (f"{row.id} {before.state.value} → {row.state.value}{commit}",)
    return replace(before, opened=row.opened, signature=row.about), ()


def _claims(
    evidence: Evidence, claims: Mapping[Globs, bool], run: RunEvidence | None
) -> Iterator[tuple[ClaimEvidence, _News]]:
    """Yield what is known of the document's claims, each once.

    Of a claim that has left it nothing is kept.
    """
    for cases in sorted(filter(None, claims)):
        before = evidence.claim(cases)
        outcome = run.claims.get(cases) if run else None
        if run is not None and outcome is not None:
            after, news = _claim(before or ClaimEvidence(cases=cases), outcome, run.refresh.started)
            yield after, (*_figure_news(before, after), *news) if claims[cases] else news
        elif before is not None:
            yield before, ()


def _claim(before: ClaimEvidence, outcome: ClaimOutcome, at: str) -> tuple[ClaimEvidence, _News]:
    """Fold one outcome in: only live runtimes verify, and a red case retracts a claim.

    The claim stays retracted until it holds again.
    """
    after, name, date = (
        replace(before, at=at),
        ", ".join(before.cases),
        dt.date.fromisoformat(at[:10]),
    )
    if outcome.live:
        after = replace(after, measured=outcome.measured, count=outcome.count)
        after = replace(
            after, compared=outcome.compared, digest=outcome.digest, runtimes=outcome.runtimes
        )
    if outcome.red:
        after = replace(after, red_since=before.red_since or date)
    elif outcome.held and outcome.live:
        after = replace(after, red_since=None, verified=date)
    if (after.red_since is None) == (before.red_since is None):
        return after, ()
    return after, (f"{name}: {'red' if after.red_since else 'holds again'}",)


def _figure_news(before: ClaimEvidence | None, after: ClaimEvidence) -> Iterator[str]:
    """Yield the figure of a claim, and what it was, where it has changed."""
    measured = before.measured if before else ""
    if after.measured != measured:
        was = f" (was: {_said(before)})" if before and measured else ""
        yield f"{', '.join(after.cases)}: {_said(after)}{was}"


def _budget_news(before: dict[str, int], after: dict[str, int]) -> Iterator[str]:
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield f"budget of {name}: {before.get(name, 'none')} → {after.get(name, 'none')}"


def _trend(
    trend: tuple[TrendPoint, ...], rows: dict[str, int], date: dt.date
) -> tuple[TrendPoint, ...]:
    """Add a point where the counts changed; a day has one, the last."""
    if trend and trend[-1].rows == rows:
        return trend
    kept = trend[:-1] if trend and trend[-1].date >= date else trend
    return (*kept, TrendPoint(date=date, rows=rows))


def _said(claim: ClaimEvidence) -> str:
    """Return a figure as the change log has it: cases of one runtime alone are no failure."""
    if claim.compared or not claim.count:
        return claim.measured
    return f"{plural(claim.count, 'case')} that no two runtimes answer"
