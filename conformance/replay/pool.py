"""The worker processes of a run: they replay parts of its cases; the order stays the same.

Workers get the cases that may run in parallel: isolated cases in parts, and a suite with `parallel:
true` as a whole. The run itself replays all other cases while no worker is busy.
"""

import asyncio
import contextlib
import multiprocessing
import os
import tempfile
import threading
import time
import warnings
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from typing import Any, Final

from msgspec import Struct, field

from conformance.errors import HarnessError
from conformance.model.case import Case
from conformance.replay.cases import CaseReplay
from conformance.replay.replayed import Replayed
from conformance.replay.worker import (
    Came,
    Failed,
    Finished,
    Part,
    PartEnd,
    Work,
    be_a_worker,
)
from conformance.runner.process.worker_pipe import received, shut
from conformance.runner.session import Session

# Enough cases to be worth a message, and few enough that the workers end at about the same time
CASES_A_PART: Final = 32
_PARTS_A_WORKER: Final = 2
"""One part is replayed and one waits, so that a worker never waits for the run."""
_END_S: Final = 10.0
"""How long a worker may take for its teardown; a runtime gets as long to stop."""


class Stretch(Struct, frozen=True):
    """Consecutive cases that are replayed in one process; a worker may do it if `beside`."""

    first: int
    cases: Sequence[Case]
    beside: bool


def stretches(cases: Iterable[Case]) -> Iterator[Stretch]:
    """Yield all cases in order, in stretches of the same way of replay."""
    held: list[Case] = []
    held_way, first = "", 0
    for case in cases:
        way = _way(case)
        is_full = len(held) >= CASES_A_PART and not case.parallel
        if held and (way != held_way or is_full):
            yield Stretch(first, tuple(held), bool(held_way))
            first, held = first + len(held), []
        held.append(case)
        held_way = way
    if held:
        yield Stretch(first, tuple(held), bool(held_way))


def _way(case: Case) -> str:
    """Return a key for cases that one worker may replay together; empty if only the run may."""
    if case.parallel:
        return f"suite {case.suite}"
    return "isolated" if case.isolated else ""


class _Given(Struct):
    """A stretch that was given to a worker, and the results so far."""

    stretch: Stretch
    worker: "_Worker"
    came: deque[Came] = field(default_factory=deque)
    end: PartEnd | None = None


class _Worker(Struct, eq=False):
    """A worker process, as the run sees it."""

    process: Any
    connection: Connection
    lines: Any
    given: deque[_Given] = field(default_factory=deque)
    finished: Finished | None = None

    def whole(self, came: Came) -> Replayed:
        """Return a case with its line; a long line is read from the worker's file."""
        if isinstance(came, Replayed):
            return came
        replayed, stored = came
        return replayed._replace(line=os.pread(self.lines.fileno(), stored.size, stored.start))


class Pool:
    """The workers of a run.

    Each worker is a copy of this process, made before the run opens anything.
    """

    def __init__(self, jobs: int, work: Work) -> None:
        self._workers: list[_Worker] = []
        self._urls: dict[str, str] = {}
        self._news = asyncio.Event()
        self._failure: BaseException | None = None
        for _ in range(jobs):
            self._workers.append(self._start(work))

    def _start(self, work: Work) -> _Worker:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        lines = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the worker
        others = [ours, *(worker.connection for worker in self._workers)]

        def begin() -> None:
            for other in others:  # a pipe is closed only once all copies of its end are
                other.close()
            be_a_worker(theirs, lines, work)

        process = context.Process(target=begin, daemon=True)
        with warnings.catch_warnings():  # fork warns of the progress thread, which is not copied
            warnings.simplefilter("ignore", DeprecationWarning)
            process.start()
        theirs.close()
        return _Worker(process, ours, lines)

    def open(self, session: Session) -> None:
        """Give all workers access to the runtimes of a session."""
        handover, loop = session.handover(), asyncio.get_running_loop()
        self._urls = dict(handover.urls)
        for worker in self._workers:
            worker.connection.send(handover)
            threading.Thread(target=self._listen, args=(worker, loop), daemon=True).start()

    async def replayed(
        self, cases: Iterable[Case], session: Session, replay: CaseReplay
    ) -> AsyncGenerator[Replayed, None]:
        """Yield all cases in order, replayed by this process or by a worker."""
        waiting: deque[_Given] = deque()
        for stretch in stretches(cases):
            usable = stretch.beside and session.urls == self._urls
            while waiting and (not usable or len(waiting) >= _PARTS_A_WORKER * len(self._workers)):
                async for each in self._results(waiting.popleft(), session, replay):
                    yield each
            if usable:
                waiting.append(self._give(stretch))
            else:
                async for each in replay.replayed(stretch.cases):
                    yield each
        while waiting:
            async for each in self._results(waiting.popleft(), session, replay):
                yield each

    def _give(self, stretch: Stretch) -> _Given:
        worker = min(self._workers, key=lambda each: len(each.given))
        given = _Given(stretch, worker)
        worker.given.append(given)
        worker.connection.send(Part(stretch.first, len(stretch.cases)))
        return given

    async def _results(
        self, given: _Given, session: Session, replay: CaseReplay
    ) -> AsyncGenerator[Replayed, None]:
        """Yield the results of a stretch; cases that the worker handed back are replayed here."""
        while given.end is None or given.came:
            await self._until(lambda: bool(given.came) or given.end is not None)
            while given.came:
                yield given.worker.whole(given.came.popleft())
        if given.end.left:
            # A runtime is restarted: no worker may send requests meanwhile
            await self._until(lambda: not any(worker.given for worker in self._workers))
            await session.restore()
            async for each in replay.replayed(given.stretch.cases[-given.end.left :]):
                yield each

    async def finish(self, replay: CaseReplay) -> tuple[str, ...]:
        """Ask the workers to close their sessions; return their remarks about the runtimes."""
        for worker in self._workers:
            worker.connection.send(None)
        await self._until(lambda: all(worker.finished for worker in self._workers))
        remarks: dict[str, None] = {}
        for worker in self._workers:
            if worker.finished is not None:
                replay.join(worker.finished.evidence)
                remarks.update(dict.fromkeys(worker.finished.remarks))
        return tuple(remarks)

    async def close(self) -> None:
        """End the workers without blocking the event loop; they undo what their cases did."""
        await asyncio.get_running_loop().run_in_executor(None, self.end)

    def end(self) -> None:
        """End all workers, busy or not."""
        workers, self._workers = self._workers, []
        for worker in workers:
            shut(worker.connection)
        deadline = time.monotonic() + _END_S
        for worker in workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            worker.process.kill()
            worker.connection.close()
            worker.lines.close()

    def _listen(self, worker: _Worker, loop: asyncio.AbstractEventLoop) -> None:
        """Pass on the messages of a worker until it ends; this blocks, so it has its own thread."""
        for came in received(worker.connection):
            loop.call_soon_threadsafe(self._take, worker, came)
        with contextlib.suppress(RuntimeError):  # the loop may have ended meanwhile
            loop.call_soon_threadsafe(self._missed, worker)

    def _missed(self, worker: _Worker) -> None:
        if worker in self._workers and worker.finished is None:
            worker.process.join(_END_S)
            self._failure = self._failure or HarnessError(
                f"a worker process ended with {worker.process.exitcode}",
                hint="a negative number is a signal; -9 may be the system's, where memory is "
                "short: run with fewer jobs",
            )
        self._news.set()

    def _take(self, worker: _Worker, came: Any) -> None:
        self._note(worker, came)
        self._news.set()

    def _note(self, worker: _Worker, came: Any) -> None:
        match came:
            case list():
                worker.given[0].came.extend(came)
            case PartEnd():
                worker.given.popleft().end = came
            case Finished():
                worker.finished = came
            case Failed():
                self._failure = came.error

    async def _until(self, is_so: Callable[[], bool]) -> None:
        """Wait until a condition holds; raises the error of a worker that failed."""
        while not is_so():
            if self._failure is not None:
                raise self._failure
            self._news.clear()
            await self._news.wait()
