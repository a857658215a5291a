"""The daemon's side of its workers: a few restricted processes, each with one task at a time.

In: the module of their program, and frames to send. Out: frames. Workers start when they are first
needed and are kept. A worker that has not answered when it is given back (it ran out of time, or
died) is killed, and another is started when the next is needed; so no task continues after its
deadline.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

import reference_impl
from reference_impl.kit.cage import LENGTH_BYTES, frame
from reference_impl.kit.log import logger

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

_ENVIRONMENT = {"PYTHONPATH": str(Path(reference_impl.__file__).parents[1])}


class BusyError(Exception):
    """No worker was free in time."""


class WorkerLostError(Exception):
    """A worker died during its task: it ran out of time or of memory, or it crashed."""


class Worker:
    """One worker process."""

    def __init__(self, process: Process) -> None:
        self.owes_answer = False
        self._process = process

    @classmethod
    async def start(cls, module: str, *arguments: str) -> Self:
        """Start a module as a program, without the daemon's environment."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", module, *arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env=_ENVIRONMENT,
            cwd="/",
        )
        return cls(process)

    @property
    def is_alive(self) -> bool:
        """Return whether it still runs; it may have been killed from outside while idle."""
        return self._process.returncode is None

    async def ask(self, content: bytes) -> bytes:
        """Send a frame and return the answer.

        Raises WorkerLostError.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101  # both are pipes
        assert stdout is not None  # noqa: S101
        self.owes_answer = True
        try:
            stdin.write(frame(content))
            await stdin.drain()
            length = await stdout.readexactly(LENGTH_BYTES)
            answer = await stdout.readexactly(int.from_bytes(length, "big"))
        except (ConnectionError, asyncio.IncompleteReadError):
            raise WorkerLostError from None
        self.owes_answer = False
        return answer

    async def kill(self) -> int:
        """Kill the process and return its exit code."""
        if self._process.returncode is None:
            self._process.kill()
        return await self._process.wait()


class WorkerPool:
    """All workers of one program; close it when the room closes."""

    def __init__(self, count: int, module: str, *arguments: str) -> None:
        self.alive = 0
        self._program = (module, *arguments)
        self._free: asyncio.LifoQueue[Worker | None] = asyncio.LifoQueue()
        for _ in range(count):
            self._free.put_nowait(None)

    @asynccontextmanager
    async def lease(self, allowed_s: float) -> AsyncIterator[Worker]:
        """Yield a worker for one task.

        Raises BusyError when none is free in time.
        """
        try:
            worker = await asyncio.wait_for(self._free.get(), allowed_s)
        except TimeoutError:
            raise BusyError from None
        try:
            if worker is not None and not worker.is_alive:
                await self._end(worker)
                worker = None
            worker = worker or await self._start()
            yield worker
        finally:
            if worker is not None and worker.owes_answer:
                await self._end(worker)
                worker = None
            self._free.put_nowait(worker)

    async def close(self) -> None:
        """Kill all workers; none may be leased."""
        while not self._free.empty():
            worker = self._free.get_nowait()
            if worker is not None:
                await self._end(worker)

    async def _start(self) -> Worker:
        worker = await Worker.start(*self._program)
        self.alive += 1
        return worker

    async def _end(self, worker: Worker) -> None:
        self.alive -= 1
        code = await worker.kill()
        logger.info(
            "worker ended", extra={"members": {"program": self._program[0], "exit_code": code}}
        )
