"""The daemon's side of its workers: a few processes, each for one statement at a time.

In: frames to ask. Out: replies. A worker that was not left in peace (its statement was out of time, or it died) is
killed, and another is started when next one is needed; so nothing of a statement outlives its deadline.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec

import reference_impl
from reference_impl.kit.log import logger
from reference_impl.queryd.errors import BusyError, WorkerLostError
from reference_impl.queryd.service.frames import LENGTH_BYTES, Reply, frame

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

    from reference_impl.queryd.service.frames import Question

_PROGRAM = ("-P", "-m", "reference_impl.queryd.service.worker")
_ENVIRONMENT = {"PYTHONPATH": str(Path(reference_impl.__file__).parents[1])}
_DECODER: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


class Worker:
    """One process."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, *arguments: str) -> Self:
        """Start one."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, *_PROGRAM, *arguments, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=_ENVIRONMENT, cwd="/"
        )
        return cls(process)

    async def ask(self, question: Question) -> Reply:
        """Ask and take the reply.

        Raises WorkerLostError.
        """
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None  # noqa: S101  # both are pipes
        assert stdout is not None  # noqa: S101
        try:
            stdin.write(frame(question))
            await stdin.drain()
            length = await stdout.readexactly(LENGTH_BYTES)
            return _DECODER.decode(await stdout.readexactly(int.from_bytes(length, "big")))
        except (ConnectionError, asyncio.IncompleteReadError):
            raise WorkerLostError from None

    async def kill(self) -> None:
        """End it now."""
        if self._process.returncode is None:
            self._process.kill()
        code = await self._process.wait()
        logger.info("worker ended", extra={"members": {"service": "queryd", "exit_code": code}})


class Workers:
    """All workers of a daemon; they are started when they are first needed."""

    def __init__(self, count: int, *, memory_mb: int, threads: int) -> None:
        self._arguments = (str(memory_mb), str(threads))
        self._free: asyncio.LifoQueue[Worker | None] = asyncio.LifoQueue()
        for _ in range(count):
            self._free.put_nowait(None)
        self.alive = 0

    @asynccontextmanager
    async def lease(self, allowed_s: float) -> AsyncIterator[Worker]:
        """Have a worker for one statement.

        Raises BusyError when none is free in time.
        """
        try:
            held = await asyncio.wait_for(self._free.get(), allowed_s)
        except TimeoutError:
            raise BusyError from None
        worker = held
        try:
            worker = held or await self._start()
            yield worker
        except BaseException:
            if worker is not None:
                await self._end(worker)
                worker = None
            raise
        finally:
            self._free.put_nowait(worker)

    async def close(self) -> None:
        """End all workers; none is leased any more."""
        while not self._free.empty():
            worker = self._free.get_nowait()
            if worker is not None:
                await self._end(worker)

    async def _start(self) -> Worker:
        worker = await Worker.start(*self._arguments)
        self.alive += 1
        return worker

    async def _end(self, worker: Worker) -> None:
        self.alive -= 1
        await worker.kill()
