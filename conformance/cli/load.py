"""`conformance load`: lets many users go through weighted scenarios, and measures runtimes."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TextIO

import click
from msgspec.structs import replace

from conformance.atomic_file import replace_file
from conformance.cli import options
from conformance.cli.path_type import PATH
from conformance.errors import NothingSelectedError, UsageError
from conformance.load import phrases
from conformance.load.conduct import LoadPlan, LoadProgress, Progress, conduct
from conformance.load.figures import LoadHeader, LoadRun
from conformance.load.file import read_load, seconds
from conformance.load.page import load_html
from conformance.load.plan import Load
from conformance.load.record import LoadWriter
from conformance.load.report import load_json, load_lines, load_markdown
from conformance.model.runtime import Runtime
from conformance.project.request import RunRequest
from conformance.project.runs import point_latest
from conformance.project.runtimes import load_runtimes
from conformance.project.stamp import new_stamp
from conformance.reporting.terminal import print_lines
from conformance.wording import plural

# Often enough to see that a load goes on, rare enough for a log
_EVERY_S: Final = 10.0
_EPILOG = """\b
Examples:
  conformance load cases/load/multitier.yaml --runtime stack --corpus 5000 --duration 20s
  conformance load my.yaml --runtime a=http://127.0.0.1:8001 --runtime b=http://127.0.0.1:8002
  conformance load my.yaml --runtime a=http://127.0.0.1:8001 --watch-pid 4711 --rate 200
"""


def _read_duration(_: click.Context, __: click.Parameter, written: str | None) -> float | None:
    try:
        return None if written is None else seconds(written)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _duration(option: str, words: str) -> Callable[[Any], Any]:
    return click.option(
        option,
        f"{option[2:].replace('-', '_')}_s",
        metavar="TIME",
        callback=_read_duration,
        help=words,
    )


@click.command("load", epilog=_EPILOG)
@click.argument("file", type=PATH)
@options.runtime
@options.runtimes_file
@options.send_secrets
@click.option(
    "--users", type=click.IntRange(1, 100_000), help="How many users at a time. [the file's]"
)
@_duration("--duration", "How long scenarios count, such as 20s or 5m. [the file's]")
@_duration("--ramp", "How long it takes until all users are active. [the file's]")
@_duration("--warm-up", "How long they go on before scenarios count. [the file's]")
@_duration("--think-time", "How long a user waits after a scenario. [the file's]")
@click.option(
    "--rate",
    "rate_per_s",
    type=click.FloatRange(0, min_open=True),
    help="Scenarios a second: an open loop.",
)
@click.option("--seed", type=click.IntRange(0), help="The seed of random choices. [the file's]")
@click.option(
    "--scenarios",
    "stop_after_scenarios",
    type=click.IntRange(1),
    help="End after that many scenarios.",
)
@click.option(
    "--failures",
    "stop_after_failures",
    type=click.IntRange(1),
    help="End after that many failures.",
)
@click.option("--corpus", type=click.IntRange(1), help="How much data to prepare. [the file's]")
@click.option(
    "--workers", type=click.IntRange(1, 256), help="How many processes drive it. [one a core]"
)
@click.option(
    "--watch-pid",
    "watched",
    type=int,
    multiple=True,
    help="Measure this process and its children. Repeatable.",
)
@options.runs
@options.shown
def command(  # noqa: PLR0913 - each is an option
    *,
    file: Path,
    runtime_options: tuple[str, ...],
    runtimes_file: Path | None,
    secret_hosts: tuple[str, ...],
    corpus: int | None,
    workers: int | None,
    watched: tuple[int, ...],
    runs: Path,
    choice: options.OutputChoice,
    **pace: Any,
) -> int:
    """Drive the scenarios of FILE against each runtime in turn, and report the results.

    A runtime that the harness starts is measured with all its processes. Exits 1 if more scenarios
    of a class failed than allowed, 5 if none was counted. A 5xx in a step without `expect` is a
    failure.
    """
    load = _adjusted(
        read_load(file), corpus, {name: value for name, value in pace.items() if value is not None}
    )
    request = RunRequest(
        paths=(file,),
        runtime_options=runtime_options,
        runtimes_file=runtimes_file,
        secret_hosts=secret_hosts,
        runs=runs,
    )
    header = _header(file, load)
    plan = LoadPlan(
        load=load,
        header=header,
        runtimes=_chosen(request, load),
        workers=workers or os.cpu_count() or 1,
        watched=watched,
        folder=runs / header.run_id,
    )
    run = _conducted(plan, choice)
    return NothingSelectedError.exit_code if run.nothing_counted else int(run.red)


def _conducted(plan: LoadPlan, choice: options.OutputChoice) -> LoadRun:
    """Conduct a load; what was measured is saved and reported, even after an interruption."""
    with LoadWriter(plan.folder, plan.header) as record:
        try:
            with _progress_on(sys.stderr, plan.load, quiet=choice.quiet) as progress:
                conduct(plan, progress, record.runtime)
            record.footer()
        finally:
            if record.run.runtimes:
                _report(record.run, plan.folder, choice)
    return record.run


def _chosen(request: RunRequest, load: Load) -> tuple[Runtime, ...]:
    runtimes = tuple(runtime for runtime in load_runtimes(request) if _can_carry(runtime, load))
    if not runtimes:
        needs = ", ".join(sorted({*load.requires, *filter(None, [load.against])}))
        raise NothingSelectedError(f"no runtime has all that the load needs: {needs}")
    return runtimes


def _report(run: LoadRun, folder: Path, choice: options.OutputChoice) -> None:
    replace_file(folder / "report.md", load_markdown(run).encode("utf-8"))
    replace_file(folder / "report.html", load_html(run))
    replace_file(folder / "report.json", load_json(run))
    point_latest(folder.parent, folder.name)
    if choice.as_json:
        sys.stdout.buffer.write(load_json(run))
    elif choice.quiet:
        click.echo(phrases.outcome(run))
    else:
        print_lines(load_lines(run), sys.stdout)
        click.echo(f"report: {folder / 'report.html'}")


def _can_carry(runtime: Runtime, load: Load) -> bool:
    """Return whether a runtime has the load's label, if it has one, and all its requirements."""
    labelled = load.against is None or not runtime.labels or load.against in runtime.labels
    return labelled and not runtime.lacks(load.requires)


def _adjusted(load: Load, corpus: int | None, given: dict[str, Any]) -> Load:
    """Return a load in which options of the command line replace those of the file."""
    if given.get("rate_per_s") and given.get("think_time_s"):
        raise UsageError(
            "--rate and --think-time exclude each other",
            hint="in an open loop nobody waits for an answer",
        )
    if corpus is not None and load.prepare is None:
        raise UsageError("--corpus: the load file has no `prepare`, so nothing would bring it")
    prepare = load.prepare
    if prepare is not None and corpus is not None:
        prepare = replace(prepare, corpus=corpus)
    return replace(load, pace=replace(load.pace, **given), prepare=prepare)


def _header(file: Path, load: Load) -> LoadHeader:
    return LoadHeader(
        **new_stamp(),
        file=str(file),
        digest=load.digest,
        pace=load.pace,
        corpus=load.prepare.corpus if load.prepare else None,
    )


@contextlib.contextmanager
def _progress_on(out: TextIO, load: Load, *, quiet: bool) -> Iterator[Progress]:
    """Yield a callback that shows the progress: a table on a terminal, else occasional lines."""
    if quiet:
        yield lambda _scene: None
    elif out.isatty():
        from conformance.load.live import live_view  # noqa: PLC0415 - rich is not loaded where nothing is drawn

        with live_view(out, load.pace) as show:
            yield show
    else:
        yield _now_and_then(out, load.pace.duration_s)


def _now_and_then(out: TextIO, duration_s: float) -> Progress:
    told_s = 0.0

    def show(scene: LoadProgress) -> None:
        nonlocal told_s
        if scene.counted_s - told_s >= _EVERY_S:
            told_s = scene.counted_s
            counted = f"{plural(scene.tally.counted, 'scenario')}, {scene.tally.failed} failed"
            print(
                f"{scene.runtime}: {scene.counted_s:.0f} of {duration_s:g} s, {counted}",
                file=out,
                flush=True,
            )

    return show
