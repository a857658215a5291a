"""`conformance gate`: judges saved runs by the current ledger."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from conformance import user_cache
from conformance.cli import options
from conformance.cli.guarded_runs import guarded_runs
from conformance.cli.path_type import PATH
from conformance.judging import judge_records
from conformance.ledger.file import read_ledger
from conformance.model.report import RunReport
from conformance.model.verdict import Verdict
from conformance.project.runs import LATEST, find_run
from conformance.records.read import read_start
from conformance.reporting import phrases, run_phrases
from conformance.reporting.json_report import json_report
from conformance.safe_text import visible
from conformance.verdicts.shards import refuse_lone_shard
from conformance.wording import plural

# About what a terminal shows at once
SHOWN: Final = 20

_EPILOG = """\b
Examples:
  conformance gate                                    the latest run, by the ledger it was made with
  conformance gate --ledger cases/decisions.yaml      after a row was added
  conformance gate shards/*                           all shards of a selection, as one run
  conformance gate --guard origin/main                red where what decides the verdict was changed
"""


@click.command("gate", epilog=_EPILOG)
@click.argument("run_names", metavar="[RUN]...", nargs=-1)
@click.option(
    "--ledger",
    "ledger_file",
    type=PATH,
    help="Judge by this file. [the ledger of the run]",
)
@options.demanding
@options.runs
@options.as_json
def command(
    *,
    run_names: tuple[str, ...],
    ledger_file: Path | None,
    wanted: options.RunDemands,
    runs: Path,
    as_json: bool,
) -> int:
    """Judge saved runs as one.

    Exits 0 for parity (decided differences included), 1 for red, 5 if nothing is proved.

    RUN is a run's id or folder [latest]. Several runs are judged as one, so that a decision is
    stale only if no shard shows it; they must have the same commit, ledger and baseline, have no
    case in common, and include all shards.
    """
    folders = _folders(runs, run_names or (LATEST,))
    ledger = read_ledger(ledger_file) if ledger_file else None
    guard = None
    if wanted.guard is not None:
        with user_cache.unused():
            guard, ledger = guarded_runs(wanted.guard, folders, ledger_file)
    report = judge_records(folders, ledger, demands=wanted.demands, guard=guard)
    if as_json:
        sys.stdout.buffer.write(json_report(report))
        return report.exit_code
    for line in _red_lines(report):
        click.echo(line)
    if len(folders) > 1:
        click.echo(f"{plural(len(folders), 'run')} judged as one: {report.header.run_id}")
    for sentence in run_phrases.guard_sentences(report):
        click.echo(visible(sentence))
    click.echo(run_phrases.counts(report))
    click.echo(run_phrases.outcome(report))
    if report.red and report.counts[Verdict.ERRORED]:
        click.echo(
            "hint: an errored case had no answer to judge; `conformance explain CASE` shows what "
            "came instead"
        )
    return report.exit_code


def _folders(runs: Path, names: Sequence[str]) -> list[Path]:
    """Return the folders of runs; a link to another folder in the list is ignored.

    So `runs/*` may contain `latest`. Raises ShardError for a shard without the others.
    """
    linked: list[Path] = []
    folders: list[Path] = []
    for name in names:
        is_link = (runs / name).is_symlink() or Path(name).is_symlink()
        (linked if is_link else folders).append(find_run(runs, name))
    for folder in linked:
        if folder not in folders:
            folders.append(folder)
    if len(folders) == 1:
        refuse_lone_shard(read_start(folders[0]).header)
    return folders


def _red_lines(report: RunReport) -> Iterator[str]:
    """Yield the first red cases and red ledger rows, and the numbers of the others."""
    cases = [line for line in report.cases if line.verdict.red]
    for line in cases[:SHOWN]:
        yield f"{line.verdict.value:<9} {phrases.case_name(line)}: {visible(line.reason)}"
    more_cases = len(cases[SHOWN:])
    if more_cases:
        what = plural(more_cases, "more red case")
        yield f"… and {what}; `conformance report` groups them by cause"
    rows = [row for row in report.rows if row.red]
    for row in rows[:SHOWN]:
        yield f"{row.state.value:<9} {row.decision_id}: {visible(row.reason)}"
    more_rows = len(rows[SHOWN:])
    if more_rows:
        yield f"… and {plural(more_rows, 'more red row')} of the ledger; --json holds them"
