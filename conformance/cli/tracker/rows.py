"""`conformance tracker accept`, `done`, `reopen`, `widen`, `migrate`: edit ledger rows in place."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from conformance.cli import options
from conformance.cli.tracker.ledger_edits import SYNC_HINT, parsed, replace_ledger
from conformance.cli.tracker.options import found_ledger, ledger_file
from conformance.errors import TrackerError
from conformance.judging import judge_record
from conformance.ledger.edit import with_fields
from conformance.ledger.file import read_ledger
from conformance.ledger.old_form import rewritten
from conformance.ledger.row_text import sides_value
from conformance.model.case_glob import matches
from conformance.model.decision import Decision, DecisionKind, DecisionState, Ledger
from conformance.model.report import RunReport
from conformance.model.verdict import RowState
from conformance.model.yaml_text import YamlValue
from conformance.project.files import read_suites, suite_files
from conformance.project.runs import LATEST, find_run
from conformance.suites.document import source_bytes
from conformance.suites.field_check import suggestion
from conformance.tracker.pins_by_place import PinByPlace, narrowed, spread
from conformance.tracker.report_records import ReportRecords
from conformance.tracker.repositories import CommitState, commit_state
from conformance.tracker.widening import FurtherRuntimes, further_runtimes, widened
from conformance.tracker.work_evidence import work_problems
from conformance.wording import some

_KINDS = click.Choice([kind.value for kind in DecisionKind if kind is not DecisionKind.WORK])
_EPILOG = """\b
Example:
  conformance tracker {example}
"""
_AT_ONCE: Final = {
    DecisionState.OPEN: "{} is open already: nothing has to be done",
    DecisionState.ACCEPTED: "`conformance tracker reopen {}` takes it back to open",
    DecisionState.DONE: "`conformance tracker reopen {}` takes it back to open",
}
"""The hint for a row in a state that a verb does not accept, by that state."""
_decision = click.argument("decision_id", metavar="ID")
_reason = click.option("--reason", help="Why, in place of the row's reason.")
_review_by = click.option("--review-by", metavar="DATE", help="The day by which it is reviewed.")


@click.command(
    "accept",
    epilog=_EPILOG.format(example="accept D-007 --kind intentional --reason 'callers rely on it'"),
)
@_decision
@click.option("--kind", type=_KINDS, help="What was decided. [as before]")
@_reason
@_review_by
@ledger_file
def accept_command(
    *,
    decision_id: str,
    kind: str | None,
    reason: str | None,
    review_by: str | None,
    ledger_file: Path | None,
) -> int:
    """Mark a difference as accepted: runs continue to report it as known."""
    file, _ = _row_in_state(ledger_file, decision_id, DecisionState.OPEN)
    given = _given(kind=kind, reason=reason, review_by=review_by)
    return _edit(file, decision_id, {"state": "accepted", **given})


@click.command("done", epilog=_EPILOG.format(example="done D-007 go@1a2b3c4"))
@_decision
@click.argument("commit", metavar="[REPO@SHA]", required=False)
@options.saved_run
@ledger_file
@options.runs
def done_command(
    *, decision_id: str, commit: str | None, run_name: str, ledger_file: Path | None, runs: Path
) -> int:
    """Mark a difference as fixed, with the commit of the fix.

    A complete run, with the fixed side live, must show that the difference is gone. A row of work
    needs no commit: its evidence must show that it is done.
    """
    file, row = _row_in_state(ledger_file, decision_id, DecisionState.OPEN, DecisionState.ACCEPTED)
    ledger = read_ledger(file)
    if row.work:
        _refuse_unshown(row, ledger, runs, run_name)
        return _edit(file, decision_id, {"state": "done", "commit": commit})
    if commit is None:
        raise TrackerError(
            f"{decision_id}: wanted the commit of the fix, got none",
            hint=f"tracker done {decision_id} REPO@SHA",
        )
    state, reason = commit_state(commit, ledger)
    if state is CommitState.MISSING:
        raise TrackerError(f"{commit}: {reason}", hint="fetch it, or correct the commit")
    _refuse_unproven(row, ledger, find_run(runs, run_name), commit.partition("@")[0])
    code = _edit(file, decision_id, {"state": "done", "commit": commit})
    if state is CommitState.UNKNOWN:
        click.echo(f"note: whether {commit} exists was not checked: {reason}")
    return code


@click.command("reopen", epilog=_EPILOG.format(example="reopen D-007"))
@_decision
@_reason
@_review_by
@ledger_file
def reopen_command(
    *, decision_id: str, reason: str | None, review_by: str | None, ledger_file: Path | None
) -> int:
    """Set an accepted or done row back to open, and remove the commit of a done one."""
    file, _ = _row_in_state(ledger_file, decision_id, DecisionState.ACCEPTED, DecisionState.DONE)
    given = _given(reason=reason, review_by=review_by)
    return _edit(file, decision_id, {"state": "open", "commit": None, **given})


@click.command("widen", epilog=_EPILOG.format(example="widen D-014"))
@click.argument("decision_id", metavar="[ID]", required=False)
@click.option("--all", "everything", is_flag=True, help="Every row that leaves the runtime out.")
@click.option(
    "--runtime",
    metavar="NAME",
    help="The runtime to take in; --all needs it. [all that the row leaves out]",
)
@options.saved_run
@ledger_file
@options.runs
def widen_command(  # noqa: PLR0913 - what is to be widened, and by which run
    *,
    decision_id: str | None,
    everything: bool,
    runtime: str | None,
    run_name: str,
    ledger_file: Path | None,
    runs: Path,
) -> int:
    """Add a further runtime to a row, if a run has it on a side in everything the row covers."""
    if everything == (decision_id is not None) or (everything and runtime is None):
        raise TrackerError(
            "wanted the id of one row, or --all with --runtime NAME",
            hint="tracker widen ID, or tracker widen --all --runtime NAME",
        )
    file = found_ledger(ledger_file)
    ledger = read_ledger(file)
    found = further_runtimes(find_run(runs, run_name), ledger)
    if runtime not in {None, *found.runtimes}:
        raise TrackerError(
            f"--runtime {runtime}: the run has no such runtime"
            f"{suggestion(runtime or '', found.runtimes)}",
            hint=f"the runtimes of the run are {', '.join(found.runtimes)}",
        )
    rows = ledger.decisions if decision_id is None else (_row(file, decision_id),)
    edits, left = _wider_rows(rows, runtime, found, stops_at_error=not everything)
    if not edits and not left:
        who = runtime or "no further runtime"
        raise TrackerError(f"nothing to widen: {who} is left out by {decision_id or 'no row'}")
    raw = before = file.read_bytes()
    for row_id, (wider, _) in edits.items():
        raw = with_fields(raw, str(file), row_id, {"sides": sides_value(wider)})
    replace_ledger(file, raw, before)
    done = [f"{row_id} now also covers {', '.join(names)}" for row_id, (_, names) in edits.items()]
    click.echo("\n".join([*done, *left, SYNC_HINT]))
    return int(bool(left))


def _wider_rows(
    rows: Iterable[Decision], runtime: str | None, found: FurtherRuntimes, *, stops_at_error: bool
) -> tuple[dict[str, tuple[Decision, list[str]]], list[str]]:
    """Return the widened rows by id, each with its added runtimes, and sentences on the others.

    Raises TrackerError for the first row that cannot be widened if `stops_at_error`.
    """
    wider: dict[str, tuple[Decision, list[str]]] = {}
    left: list[str] = []
    for row in rows:
        names: list[str] = []
        if row.live and not row.work:
            names = [name for name in found.left_out(row) if runtime in {None, name}]
        try:
            with_names = widened(row, names, found)
        except TrackerError as error:
            if stops_at_error:
                raise
            left.append(f"left: {error.message}")
            continue
        if names:
            wider[row.id] = with_names, names
    return wider, left


@click.command("migrate", epilog=_EPILOG.format(example="migrate"))
@options.saved_run
@ledger_file
@options.runs
def migrate_command(*, run_name: str, ledger_file: Path | None, runs: Path) -> int:
    """Rewrite rows of an earlier version in place.

    Comments and order stay, and each row covers the same as before. Values that a row lists for
    several places are written by place, as the run shows them.
    """
    file = found_ledger(ledger_file)
    steps = {case.id: len(case.steps) for case in read_suites(suite_files([file.parent]))}

    def steps_of(globs: tuple[str, ...]) -> set[int]:
        return {
            count for case, count in steps.items() if any(matches(case, glob) for glob in globs)
        }

    before = file.read_bytes()
    raw, done = rewritten(source_bytes(file, str(file)), str(file), steps_of)
    raw, ids = spread(raw, str(file))
    ledger = parsed(raw, str(file))
    wide = [row for row in ledger.decisions if row.id in ids]
    run = _run_if_any(runs, run_name) if wide else None
    raw, by_place = narrowed(raw, str(file), wide, run)
    if not done and not by_place:
        click.echo(f"{file} has no row of an earlier version")
        return 0
    replace_ledger(file, raw, before)
    for row in done:
        also = f", and covers {' and '.join(row.wide)}: narrow it" if row.wide else ""
        click.echo(f"{row.id} is rewritten{also}")
    for pinned in by_place:
        click.echo(f"{pinned.id} has its values by place{_any_of_them(pinned)}")
    return 0


def _run_if_any(runs: Path, run_name: str) -> Path | None:
    """Return the folder of a saved run; None if the latest is wanted and there is none."""
    if run_name == LATEST and not (runs / run_name).exists():
        return None
    return find_run(runs, run_name)


def _any_of_them(pinned: PinByPlace) -> str:
    """Return a phrase on the places where a row still accepts any of its values; empty if none."""
    if not pinned.unknown:
        return ""
    places = [f"{place} in {case}" for case, place in pinned.unknown]
    return f", and any of them for {some(places)}: narrow it"


def _row(file: Path, decision_id: str) -> Decision:
    rows = {row.id: row for row in read_ledger(file).decisions}
    if decision_id in rows:
        return rows[decision_id]
    named = decision_id or repr("")
    known = f"its rows are {some(list(rows))}" if rows else "it has no rows yet"
    raise TrackerError(
        f"{named}: no such row in {file}{suggestion(decision_id, list(rows))}",
        hint=f"{known}; `conformance decide` writes rows",
    )


def _given(**fields: str | None) -> dict[str, YamlValue | None]:
    """Return the fields given on the command line; other fields of a row stay unchanged."""
    return {name: value for name, value in fields.items() if value is not None}


def _row_in_state(
    ledger_file: Path | None, decision_id: str, *states: DecisionState
) -> tuple[Path, Decision]:
    """Return the ledger file and a row; raises TrackerError if its state is not in `states`."""
    file = found_ledger(ledger_file)
    row = _row(file, decision_id)
    if row.state not in states:
        wanted = " or ".join(state.value for state in states)
        raise TrackerError(
            f"{decision_id} is {row.state.value}; wanted {wanted}",
            place=row.place,
            hint=_AT_ONCE[row.state].format(decision_id),
        )
    return file, row


def _refuse_unshown(row: Decision, ledger: Ledger, runs: Path, run_name: str) -> None:
    """Raise TrackerError unless the evidence of a row of work shows that it is done."""
    done = replace(row, state=DecisionState.DONE)
    wrong = [problem.message for problem in work_problems(done, ledger, ReportRecords(ledger))]
    if any(evidence.cases for evidence in row.evidence):
        report = judge_record(find_run(runs, run_name), ledger)
        verdict = next(verdict for verdict in report.rows if verdict.decision_id == row.id)
        if verdict.state is not RowState.HOLDS:
            wrong.append(f"{row.id} in run {report.header.run_id}: {verdict.reason}")
    if wrong:
        raise TrackerError(
            "; ".join(wrong), hint="a complete live run, or a committed report, must show it"
        )


def _refuse_unproven(row: Decision, ledger: Ledger, run: Path, repository: str) -> None:
    """Raise TrackerError unless a run shows that a row's difference is gone.

    In this run, the runtimes to fix must be live.
    """
    if row.fix is None:
        known = ", ".join(side.name for side in row.sides)
        hint = f"write `fix:` into the row, with the name of one of its sides: {known}"
        raise TrackerError(f"{row.id} does not say which side was to be changed", hint=hint)
    report = judge_record(run, ledger)
    run_id = report.header.run_id
    _refuse_other_repository(row, repository, report)
    verdict = next(verdict for verdict in report.rows if verdict.decision_id == row.id)
    # A rule that accepts the difference hides whether it is gone
    is_gone = verdict.state is RowState.STALE and not verdict.hidden_by
    if not is_gone:
        raise TrackerError(
            f"{row.id} is {verdict.state.value} in run {run_id}: {verdict.reason}",
            hint="a complete run with the fixed side live must show that the difference is gone",
        )
    is_live = {facts.name: facts.live for facts in report.header.runtimes}
    for name in sorted(row.to_fix):
        if is_live.get(name):
            continue
        what = "is a recording" if name in is_live else "has no part"
        raise TrackerError(f"{row.id}: {name} {what} in run {run_id}", hint="run it live")


def _refuse_other_repository(row: Decision, repository: str, report: RunReport) -> None:
    """Raise TrackerError if a fix is in the repository of another runtime.

    A repository belongs to a runtime if it has the name of the runtime or of its language.
    """
    name = repository.lower()
    owners: list[str] = []
    for facts in report.header.runtimes:
        language = facts.language or ""
        if name in {facts.name.lower(), language.lower()}:
            owners.append(facts.name)
    if owners and set(owners).isdisjoint(row.to_fix):
        raise TrackerError(
            f"{row.id}: the side to be changed is that of {', '.join(row.to_fix)}, and "
            f"{repository} is the repository of {some(sorted(owners))}",
            hint=f"give the commit that changed {row.to_fix[0]}, or correct `fix:` in the row",
        )


def _edit(file: Path, decision_id: str, changed: Mapping[str, YamlValue | None]) -> int:
    before = file.read_bytes()
    replace_ledger(file, with_fields(before, str(file), decision_id, changed), before)
    click.echo(f"{decision_id} is {changed['state']} in {file}; {SYNC_HINT}")
    return 0
