"""`conformance fuzz`: sends generated requests to every runtime until no further cause shows."""

import fnmatch
import secrets
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from conformance.cli import options
from conformance.cli.fuzz_output import Output, ProgressLines, finish
from conformance.cli.openapi_source import base_paths, find_document
from conformance.cli.path_type import PATH
from conformance.errors import NothingSelectedError, UsageError
from conformance.fuzzing.fuzzer import FuzzPlan, Progress, fuzz
from conformance.fuzzing.openapi import LeftOutOperation, operations_of
from conformance.fuzzing.operation import Operation
from conformance.fuzzing.permission import live_runtimes, permitted
from conformance.fuzzing.probe import Probe
from conformance.fuzzing.state import State, read_state
from conformance.fuzzing.suite_operations import with_suites
from conformance.load.file import seconds
from conformance.model.runtime import Runtime
from conformance.project.files import read_suites, suite_files
from conformance.project.ledger import load_ledger
from conformance.project.request import RunRequest
from conformance.project.runs import find_run
from conformance.project.runtimes import load_runtimes, refuse_unknown_baseline
from conformance.project.stamp import new_stamp

_EPILOG = """\b
Examples:
  conformance fuzz --openapi openapi.yaml --runtime go --runtime rust --for 60s
  conformance fuzz cases/shop --output cases/shop/found.yaml  requests of suites, changed
  conformance fuzz --only 'POST /orders' --seed 7             one operation, the same requests again
  conformance fuzz --resume latest                            on from where a run has ended

Requests that change something are sent only to runtimes that the harness starts, or that the
runtimes file marks `disposable: true`. What `reset:` says there brings a runtime back to the same
state (docs/fuzzing.md).
"""


def read_time(_: click.Context, __: click.Parameter, written: str | None) -> float | None:
    """Return a time such as `60s` in seconds, or None; raises click.BadParameter."""
    try:
        return None if written is None else seconds(written)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("fuzz", epilog=_EPILOG)
@options.paths
@options.runtime
@options.runtimes_file
@options.send_secrets
@click.option(
    "--openapi",
    metavar="FILE|URL",
    help="The OpenAPI document. [/openapi.json of a runtime, else suites]",
)
@click.option(
    "--for",
    "budget_s",
    metavar="TIME",
    callback=read_time,
    help="End after 60s, 5m or so. [when dry]",
)
@click.option("--requests", type=click.IntRange(1), metavar="N", help="End after so many requests.")
@click.option(
    "--seed", type=click.IntRange(0), help="The seed of random choices. [random, and printed]"
)
@click.option(
    "--only",
    "globs",
    multiple=True,
    metavar="OPERATION",
    help="'POST /orders', an id, or a glob. Repeatable.",
)
@click.option(
    "--resume",
    metavar="RUN",
    help="Go on where a run of fuzz ended: its id, its folder, or latest.",
)
@click.option(
    "--output",
    type=PATH,
    help="Write the cases there. [the folder of the run]",
)
@click.option(
    "--propose", is_flag=True, help="Write ledger rows beside the cases, for you to complete."
)
@options.ledger_file
@options.baseline
@options.runs
@options.shown
def command(  # noqa: PLR0913 - each is an option
    *,
    openapi: str | None,
    budget_s: float | None,
    requests: int | None,
    seed: int | None,
    globs: tuple[str, ...],
    resume: str | None,
    output: Path | None,
    propose: bool,
    baseline: str | None,
    choice: options.OutputChoice,
    **selecting: Any,
) -> int:
    """Look for differences that no case covers, and write a case for each cause that is found.

    PATHS are suites whose requests are varied. Operations come from an OpenAPI document, from
    suites, or from both. A cause that the ledger decides is skipped. The command ends when no
    further cause shows, or when its time is over.
    """
    demand_hypothesis("fuzz")
    request = RunRequest(**selecting)
    runtimes = _runtimes(request)
    refuse_unknown_baseline(baseline, runtimes)
    before = read_state(find_run(request.runs, resume)) if resume is not None else None
    operations, setup, left_out = operations_to_send(request, runtimes, openapi, globs)
    stamp = new_stamp()
    plan = FuzzPlan(
        runtimes=runtimes,
        operations=operations,
        setup=setup,
        left_out=left_out,
        ledger=load_ledger(request.ledger_file, request.suite_paths()),
        baseline=baseline,
        seed=_seed(seed, before),
        seconds=budget_s,
        requests=requests,
        logs=request.runs / stamp["run_id"] / "logs",
        skip=before.tried if before is not None else 0,
        known=_known(before),
    )
    printed = ProgressLines(sys.stderr, quiet=choice.quiet or choice.as_json)
    run = fuzz(plan, Progress(cause=printed.cause, tick=printed.tick))
    return finish(run, request.runs, stamp, Output(file=output, propose=propose, choice=choice))


def demand_hypothesis(verb: str) -> None:
    """Raise UsageError if Hypothesis, which makes the random values, is not installed."""
    if find_spec("hypothesis") is None:
        raise UsageError(f"{verb} needs Hypothesis", hint="pip install 'conformance-harness[fuzz]'")


def _runtimes(request: RunRequest) -> tuple[Runtime, ...]:
    runtimes = tuple(live_runtimes(load_runtimes(request)))
    if len(runtimes) < 2:  # noqa: PLR2004 - a comparison needs two
        names = ", ".join(each.name for each in runtimes) or "nobody"
        raise UsageError(
            f"two runtimes are needed that can be asked, got {names}", hint="add --runtime NAME=URL"
        )
    return runtimes


def _seed(given: int | None, before: State | None) -> int:
    """Return the given seed, else that of the resumed run, else a random one."""
    if given is not None:
        return given
    return before.seed if before is not None else secrets.randbelow(1 << 32)


def _known(before: State | None) -> tuple[Probe, ...]:
    """Return the probes of the cases that the resumed run found."""
    if before is None or not before.suite or not Path(before.suite).is_file():
        return ()
    return probes_of([Path(before.suite)])


def probes_of(suites: Sequence[Path]) -> tuple[Probe, ...]:
    """Return the requests of suites as probes, each with the steps before it."""
    operations, _ = with_suites((), read_suites(suites))
    return tuple(probe for operation in operations for probe in operation.written)


def operations_to_send(
    request: RunRequest, runtimes: Sequence[Runtime], openapi: str | None, globs: Sequence[str]
) -> tuple[tuple[Operation, ...], tuple[Operation, ...], tuple[LeftOutOperation, ...]]:
    """Return the operations to fuzz, further ones for setup, and those left out.

    Raises NothingSelectedError if there is no operation to fuzz.
    """
    every, left_out = _operations(request, runtimes, openapi)
    operations, left_out = _selected(every, left_out, runtimes, globs)
    if not operations:
        why = "".join(f"\n  {each.what}: {each.why}" for each in left_out[:10])
        raise NothingSelectedError(
            f"no operation can be asked{why}", hint="name a document with --openapi, or suites"
        )
    others = [each for each in every if each not in operations] if globs else []
    setup, _ = permitted(others, runtimes)
    return operations, setup, left_out


def _operations(
    request: RunRequest, runtimes: Sequence[Runtime], openapi: str | None
) -> tuple[tuple[Operation, ...], tuple[LeftOutOperation, ...]]:
    """Return the operations of the document and of the suites, and those left out."""
    found: tuple[Operation, ...] = ()
    left_out: tuple[LeftOutOperation, ...] = ()
    document = (
        find_document(runtimes, openapi) if openapi is not None or not request.paths else None
    )
    if document is not None:
        found, left_out = operations_of(document.raw, document.name, base_paths(runtimes))
    if request.paths or document is None:
        paths = [path for path in request.suite_paths() if request.paths or path.is_dir()]
        found, more = with_suites(found, read_suites(suite_files(paths)), runtimes)
        left_out = (*left_out, *more)
    return found, left_out


def _selected(
    operations: Sequence[Operation],
    left_out: Sequence[LeftOutOperation],
    runtimes: Sequence[Runtime],
    globs: Sequence[str],
) -> tuple[tuple[Operation, ...], tuple[LeftOutOperation, ...]]:
    """Return the selected and permitted operations, and those left out with the reasons."""
    wanted = [
        each for each in operations if not globs or any(_matches(each, glob) for glob in globs)
    ]
    for glob in globs:
        if not any(_matches(each, glob) for each in operations):
            known = ", ".join(each.id for each in operations[:10])
            raise UsageError(f"--only {glob}: no such operation", hint=f"there are {known}")
    kept, unsafe = permitted(wanted, runtimes)
    return kept, (*left_out, *unsafe)


def _matches(operation: Operation, glob: str) -> bool:
    names = [name for name in (operation.id, operation.name) if name]
    return glob in names or any(fnmatch.fnmatchcase(name, glob) for name in names)
