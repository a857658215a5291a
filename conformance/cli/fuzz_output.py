"""The output of `conformance fuzz`: progress, the causes found, the cases, and proposed rows."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

import click
from msgspec import Struct, field
from msgspec.structs import replace

from conformance.atomic_file import replace_file
from conformance.cli import options
from conformance.cli.progress import EVERY_S
from conformance.fuzzing.found_cause import FoundCause
from conformance.fuzzing.found_run import replayed
from conformance.fuzzing.fuzzer import Fuzz
from conformance.fuzzing.state import State, write_state
from conformance.judging import judged_cases
from conformance.ledger.drafts import Drafts, merged, next_id, title_of
from conformance.ledger.row_text import row_fields, row_lines
from conformance.model.report import RunReport
from conformance.project.stamp import Stamp
from conformance.reporting.console import report_lines
from conformance.reporting.json_report import json_report
from conformance.reporting.terminal import print_lines
from conformance.safe_text import visible
from conformance.wording import plural

SUITE_NAME: Final = "found.yaml"
ROWS_NAME: Final = "rows.yaml"
# The exit code of a program that Ctrl-C ended: 128 + SIGINT
_INTERRUPTED: Final = 130


class ProgressLines(Struct):
    """Prints the progress of a fuzz on standard error, and each cause as it is found."""

    out: TextIO
    quiet: bool
    last: float = field(default_factory=time.monotonic)

    def cause(self, cause: FoundCause) -> None:
        """Print a cause."""
        if not self.quiet:
            steps = [f"{step.form.method} {step.form.target}" for step in cause.forms[0].steps]
            print(
                visible(f"found: {cause.title}: {', then '.join(steps)}"), file=self.out, flush=True
            )

    def tick(self, run: Fuzz) -> None:
        """Print every ten seconds the stage, the number of requests, and their rate."""
        if self.quiet or time.monotonic() - self.last < EVERY_S:
            return
        self.last = time.monotonic()
        print(
            f"{run.stage}: {_rate(run)}, {plural(len(run.search.known.causes), 'cause')}",
            file=self.out,
            flush=True,
        )


def _rate(run: Fuzz) -> str:
    requests = run.search.oracle.requests
    return (
        f"{plural(requests, 'request')} in {run.elapsed_s:.0f} s, "
        f"{requests / run.elapsed_s:,.0f} per second"
    )


class Output(Struct, frozen=True, kw_only=True):
    """The file for the cases, whether rows are written next to it, and how much is printed."""

    file: Path | None
    propose: bool
    choice: options.OutputChoice


def finish(run: Fuzz, runs: Path, stamp: Stamp, output: Output) -> int:
    """Write the cases that were found, replay them as a run, and report it; return the exit code.

    Raises RuntimeUnavailableError at the end if a runtime no longer answers.
    """
    code = _write_and_report(run, runs, stamp, output)
    if run.gone is not None:
        raise run.gone
    return code


def _write_and_report(run: Fuzz, runs: Path, stamp: Stamp, output: Output) -> int:
    folder, choice = runs / stamp["run_id"], output.choice
    suite = output.file or folder / SUITE_NAME
    found = replayed(run, runs, suite, stamp)
    report = found.report
    _write_state(run, folder, suite if found.kept else None)
    code = _INTERRUPTED if run.interrupted else int(report is not None and report.red)
    if choice.as_json:
        if report is not None:
            sys.stdout.buffer.write(json_report(report))
        return code
    if report is not None and not choice.quiet:
        print_lines(report_lines(report, choice.view(sys.stdout)), sys.stdout)
        click.echo("")
    if not choice.quiet:
        for line in run.search.coverage.lines():
            click.echo(visible(line))
    for line in summary_lines(run, found.dropped):
        click.echo(line)
    if report is None and found.kept:
        click.echo(f"cases: {suite}, not replayed")
    if report is not None:
        click.echo(f"cases: {suite}; reports: {folder / 'report.html'}, {folder / 'report.md'}")
        if output.propose:
            rows = suite.with_name(f"{suite.stem}.{ROWS_NAME}")
            click.echo(
                f"rows to complete: {rows}, {plural(_write_rows(report, folder, rows), 'row')}"
            )
    return code


def summary_lines(run: Fuzz, dropped: int) -> Iterator[str]:
    """Yield the summary of a fuzz: what is not reported and why, the causes, and how it ended."""
    search = run.search
    if search.known_to_ledger:
        yield f"{plural(len(search.known_to_ledger), 'cause')} decided in the ledger, not reported"
    if unconfirmed := sum(1 for key in search.known.unconfirmed if key not in search.known.causes):
        yield (
            f"{plural(unconfirmed, 'difference')} not reported: asked again, it did not show "
            "each time"
        )
    if dropped:
        yield (
            f"{plural(dropped, 'case')} not written: replayed with the others, it showed no "
            "difference"
        )
    how = "interrupted" if run.interrupted else "ended"
    ended = (
        "dry: no further cause shows" if run.dry else f"{how} in the stage of {run.stage}, not dry"
    )
    yield (
        f"{plural(len(search.known.causes), 'cause')} found · {_rate(run)} · "
        f"seed {run.plan.seed} · {ended}"
    )


def _write_rows(report: RunReport, folder: Path, rows: Path) -> int:
    """Write the rows that would decide the causes of a run; return the number of rows."""
    drafts = Drafts()
    for result, judgement in judged_cases(folder):
        drafts.add(result, judgement)
    by_cause = drafts.of_causes()
    number = first = next_id(row.id for row in report.decisions)
    lines = [
        "# Rows for what was found: complete reason and owner of those that you agree with.",
        "decisions:",
    ]
    for group in report.groups:
        found = list(merged(by_cause.get(group.key, ())))
        for draft in found:
            row = draft.row(number, title_of(group.title, draft, found), report.header.day)
            lines += row_lines(row_fields(replace(row, pin=None) if draft.needs_bound else row))
            number += 1
    replace_file(rows, "".join(f"{line}\n" for line in lines).encode())
    return number - first


def _write_state(run: Fuzz, folder: Path, suite: Path | None) -> None:
    search = run.search
    folder.mkdir(parents=True, exist_ok=True)
    state = State(
        seed=run.plan.seed,
        tried=run.tried,
        dry=run.dry,
        suite=str(suite.resolve()) if suite is not None else "",
        operations=tuple(each.id for each in run.plan.operations),
        coverage=tuple(search.coverage.lines()),
        requests=search.oracle.requests,
        seconds=round(run.seconds, 3),
        causes=tuple(cause.title for cause in search.known.causes.values()),
    )
    write_state(folder, state)
