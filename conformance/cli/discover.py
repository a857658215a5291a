"""`conformance discover`: makes first suites, learns noise, fuzzes, and reports everything."""

import secrets
import sys
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from conformance.cli import options
from conformance.cli.fuzz import demand_hypothesis, operations_to_send, probes_of, read_time
from conformance.cli.fuzz_output import SUITE_NAME, ProgressLines, summary_lines
from conformance.cli.init import InitOptions, disposable, make_first_files, report_of_files
from conformance.cli.path_type import PATH
from conformance.cli.run import print_report
from conformance.errors import NothingSelectedError, UsageError
from conformance.fuzzing.found_run import replayed
from conformance.fuzzing.fuzzer import Fuzz, FuzzPlan, Progress, fuzz
from conformance.judging import join_records
from conformance.model.decision import Ledger
from conformance.model.report import RunReport
from conformance.model.run import RunHeader
from conformance.pipeline import RunPlan, replay
from conformance.project.cases import load_cases
from conformance.project.files import RUNTIMES_NAME, suite_files
from conformance.project.finished_run import finish_run
from conformance.project.request import RunRequest
from conformance.project.runs import new_header
from conformance.project.runtimes import load_runtimes
from conformance.project.source_link import files_from
from conformance.project.stamp import new_stamp
from conformance.suites.runtime_options import runtime_from_option

_LEAST: Final = 2
_EPILOG = """\b
Examples:
  conformance discover a=http://127.0.0.1:8001 b=http://127.0.0.1:8002
  conformance discover old=http://127.0.0.1:8001 new=http://127.0.0.1:8002 --disposable --for 5m
  conformance discover --folder shop           the runtimes of shop/runtimes.yaml

It is `init`, `fuzz` and `run` in turn. What it leaves in the folder is yours to change, to run
again and to commit.
"""


@click.command("discover", epilog=_EPILOG)
@click.argument("named", nargs=-1, metavar="[NAME=URL]...")
@click.option(
    "--folder",
    default="cases",
    show_default=True,
    type=PATH,
    help="Where suites and runtimes are written.",
)
@options.language
@click.option(
    "--openapi",
    metavar="FILE|URL",
    help="The OpenAPI document of the service. [/openapi.json of a runtime]",
)
@disposable
@click.option(
    "--for",
    "budget_s",
    metavar="TIME",
    default="60s",
    callback=read_time,
    show_default=True,
    help="How long to fuzz.",
)
@click.option(
    "--seed", type=click.IntRange(0), help="The seed of random choices. [random, and printed]"
)
@options.baseline
@options.runs
def command(  # noqa: PLR0913 - each is an option
    *,
    named: tuple[str, ...],
    folder: Path,
    language_options: tuple[str, ...],
    openapi: str | None,
    disposable: bool,
    budget_s: float | None,
    seed: int | None,
    baseline: str | None,
    runs: Path,
) -> int:
    """Find differences between runtimes, without any suites.

    First suites are written as by `init`, with rules for differences of a runtime from itself, and
    run. Then the cases that fuzzing finds are written and run as by `fuzz`. One report has the
    causes of both runs.
    """
    demand_hypothesis("discover")
    if named and len(named) < _LEAST:
        raise UsageError(
            f"two runtimes are needed, got {named[0]}", hint="conformance discover a=URL b=URL"
        )
    for each in named:
        runtime_from_option(each, written="")
    wanted = InitOptions(
        folder=folder,
        runtime_options=named,
        language_options=language_options,
        openapi=openapi,
        disposable=disposable,
    )
    result = make_first_files(wanted)
    click.echo("\n".join(report_of_files(result)))
    document = str(folder / result.document) if result.document is not None else None
    request = RunRequest(paths=(folder,), runtimes_file=folder / RUNTIMES_NAME, runs=runs)
    first = _first_run(request, baseline)
    seed = seed if seed is not None else secrets.randbelow(1 << 32)
    run, found = _fuzz(request, document, budget_s=budget_s, seed=seed, baseline=baseline)
    report, page = _report_of_both(first, found, runs)
    if run is not None and run.gone is not None:
        click.echo(f"report of the suites before: {page / 'report.html'}")
        raise run.gone
    return print_report(report, page, options.OutputChoice(quiet=False, as_json=False))


def _report_of_both(
    first: RunHeader, found: RunHeader | None, runs: Path
) -> tuple[RunReport, Path]:
    """Return one report of the first suites and of the fuzzing, and its folder."""
    header = new_header(Ledger(), frozenset(), first.baseline)
    header = replace(header, started=first.started, files=files_from(runs))
    page = runs / header.run_id
    folders = [runs / each.run_id for each in (first, found) if each is not None]
    join_records(folders, header, page)
    return finish_run(page, runs), page


def _first_run(request: RunRequest, baseline: str | None) -> RunHeader:
    """Replay the first suites; fuzzing, which comes later, may change the runtimes' states."""
    cases = load_cases(request)
    files = files_from(request.runs)
    header = new_header(Ledger(), frozenset(), baseline)
    header = replace(header, documents=cases.documents, files=files)
    folder = request.runs / header.run_id
    runtimes = load_runtimes(request)
    plan = RunPlan(
        header=header, cases=cases.selected, runtimes=runtimes, ledger=Ledger(), folder=folder
    )
    return replay(plan)


def _fuzz(
    request: RunRequest,
    document: str | None,
    *,
    budget_s: float | None,
    seed: int,
    baseline: str | None,
) -> tuple[Fuzz | None, RunHeader | None]:
    """Fuzz for a limited time, if there are operations; causes of the first suites are known.

    Return the fuzz and the header of the run of its cases; each may be None.
    """
    runtimes = load_runtimes(request)
    try:
        operations, _, left_out = operations_to_send(request, runtimes, document, ())
    except NothingSelectedError as error:
        click.echo(f"not fuzzed: {error}")
        return None, None
    stamp = new_stamp()
    plan = FuzzPlan(
        runtimes=runtimes,
        operations=operations,
        left_out=left_out,
        ledger=Ledger(),
        baseline=baseline,
        seed=seed,
        seconds=budget_s,
        requests=None,
        logs=request.runs / stamp["run_id"] / "logs",
        known=probes_of(suite_files(request.paths)),
    )
    printed = ProgressLines(sys.stderr, quiet=False)
    run = fuzz(plan, Progress(cause=printed.cause, tick=printed.tick))
    found = replayed(run, request.runs, request.paths[0] / SUITE_NAME, stamp)
    for line in summary_lines(run, found.dropped):
        click.echo(line)
    return run, found.report.header if found.report is not None else None
