"""Live stacks for tests: started by the user's command, on free ports, in the test's own folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference_impl.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@dataclass(slots=True, kw_only=True)
class Stack:
    """The commands on one data directory, and what they started."""

    data_dir: Path
    running: list[subprocess.Popen[str]] = field(default_factory=list)

    def command(self, *arguments: str) -> list[str]:
        """Give a whole command line."""
        return [
            sys.executable,
            "-m",
            "reference_impl",
            *arguments,
            "--data-dir",
            str(self.data_dir),
        ]

    def call(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command to its end: code, output, errors."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout, done.stderr

    def up(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a stack in the foreground and wait until it says that it is ready."""
        process = subprocess.Popen(
            self.command("up", "--free-ports", *arguments),
            cwd=ROOT,
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.running.append(process)
        for line in said(process):
            if line.startswith("ready in "):
                return process
        raise AssertionError("it did not get ready")

    def state(self) -> dict[str, Any]:
        """Read the state file."""
        state: dict[str, Any] = json.loads((self.data_dir / "stack/state.json").read_text())
        return state

    def daemon(self, name: str) -> dict[str, Any]:
        """Read what the state file says of one daemon."""
        found: dict[str, Any] = next(
            daemon for daemon in self.state()["daemons"] if daemon["name"] == name
        )
        return found

    def pids(self) -> list[int]:
        """Read all process ids: the stack's own and those of its daemons."""
        state = self.state()
        return [state["pid"], *(daemon["pid"] for daemon in state["daemons"])]


def environment() -> dict[str, str]:
    """Give the environment of a command: what it warns of is an error."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}


def said(process: subprocess.Popen[str]) -> Iterator[str]:
    """Give the lines of a foreground stack as they come."""
    assert process.stdout is not None
    return iter(process.stdout.readline, "")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something that must become true."""
    deadline_s = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline_s, what
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Return whether a process runs (a zombie does not)."""
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """Give a data directory; whatever was started on it is stopped at the end."""
    stack = Stack(data_dir=tmp_path / "data")
    yield stack
    stack.call("down")
    for process in stack.running:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
