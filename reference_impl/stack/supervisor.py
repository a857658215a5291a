"""The supervisor: a process for each daemon, started, watched, restarted and stopped.

In: a plan. Out: an exit code, and lines about events. Invariants: a daemon that dies is restarted,
after a longer pause each time it dies soon; no started process runs when this returns; on Linux the
daemons get SIGTERM even when the supervisor itself is killed.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference_impl.kit.client import DaemonClient
from reference_impl.kit.problem import ProblemError
from reference_impl.stack.rooms import in_stopping_order
from reference_impl.stack.state_file import DaemonState, StackState, write_state

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reference_impl.stack.plan import Plan, PlannedDaemon

# Twelve interpreters start at the same time, perhaps on a busy machine with few cores.
_START_TIMEOUT_S = 30.0
# A daemon answers `/health` from memory; one that hangs is retried within the start's time.
_HEALTH_TIMEOUT_S = 1.0
# A daemon drains for at most 5 s, then saves.
_STOP_TIMEOUT_S = 15.0
# Not noticed by a person, and hardly any work.
_POLL_S = 0.05
# Over 100,000 requests; with the old log, a daemon has twice as much on the disk.
_LOG_LIMIT_BYTES = 32 * 1024 * 1024
# A chance crash is restarted at once; one at every start takes little time (ADR 0023).
_FIRST_PAUSE_S = 0.5
# After the cause is removed, a person does not wait long.
_LONGEST_PAUSE_S = 30.0
# A daemon that ran this long had a good start: the pauses begin again.
_LONG_LIFE_S = 60.0
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of linux/prctl.h


@dataclass(slots=True, kw_only=True)
class Child:
    """One daemon and its process."""

    planned: PlannedDaemon
    log_file: Path
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    quick_deaths: int = 0
    restarts: int = 0
    logged_before: int = 0

    def start(self) -> None:
        """Start the process; its output goes to its log."""
        module = ["-m", "reference_impl", self.planned.name]
        command = [sys.executable, *module, *self.planned.flags]
        with self.log_file.open("ab") as log:
            self.logged_before = log.tell()
            self.process = subprocess.Popen(  # noqa: S603  # our own interpreter and modules
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_die_with_us,  # noqa: PLW1509  # the supervisor has one thread
            )
        self.started_s = time.monotonic()

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if the process runs."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def bound_log(self) -> None:
        """Move the content of a large log to `.log.old`, replacing the earlier one.

        The process continues to write to the same file; a line written meanwhile may be lost.
        """
        if self.log_file.stat().st_size > _LOG_LIMIT_BYTES:
            with contextlib.suppress(OSError):  # on a full disk, the log is only cut
                shutil.copyfile(self.log_file, self.log_file.with_suffix(".log.old"))
            os.truncate(self.log_file, 0)

    @property
    def is_running(self) -> bool:
        """Return whether the process runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def last_words(self) -> str:
        """Return the last line that it logged since its start."""
        with self.log_file.open("rb") as log:
            log.seek(self.logged_before)
            lines = log.read().decode("utf-8", "replace").splitlines()
        return lines[-1] if lines else "it said nothing"


class Supervisor:
    """All processes of a stack."""

    def __init__(self, plan: Plan, say: Callable[[str], None]) -> None:
        self._folder = plan.folder
        self._say = say
        logs = plan.folder / "logs"
        logs.mkdir(mode=0o700, exist_ok=True)
        self._children = {
            daemon.name: Child(planned=daemon, log_file=logs / f"{daemon.name}.log")
            for daemon in plan.daemons
        }
        self._stopping = asyncio.Event()
        self._is_ready = False
        self._is_hurried = False

    async def run(self, when_ready: Callable[[], None]) -> int:
        """Serve until a signal, and return the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._ask_to_stop)
        code = 0
        try:
            if await self._start_all():
                self._is_ready = True
                self._note()
                when_ready()
                await self._watch()
            elif not self._stopping.is_set():
                code = 1
        finally:
            await self._stop_all()
        return code

    def _ask_to_stop(self) -> None:
        self._is_hurried = self._stopping.is_set()
        self._stopping.set()

    async def _start_all(self) -> bool:
        """Start the daemons in parallel; those without callers start when all others answer.

        So a client that waits for the gateway waits for all. Prints which daemon does not answer,
        and why.
        """
        uncalled = in_stopping_order(list(self._children))[0]
        others = [name for name in self._children if name not in uncalled]
        for group in (others, uncalled):
            children = [self._children[name] for name in group]
            for child in children:
                child.start()
            self._note()
            if not all(await asyncio.gather(*(self._ready(child) for child in children))):
                return False
        return True

    async def _ready(self, child: Child) -> bool:
        planned = child.planned
        async with DaemonClient(
            name=planned.name, url=planned.url, token=None, timeout_s=_HEALTH_TIMEOUT_S
        ) as client:
            while not self._stopping.is_set():
                with contextlib.suppress(ProblemError):
                    if (await client.call("GET", "/health")).status == 200:  # noqa: PLR2004
                        return True
                if not child.is_running:
                    self._say(f"{planned.name} did not start: {child.last_words}")
                    return False
                if time.monotonic() - child.started_s > _START_TIMEOUT_S:
                    self._say(
                        f"{planned.name} does not answer after {_START_TIMEOUT_S:g} s (log: "
                        f"{child.log_file})"
                    )
                    return False
                await asyncio.sleep(_POLL_S)
        return False

    async def _watch(self) -> None:
        """Restart daemons that die, until a signal."""
        restarts: dict[str, asyncio.Task[None]] = {}
        while not self._stopping.is_set():
            for name, child in self._children.items():
                child.bound_log()
                if not child.is_running and (name not in restarts or restarts[name].done()):
                    restarts[name] = asyncio.create_task(self._restart(child))
            await self._pause(_POLL_S)
        for task in restarts.values():
            task.cancel()

    async def _restart(self, child: Child) -> None:
        lived_s = time.monotonic() - child.started_s
        child.quick_deaths = 0 if lived_s > _LONG_LIFE_S else child.quick_deaths + 1
        pause_s = min(_FIRST_PAUSE_S * 2 ** max(child.quick_deaths - 1, 0), _LONGEST_PAUSE_S)
        name, end = child.planned.name, _end_of(child.process)
        self._say(
            f"{name} died ({end}); starting it again in {pause_s:g} s (log: {child.log_file})"
        )
        self._note()
        await asyncio.sleep(pause_s)
        child.restarts += 1
        child.start()
        self._note()
        if await self._ready(child):
            self._say(f"{name} answers again at {child.planned.url}")

    async def _stop_all(self) -> None:
        """Stop callers before the daemons they call; kill those that do not stop in time."""
        self._say("stopping")
        for group in in_stopping_order(list(self._children)):
            children = [self._children[name] for name in group]
            for child in children:
                child.send(signal.SIGTERM)
            await self._until_ended(children)
            for child in children:
                if child.is_running:
                    self._say(f"{child.planned.name} did not stop and is killed")
                    child.send(signal.SIGKILL)
                if child.process is not None:
                    child.process.wait()
        self._say("stopped")

    async def _until_ended(self, children: list[Child]) -> None:
        deadline_s = time.monotonic() + _STOP_TIMEOUT_S
        while any(child.is_running for child in children):
            if time.monotonic() > deadline_s or self._is_hurried:
                return
            await asyncio.sleep(_POLL_S)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def _note(self) -> None:
        daemons = tuple(
            DaemonState(
                name=name,
                url=child.planned.url,
                pid=child.process.pid if child.process is not None and child.is_running else None,
                restarts=child.restarts,
            )
            for name, child in self._children.items()
        )
        try:
            write_state(
                self._folder, StackState(pid=os.getpid(), is_ready=self._is_ready, daemons=daemons)
            )
        except OSError as error:  # a full disk does not end the stack
            self._say(f"the state file cannot be written: {error.strerror}")


def _end_of(process: subprocess.Popen[bytes] | None) -> str:
    code = None if process is None else process.returncode
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def _die_with_us() -> None:
    """In the child: let the kernel send SIGTERM when the supervisor dies, in any way."""
    if _PRCTL is not None:
        _PRCTL(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


_PRCTL = getattr(ctypes.CDLL(None), "prctl", None)
