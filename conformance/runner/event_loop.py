"""The event loop of a session, and how signals end it.

The first SIGINT, SIGTERM or SIGHUP cancels the work, so that conversations clean up and runtimes
are stopped.  The second ends the session at once; only the runtimes are stopped.  In both cases
KeyboardInterrupt is raised.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextvars import copy_context
from types import FrameType
from typing import Any, Final, TypeVar, cast

import uvloop

from conformance.comparison import budget

Outcome = TypeVar("Outcome")
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run(work: Coroutine[Any, Any, Outcome]) -> Outcome:
    """Run a coroutine to its end; raise KeyboardInterrupt if a signal ended it."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        interruption = _Interruption(runner.get_loop())
        with interruption.heeded():
            try:
                return runner.run(interruption.of(work))
            except asyncio.CancelledError:
                raise KeyboardInterrupt from None


async def beside(work: Callable[[], Outcome]) -> Outcome:
    """Run a function in its own thread, while the loop still handles signals.

    On cancellation, work that calls `budget.check` ends soon.  Other work is left to itself: its
    thread does not keep the process from ending.
    """
    loop, context, stop = asyncio.get_running_loop(), copy_context(), threading.Event()
    done: asyncio.Future[Outcome] = loop.create_future()

    def settle(outcome: Outcome | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(cast("Outcome", outcome))

    def stoppable(work: Callable[[], Outcome]) -> Outcome:
        with budget.stopped_by(stop):
            return work()

    def run_work() -> None:
        outcome, failure = None, None
        try:
            outcome = context.run(stoppable, work)
        except BaseException as error:  # noqa: BLE001 - raised where `done` is awaited
            failure = error
        with contextlib.suppress(RuntimeError):  # the loop may have ended meanwhile
            loop.call_soon_threadsafe(settle, outcome, failure)

    threading.Thread(target=run_work, daemon=True).start()
    try:
        return await done
    except asyncio.CancelledError:
        stop.set()
        raise


class _Interruption:
    """Handles signals while a coroutine runs."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._work: asyncio.Task[Any] | None = None

    async def of(self, work: Coroutine[Any, Any, Outcome]) -> Outcome:
        """Await the work; the first signal cancels it."""
        self._work = asyncio.current_task()
        return await work

    @contextlib.contextmanager
    def heeded(self) -> Iterator[None]:
        """Handle the signals within the block, except ignored ones; only the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.getsignal(number) for number in _SIGNALS}
        heeded = [number for number, handler in before.items() if handler is not signal.SIG_IGN]
        for number in heeded:
            signal.signal(number, self._take)
        try:
            yield
        finally:
            for number in heeded:
                signal.signal(number, before[number])

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        work, self._work = self._work, None
        if work is None or work.done():
            raise KeyboardInterrupt
        self._loop.call_soon_threadsafe(work.cancel)
