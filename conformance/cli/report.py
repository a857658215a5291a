"""`conformance report`: renders a saved run again."""

import sys
from pathlib import Path

import click

from conformance.cli import options
from conformance.errors import UsageError
from conformance.judging import judge_record
from conformance.load.page import load_html
from conformance.load.phrases import outcome as load_outcome
from conformance.load.record import is_load, read_load_run
from conformance.load.report import load_json, load_lines, load_markdown
from conformance.project.history import past_runs
from conformance.project.runs import find_run
from conformance.records.read import read_start
from conformance.reporting import run_phrases
from conformance.reporting.console import report_lines
from conformance.reporting.html.report import HtmlFold
from conformance.reporting.json_report import json_report
from conformance.reporting.junit import JunitFold
from conformance.reporting.markdown import markdown_report
from conformance.reporting.terminal import print_lines

_EPILOG = """\b
Example:
  conformance report --format markdown >> "$GITHUB_STEP_SUMMARY"
"""


@click.command("report", epilog=_EPILOG)
@options.saved_run
@click.option(
    "--format",
    "style",
    type=click.Choice(["console", "markdown", "json", "junit", "html"]),
    default="console",
    show_default=True,
    help="The form of the report.",
)
@options.runs
@options.shown_causes("Print the whole report: all causes, cases and rows.")
def command(*, run_name: str, style: str, runs: Path, choice: options.OutputChoice) -> int:
    """Render a saved run as it was judged, without any runtime.

    The exit code is 0 even if the run is red: `gate` judges.
    """
    folder = find_run(runs, run_name)
    if is_load(folder):
        return _render_load(folder, "json" if choice.as_json else style, quiet=choice.quiet)
    if choice.as_json or style != "console":
        _render(folder, "json" if choice.as_json else style)
        return 0
    report = judge_record(folder)
    if choice.quiet:
        click.echo(run_phrases.outcome(report))
    else:
        print_lines(report_lines(report, choice.view(sys.stdout)), sys.stdout)
    return 0


def _render(folder: Path, style: str) -> None:
    if style == "junit":
        junit = JunitFold()
        sys.stdout.buffer.writelines(junit.pieces(judge_record(folder, folds=(junit,))))
    elif style == "html":
        html = HtmlFold(read_start(folder).header)
        report = judge_record(folder, folds=(html,))
        sys.stdout.buffer.writelines(html.pieces(report, past_runs(folder, report.header)))
    elif style == "json":
        sys.stdout.buffer.write(json_report(judge_record(folder)))
    else:
        click.echo(markdown_report(judge_record(folder)), nl=False)


def _render_load(folder: Path, style: str, *, quiet: bool) -> int:
    run = read_load_run(folder)
    if style == "junit":
        raise UsageError("a load run has no cases, so it has no JUnit report", hint="--format json")
    if style == "json":
        sys.stdout.buffer.write(load_json(run))
    elif style == "html":
        sys.stdout.buffer.write(load_html(run))
    elif style == "markdown":
        click.echo(load_markdown(run), nl=False)
    elif quiet:
        click.echo(load_outcome(run))
    else:
        print_lines(load_lines(run), sys.stdout)
    return 0
