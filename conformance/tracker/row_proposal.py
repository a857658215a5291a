"""Rows for a cause that a run showed: one for each of its signatures that is undecided."""

import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from conformance.errors import TrackerError
from conformance.ledger.proposal import Proposals
from conformance.model.decision import Decision, Ledger
from conformance.pipeline import judge_record
from conformance.records.read import read_start
from conformance.reporting import phrases

_COUNTED: Final = "`conformance report` shows the causes with their numbers"


def rows_of_cause(run: Path, ledger: Ledger, cause: int, ids: Iterator[str], today: dt.date) -> Iterator[Decision]:
    """Yield the rows of a cause, titled by it; the first carries the estimate of the one fix of them all."""
    proposals = Proposals(read_start(run).header.unselected)
    report = judge_record(run, ledger, folds=(proposals,))
    if cause > len(report.groups):
        causes = phrases.plural(len(report.groups), "cause")
        raise TrackerError(f"--cause {cause}: run {report.header.run_id} has {causes}", hint=_COUNTED)
    group = report.groups[cause - 1]
    split = {frozenset(side.runtimes) for side in group.sides}
    keys = {signature.key for signature in group.signatures}
    rows = [
        row
        for row in proposals.rows(ledger, today, finished=report.footer is not None).values()
        if row.signature.key in keys and {frozenset(row.odd), frozenset(row.rest)} <= split
    ]
    if not rows:
        why = f"is decided in {', '.join(group.decisions)}" if group.decisions else "shows only where cases errored"
        raise TrackerError(f"--cause {cause}: {group.title} {why}", hint=_COUNTED)
    lines = sum(remedy.lines or 0 for remedy in group.remedies) or None
    for number, row in enumerate(rows):
        title = f"{group.title} at {row.signature.path}"
        yield replace(row, id=next(ids), title=title, loc_estimate=None if number else lines)


def free_ids(first: str | None, used: Collection[str]) -> Iterator[str]:
    """Yield ids that were never used, from the first one on, or from the highest that ever was."""
    if first is not None and not re.fullmatch(r"D-[0-9]{3,}", first):
        raise TrackerError(f"{first}: wanted an id such as D-007")
    numbers = [int(known.partition("-")[2]) for known in used]
    number = int(first.partition("-")[2]) if first else max(numbers, default=0) + 1
    while True:
        if number in numbers:
            free = f"D-{max(numbers) + 1:03d}"
            raise TrackerError(f"D-{number:03d} was used before, and ids are never reused", hint=f"{free} is free")
        yield f"D-{number:03d}"
        number += 1
