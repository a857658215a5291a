"""`conformance gate`: a saved run, judged by the ledger as it is now."""

import sys
from pathlib import Path

import click

from conformance.cli import options
from conformance.cli.workspace import find_run
from conformance.model.verdict import Verdict
from conformance.pipeline import judge_record
from conformance.reporting import phrases
from conformance.reporting.json_report import json_report
from conformance.suites.decisions_file import read_ledger

_EPILOG = """\b
Examples:
  conformance gate                                      the latest run, by the ledger it was made with
  conformance gate --ledger cases/decisions.yaml        after a row was added
"""


@click.command("gate", epilog=_EPILOG)
@options.saved_run
@click.option(
    "--ledger", "ledger_file", type=click.Path(path_type=Path), help="Judge by this file. [the ledger of the run]"
)
@options.runs
@options.as_json
def command(*, run_name: str, ledger_file: Path | None, runs: Path, as_json: bool) -> int:
    """Judge a saved run: exit 0 for parity, known differences included, and 1 for red."""
    report = judge_record(find_run(runs, run_name), read_ledger(ledger_file) if ledger_file else None)
    if as_json:
        sys.stdout.buffer.write(json_report(report))
        return int(report.red)
    for line in report.cases:
        if line.verdict.red:
            click.echo(f"{line.verdict.value:<9} {line.case_id}: {line.reason}")
    for row in report.rows:
        if row.red:
            click.echo(f"{row.state.value:<9} {row.decision_id}: {row.reason}")
    click.echo(phrases.counts(report))
    click.echo(phrases.outcome(report))
    if report.red and report.counts[Verdict.ERRORED]:
        click.echo("hint: an errored case had no answer to judge; `conformance explain CASE` shows what came instead")
    return int(report.red)
