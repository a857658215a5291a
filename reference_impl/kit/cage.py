"""Processes for work on what others sent: limited by the kernel, and gone when their time is up.

In: the module that does the work, and its limits. Out: a process with an environment of its own and pipes. The daemon's
side is `start_caged`; the module itself begins with `limit_resources`, before it touches anything. The daemon ends it
when time is up, and so does an alarm of the kernel's, which rings even when the daemon has been killed.
"""

from __future__ import annotations

import asyncio
import resource
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path
from typing import TYPE_CHECKING

import reference_impl

if TYPE_CHECKING:
    from asyncio.subprocess import Process

_OPEN_FILES = 256
_ENVIRONMENT = {"PYTHONPATH": str(Path(reference_impl.__file__).parents[1])}


async def start_caged(module: str, *arguments: str) -> Process:
    """Start a module as a program, with pipes for its input and output."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, *arguments),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=_ENVIRONMENT,
        cwd="/",
    )


async def end_caged(process: Process) -> int:
    """End a process now, if it still runs, and give its exit code."""
    if process.returncode is None:
        process.kill()
    return await process.wait()


def limit_resources(*, space_mb: int, file_bytes: int) -> None:
    """Limit this process for good: its address space, and the size of any file that it writes."""
    limits = {
        resource.RLIMIT_AS: space_mb * 2**20,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _OPEN_FILES,
    }
    for number, value in limits.items():
        resource.setrlimit(number, (value, value))


def end_after(seconds: float) -> None:
    """Have the kernel end this process after a time; 0 takes that back."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
