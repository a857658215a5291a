"""`conformance changes`: shows what differs between two runs."""

import sys
from pathlib import Path

import click

from conformance.changes.report import changes_json, changes_lines, changes_markdown
from conformance.changes.runs import compare_runs
from conformance.cli import options
from conformance.load.figures import LoadRun
from conformance.load.history import (
    load_change_lines,
    load_changes_json,
    load_changes_markdown,
    regressed,
)
from conformance.load.record import is_load, read_load_run
from conformance.project.runs import LATEST, find_run
from conformance.reporting.terminal import print_lines

_EPILOG = """\b
Examples:
  conformance changes main-run latest                   what a branch changed
  conformance changes main-run latest --format markdown >> "$GITHUB_STEP_SUMMARY"
"""


@click.command("changes", epilog=_EPILOG)
@click.argument("base")
@click.argument("head", default=LATEST)
@click.option(
    "--format",
    "style",
    type=click.Choice(["console", "markdown", "json"]),
    default="console",
    show_default=True,
    help="The form of the report.",
)
@options.runs
@options.as_json
def command(*, base: str, head: str, style: str, runs: Path, as_json: bool) -> int:
    """Say what changed from a run BASE to a later run HEAD [latest].

    Cases may be regressed, reopened, new, fixed or gone.

    BASE and HEAD are ids or folders of runs, each judged by its own ledger. Exits 0 if nothing
    regressed and the guard of HEAD found nothing, else 1.
    """
    folders = (find_run(runs, base), find_run(runs, head))
    if all(map(is_load, folders)):
        return _say_of_loads(*map(read_load_run, folders), style="json" if as_json else style)
    changes = compare_runs(*folders)
    if as_json or style == "json":
        sys.stdout.buffer.write(changes_json(changes))
    elif style == "markdown":
        click.echo(changes_markdown(changes), nl=False)
    else:
        print_lines(changes_lines(changes), sys.stdout)
    return int(changes.red)


def _say_of_loads(base: LoadRun, head: LoadRun, *, style: str) -> int:
    if style == "json":
        sys.stdout.buffer.write(load_changes_json(base, head))
    elif style == "markdown":
        click.echo(load_changes_markdown(base, head), nl=False)
    else:
        print_lines(load_change_lines(base, head), sys.stdout)
    return int(bool(regressed(base, head)))
