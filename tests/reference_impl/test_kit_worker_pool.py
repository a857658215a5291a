"""Workers: limited, kept while they are in peace, and gone with their work when it goes wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from reference_impl.kit.blocking import in_thread
from reference_impl.kit.worker_pool import BusyError, WorkerLostError, WorkerPool

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

MODULE = "tests.reference_impl.miniature_worker"


def _with_pool(count: int, use: Callable[[WorkerPool], Awaitable[None]]) -> None:
    async def run() -> None:
        pool = WorkerPool(count, MODULE)
        try:
            await use(pool)
        finally:
            await pool.close()
        assert pool.alive == 0

    asyncio.run(run())


def test_a_worker_is_kept_for_the_next_piece_of_work() -> None:
    """It starts once, in an environment that has nothing of the daemon's."""

    async def use(pool: WorkerPool) -> None:
        assert pool.alive == 0
        for content in (b"", b"a", b"x" * 1_000_000):
            async with pool.lease(5) as worker:
                assert await worker.ask(content) == content
        async with pool.lease(5) as worker:
            told = (await worker.ask(b"tell")).decode()
        assert pool.alive == 1
        assert set(told.strip("[]").replace("'", "").split(", ")) <= {"LC_CTYPE", "PYTHONPATH"}

    _with_pool(2, use)


@pytest.mark.parametrize("fault", ["hang", "die", "hoard", "write"])
def test_a_worker_whose_work_went_wrong_is_gone(fault: str) -> None:
    """The kernel ends what takes too long or too much.

    The next piece of work has a fresh worker.
    """

    async def use(pool: WorkerPool) -> None:
        with pytest.raises(WorkerLostError):
            async with pool.lease(5) as worker:
                await worker.ask(fault.encode())
        assert pool.alive == 0
        async with pool.lease(5) as worker:
            assert await worker.ask(b"a") == b"a"

    _with_pool(1, use)


def test_a_worker_is_kept_when_its_caller_fails() -> None:
    """Only one that owes an answer is in doubt; one that was ended from outside is replaced."""

    async def fail_after_work(pool: WorkerPool) -> None:
        async with pool.lease(5) as worker:
            await worker.ask(b"a")
            raise ZeroDivisionError

    async def use(pool: WorkerPool) -> None:
        with pytest.raises(ZeroDivisionError):
            await fail_after_work(pool)
        async with pool.lease(5) as first:
            assert pool.alive == 1
        await first.kill()
        async with pool.lease(5) as third:
            assert await third.ask(b"a") == b"a"
        assert pool.alive == 1

    _with_pool(1, use)


def test_who_gives_up_ends_the_worker() -> None:
    """A deadline of the daemon's leaves nothing running."""

    async def use(pool: WorkerPool) -> None:
        with pytest.raises(TimeoutError):
            async with pool.lease(5) as worker, asyncio.timeout(0.1):
                await worker.ask(b"hang")
        assert pool.alive == 0

    _with_pool(1, use)


def test_waiting_for_a_worker_has_an_end() -> None:
    """When all are busy for too long, the caller is told."""

    async def use(pool: WorkerPool) -> None:
        async with pool.lease(5):
            with pytest.raises(BusyError):
                async with pool.lease(0.05):
                    pass

    _with_pool(1, use)


def test_a_blocking_call_is_waited_for_when_its_request_is_cancelled() -> None:
    """What it uses must not be closed under it."""
    done: list[str] = []

    async def run() -> None:
        started = asyncio.Event()
        loop = asyncio.get_running_loop()
        release = asyncio.Event()

        def block() -> None:
            loop.call_soon_threadsafe(started.set)
            asyncio.run_coroutine_threadsafe(release.wait(), loop).result(5)
            done.append("call")

        task = asyncio.create_task(in_thread(block))
        await started.wait()
        task.cancel()
        await asyncio.sleep(0.05)
        assert not task.done()
        release.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        done.append("request")

    asyncio.run(run())
    assert done == ["call", "request"]
