"""Adds the ledger and a complete run to the evidence, and reports what is new.

A refresh adds one line to the change log if something changed: the state of a row, what a run shows
of it, a figure or the budget.  A later date alone is not new.

All functions are pure: they read no file and no clock, because the day is that of the run or is
given.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain, filterfalse
from operator import attrgetter, itemgetter
from typing import Final

from msgspec.structs import replace

from conformance.ledger.file import UNDECIDED
from conformance.model.decision import Decision, Ledger
from conformance.model.verdict import RowState, RowVerdict
from conformance.tracker.claim_tally import ClaimOutcome
from conformance.tracker.evidence import (
    ClaimEvidence,
    DocumentEvidence,
    LoggedChange,
    RowEvidence,
    TrendPoint,
)
from conformance.tracker.evidence_file import id_number
from conformance.tracker.run_evidence import Globs, RunEvidence
from conformance.wording import plural

ALARMS: Final = frozenset(
    {RowState.NARROWED, RowState.STALE, RowState.REOPENED, RowState.REGRESSED}
)
_SEEN: Final = ALARMS | {RowState.MATCHED, RowState.HOLDS}
"""The states in which a run has a verdict on a row; other states say that it has none."""
_News = tuple[str, ...]


def refreshed(
    evidence: DocumentEvidence,
    ledger: Ledger,
    claims: Mapping[Globs, bool],
    run: RunEvidence | None,
    today: dt.date,
) -> DocumentEvidence:
    """Return the evidence after a refresh, with a new line of the change log if there is news.

    `claims` has by globs whether the document shows the figure of the claim, so that a new figure
    is news.  Without a run, only the ledger is added, as of today.
    """
    date = run.refresh.date if run else today
    rows = tuple(_rows(evidence, ledger, run, date))
    claim_rows = tuple(_claims(evidence, claims, run))
    news_of_rows = chain.from_iterable(map(itemgetter(1), rows))
    news_of_claims = chain.from_iterable(map(itemgetter(1), claim_rows))
    news_of_budget = _budget_news(evidence.budget, ledger.budget)
    news = (*news_of_rows, *news_of_claims, *news_of_budget)
    return replace(
        evidence,
        refresh=run.refresh if run else evidence.refresh,
        claims=tuple(map(itemgetter(0), claim_rows)),
        rows=tuple(map(itemgetter(0), rows)),
        budget=dict(sorted(ledger.budget.items())),
        trend=_trend(evidence.trend, open_rows(ledger), date),
        changes=_with_change(evidence.changes, date, news),
    )


def _with_change(
    changes: tuple[LoggedChange, ...], date: dt.date, news: _News
) -> tuple[LoggedChange, ...]:
    """Return the change log, with one more line if there is news."""
    log = list(changes)
    if news:
        highest = max(map(attrgetter("number"), changes), default=0)
        log.append(LoggedChange(date=date, number=highest + 1, what=news))
    return tuple(sorted(log, key=lambda change: change.order))


def open_rows(ledger: Ledger) -> dict[str, int]:
    """Return the number of open rows by the runtime that is to be changed.

    Rows that name none are counted under `undecided`.
    """
    counts: Counter[str] = Counter()
    for row in filter(attrgetter("open"), ledger.differences):
        counts.update(row.to_fix or (UNDECIDED,))
    return dict(sorted(counts.items()))


def _rows(
    evidence: DocumentEvidence, ledger: Ledger, run: RunEvidence | None, date: dt.date
) -> Iterator[tuple[RowEvidence, _News]]:
    """Yield the evidence and the news of each row that is, or once was, in the ledger, by id."""
    current = ledger.by_id
    known = evidence.rows_by_id
    verdicts = run.rows if run else {}
    # A removed row keeps its id for ever
    for decision_id in sorted({*current, *known}, key=id_number):
        before = known.get(decision_id)
        row = current.get(decision_id)
        if row is not None:
            yield _row(row, before, verdicts.get(decision_id), date)
        elif before is not None:
            yield _without_row(before, date)


def _without_row(before: RowEvidence, date: dt.date) -> tuple[RowEvidence, _News]:
    """Return the evidence of a row that is not in the ledger; only its first absence is news."""
    if before.removed is not None:
        return before, ()
    return replace(before, removed=date), (f"{before.id} removed",)


def _row(
    row: Decision, before: RowEvidence | None, verdict: RowVerdict | None, date: dt.date
) -> tuple[RowEvidence, _News]:
    known, news = _by_the_ledger(row, before, date)
    if verdict is None or verdict.state not in _SEEN:
        return known, news
    news = (*news, *_news_of_state(row, known, verdict))
    seen = replace(
        known,
        seen=verdict.state,
        seen_on=date,
        reason=verdict.reason,
        found=len(verdict.cases),
    )
    if not row.grows:
        return seen, news
    grown = replace(seen, cases=verdict.cases)
    return grown, (*news, *_news_of_growth(known, verdict))


def _news_of_growth(known: RowEvidence, verdict: RowVerdict) -> Iterator[str]:
    """Yield which cases a growing row covers for the first time."""
    # The first cases of a row are no growth
    if not known.cases:
        return
    new = list(filterfalse(known.cases.__contains__, verdict.cases))
    if new:
        yield f"{known.id} now also covers {', '.join(new)}"


def _news_of_state(row: Decision, known: RowEvidence, verdict: RowVerdict) -> Iterator[str]:
    """Yield the change of a row's state between two runs, if one of the states is an alarm."""
    state = verdict.state
    if state in ALARMS and known.seen is not state:
        yield f"{row.id} {state.value}"
    if state not in ALARMS and known.seen in ALARMS:
        yield f"{row.id} {state.value} again"


def _by_the_ledger(
    row: Decision, before: RowEvidence | None, date: dt.date
) -> tuple[RowEvidence, _News]:
    """Return a row as the ledger has it; if it is new or has another state, no run has seen it."""
    # Earlier runs saw the row in its old state
    known = RowEvidence(
        id=row.id,
        opened=row.opened,
        signature=row.about,
        state=row.state,
        since=date,
    )
    if before is None:
        since = row.opened if row.open else date
        return replace(known, since=since), (f"{row.id} {row.state.value}: {row.title}",)
    if before.state is row.state:
        return replace(before, opened=row.opened, signature=row.about), ()
    change = f"{row.id} {before.state.value} → {row.state.value}"
    if row.commit:
        change += f" in {row.commit}"
    return known, (change,)


def _claims(
    evidence: DocumentEvidence, claims: Mapping[Globs, bool], run: RunEvidence | None
) -> Iterator[tuple[ClaimEvidence, _News]]:
    """Yield the evidence and the news of each claim of the document.

    The evidence of a removed claim is dropped.
    """
    outcomes = run.claims if run else {}
    # A claim without cases rests on reports
    for cases in sorted(filter(None, claims)):
        before = evidence.claim(cases)
        if run is not None and cases in outcomes:
            known = before or ClaimEvidence(cases=cases)
            after, news = _claim(known, outcomes[cases], run.refresh.started)
            is_figure_shown = claims[cases]
            figures = _figure_news(before, after) if is_figure_shown else ()
            yield after, (*figures, *news)
        elif before is not None:
            yield before, ()


def _claim(before: ClaimEvidence, outcome: ClaimOutcome, at: str) -> tuple[ClaimEvidence, _News]:
    """Return a claim's evidence after one outcome, and its news.

    Only live runtimes verify a claim.  A red case retracts it until it holds again.
    """
    date = dt.date.fromisoformat(at[:10])
    after = replace(before, at=at)
    # A recording proves nothing new
    if outcome.live:
        after = replace(
            after,
            measured=outcome.measured,
            count=outcome.count,
            compared=outcome.compared,
            digest=outcome.digest,
            runtimes=outcome.runtimes,
        )
    if outcome.red:
        after = replace(after, red_since=before.red_since or date)
    elif outcome.held and outcome.live:
        after = replace(after, red_since=None, verified=date)
    return after, tuple(_news_of_red(before, after))


def _news_of_red(before: ClaimEvidence, after: ClaimEvidence) -> Iterator[str]:
    """Yield that a claim turned red, or holds again."""
    was_red = before.red_since is not None
    is_red = after.red_since is not None
    if was_red == is_red:
        return
    name = ", ".join(before.cases)
    state = "red" if is_red else "holds again"
    yield f"{name}: {state}"


def _figure_news(before: ClaimEvidence | None, after: ClaimEvidence) -> Iterator[str]:
    """Yield the new and the old figure of a claim, if it has changed."""
    measured = before.measured if before else ""
    if after.measured == measured:
        return
    news = f"{', '.join(after.cases)}: {_in_words(after)}"
    if before and measured:
        news += f" (was: {_in_words(before)})"
    yield news


def _budget_news(before: dict[str, int], after: dict[str, int]) -> Iterator[str]:
    for name in sorted({*before, *after}):
        old = before.get(name, "none")
        new = after.get(name, "none")
        if old != new:
            yield f"budget of {name}: {old} → {new}"


def _trend(
    trend: tuple[TrendPoint, ...], rows: dict[str, int], date: dt.date
) -> tuple[TrendPoint, ...]:
    """Return the trend with a new point if the counts changed; a day has only its last point."""
    if not trend:
        return (TrendPoint(date=date, rows=rows),)
    last = trend[-1]
    if last.rows == rows:
        return trend
    is_same_day = last.date >= date
    kept = trend[:-1] if is_same_day else trend
    return (*kept, TrendPoint(date=date, rows=rows))


def _in_words(claim: ClaimEvidence) -> str:
    """Return a figure for the change log; cases that one runtime alone answers are no failure."""
    if claim.compared or not claim.count:
        return claim.measured
    count = plural(claim.count, "case")
    return f"{count} that no two runtimes answer"
