"""`conformance decide`: rows of the ledger for causes that a saved run showed."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import click

from conformance.cli import options
from conformance.cli.tracker.ledger_edits import SYNC_HINT, replace_ledger
from conformance.cli.tracker.options import document_file, found_ledger, ledger_file, today
from conformance.errors import UsageError
from conformance.ledger.drafts import next_id
from conformance.ledger.file import read_ledger, read_pin
from conformance.model.decision import DecisionKind, Ledger
from conformance.project.runs import find_run
from conformance.reporting import phrases
from conformance.reporting.cause_lines import CauseLines
from conformance.reporting.terminal import View
from conformance.safe_text import visible
from conformance.tracker.adding_rows import AddedRows
from conformance.tracker.deciding import (
    MOST_DAYS_FOR_MANY,
    Cause,
    Terms,
    Undecided,
    asked_once,
    left_undecided,
    undecided,
)
from conformance.tracker.evidence_file import read_evidence
from conformance.tracker.living_document import evidence_file

_KINDS = click.Choice([kind.value for kind in DecisionKind if kind is not DecisionKind.WORK])
_EPILOG = """\b
Examples:
  conformance decide kq3f --fix go --owner "platform team" --reason "callers swap runtimes"
  conformance decide kq3f x7dd --kind intentional --owner me --reason "the contract leaves it open"
  conformance decide --interactive --owner me --reason "known since the port"
  conformance decide --all --owner me --reason "the state of the port when the gate was put in"
"""


@click.command("decide", epilog=_EPILOG)
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@click.option(
    "--all", "everything", is_flag=True, help="Every undecided cause, as open rows to be reviewed in 30 days."
)
@click.option("--interactive", is_flag=True, help="Show each cause, and ask: y, n, or a note that is its reason.")
@options.saved_run
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--reason", required=True, help="Why it was decided so.")
@click.option("--kind", type=_KINDS, default=DecisionKind.MUST_MATCH.value, show_default=True, help="What was decided.")
@click.option("--fix", metavar="SIDE", help="The side to be changed, by its name or a runtime on it. [not decided]")
@click.option(
    "--pin", "pin_text", metavar="YAML", help="A bound for values, or {any: true}. [the values that were seen]"
)
@click.option("--title", help="What the decision is about. [the title of the cause]")
@click.option("--review-by", metavar="DATE", help="The day by which it is looked at again.")
@click.option("--loc", "loc_estimate", type=click.IntRange(min=0), help="How many lines the fix takes. [the idiom's]")
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
    kind: str,
    fix: str | None,
    pin_text: str | None,
    title: str | None,
    review_by: str | None,
    loc_estimate: int | None,
    document_file: Path,
    ledger_file: Path | None,
    runs: Path,
) -> int:
    """Write rows into the ledger that decide causes of a saved run, by the keys that its report shows.

    A row has the cases, places and facts that the run showed, by name and no others: anything else is red again.

    A row about a value, order, length, text, bytes, header value or the words of an error also lists what was sent:
    anything else is red again, too.  A row about a member, a type or an idiom holds whatever the member holds, while
    the facts stay.  `[*]` is every element of a list, so an element may move.
    """
    if not keys and not everything and not interactive:
        raise UsageError("no cause is named", hint="give the key of a cause, --all or --interactive")
    terms = Terms(
        owner=owner,
        reason=reason,
        kind=DecisionKind(kind),
        fix=fix,
        pin=read_pin(pin_text) if pin_text else None,
        title=title,
        review_by=_review_by(review_by, many=everything or len(keys) > 1),
        loc_estimate=loc_estimate,
    )
    file = found_ledger(ledger_file)
    target = _Target(file, find_run(runs, run_name), evidence_file(document_file))
    return _decide(target, keys, terms, everything=everything, interactive=interactive)


@dataclass(frozen=True, slots=True)
class _Target:
    """The ledger to be written, the run that shows what is undecided, and the evidence of rows that once were."""

    ledger: Path
    run: Path
    evidence: Path

    def used_ids(self, ledger: Ledger) -> Iterator[str]:
        yield from (row.id for row in ledger.decisions)
        yield from (row.id for row in read_evidence(self.evidence).rows)


def _decide(target: _Target, keys: tuple[str, ...], terms: Terms, *, everything: bool, interactive: bool) -> int:
    ledger = read_ledger(target.ledger)
    found = undecided(target.run, ledger)
    causes = found.causes if everything or not keys else tuple(map(found.named, keys))
    wanted = dict(_asked(causes, found, terms) if interactive else ((cause, terms) for cause in causes))
    name = str(target.ledger)
    added = AddedRows(
        run=target.run,
        name=name,
        before=ledger,
        raw=target.ledger.read_bytes(),
        first=next_id(target.used_ids(ledger)),
        today=today(),
        wanted=wanted,
    )
    if everything:
        added.add_what_can_be()
    else:
        added.add()
    replace_ledger(target.ledger, added.raw)
    for row in added.rows:
        click.echo(f"{row.id} is open in {name}: {visible(row.title)}, in {phrases.plural(len(row.where), 'case')}")
    for sentence in dict.fromkeys(chain.from_iterable(map(asked_once, wanted))):
        click.echo(visible(f"note: {sentence}"))
    left = list(left_undecided(target.run, added.ledger, added.left)) if everything else []
    for line in left:
        click.echo(visible(line))
    click.echo(SYNC_HINT if added.rows else "nothing was decided")
    return int(bool(left))


def _asked(causes: Iterable[Cause], found: Undecided, terms: Terms) -> Iterator[tuple[Cause, Terms]]:
    """Yield the causes that a person decides, each shown with an example first; a note is the cause's reason."""
    shown = CauseLines(found.report, View(everything=True))
    for cause in causes:
        for line, _ in shown.in_full(found.report.groups.index(cause.group), explained=True):
            click.echo(line)
        answer = click.prompt("decide it? y, n, or the reason in words", default="n", show_default=True).strip()
        if answer.lower() not in {"n", "no"}:
            yield cause, terms if answer.lower() in {"y", "yes"} else replace(terms, reason=answer)


def _review_by(written: str | None, *, many: bool) -> dt.date | None:
    """Return the day of the review; a reason that many rows share is looked at again within 30 days."""
    latest = today() + dt.timedelta(days=MOST_DAYS_FOR_MANY)
    try:
        day = dt.date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageError(f"--review-by {written}: wanted a date such as 2026-11-23") from error
    if many and day is not None and day > latest:
        hint = f"name a day until {latest}, or decide the causes one by one"
        raise UsageError(f"--review-by {day}: many rows with one reason are reviewed within 30 days", hint=hint)
    return day or (latest if many else None)
