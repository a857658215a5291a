"""`conformance tracker open`, `accept`, `done` and `reopen`: the ledger's rows, edited in place."""

from collections.abc import Mapping
from pathlib import Path

import click

from conformance.atomic_file import replace_file
from conformance.cli import options
from conformance.cli.tracker.options import document_file, found_ledger, ledger_file, today
from conformance.errors import BadFileError, TrackerError
from conformance.ledger.edit import with_fields, with_row
from conformance.ledger.file import parse_ledger, read_ledger
from conformance.ledger.row_text import row_fields
from conformance.model.decision import Decision, DecisionKind, DecisionState, Ledger
from conformance.model.verdict import RowState
from conformance.model.yaml_text import YamlValue
from conformance.pipeline import judge_record
from conformance.project.runs import find_run
from conformance.suites.fields import suggestion
from conformance.tracker.evidence import read_evidence
from conformance.tracker.living_document import evidence_file
from conformance.tracker.repositories import CommitState, commit_state
from conformance.tracker.row_proposal import free_ids, rows_of_cause

_KINDS = click.Choice([kind.value for kind in DecisionKind])
_EPILOG = """\b
Example:
  conformance tracker {example}
"""
_decision = click.argument("decision_id", metavar="ID")
_reason = click.option("--reason", help="Why, in place of the row's reason.")
_review_by = click.option("--review-by", metavar="DATE", help="The day by which it is looked at again.")


@click.command(
    "open", epilog=_EPILOG.format(example='open --cause 1 --owner "platform team" --reason "a port in progress"')
)
@click.argument("decision_id", metavar="[ID]", required=False)
@click.option(
    "--cause", type=click.IntRange(min=1), default=1, show_default=True, help="The cause, as the report counts."
)
@options.saved_run
@click.option("--title", help="What the decision is about. [the title of the cause]")
@click.option("--kind", type=_KINDS, default=DecisionKind.MUST_MATCH.value, show_default=True, help="What was decided.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--reason", required=True, help="Why it was decided so.")
@_review_by
@click.option("--loc", "loc_estimate", type=click.IntRange(min=0), help="How many lines the fix takes. [the idiom's]")
@document_file
@ledger_file
@options.runs
def open_command(  # noqa: PLR0913 - one parameter a field of the row
    *,
    decision_id: str | None,
    cause: int,
    run_name: str,
    title: str | None,
    kind: str,
    owner: str,
    reason: str,
    review_by: str | None,
    loc_estimate: int | None,
    document_file: Path,
    ledger_file: Path | None,
    runs: Path,
) -> int:
    """Add a row for each signature of a cause that a run showed. ID is the first row's [the next free one]."""
    file = found_ledger(ledger_file)
    ledger = read_ledger(file)
    used = {row.id for row in ledger.decisions} | {row.id for row in read_evidence(evidence_file(document_file)).rows}
    given: dict[str, YamlValue | None] = {"title": title, "review_by": review_by, "loc_estimate": loc_estimate}
    given |= {"kind": kind, "owner": owner, "reason": reason}
    chosen = {name: value for name, value in given.items() if value is not None}
    raw, opened = file.read_bytes(), []
    for row in rows_of_cause(find_run(runs, run_name), ledger, cause, free_ids(decision_id, used), today()):
        raw = with_row(raw, str(file), row_fields(row) | chosen)
        opened.append(f"{row.id} is open in {file}: {row.signature}")
    _replace_ledger(file, raw)
    click.echo("\n".join([*opened, "`conformance tracker sync` brings the document up to date"]))
    return 0


@click.command("accept", epilog=_EPILOG.format(example="accept D-007 --kind intentional --reason 'callers rely on it'"))
@_decision
@click.option("--kind", type=_KINDS, help="What was decided. [as before]")
@_reason
@_review_by
@ledger_file
def accept_command(
    *, decision_id: str, kind: str | None, reason: str | None, review_by: str | None, ledger_file: Path | None
) -> int:
    """Say that a difference is kept on purpose: runs go on to report it as known."""
    changed = {"state": "accepted", "kind": kind, "reason": reason, "review_by": review_by}
    file, _ = _row_in_state(ledger_file, decision_id, DecisionState.OPEN)
    return _edit(file, decision_id, {name: value for name, value in changed.items() if value is not None})


@click.command("done", epilog=_EPILOG.format(example="done D-007 go@1a2b3c4"))
@_decision
@click.argument("commit", metavar="REPO@SHA")
@options.saved_run
@ledger_file
@options.runs
def done_command(*, decision_id: str, commit: str, run_name: str, ledger_file: Path | None, runs: Path) -> int:
    """Say that a difference is fixed, and where. A complete run with its odd side live must show that it is gone."""
    file, row = _row_in_state(ledger_file, decision_id, DecisionState.OPEN, DecisionState.ACCEPTED)
    ledger = read_ledger(file)
    state, reason = commit_state(commit, ledger)
    if state is CommitState.MISSING:
        raise TrackerError(f"{commit}: {reason}", hint="fetch it, or correct the commit")
    _refuse_unproven(row, ledger, find_run(runs, run_name))
    code = _edit(file, decision_id, {"state": "done", "commit": commit})
    if state is CommitState.UNKNOWN:
        click.echo(f"note: whether {commit} exists was not checked: {reason}")
    return code


@click.command("reopen", epilog=_EPILOG.format(example="reopen D-007"))
@_decision
@_reason
@_review_by
@ledger_file
def reopen_command(*, decision_id: str, reason: str | None, review_by: str | None, ledger_file: Path | None) -> int:
    """Take an accepted or done row back to open; the commit of a done one is taken out."""
    file, _ = _row_in_state(ledger_file, decision_id, DecisionState.ACCEPTED, DecisionState.DONE)
    given = {name: value for name, value in {"reason": reason, "review_by": review_by}.items() if value is not None}
    return _edit(file, decision_id, {"state": "open", "commit": None, **given})


def _row_in_state(ledger_file: Path | None, decision_id: str, *states: DecisionState) -> tuple[Path, Decision]:
    """Return the ledger's file and a row of it that is in one of some states."""
    file = found_ledger(ledger_file)
    rows = {row.id: row for row in read_ledger(file).decisions}
    if decision_id not in rows:
        raise TrackerError(f"{decision_id}: no such row in {file}{suggestion(decision_id, list(rows))}")
    row = rows[decision_id]
    if row.state not in states:
        wanted = " or ".join(state.value for state in states)
        raise TrackerError(f"{decision_id} is {row.state.value}; wanted {wanted}", place=row.place)
    return file, row


def _refuse_unproven(row: Decision, ledger: Ledger, run: Path) -> None:
    """Raise unless a run shows, with the odd side live, that the difference of a row is gone (ledger rules 6 and 9)."""
    report = judge_record(run, ledger)
    verdict = next(verdict for verdict in report.rows if verdict.decision_id == row.id)
    if verdict.state is not RowState.STALE:
        raise TrackerError(
            f"{row.id} is {verdict.state.value} in run {report.header.run_id}: {verdict.reason}",
            hint="a complete run with the odd side live must show that the difference is gone",
        )
    recorded = {facts.name for facts in report.header.runtimes if not facts.live}
    if set(row.odd) & recorded:
        names = ", ".join(sorted(set(row.odd) & recorded))
        raise TrackerError(f"{row.id}: {names} is a recording in run {report.header.run_id}", hint="run it live")


def _edit(file: Path, decision_id: str, changed: Mapping[str, YamlValue | None]) -> int:
    _replace_ledger(file, with_fields(file.read_bytes(), str(file), decision_id, changed))
    click.echo(
        f"{decision_id} is {changed['state']} in {file}; `conformance tracker sync` brings the document up to date"
    )
    return 0


def _replace_ledger(file: Path, raw: bytes) -> None:
    """Put an edited ledger in the place of the file, if what was given makes a good row."""
    try:
        parse_ledger(raw, str(file))
    except BadFileError as error:
        wrong = "; ".join(problem.message for problem in error.problems)
        raise TrackerError(wrong, hint="correct the option or argument; the ledger was not changed") from error
    replace_file(file, raw)
