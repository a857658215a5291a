"""`conformance decide`: writes ledger rows for causes of a saved run."""

import datetime as dt
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

import click
from msgspec import Struct

from conformance.cli import options
from conformance.cli.decide_lines import tell
from conformance.cli.decide_questions import ask
from conformance.cli.tracker.ledger_edits import SYNC_HINT, refuse_unwritable, replace_ledger
from conformance.cli.tracker.options import document_file, found_ledger, ledger_file, today
from conformance.errors import UsageError
from conformance.ledger.drafts import next_id
from conformance.ledger.file import read_ledger, read_pin
from conformance.model.decision import DecisionKind, Ledger
from conformance.project.runs import find_run
from conformance.safe_text import visible
from conformance.tracker.adding_rows import AddedRows
from conformance.tracker.deciding import (
    MOST_DAYS_FOR_MANY,
    DecisionTerms,
    Undecided,
    asked_once,
    left_undecided,
    refuse_needless_pin,
    still_unmet,
    undecided,
)
from conformance.tracker.evidence_file import read_evidence
from conformance.tracker.living_document import evidence_file

_KINDS = click.Choice([kind.value for kind in DecisionKind if kind is not DecisionKind.WORK])
_NOT_ASKED: Final = "what it did not ask is not decided"
_EPILOG = """\b
Examples:
  conformance decide kq3f --fix go --owner "platform team" --reason "callers swap runtimes"
  conformance decide kq3f x7dd --kind intentional --owner me --reason "the contract leaves it open"
  conformance decide --interactive --owner me --reason "known since the port"
  conformance decide --all --owner me --reason "the state of the port when the gate was put in"

The exit code is 1 when --all leaves a cause undecided; each is listed with its reason.
"""


@click.command("decide", epilog=_EPILOG)
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Every undecided cause, as open rows to be reviewed in 30 days.",
)
@click.option(
    "--interactive",
    is_flag=True,
    help="Show each cause, and ask: y, y: WORDS (its reason), n or q. Each row is written at once.",
)
@options.saved_run
@click.option("--owner", required=True, help="Who is responsible for it.")
@click.option("--reason", required=True, help="The reason for the decision.")
@click.option(
    "--kind",
    type=_KINDS,
    help="What was decided; for readers. must_match: a side is to be changed. intentional: they "
    "differ on purpose. unsupported: a runtime does without something. extension: a runtime has "
    "more than the others need. research: it is still to be found out which side is right. "
    "[must_match; of a row that is decided again: as before]",
)
@click.option(
    "--fix",
    metavar="SIDE",
    help="The side to be changed, by a runtime on it or by its name. [not decided]",
)
@click.option(
    "--pin",
    "pin_text",
    metavar="YAML",
    help="A bound for values, or {any: true}. [the values that were seen]",
)
@click.option("--title", help="What the decision is about. [the title of the cause]")
@click.option("--review-by", metavar="DATE", help="The day by which it is reviewed.")
@click.option(
    "--loc",
    "loc_estimate",
    type=click.IntRange(min=0),
    help="How many lines the fix takes. [the idiom's]",
)
@document_file
@ledger_file
@options.runs
def command(  # noqa: PLR0913 - one parameter a field of the row
    *,
    keys: tuple[str, ...],
    everything: bool,
    interactive: bool,
    run_name: str,
    owner: str,
    reason: str,
    kind: str | None,
    fix: str | None,
    pin_text: str | None,
    title: str | None,
    review_by: str | None,
    loc_estimate: int | None,
    document_file: Path,
    ledger_file: Path | None,
    runs: Path,
) -> int:
    """Write ledger rows that decide causes of a saved run, by the keys in its report.

    A row has the cases, places and facts that the run showed, by name. A row about a value, order,
    length, text, bytes, header value or the words of an error also lists what was sent. Any other
    difference is red again.

    A row about a member, a type or an idiom applies to any value of the member, as long as the
    facts stay. `[*]` stands for every element of a list, so an element may move.

    If the difference of a row has changed, the row is decided again: the parts that changed are
    removed from it, and a row without any part left is rewritten under its id.

    A new row is open, whatever its kind: `conformance tracker accept` closes what is kept.
    """
    _refuse_selection(keys, everything=everything, interactive=interactive)
    terms = DecisionTerms(
        owner=owner,
        reason=reason,
        kind=DecisionKind(kind) if kind else None,
        fix=fix,
        pin=read_pin(pin_text) if pin_text else None,
        title=title,
        review_by=_review_by(review_by, many=everything or len(keys) > 1),
        loc_estimate=loc_estimate,
    )
    target = _target(ledger_file, runs, run_name, document_file)
    return _decide(target, keys, terms, everything=everything, interactive=interactive)


def _refuse_selection(keys: tuple[str, ...], *, everything: bool, interactive: bool) -> None:
    """Raise UsageError if no cause is named, or if both keys and --all are given."""
    if not keys and not everything and not interactive:
        raise UsageError(
            "no cause is named", hint="give the key of a cause, --all or --interactive"
        )
    if keys and everything:
        raise UsageError(
            f"{', '.join(keys)} and --all: wanted keys of causes, or all of them",
            hint="leave out --all, or the keys",
        )


class _Target(Struct, frozen=True):
    """The ledger to write, the run with the undecided causes, and the document, if there is one.

    The document's evidence has the ids of rows that are no longer in the ledger.
    """

    ledger: Path
    run: Path
    document: Path

    def used_ids(self, ledger: Ledger) -> Iterator[str]:
        yield from (row.id for row in ledger.decisions)
        yield from (row.id for row in read_evidence(evidence_file(self.document)).rows)


def _target(ledger: Path | None, runs: Path, run_name: str, document: Path) -> _Target:
    return _Target(found_ledger(ledger), find_run(runs, run_name), document)


def _decide(
    target: _Target,
    keys: tuple[str, ...],
    terms: DecisionTerms,
    *,
    everything: bool,
    interactive: bool,
) -> int:
    refuse_unwritable(target.ledger)
    ledger = read_ledger(target.ledger)
    before = target.ledger.read_bytes()
    found = undecided(target.run, ledger)
    named = dict.fromkeys(chain.from_iterable(map(found.named, keys)))
    causes = found.causes if everything or not keys else tuple(named)
    added = AddedRows(
        run=target.run,
        name=str(target.ledger),
        before=ledger,
        raw=before,
        first=next_id(target.used_ids(ledger)),
        today=today(),
        wanted={} if interactive else dict.fromkeys(causes, terms),
        everything=everything and not interactive,
    )
    if interactive:
        ask(causes, found, terms, added, target.ledger)
    elif everything:
        added.add_what_can_be()
    else:
        refuse_needless_pin(causes, terms)
        added.add()
    if not interactive:
        replace_ledger(target.ledger, added.raw, before)
        tell(added.changes, added.name)
    for note in _notes(target, found, added):
        click.echo(visible(f"note: {note}"))
    left = list(left_undecided(target.run, added.ledger, added.left)) if everything else []
    for line in left:
        click.echo(visible(line))
    if not any(change.rows for change in added.changes):
        click.echo("nothing was decided")
    elif target.document.exists():
        click.echo(SYNC_HINT)
    return int(bool(left))


def _notes(target: _Target, found: Undecided, added: AddedRows) -> Iterator[str]:
    """Yield notes on the run and on the rows that were written."""
    if found.report.footer is None:
        yield f"run {found.report.header.run_id} did not finish: {_NOT_ASKED}"
    yield from dict.fromkeys(chain.from_iterable(map(asked_once, added.wanted)))
    written = {row.id for change in added.changes for row in change.rows}
    if unmet := still_unmet(target.run, added.ledger, written) if written else "":
        yield unmet


def _review_by(written: str | None, *, many: bool) -> dt.date | None:
    """Return the day of the review.

    Many rows with one reason are reviewed within 30 days. Raises UsageError for a later day.
    """
    latest = today() + dt.timedelta(days=MOST_DAYS_FOR_MANY)
    try:
        day = dt.date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageError(f"--review-by {written}: wanted a date such as 2026-11-23") from error
    if many and day is not None and day > latest:
        hint = f"name a day until {latest}, or decide the causes one by one"
        raise UsageError(
            f"--review-by {day}: many rows with one reason are reviewed within 30 days", hint=hint
        )
    return day or (latest if many else None)
