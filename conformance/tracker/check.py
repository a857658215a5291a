"""The check of the living document, its ledger and its copies; it writes nothing."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from pathlib import Path

from msgspec import Struct

from conformance.errors import LedgerError, Place, Problem
from conformance.tracker.copies import pointer_problems, pointers_not_looked_at
from conformance.tracker.evidence import news_between
from conformance.tracker.freshness import older_than_allowed, older_than_cases, older_than_code
from conformance.tracker.lint import contradiction, ledger_problems
from conformance.tracker.living_document import (
    LivingDocument,
    difference,
    hand_edits,
    out_of_date,
    slack_budget,
    with_evidence,
    with_lower_budget,
)
from conformance.tracker.lookalikes import lookalikes
from conformance.tracker.mentions import unknown_ids
from conformance.tracker.page import Page
from conformance.tracker.standing import RowStanding, Standing, counted, standings
from conformance.tracker.typed_figures import typed_in_prose, typed_in_row
from conformance.wording import plural


class CheckOutcome(Struct, frozen=True, kw_only=True):
    """The problems, sorted by place, and a diff of what `sync` would change in the document.

    `rows` has the number of rows of the comparison by standing; `notes` name what could not be
    checked.
    """

    problems: tuple[Problem, ...]
    difference: str
    rows: Mapping[Standing, int]
    notes: tuple[str, ...] = ()


def check_synced(document: LivingDocument, run: Path, today: dt.date) -> CheckOutcome:
    """Check the document as it would be after a `sync` with a run, in memory.

    Out-of-date text is no problem then.  Problems are what `sync` cannot repair: hand edits, and
    rows, claims or ids that do not hold.
    """
    problems = [*_written(document)]
    synced = with_lower_budget(document)
    try:
        synced = with_evidence(synced, run, today)
    except LedgerError as error:
        problems.append(contradiction(document.ledger, error))
    rows = standings(synced.comparison, synced.basis, synced.columns)
    problems += _held(synced, rows, today)
    return _outcome(document, problems, rows)


def check(
    document: LivingDocument, run: Path | None, today: dt.date, *, fresh: bool
) -> CheckOutcome:
    """Check the document against the ledger and its evidence, and a run, if named, against both."""
    now = with_evidence(document, None, today)
    problems = [*_written(document), *_slack(document)]
    stale = out_of_date(now)
    problems += map(_stale, stale)
    if run is not None:
        try:
            after = with_evidence(now, run, today)
        except LedgerError as error:
            problems.append(contradiction(document.ledger, error))
            after = now
        problems += _news(document, now, after)
        now = after
    rows = standings(now.comparison, now.basis, now.columns)
    problems += _held(now, rows, today)
    if fresh:
        problems += older_than_allowed(now.claims, now.basis, today)
    diff = difference(now) if stale.keys() & set(map(attrgetter("file"), document.pages)) else ""
    return _outcome(document, problems, rows, diff)


def _outcome(
    document: LivingDocument,
    problems: Iterable[Problem],
    rows: Sequence[RowStanding],
    difference: str = "",
) -> CheckOutcome:
    return CheckOutcome(
        problems=tuple(sorted(set(problems))),
        difference=difference,
        rows=counted(rows, document.comparison.claims.owners),
        notes=tuple(pointers_not_looked_at(document)),
    )


def _stale(file: Path) -> Problem:
    """Return the problem of a generated file that is missing or has other content."""
    state = "is out of date" if file.exists() else "is missing"
    return Problem(Place(str(file)), f"{state}: `conformance tracker sync`")


def _written(document: LivingDocument) -> Iterator[Problem]:
    """Yield the problems in what people wrote, which no run changes and no sync repairs."""
    yield from (
        *document.problems,
        *hand_edits(document),
        *pointer_problems(document),
        *_typed_in_state(document),
    )
    for page in document.pages:
        suites = document.suites if page is document.comparison else ()
        yield from typed_in_prose(page)
        yield from lookalikes(page.markdown)
        yield from unknown_ids(document.ledger, page.markdown, suites)


def _typed_in_state(document: LivingDocument) -> Iterator[Problem]:
    """Yield the figures that were typed into rows of components.

    Those in the comparison are checked with the standing of its rows.
    """
    for claim in document.state.claims.once:
        yield from (Problem(claim.place, what) for what in typed_in_row(claim))


def _held(
    document: LivingDocument, rows: Sequence[RowStanding], today: dt.date
) -> Iterator[Problem]:
    """Yield what the evidence does not show of the ledger's rows and the rows of both pages.

    Evidence that is older than the code is a problem, too.
    """
    yield from ledger_problems(
        document.ledger, document.evidence, document.known, document.records, today
    )
    yield from (problem for row in rows for problem in row.problems)
    for page in document.pages:
        yield from older_than_cases(page.claims.once, document.basis)
        yield from _in_the_future(page, today)
    yield from older_than_code(document.comparison.claims.once, document.basis, document.sources)


def _in_the_future(page: Page, today: dt.date) -> Iterator[Problem]:
    """Yield the statements of owners whose day is in the future."""
    for index, day in page.claims.owner_days.items():
        if day > today.isoformat():
            yield Problem(page.markdown.place(index), f"an owner's statement of {day}: not yet")


def rows_text(rows: Mapping[Standing, int]) -> str:
    """Return the number of rows, in total and by standing: `20 rows: 16 verified, 3 by report`."""
    counts = [_counted(standing, count) for standing, count in rows.items() if count]
    return ": ".join(filter(None, [plural(sum(rows.values()), "row"), ", ".join(counts)]))


def _counted(standing: Standing, count: int) -> str:
    return (
        plural(count, standing.value)
        if standing is Standing.OWNERS
        else f"{count} {standing.value}"
    )


def _slack(document: LivingDocument) -> Iterator[Problem]:
    for name, count in slack_budget(document.ledger).items():
        most = document.ledger.budget[name]
        what = (
            f"budget of {name}: {most}, and only {count} open: `conformance tracker sync` lowers it"
        )
        yield Problem(Place(document.ledger.file or ""), what)


def _news(
    document: LivingDocument, before: LivingDocument, after: LivingDocument
) -> Iterator[Problem]:
    """Yield what a run shows that the document does not have yet."""
    for what in news_between(before.evidence, after.evidence):
        yield Problem(Place(str(document.file)), f"the run shows what is not here: {what}")
