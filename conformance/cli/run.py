"""`conformance run`: replays, compares, judges and reports cases."""

import sys
from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from conformance import user_cache
from conformance.cli import options
from conformance.cli.progress import progress_on
from conformance.errors import RuntimeUnavailableError
from conformance.model.report import RunReport
from conformance.model.run import Demands, RunHeader
from conformance.pipeline import Follower, Progress, RunPlan, replay
from conformance.project.cases import load_cases, unselected_ids
from conformance.project.guard import GuardedFiles, changed_since, guarded
from conformance.project.guarded_record import left_out, unasked_ids, uncommitted
from conformance.project.guarded_runtimes import refuse_app, started_from_source
from conformance.project.ledger import ledger_path, load_ledger
from conformance.project.reports_beside import ReportsBeside
from conformance.project.request import RunRequest
from conformance.project.runs import begin_run, new_header
from conformance.project.runtimes import (
    load_runtimes,
    refuse_unknown_baseline,
    runtimes_digest,
    runtimes_path,
)
from conformance.project.source_link import files_from
from conformance.project.sources import with_source_digests
from conformance.reporting.terminal import print_lines
from conformance.safe_text import visible
from conformance.suites.read_files import noted_files

_EPILOG = """\b
Examples:
  conformance run                             every suite below cases/
  conformance run cases/validatord --case '*/sms-*' --baseline rust
  conformance run --watch --quiet             again after each change, until Ctrl-C
  conformance run --shard 2/5                 the second of five parts, each on its own machine
  conformance run my.yaml --runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002
"""


@click.command("run", epilog=_EPILOG)
@options.selecting
@options.language
@options.ledger_file
@options.baseline
@options.shard
@options.jobs
@click.option(
    "--min-cases", default=1, show_default=True, help="Fail with 5 when fewer cases are selected."
)
@options.demanding
@click.option(
    "--watch",
    "watching",
    is_flag=True,
    help="Run again whenever a suite, a file or a binary changes.",
)
@options.shown_causes("Print each case as it is judged, on stderr, and the whole report.")
def command(
    *,
    baseline: str | None,
    min_cases: int,
    wanted: options.RunDemands,
    watching: bool,
    choice: options.OutputChoice,
    **selecting: Any,
) -> int:
    """Replay cases against runtimes, compare answers, judge differences by the ledger, report.

    PATHS are suite files or folders of them [cases].
    """
    request = RunRequest(**selecting)
    if watching:
        from conformance.cli.watch import watch  # noqa: PLC0415 - it loads what renders reports

        return watch(request, [word for word in sys.argv[1:] if word != "--watch"])
    # a guarded run must read the files themselves, not results in a cache
    kept = nullcontext() if wanted.guard is None else user_cache.unused()
    with kept:
        return _run(request, baseline, min_cases, wanted, choice)


def _run(
    request: RunRequest,
    baseline: str | None,
    min_cases: int,
    wanted: options.RunDemands,
    view: options.OutputChoice,
) -> int:
    with noted_files() as read:
        plan = plan_of(request, baseline, wanted.demands, at_least=min_cases)
    if wanted.guard is not None:
        plan = guarded_plan(wanted.guard, request, plan, read)
    reports = ReportsBeside(plan.folder, request.runs)
    begin_run(request.runs, plan.header.run_id)
    with progress_on(sys.stderr, quiet=view.quiet, verbose=view.verbose) as progress:
        replay_plan(plan, progress, reports.take)
    return print_report(reports.finish(), plan.folder, view)


def replay_plan(
    plan: RunPlan,
    progress: Progress | None = None,
    follower: Follower | None = None,
) -> RunHeader:
    """Make a run; if a runtime does not start, first print what the guard found."""
    try:
        return replay(plan, progress, follower=follower)
    except RuntimeUnavailableError:
        if guard := plan.header.guard:
            for failure in guard.failures:
                click.echo(visible(guard.sentence(failure)), err=True)
        raise


def plan_of(
    request: RunRequest, baseline: str | None, demands: Demands | None, *, at_least: int
) -> RunPlan:
    """Return the plan of a run that starts now; raises an error for bad input."""
    cases = load_cases(request, at_least=at_least)
    runtimes = with_source_digests(load_runtimes(request))
    refuse_unknown_baseline(baseline, runtimes)
    ledger = load_ledger(request.ledger_file, request.suite_paths())
    header = new_header(ledger, unselected_ids(cases, ledger), baseline, request.shard, demands)
    header = replace(header, documents=cases.documents, files=files_from(request.runs))
    header = replace(header, runtimes_digest=runtimes_digest(request))
    return RunPlan(
        header=header,
        cases=cases.selected,
        runtimes=runtimes,
        ledger=ledger,
        folder=request.runs / header.run_id,
        jobs=request.jobs,
    )


def guarded_plan(
    revision: str, request: RunRequest, plan: RunPlan, read: Iterable[Path]
) -> RunPlan:
    """Return a plan with the guard's findings; its baseline runtime reads its own source.

    Raises UsageError if a runtime under test is called inside the harness.
    """
    files = guarded_files(request, plan, read)
    for runtime in files.under_test:
        refuse_app(runtime)
    guard = guarded(revision, files)
    guard = replace(
        guard,
        left_out=tuple(left_out(request, unasked_ids(request, plan.cases, plan.header.unselected))),
        uncommitted=uncommitted(Path.cwd()),
    )
    baseline = plan.header.baseline
    runtimes = [
        started_from_source(each) if each.name == baseline else each for each in plan.runtimes
    ]
    header = replace(plan.header, guard=guard)
    return replace(
        plan,
        header=header,
        runtimes=tuple(runtimes),
        look_again=partial(changed_since, guard, files),
    )


def guarded_files(request: RunRequest, plan: RunPlan, read: Iterable[Path]) -> GuardedFiles:
    """Return the files that a plan depends on: those read for it, and those of its runtimes."""
    return GuardedFiles(
        suite_paths=request.suite_paths(),
        read=read,
        ledger=ledger_path(request.ledger_file, request.suite_paths()),
        runtimes_file=runtimes_path(request),
        under_test=[each for each in plan.runtimes if each.name != plan.header.baseline],
        baseline={each.name: each for each in plan.runtimes}.get(plan.header.baseline or ""),
    )


def print_report(report: RunReport, folder: Path, choice: options.OutputChoice) -> int:
    """Print the report of a run as the options say, and return the exit code.

    `folder` has the report files.
    """
    from conformance.reporting import run_phrases  # noqa: PLC0415 - as above
    from conformance.reporting.console import report_lines  # noqa: PLC0415
    from conformance.reporting.github import tell_github  # noqa: PLC0415
    from conformance.reporting.json_report import json_report  # noqa: PLC0415

    if choice.as_json:
        sys.stdout.buffer.write(json_report(report))
    elif choice.quiet:
        click.echo(run_phrases.outcome(report))
    else:
        print_lines(report_lines(report, choice.view(sys.stdout)), sys.stdout)
        click.echo(
            f"reports: {folder / 'report.html'}, {folder / 'report.md'}, {folder / 'report.json'}"
        )
    tell_github(report, sys.stderr if choice.as_json else sys.stdout)
    return report.exit_code
