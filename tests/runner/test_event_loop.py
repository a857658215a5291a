"""Work beside the loop: it ends where nobody waits for it any more."""

import asyncio
import contextlib
import threading
from typing import Final

from conformance.comparison.budget import StoppedError, check
from conformance.runner import event_loop

PATIENCE_S: Final = 60.0


def test_work_that_nobody_waits_for_ends_at_its_next_check() -> None:
    started, ended = threading.Event(), threading.Event()

    def work() -> None:
        started.set()
        try:
            while True:
                check()
        except StoppedError:
            ended.set()
            raise

    async def cancelled() -> None:
        waiting = asyncio.ensure_future(event_loop.beside(work))
        assert await asyncio.to_thread(started.wait, PATIENCE_S)
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiting

    event_loop.run(cancelled())
    assert ended.wait(PATIENCE_S)
    check()  # only that work is stopped
