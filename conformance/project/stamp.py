"""The stamp of a run, for the headers of all kinds of runs: time, command, machine, commit."""

import os
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

from conformance import __version__
from conformance.project.git import head_commit


class Stamp(TypedDict):
    """The header fields that describe the origin of a run."""

    run_id: str
    started: str
    command: str
    version: str
    machine: str
    commit: str


def new_stamp() -> Stamp:
    """Return the stamp of a run that starts now."""
    now = datetime.now(UTC)
    return Stamp(
        run_id=new_id(now),
        started=now.isoformat(timespec="seconds"),
        command=command_line(),
        version=__version__,
        machine=machine(),
        commit=head_commit(Path.cwd()),
    )


def new_id(now: datetime) -> str:
    """Return an id for a run, gauntlet or review that starts now.

    Ids sort as text in the order of their times, to the millisecond.
    """
    return f"{now:%Y%m%dT%H%M%S}{now.microsecond // 1_000:03}Z-{os.urandom(2).hex()}"


def command_line() -> str:
    """Return the command line, quoted for a shell."""
    return shlex.join(["conformance", *sys.argv[1:]])


def machine() -> str:
    """Return a description of this machine for a reader of measured figures."""
    system, python = os.uname(), sys.version.partition(" ")[0]
    return f"{system.sysname} {system.machine}, {os.cpu_count()} CPUs, Python {python}"
