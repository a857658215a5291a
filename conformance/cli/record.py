"""`conformance record`: captures the answers of runtimes for later use in their place."""

import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from conformance.capture import capture
from conformance.cli import options
from conformance.cli.path_type import PATH
from conformance.errors import UsageError
from conformance.model.case import Cases
from conformance.model.decision import Ledger
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import CommandRuntime, RecordedRuntime, Runtime
from conformance.pipeline import RunPlan, run
from conformance.project.cases import load_cases
from conformance.project.git import head_commit
from conformance.project.request import RunRequest
from conformance.project.runs import new_header
from conformance.project.runtimes import load_runtimes
from conformance.reporting import run_phrases
from conformance.reporting.console import report_lines
from conformance.reporting.terminal import print_lines, view_of
from conformance.runner.lanes.opening import REQUIRE_LIVE
from conformance.runner.recording import RecordingHeader, write_recording
from conformance.wording import plural

_EPILOG = """\b
Examples:
  conformance record cases/validatord            every runtime that has a `fallback`, into that file
  conformance record cases/validatord --runtime rust --check
"""


@click.command("record", epilog=_EPILOG)
@options.selecting
@click.option(
    "--output",
    type=PATH,
    help="Write there instead; with one --runtime only.",
)
@click.option(
    "--check",
    is_flag=True,
    help="Write nothing: compare live answers with the recorded ones, exit 1 on drift.",
)
def command(*, output: Path | None, check: bool, **selecting: Any) -> int:
    """Record what live runtimes answer to cases, each into its fallback recording.

    PATHS are suite files or folders of them [cases]. Recorded answers to cases that are not
    selected stay.
    """
    request = RunRequest(**selecting)
    cases = load_cases(request).selected
    targets = _targets(load_runtimes(request), output)
    if check:
        return max(_check(runtime, file, cases, request.runs) for runtime, file in targets)
    files = {runtime.name: file for runtime, file in targets}
    commits = {
        runtime.name: _commit_of(runtime) for runtime, _ in targets
    }  # read before a recording changes the tree
    for captured in capture([runtime for runtime, _ in targets], cases, request.runs / "recording"):
        file = files[captured.facts.name]
        write_recording(file, _header(captured.facts, commits[captured.facts.name]), captured.rows)
        click.echo(f"{captured.facts.name}: {plural(len(captured.rows), 'answer')} into {file}")
    return 0


def _targets(runtimes: Sequence[Runtime], output: Path | None) -> list[tuple[Runtime, Path]]:
    """Return the runtimes to record, each with its file."""
    if output is not None:
        if len(runtimes) != 1:
            raise UsageError(
                f"--output: {plural(len(runtimes), 'runtime')} would share {output}",
                hint="name one with --runtime",
            )
        return [(runtimes[0], output)]
    targets = [(runtime, runtime.fallback) for runtime in runtimes if runtime.fallback is not None]
    if not targets:
        raise UsageError(
            "no runtime here has a `fallback` to record into", hint="give it one, or use --output"
        )
    return targets


def _commit_of(runtime: Runtime) -> str:
    """Return the commit of the folder that a runtime is started in, else of the working folder."""
    return head_commit(
        runtime.reach.directory if isinstance(runtime.reach, CommandRuntime) else Path.cwd()
    )


def _header(facts: RuntimeFacts, commit: str) -> RecordingHeader:
    return RecordingHeader(
        runtime=facts.name,
        recorded=f"{datetime.now(UTC):%Y-%m-%d}",
        commit=commit,
        toolchain=facts.provenance,
    )


def _check(runtime: Runtime, file: Path, cases: Cases, runs: Path) -> int:
    """Run the cases against a runtime and its own recording: any finding is drift."""
    recorded = replace(
        runtime, name=f"{runtime.name}-recorded", reach=RecordedRuntime(file=file), headers=()
    )
    runtimes = (recorded, replace(runtime, fallback=None))
    header = new_header(Ledger(), frozenset(), recorded.name)
    plan = RunPlan(
        header=header, cases=cases, runtimes=runtimes, ledger=Ledger(), folder=runs / header.run_id
    )
    environment = {name: value for name, value in os.environ.items() if name != REQUIRE_LIVE}
    report = run(
        plan, environment=environment
    )  # the recording is tested here, so live runtimes are not required
    click.echo(f"{runtime.name} against {file}: {run_phrases.outcome(report)}")
    if report.red:
        print_lines(report_lines(report, view_of(sys.stdout)), sys.stdout)
    return int(report.red)
