"""`conformance run --watch`: runs again whenever a file that the run uses has changed.

Each run is a process of its own, so that no state of an earlier one is left.  The files are checked
several times a second: suites, the runtimes and decisions files, and the programs of runtimes.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from conformance.errors import ConformanceError
from conformance.model.runtime import AppRuntime, BatchRuntime, CommandRuntime, Reach
from conformance.project.ledger import ledger_path
from conformance.project.request import RunRequest
from conformance.project.runtimes import declared_runtimes, runtimes_path
from conformance.reporting.phrases import plural

# Shorter than a person notices, and long enough to cost nothing
LOOK_S: Final = 0.2
_SUFFIXES: Final = {".yaml", ".yml"}
_Stamps = dict[Path, tuple[int, int, int]]


def watch(request: RunRequest, arguments: Sequence[str]) -> int:
    """Run, and run again after each change, until interrupted; return 0."""
    with contextlib.suppress(KeyboardInterrupt):
        number = 1
        while True:
            before = _stamps(request)
            _run(arguments)
            click.echo(
                f"\nrun {number} is done; watching {plural(len(before), 'file')}. Ctrl-C ends.",
                err=True,
            )
            changed = _wait_for_change(before, request)
            number += 1
            click.echo(
                f"\n--- {', '.join(map(str, changed))} changed: run {number} ---\n", err=True
            )
    click.echo("\nno longer watching", err=True)
    return 0


def _run(arguments: Sequence[str]) -> None:
    """Make one run; an interruption is passed on, and the run ends before this returns."""
    run = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "conformance", *arguments], start_new_session=True
    )
    try:
        run.wait()
    except KeyboardInterrupt:
        run.send_signal(signal.SIGINT)
        run.wait()
        raise


def _wait_for_change(before: _Stamps, request: RunRequest) -> list[Path]:
    """Return the changed files once they are stable: a compiler writes in several steps."""
    now = _stamps(request)
    while True:
        time.sleep(LOOK_S)
        last, now = now, _stamps(request)
        if now == last and now != before:
            return sorted(
                path for path in before.keys() | now.keys() if before.get(path) != now.get(path)
            )


def _stamps(request: RunRequest) -> _Stamps:
    """Return the time of the last write, the size and the inode of each watched file."""
    stamps: _Stamps = {}
    for file in _watched(request):
        with contextlib.suppress(OSError):
            seen = file.stat()
            stamps[file] = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
    return stamps


def _watched(request: RunRequest) -> Iterator[Path]:
    for path in request.suite_paths():
        if path.is_dir():
            yield from (file for file in path.rglob("*") if file.suffix in _SUFFIXES)
        else:
            yield path
    for found in (runtimes_path(request), ledger_path(request.ledger_file, request.suite_paths())):
        if found is not None:
            yield found
    with contextlib.suppress(ConformanceError):  # the run itself has reported what is wrong
        for runtime in declared_runtimes(request):
            yield from _parts(runtime.reach)


def _parts(reach: Reach) -> Iterator[Path]:
    """Yield the files that a runtime starts from: program and arguments, or its module."""
    if isinstance(reach, AppRuntime):
        module = reach.target.partition(":")[0].replace(".", "/")
        yield from (reach.directory / f"{module}.py", reach.directory / module / "__init__.py")
    elif isinstance(reach, CommandRuntime | BatchRuntime):
        program, *rest = (word.replace("${directory}/", "") for word in reach.argv)
        if os.sep in program:
            yield reach.directory / program
        elif found := shutil.which(program):
            yield Path(found)
        yield from (file for word in rest if (file := reach.directory / word).is_file())
