"""The worker processes of a load: their common start, their messages, their end."""

import asyncio
import contextlib
import multiprocessing
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any, Final

from msgspec import Struct

from conformance.errors import HarnessError
from conformance.load.worker import READY, Orders, work

# Short compared with the start of an interpreter
_LOOK_FOR_START_S: Final = 0.05
_MAX_START_S: Final = 60.0
"""A worker imports the harness and reads the rows: seconds on a slow machine, never a minute."""


async def begin(workers: Sequence["Worker"]) -> float:
    """Wait until every worker is ready, and let all begin at the same time.

    Return that time, in seconds of the monotonic clock. Raises HarnessError if a worker ended or
    was not ready in time.
    """
    end_s = time.monotonic() + _MAX_START_S
    waiting = list(workers)
    while waiting:
        await asyncio.sleep(_LOOK_FOR_START_S)
        waiting = [worker for worker in waiting if next(messages(worker), None) != READY]
        if waiting and time.monotonic() > end_s:
            raise HarnessError(
                f"{len(waiting)} workers of the load were not up after {_MAX_START_S:g} s"
            )
    begin_s = time.monotonic() + _LOOK_FOR_START_S
    for worker in workers:
        worker.pipe.send(begin_s)
    return begin_s


class Worker(Struct):
    """A process that drives some of the users, and the CPU time that it has used."""

    process: BaseProcess
    pipe: Connection
    done: bool = False
    first_cpu_s: float | None = None
    cpu_s: float = 0.0


@contextlib.asynccontextmanager
async def started_workers(orders: Sequence[Orders]) -> AsyncIterator[list[Worker]]:
    """Start a process for each order; all of them have ended when the block ends."""
    context = multiprocessing.get_context("spawn")
    workers = []
    try:
        for each in orders:
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(each, theirs), daemon=True)
            process.start()
            theirs.close()
            workers.append(Worker(process, ours))
        yield workers
    finally:
        for worker in workers:
            worker.pipe.close()
            if not worker.done:
                worker.process.kill()
            worker.process.join()


def messages(worker: Worker) -> Iterator[Any]:
    """Yield the new messages of a worker: that it is ready, then reports.

    Raises HarnessError if the worker ended unexpectedly.
    """
    try:
        while not worker.done and worker.pipe.poll():
            yield worker.pipe.recv()
    except (EOFError, OSError) as error:
        worker.process.join(1)
        raise HarnessError(
            f"a worker of the load ended with {worker.process.exitcode}; its error is above"
        ) from error
