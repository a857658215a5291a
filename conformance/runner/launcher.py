"""Starts a command runtime, waits until it can serve, stops its whole tree.

The process leads a group of its own, logs into a file (a pipe that nobody drains would stop it), and gets an
environment of an allow-list and what it declares.  While it starts, its exit is told apart from its slowness, with the
end of its log.
"""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

from conformance.errors import RuntimeUnavailableError
from conformance.model.observation import Answer, Fault
from conformance.model.request import Request
from conformance.model.runtime import CommandRuntime
from conformance.runner.wire import WireClient

_HOST: Final = "127.0.0.1"
_INHERITED: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
_POLL_S: Final = (0.005, 0.25)
_PROBE_MS: Final = 1_000
_LOG_TAIL_BYTES: Final = 2_000
_PORT_ATTEMPTS: Final = 3
_PORT_TAKEN: Final = re.compile(r"address (?:is )?already in use|EADDRINUSE|errno 98", re.IGNORECASE)


class Program:
    """A started command: its base URL, its process, its log."""

    def __init__(self, name: str, reach: CommandRuntime, log: Path) -> None:
        self.name = name
        self.log = log
        self._reach = reach
        self._port = _free_port()
        self.url = f"http://{_HOST}:{self._port}"
        self._process: subprocess.Popen[bytes] | None = None

    def spawn(self) -> None:
        """Start the process; raises RuntimeUnavailableError when there is nothing to start."""
        values = {"${port}": str(self._port), "${python}": sys.executable}
        argv = [re.sub(r"\$\{(?:port|python)\}", lambda found: values[found[0]], part) for part in self._reach.argv]
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - the runtimes file is consent to run it
                    argv,
                    cwd=self._reach.directory,
                    env=self._environment(values),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise RuntimeUnavailableError(
                    f"runtime {self.name}: cannot start {argv[0]}: {error.strerror}",
                    hint="build it, or give the runtime a `fallback` recording",
                ) from error

    async def wait_until_ready(self) -> None:
        """Return once it can serve; raises RuntimeUnavailableError if it exits or takes too long."""
        end, pause = time.monotonic() + self._reach.start_timeout_ms / 1000, _POLL_S[0]
        while True:
            if (ended := self.ended()) is not None:
                raise self._unavailable(f"{ended} before it was ready")
            if await self._serves():
                return
            if time.monotonic() > end:
                raise self._unavailable(f"not ready after {self._reach.start_timeout_ms} ms on {self.url}")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _POLL_S[1])

    def ended(self) -> str | None:
        """Return how the process ended, `exited with 3` or `killed by SIGSEGV`, or None while it runs."""
        code = self._process.poll() if self._process else None
        if code is None:
            return None
        return f"exited with {code}" if code >= 0 else f"killed by {_signal_name(-code)}"

    def log_tail(self) -> str:
        """Return the last lines that it logged."""
        with contextlib.suppress(OSError), self.log.open("rb") as log:
            log.seek(max(0, log.seek(0, os.SEEK_END) - _LOG_TAIL_BYTES))
            return log.read().decode("utf-8", "backslashreplace").strip()
        return ""

    async def stop(self) -> None:
        """Ask the whole group to end, then make it; return when its leader is gone."""
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        end = time.monotonic() + self._reach.stop_timeout_ms / 1000
        while self._process.poll() is None and time.monotonic() < end:  # noqa: ASYNC110 - a process sets no event
            await asyncio.sleep(_POLL_S[0])
        self._signal(signal.SIGKILL)
        self._process.wait()

    def port_was_taken(self) -> bool:
        """Tell whether it ended because somebody else got the port first."""
        return self.ended() is not None and _PORT_TAKEN.search(self.log_tail()) is not None

    def _signal(self, number: signal.Signals) -> None:
        """Signal the group, which may outlive its leader."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)  # type: ignore[union-attr]

    async def _serves(self) -> bool:
        client = WireClient(self.url)
        try:
            if self._reach.ready is None:
                return await client.reach() is None
            seen = await client.exchange(Request(method="GET", target=self._reach.ready), _PROBE_MS)
            return isinstance(seen, Answer) and seen.status // 100 == 2  # noqa: PLR2004
        finally:
            client.close()

    def _environment(self, values: dict[str, str]) -> dict[str, str]:
        kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        declared = {
            name: re.sub(r"\$\{(?:port|python)\}", lambda found: values[found[0]], value)
            for name, value in self._reach.environment
        }
        return {**kept, "PORT": str(self._port), **declared}

    def _unavailable(self, what: str) -> RuntimeUnavailableError:
        tail = self.log_tail()
        logged = "\n".join(f"  | {line}" for line in tail.splitlines()[-12:]) or "  | (it logged nothing)"
        return RuntimeUnavailableError(f"runtime {self.name}: {what}\n{logged}", hint=f"its log: {self.log}")


async def launch(name: str, reach: CommandRuntime, log: Path) -> Program:
    """Start a command and wait until it is ready; on failure nothing is left running."""
    for attempt in range(1, _PORT_ATTEMPTS + 1):
        program = Program(name, reach, log)
        program.spawn()
        try:
            await program.wait_until_ready()
        except BaseException:
            await program.stop()
            if attempt < _PORT_ATTEMPTS and program.port_was_taken():
                continue
            raise
        return program
    raise AssertionError("unreachable")


def program_exists(reach: CommandRuntime) -> bool:
    """Tell whether the program of a command is on this machine."""
    program = reach.argv[0].replace("${python}", sys.executable)
    if os.sep in program:
        return os.access(reach.directory / program, os.X_OK)
    return shutil.which(program) is not None


def _signal_name(number: int) -> str:
    """Name a signal; most real-time ones have only their number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((_HOST, 0))
        return int(listener.getsockname()[1])


def crash_detail(program: Program, fault: Fault) -> str | None:
    """Return what to say when a fault turns out to be the end of the program, or None while it runs."""
    ended = program.ended()
    if ended is None:
        return None
    last = program.log_tail().splitlines()[-1:]
    logged = f"; its log ends: {last[0]}" if last else ""
    return f"{ended} ({fault.kind.value} while it was asked){logged}"
