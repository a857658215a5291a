"""What is wrong with the ledger, and with what is written about it, as problems with file and line.

Rules 5, 7, 8, 9 and 12 of the ledger: one row a finding, no narrowed, stale or reopened row, no done row that fails, no
review that is overdue.  Then: ids are never used again and never invented, commits exist, budgets hold.
"""

import datetime as dt
import fnmatch
import re
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from conformance.errors import LedgerError, Place, Problem
from conformance.model.decision import Decision, DecisionState, Ledger
from conformance.suites.fields import suggestion
from conformance.tracker.claims import Claim
from conformance.tracker.evidence import Evidence
from conformance.tracker.markdown_file import MarkdownFile
from conformance.tracker.refresh import ALARMS, open_rows
from conformance.tracker.repositories import CommitState, commit_state
from conformance.verdicts.matching import check_ledger

_ID: Final = re.compile(r"\bD-[0-9]{3,}\b")


def ledger_problems(ledger: Ledger, evidence: Evidence, known: AbstractSet[str], today: dt.date) -> Iterator[Problem]:
    """Yield what is wrong with the ledger itself, the cases that there are being known."""
    try:
        check_ledger(ledger, known, {name for row in ledger.decisions for name in (*row.odd, *row.rest)})
    except LedgerError as error:
        hint = f" ({error.hint})" if error.hint else ""
        yield Problem(error.place or Place(ledger.file or ""), f"{error.message}{hint}")
    for row in ledger.decisions:
        yield from reused_ids(row, evidence)
        yield from _row_problems(row, ledger, evidence, today)
    yield from _budget_problems(ledger)


def reused_ids(row: Decision, evidence: Evidence) -> Iterator[Problem]:
    """Yield where a row has an id that another row had before it."""
    before = evidence.row(row.id)
    if before is None:
        return
    if before.removed is not None:
        yield Problem(
            row.place, f"{row.id} was removed on {before.removed}, and ids are never reused: take the next one"
        )
    elif before.opened != row.opened and before.signature != str(row.signature):
        was = f"{before.signature}, opened {before.opened}"
        yield Problem(row.place, f"{row.id} was about {was}, and ids are never reused: take the next one")


def _row_problems(row: Decision, ledger: Ledger, evidence: Evidence, today: dt.date) -> Iterator[Problem]:
    known = evidence.row(row.id)
    if known is not None and known.state is row.state and known.seen in ALARMS and known.seen is not None:
        yield Problem(row.place, f"{row.id} is {known.seen.value} in the run of {known.seen_on}: {known.reason}")
    if row.review_by is not None and row.review_by < today and row.state is not DecisionState.DONE:
        yield Problem(row.place, f"{row.id}: its review was due by {row.review_by}, owner {row.owner}")
    if row.commit is not None:
        state, reason = commit_state(row.commit, ledger)
        if state is CommitState.MISSING:
            yield Problem(row.place, f"{row.id}: commit {row.commit} does not exist: {reason}")


def _budget_problems(ledger: Ledger) -> Iterator[Problem]:
    counts, place = open_rows(ledger), Place(ledger.file or "")
    for name, most in sorted(ledger.budget.items()):
        count = counts.get(name, 0)
        if count > most:
            advice = "close one, or raise the budget in a change that says why"
            yield Problem(place, f"budget of {name}: at most {most} open rows, and there are {count}: {advice}")


def unknown_ids(ledger: Ledger, file: MarkdownFile, suites: Iterable[Path]) -> Iterator[Problem]:
    """Yield where the document's prose or a suite names a decision that the ledger does not have."""
    known = [row.id for row in ledger.decisions]
    generated = {index for region in file.regions.values() for index in range(region.begin, region.end)}
    prose = [(index, line) for index, line in enumerate(file.lines) if index not in generated]
    yield from _unknown(file.name, prose, known)
    for suite in suites:
        yield from _unknown(str(suite), enumerate(suite.read_text("utf-8").split("\n")), known)


def _unknown(name: str, lines: Iterable[tuple[int, str]], known: list[str]) -> Iterator[Problem]:
    for index, line in lines:
        for found in _ID.finditer(line):
            if found[0] not in known:
                place = Place(name, index + 1, found.start() + 1)
                yield Problem(place, f"{found[0]} is no decision of the ledger{suggestion(found[0], known)}")


def claim_problems(claims: Iterable[Claim], known: AbstractSet[str]) -> Iterator[Problem]:
    """Yield the claims that no case can verify, though they name some."""
    for claim in claims:
        for glob in claim.cases:
            if not fnmatch.filter(known, glob):
                yield Problem(claim.place, f"no case matches {glob}")


def stale_claims(claims: Iterable[Claim], evidence: Evidence, today: dt.date) -> Iterator[Problem]:
    """Yield the claims that are older than they may be."""
    for claim in claims:
        known = evidence.claim(claim.cases)
        if claim.fresh_days is None:
            continue
        if known is None or known.verified is None:
            yield Problem(claim.place, f"not verified by any run; to be fresh for {claim.fresh_days} days")
        elif (today - known.verified).days > claim.fresh_days:
            age = (today - known.verified).days
            yield Problem(
                claim.place, f"last verified {age} days ago, on {known.verified}; good for {claim.fresh_days}"
            )
