"""Options that several verbs share, each defined once."""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from conformance.model.report import RunReport
from conformance.model.run import NO_DEMANDS, Demands
from conformance.model.shard import Shard
from conformance.project.runs import DEFAULT_RUNS, LATEST
from conformance.reporting.console import fitting

_Command = Callable[..., Any]

paths = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
runtime = click.option(
    "--runtime",
    "runtime_options",
    multiple=True,
    metavar="NAME[=URL]",
    help="Ask NAME at URL, or the declared NAME, and no other runtime. Repeatable.",
)
send_secrets = click.option(
    "--send-secrets",
    "secret_hosts",
    multiple=True,
    metavar="HOST",
    help="Let --runtime NAME=URL send the secret headers of the declared NAME to this host. Repeatable.",
)
runtimes_file = click.option(
    "--runtimes", "runtimes_file", type=click.Path(path_type=Path), help="The runtimes file. [nearest runtimes.yaml]"
)
ledger_file = click.option(
    "--ledger", "ledger_file", type=click.Path(path_type=Path), help="The decisions file. [nearest decisions.yaml]"
)
case = click.option("--case", "globs", multiple=True, metavar="GLOB", help="Only cases whose id matches. Repeatable.")
tag = click.option("--tag", "tags", multiple=True, help="Only cases with this tag. Repeatable.")
supports = click.option(
    "--supports",
    "supports_options",
    multiple=True,
    metavar="NAME=FEATURE",
    help="Declare all that a runtime supports, comma-separated; cases that require more skip it. Repeatable.",
)


def _read_shard(_: click.Context, __: click.Parameter, written: str | None) -> Shard | None:
    """Read `2/5`, the second of five parts."""
    if written is None:
        return None
    read = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", written)
    if read and 1 <= int(read[1]) <= int(read[2]):
        return Shard(number=int(read[1]), of=int(read[2]))
    raise click.BadParameter(f"wanted I/N such as 2/5, with I from 1 to N, got {written!r}")


shard = click.option(
    "--shard",
    metavar="I/N",
    callback=_read_shard,
    help="Only part I of N even parts of the selection, told by case id; `gate` judges all parts as one.",
)
baseline = click.option("--baseline", metavar="NAME", help="Read the others against this runtime. [the majority]")
last_failed = click.option("--last-failed", is_flag=True, help="Only the cases that were red in the latest run.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
runs = click.option(
    "--runs",
    type=click.Path(path_type=Path),
    default=DEFAULT_RUNS,
    show_default=True,
    help="Where run records are kept.",
)
saved_run = click.option("--run", "run_name", default=LATEST, show_default=True, help="The run: its id, or its folder.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """How much of a run is shown, and in which form."""

    quiet: bool
    verbose: bool
    as_json: bool
    top: int | None = None

    def causes(self, report: RunReport) -> int | None:
        """Return how many causes are printed: what was asked for, else all or as many as fit a screen."""
        if self.top is not None:
            return self.top
        return None if self.verbose else fitting(report)


def demanding(command: _Command) -> _Command:
    """Add the options that say what a run must prove; the command gets them as one, or None where none is given."""

    @functools.wraps(command)
    def with_demands(*, min_compared: int | None, strict: bool, **given: Any) -> Any:
        demands = Demands(min_compared=min_compared or 0, strict=strict)
        return command(demands=demands if demands != NO_DEMANDS else None, **given)

    add_strict = click.option("--strict", is_flag=True, help="Fail when anything was not looked at.")
    add_least = click.option(
        "--min-compared", type=click.IntRange(min=0), metavar="N", help="Fail with 5 when fewer cases are compared."
    )
    return add_least(add_strict(with_demands))


def shown(command: _Command) -> _Command:
    """Add the options that say how much of a run is shown; the command gets them as one."""

    @functools.wraps(command)
    def with_shown(*, quiet: bool, verbose: bool, as_json: bool, **given: Any) -> Any:
        return command(shown=Shown(quiet=quiet, verbose=verbose, as_json=as_json), **given)

    add_quiet = click.option("--quiet", "-q", is_flag=True, help="Print the last sentence only; no progress.")
    add_verbose = click.option("--verbose", "-v", is_flag=True, help="Print each case on stderr, and all causes.")
    return add_quiet(add_verbose(as_json(with_shown)))


def shown_causes(command: _Command) -> _Command:
    """Add the options that say how much of a report is shown: those of `shown`, and how many causes."""

    @functools.wraps(command)
    def with_top(*, shown: Shown, top: int | None, **given: Any) -> Any:
        return command(shown=replace(shown, top=top), **given)

    add_top = click.option(
        "--top", type=click.IntRange(min=1), metavar="N", help="Print N causes. [what fits a screen]"
    )
    return add_top(shown(with_top))


def selecting(command: _Command) -> _Command:
    """Add the options that choose files, cases and runtimes, in the order that help shows them."""
    for option in reversed((paths, runtime, runtimes_file, send_secrets, supports, case, tag, last_failed, runs)):
        command = option(command)
    return command
