"""One statement, from its text to its result.

In: a statement. Out: its result, or an error that says what is faulty. One deadline holds for all
of it: the wait for a worker, the fetching of datasets, and the run.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from reference_impl.kit.worker_pool import WorkerLostError
from reference_impl.queryd.errors import StatementError
from reference_impl.queryd.service.frames import Names, Plan, Refusal, Reply, Run, Table

if TYPE_CHECKING:
    from reference_impl.kit.worker_pool import Worker, WorkerPool
    from reference_impl.queryd.service.frames import Question
    from reference_impl.queryd.store import Datasets
    from reference_impl.queryd.wire import Statement


_DECODER: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """Runs statements over datasets."""

    datasets: Datasets
    workers: WorkerPool
    timeout_s: float
    max_bytes: int

    async def answer(self, statement: Statement) -> Table:
        """Run a statement and return its result.

        Raises StatementError, DatasetBrokenError, BusyError, and CallError when a daemon does not
        answer.
        """
        end_s = asyncio.get_running_loop().time() + self.timeout_s
        try:
            async with self.workers.lease(self.timeout_s) as worker, asyncio.timeout_at(end_s):
                reply = await self._ask(worker, statement, end_s)
        except TimeoutError:
            raise StatementError(f"it takes longer than {self.timeout_s:g} s") from None
        except WorkerLostError:
            raise self._lost(end_s) from None
        if isinstance(reply, Table):
            return reply
        raise StatementError(reply.detail if isinstance(reply, Refusal) else "it is no query")

    async def _ask(self, worker: Worker, statement: Statement, end_s: float) -> Reply:
        named = await _reply(worker, Plan(sql=statement.sql, allowed_s=_left_s(end_s)))
        if not isinstance(named, Names):
            return named
        async with self.datasets.hold(named.names) as files:
            task = Run(
                sql=statement.sql,
                params=statement.params,
                max_rows=statement.max_rows,
                max_bytes=self.max_bytes,
                files=files,
                allowed_s=_left_s(end_s),
            )
            return await _reply(worker, task)

    def _lost(self, end_s: float) -> StatementError:
        """Return the error for a dead worker; its own alarm may end it just before the deadline."""
        if _left_s(end_s) <= 0:
            return StatementError(f"it takes longer than {self.timeout_s:g} s")
        return StatementError("it needs more memory than a statement has")


async def _reply(worker: Worker, question: Question) -> Reply:
    return _DECODER.decode(await worker.ask(msgspec.json.encode(question)))


def _left_s(end_s: float) -> float:
    return end_s - asyncio.get_running_loop().time()
