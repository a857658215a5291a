"""Everything that can be wrong with the living document, its ledger and its copies, found without writing anything."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conformance.errors import LedgerError, Place, Problem
from conformance.tracker.copies import pointer_problems
from conformance.tracker.lint import contradiction, ledger_problems, stale_claims
from conformance.tracker.living_document import (
    LivingDocument,
    difference,
    hand_edits,
    out_of_date,
    slack_budget,
    with_evidence,
    with_lower_budget,
)
from conformance.tracker.mentions import unknown_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckOutcome:
    """What is wrong, sorted by place, and what `sync` would change in the document, as a diff."""

    problems: tuple[Problem, ...]
    difference: str


def check_synced(document: LivingDocument, run: Path, today: dt.date) -> CheckOutcome:
    """Check what the document would be once a run is folded into it, in memory; what would change then is no drift.

    What `sync` cannot put right is a hand edit, and a row, a claim or an id that does not hold.
    """
    problems = [*document.problems, *hand_edits(document), *pointer_problems(document)]
    problems += unknown_ids(document.ledger, document.markdown, document.suites)
    synced = with_lower_budget(document)
    try:
        synced = with_evidence(synced, run, today)
    except LedgerError as error:
        problems.append(contradiction(document.ledger, error))
    problems += ledger_problems(synced.ledger, synced.evidence, synced.known, today)
    return CheckOutcome(problems=tuple(sorted(set(problems))), difference="")


def check(document: LivingDocument, run: Path | None, today: dt.date, *, fresh: bool) -> CheckOutcome:
    """Check the document against the ledger and its evidence, and a run against both if one is named."""
    now = with_evidence(document, None, today)
    problems = [*document.problems, *hand_edits(document), *pointer_problems(document)]
    problems += unknown_ids(document.ledger, document.markdown, document.suites)
    problems += _slack(document)
    stale = out_of_date(now)
    problems += [Problem(Place(str(file)), "is out of date: `conformance tracker sync`") for file in stale]
    if run is not None:
        try:
            after = with_evidence(now, run, today)
        except LedgerError as error:
            problems.append(contradiction(document.ledger, error))
            after = now
        problems += _news(document, now, after)
        now = after
    problems += ledger_problems(now.ledger, now.evidence, now.known, today)
    if fresh:
        problems += stale_claims(document.claims, now.evidence, today)
    shown = difference(now) if document.file in stale else ""
    return CheckOutcome(problems=tuple(sorted(set(problems))), difference=shown)


def _slack(document: LivingDocument) -> Iterator[Problem]:
    for name, count in slack_budget(document.ledger).items():
        most = document.ledger.budget[name]
        what = f"budget of {name}: {most}, and only {count} open: `conformance tracker sync` lowers it"
        yield Problem(Place(document.ledger.file or ""), what)


def _news(document: LivingDocument, before: LivingDocument, after: LivingDocument) -> Iterator[Problem]:
    """Yield what a run showed that the document does not say."""
    for change in after.evidence.changes[len(before.evidence.changes) :]:
        for what in change.what:
            yield Problem(Place(str(document.file)), f"the run shows what is not here: {what}")
