"""Slow system calls of a running daemon, made by strace from outside: no seam in the daemon."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STRACE = shutil.which("strace")
_ATTACH_TIMEOUT_S = 10


def need_strace() -> None:
    """Skip a test for want of strace; fail it where everything must be there."""
    if STRACE is None:
        give_up = (
            pytest.fail
            if os.environ.get("CONFORMANCE_REQUIRE_LIVE", "") not in {"", "0"}
            else pytest.skip
        )
        give_up("strace is not on this machine")


@contextmanager
def slow_calls(
    process_id: int,
    names: str,
    delay_us: int,
    *,
    at: str = "delay_exit",
    files: Iterable[Path] = (),
) -> Iterator[None]:
    """Delay calls (`rename,fsync`) of a process by `delay_us` until the block ends.

    This includes threads to come.

    With `delay_exit` a call has had its effect before the delay, with `delay_enter` after it. With
    `files` only calls on these are slow.
    """
    assert STRACE is not None
    inject = f"inject={names}:{at}={delay_us}"
    command = [
        STRACE,
        "-f",
        "-q",
        "-o",
        "/dev/null",
        "-e",
        f"trace={names}",
        "-e",
        inject,
        "-p",
        str(process_id),
    ]
    command += [word for file in files for word in ("-P", str(file))]
    tracer = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        _until_traced(process_id, tracer)
        yield
    finally:
        # its end lets the daemon go on; told to end, it may wait for ever for a call that it delays
        tracer.kill()
        tracer.wait()


def _until_traced(process_id: int, tracer: subprocess.Popen[bytes]) -> None:
    deadline_s = time.monotonic() + _ATTACH_TIMEOUT_S
    while time.monotonic() < deadline_s and tracer.poll() is None:
        tasks = [task / "status" for task in Path(f"/proc/{process_id}/task").iterdir()]
        if all(f"TracerPid:\t{tracer.pid}\n" in task.read_text() for task in tasks):
            return
        time.sleep(0.01)
    raise AssertionError("strace does not trace it")
