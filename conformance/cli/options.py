"""Options that several verbs share, each defined once."""

import functools
import os
import re
from collections.abc import Callable
from typing import Any, TextIO

import click
from msgspec import Struct

from conformance.cli.path_type import PATH
from conformance.model.run import NO_DEMANDS, Demands
from conformance.model.runtime import LANGUAGES
from conformance.model.shard import Shard
from conformance.project.runs import DEFAULT_RUNS, LATEST
from conformance.reporting.terminal import View, view_of

_Command = Callable[..., Any]

paths = click.argument("paths", nargs=-1, type=PATH)
runtime = click.option(
    "--runtime",
    "runtime_options",
    multiple=True,
    metavar="NAME[=URL]",
    help="Use NAME at URL, or the declared NAME, and no other runtime. Repeatable.",
)
send_secrets = click.option(
    "--send-secrets",
    "secret_hosts",
    multiple=True,
    metavar="HOST",
    help="Let --runtime NAME=URL send the secret headers of the declared NAME to this host. "
    "Repeatable.",
)
runtimes_file = click.option(
    "--runtimes",
    "runtimes_file",
    type=PATH,
    help="The runtimes file. [nearest runtimes.yaml]",
)
ledger_file = click.option(
    "--ledger",
    "ledger_file",
    type=PATH,
    help="The decisions file. [nearest decisions.yaml]",
)
case = click.option(
    "--case",
    "globs",
    multiple=True,
    metavar="GLOB",
    help="Only cases whose id matches. Repeatable.",
)
tag = click.option("--tag", "tags", multiple=True, help="Only cases with this tag. Repeatable.")
supports = click.option(
    "--supports",
    "supports_options",
    multiple=True,
    metavar="NAME=FEATURE",
    help="Declare all that a runtime supports, comma-separated; cases that require more skip it. "
    "Repeatable.",
)


language = click.option(
    "--language",
    "language_options",
    multiple=True,
    metavar="NAME=LANGUAGE",
    help="What a runtime is written in, so that fixes are proposed for it: "
    f"{', '.join(LANGUAGES)}. Repeatable.",
)


def _read_shard(_: click.Context, __: click.Parameter, written: str | None) -> Shard | None:
    """Return the shard of a text such as `2/5` (the second of five parts), or None."""
    if written is None:
        return None
    read = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", written)
    if read and 1 <= int(read[1]) <= int(read[2]):
        return Shard(number=int(read[1]), count=int(read[2]))
    raise click.BadParameter(f"wanted I/N such as 2/5, with I from 1 to N, got {written!r}")


shard = click.option(
    "--shard",
    metavar="I/N",
    callback=_read_shard,
    help="Only part I of N even parts of the selection, chosen by case id; `gate` judges all "
    "parts as one.",
)


def _read_jobs(_: click.Context, __: click.Parameter, written: str) -> int:
    """Return the number of processes; `auto` is one for each CPU that this process may use."""
    if written == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if re.fullmatch(r"[1-9][0-9]{0,2}", written):
        return int(written)
    raise click.BadParameter(f"wanted auto or a number from 1 to 999, got {written!r}")


jobs = click.option(
    "--jobs",
    "-j",
    metavar="N|auto",
    default="1",
    show_default=True,
    callback=_read_jobs,
    help="Replay isolated cases, and suites with `parallel: true`, on N processes; auto: one for "
    "each CPU.",
)
baseline = click.option(
    "--baseline",
    metavar="NAME",
    help="A runtime that differs from it is odd. [the side of more than half]",
)
last_failed = click.option(
    "--last-failed", is_flag=True, help="Only the cases that were red in the latest run."
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
runs = click.option(
    "--runs",
    type=PATH,
    default=DEFAULT_RUNS,
    show_default=True,
    help="Where run records are kept.",
)
_quiet = click.option(
    "--quiet", "-q", is_flag=True, help="Print one line: the outcome. No progress."
)
_top = click.option(
    "--top",
    type=click.IntRange(min=1),
    metavar="N",
    help="Print N causes in full. [what fits a screen]",
)
saved_run = click.option(
    "--run", "run_name", default=LATEST, show_default=True, help="The run: its id, or its folder."
)


class OutputChoice(Struct, frozen=True, kw_only=True):
    """The output options of a command: how much is printed, and in which form."""

    quiet: bool
    as_json: bool
    verbose: bool = False
    top: int | None = None

    def view(self, out: TextIO) -> View:
        """Return the view of the report for an output."""
        return view_of(out, everything=self.verbose, top=self.top)


class RunDemands(Struct, frozen=True, kw_only=True):
    """What a run must prove, or None, and the revision it is guarded by, or None.

    `guard` is the revision as the user wrote it.
    """

    demands: Demands | None = None
    guard: str | None = None


def demanding(command: _Command) -> _Command:
    """Add the options for what a run must prove; the command gets one RunDemands."""

    @functools.wraps(command)
    def with_wanted(
        *, min_compared: int | None, strict: bool, guard: str | None, **given: Any
    ) -> Any:
        demands = Demands(min_compared=min_compared or 0, strict=strict)
        wanted = RunDemands(demands=demands if demands != NO_DEMANDS else None, guard=guard)
        return command(wanted=wanted, **given)

    add_guard = click.option(
        "--guard",
        metavar="REVISION",
        help="Fail if ledger, cases, rules, runtimes, recordings or baseline differ from this "
        "revision.",
    )
    add_strict = click.option("--strict", is_flag=True, help="Fail when anything was not checked.")
    add_least = click.option(
        "--min-compared",
        type=click.IntRange(min=0),
        metavar="N",
        help="Fail with 5 when fewer cases are compared.",
    )
    return add_least(add_strict(add_guard(with_wanted)))


def shown(command: _Command) -> _Command:
    """Add the options for how much is printed; the command gets one OutputChoice."""

    @functools.wraps(command)
    def with_shown(*, quiet: bool, as_json: bool, **given: Any) -> Any:
        return command(choice=OutputChoice(quiet=quiet, as_json=as_json), **given)

    return _quiet(as_json(with_shown))


def shown_causes(verbose_help: str) -> Callable[[_Command], _Command]:
    """Return a decorator that adds the options for how much of a report is printed.

    `verbose_help` is the help of `--verbose`.
    """

    def add(command: _Command) -> _Command:
        @functools.wraps(command)
        def with_shown(
            *, quiet: bool, verbose: bool, as_json: bool, top: int | None, **given: Any
        ) -> Any:
            return command(
                choice=OutputChoice(quiet=quiet, verbose=verbose, as_json=as_json, top=top), **given
            )

        add_verbose = click.option("--verbose", "-v", is_flag=True, help=verbose_help)
        return _top(_quiet(add_verbose(as_json(with_shown))))

    return add


def selecting(command: _Command) -> _Command:
    """Add the options that select files, cases and runtimes, in the order of the help."""
    for option in reversed(
        (paths, runtime, runtimes_file, send_secrets, supports, case, tag, last_failed, runs)
    ):
        command = option(command)
    return command
