"""Conducting a load: each runtime is opened, prepared, driven, watched and closed.

Workers on all cores drive it.

In: a plan. Out: the figures of each runtime.  Runtimes are driven one after the other, each with
the machine to itself.
"""

import asyncio
import contextlib
import multiprocessing
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from conformance.errors import HarnessError, RuntimeUnavailableError
from conformance.load.figures import GeneratorFigures, LoadHeader, RuntimeFigures
from conformance.load.histogram import Histogram
from conformance.load.plan import Load, Pace
from conformance.load.processes import ProcessWatch, machine_cpu_s
from conformance.load.tally import LoadTally
from conformance.load.users import Share
from conformance.load.worker import READY, STOP, Orders, Report, work
from conformance.model.runtime import AttachedRuntime, Runtime
from conformance.runner import event_loop
from conformance.runner.session import open_session

_LOOK_S: Final = 0.5
_LOOK_FOR_START_S: Final = 0.05
_MAX_START_S: Final = 60.0
"""A worker imports the harness and reads the rows: seconds on a slow machine, never a minute."""
_OVERTIME_S: Final = 30.0
_WIND_UP_S: Final = 2.0
_TOLD_CHARACTERS: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPlan:
    """What is driven: a load, against which runtimes, by how many processes.

    `watched` are processes of runtimes.
    """

    load: Load
    header: LoadHeader
    runtimes: tuple[Runtime, ...]
    workers: int
    watched: tuple[int, ...]
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """How a load is going: of which runtime, for how long it has counted, and what came about."""

    runtime: str
    counted_s: float
    tally: LoadTally


Progress = Callable[[Scene], None]
Keep = Callable[[RuntimeFigures], None]


def conduct(plan: LoadPlan, progress: Progress, keep: Keep) -> None:
    """Drive the load against every runtime, and have kept what each made of it.

    Raises RuntimeUnavailableError where one is not there to be driven, and KeyboardInterrupt where
    it was asked to end; what was measured until then has been kept.
    """
    event_loop.run(_conduct(plan, progress, keep))


async def _conduct(plan: LoadPlan, progress: Progress, keep: Keep) -> None:
    cases = [scenario.case for scenario in plan.load.scenarios]
    for runtime in plan.runtimes:
        async with open_session([runtime], plan.folder / "logs", cases=cases) as session:
            (facts,) = session.facts
            if not facts.live or runtime.name not in session.urls:
                raise RuntimeUnavailableError(
                    f"runtime {runtime.name}: a load needs one that answers over a port"
                )
            url = session.urls[runtime.name]
            rows = await _prepare(plan, runtime.name, url)
            attached = replace(
                runtime,
                reach=runtime.reach
                if isinstance(runtime.reach, AttachedRuntime)
                else AttachedRuntime(url=url),
            )
            driven = _Driven(
                attached, rows, facts.reached, ProcessWatch((*session.processes, *plan.watched))
            )
            await _drive(plan, driven, progress, keep)


async def _prepare(plan: LoadPlan, name: str, url: str) -> Path | None:
    """Bring the data, and return the file of rows, if there is any."""
    prepare = plan.load.prepare
    if prepare is None:
        return plan.load.rows
    rows = (plan.folder / f"rows-{name}.ndjson").resolve()
    filled = {
        "python": sys.executable,
        "url": url,
        "corpus": str(prepare.corpus),
        "rows": str(rows),
    }
    argv = [_filled(word, filled) for word in prepare.argv]
    process = await asyncio.create_subprocess_exec(
        *argv, cwd=prepare.directory, stderr=asyncio.subprocess.PIPE
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if process.returncode:
        told = said.decode("utf-8", "replace").strip()[-_TOLD_CHARACTERS:]
        raise RuntimeUnavailableError(f"runtime {name}: its data could not be brought: {told}")
    return rows if rows.exists() else plan.load.rows


def _filled(word: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        word = word.replace("${" + name + "}", value)
    return word


@dataclass(frozen=True, slots=True)
class _Driven:
    """The subject of one drive: an answering runtime, its rows, its access and processes.

    Its access is how it is reached.
    """

    runtime: Runtime
    rows: Path | None
    reached: str
    watch: ProcessWatch


async def _drive(plan: LoadPlan, driven: _Driven, progress: Progress, keep: Keep) -> None:
    pace = plan.load.pace
    async with _workers(_orders(plan, driven)) as workers:
        from_s = await _begin(workers) + pace.lead_s
        tally = LoadTally(plan.load.scenarios, from_s, from_s + pace.duration_s)
        drive = _Drive(tally, workers, driven.watch, from_s)
        try:
            async for now_s in _looks(drive, from_s + pace.duration_s + _OVERTIME_S):
                progress(
                    Scene(
                        runtime=driven.runtime.name, counted_s=max(0.0, now_s - from_s), tally=tally
                    )
                )
                if (
                    pace.stop_after_failures is not None
                    and tally.failed >= pace.stop_after_failures
                ):
                    drive.stop()
        except asyncio.CancelledError:
            await _wind_up(drive)
            raise
        finally:
            if tally.counted or drive.done:
                keep(_figures(pace, driven, tally, drive))


async def _begin(workers: Sequence["_Worker"]) -> float:
    """Wait until every worker is up, and have all begin at one time.

    Return it, in seconds of the clock.

    Raises HarnessError where a worker ended, or was not up in time.
    """
    end_s = time.monotonic() + _MAX_START_S
    waiting = list(workers)
    while waiting:
        await asyncio.sleep(_LOOK_FOR_START_S)
        waiting = [worker for worker in waiting if next(_messages(worker), None) != READY]
        if waiting and time.monotonic() > end_s:
            raise HarnessError(
                f"{len(waiting)} workers of the load were not up after {_MAX_START_S:g} s"
            )
    begin_s = time.monotonic() + _LOOK_FOR_START_S
    for worker in workers:
        worker.pipe.send(begin_s)
    return begin_s


def _orders(plan: LoadPlan, driven: _Driven) -> list[Orders]:
    """Return what each worker is to do."""
    pace = plan.load.pace
    of = min(plan.workers, pace.users)
    shares = (
        Share(scenarios=plan.load.scenarios, pace=pace, first=first, of=of) for first in range(of)
    )
    return [
        Orders(share=share, runtime=driven.runtime, rows=driven.rows, run_id=plan.header.run_id)
        for share in shares
    ]


async def _wind_up(drive: "_Drive") -> None:
    """Have the workers end, and take what they report until then.

    One that waits for an answer is not waited for.
    """
    drive.stop()
    with contextlib.suppress(HarnessError):
        async for _ in _looks(drive, time.monotonic() + _WIND_UP_S):
            pass


def _figures(pace: Pace, driven: _Driven, tally: LoadTally, drive: "_Drive") -> RuntimeFigures:
    return RuntimeFigures(
        runtime=driven.runtime.name,
        reached=driven.reached,
        counted_s=round(min(pace.duration_s, max(tally.last_s - tally.from_s, 0.001)), 3),
        classes=tally.classes(),
        causes=tally.causes(),
        processes=driven.watch.figures(),
        generator=drive.generator(),
        others_percent=drive.others_percent(),
        seconds=tally.seconds(),
    )


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    done: bool = False
    first_cpu_s: float | None = None
    cpu_s: float = 0.0


class _Drive:
    """Takes the reports of workers and looks at processes, until all have done."""

    def __init__(
        self, tally: LoadTally, workers: Sequence[_Worker], watch: ProcessWatch, from_s: float
    ) -> None:
        self._tally, self._workers, self._watch, self._from_s = tally, workers, watch, from_s
        pids = tuple(worker.process.pid for worker in workers if worker.process.pid is not None)
        self._own = ProcessWatch(
            (*pids, os.getpid()), is_deep=False
        )  # a runtime that was started is below us, too
        self._lags = Histogram()
        self._counting_since_s: float | None = None
        self._machine_s = self._ended_s = 0.0

    @property
    def done(self) -> bool:
        """Return whether every worker has done its share."""
        return all(worker.done for worker in self._workers)

    def stop(self) -> None:
        """Ask the workers to end."""
        for worker in self._workers:
            if not worker.done:
                with contextlib.suppress(OSError):
                    worker.pipe.send(STOP)

    def look(self, now_s: float) -> None:
        """Take what was reported, and look at what is used."""
        for worker in self._workers:
            for report in _messages(worker):
                self._take(worker, report, now_s)
        if self.done:
            return
        if self._counting_since_s is None and now_s >= self._from_s:
            self._counting_since_s, self._machine_s = now_s, machine_cpu_s()
            self._watch.begin()
            self._own.begin()
        self._watch.look()
        self._own.look()
        self._ended_s = now_s

    def _take(self, worker: _Worker, report: Report, now_s: float) -> None:
        self._tally.add(report.outcomes, report.examples)
        worker.done = report.done
        if now_s >= self._from_s:
            if worker.first_cpu_s is None:
                worker.first_cpu_s, worker.cpu_s = report.cpu_s, report.cpu_s
            elif not report.done:
                worker.cpu_s = report.cpu_s
            for lag_ms in report.lags_ms:
                self._lags.add(round(lag_ms * 1_000))

    def generator(self) -> GeneratorFigures:
        """Return what the load itself used."""
        own = self._own.figures()
        busiest_s = max(
            (worker.cpu_s - (worker.first_cpu_s or 0.0) for worker in self._workers), default=0.0
        )
        return GeneratorFigures(
            processes=len(self._workers) + 1,
            cpu_s=round(sum(each.cpu_s for each in own), 2),
            busiest_percent=round(100 * busiest_s / self._counted_s(), 1),
            lag_p99_ms=round(self._lags.percentile(99) / 1_000, 2),
            max_rss_mib=round(sum(each.max_rss_mib for each in own), 1),
        )

    def others_percent(self) -> float:
        """Return how much of the machine was used by neither the runtime nor the load."""
        if self._counting_since_s is None:
            return 0.0  # all was done before anybody looked
        spent_s = machine_cpu_s() - self._machine_s
        own_s = sum(each.cpu_s for each in (*self._own.figures(), *self._watch.figures()))
        return round(
            100 * max(0.0, spent_s - own_s) / (self._counted_s() * (os.cpu_count() or 1)), 1
        )

    def _counted_s(self) -> float:
        return max(self._ended_s - (self._counting_since_s or self._ended_s), _LOOK_S)


async def _looks(drive: _Drive, end_s: float) -> AsyncIterator[float]:
    """Look twice a second until all is done."""
    while not drive.done:
        await asyncio.sleep(_LOOK_S)
        now_s = time.monotonic()
        if now_s > end_s:
            raise HarnessError(
                "a worker of the load did not end in time", hint="a smaller timeout_ms makes it end"
            )
        drive.look(now_s)
        yield now_s


@contextlib.asynccontextmanager
async def _workers(orders: Sequence[Orders]) -> AsyncIterator[list[_Worker]]:
    """Start a process for each order; none is left in the end."""
    context = multiprocessing.get_context("spawn")
    workers = []
    try:
        for each in orders:
            ours, theirs = context.Pipe()
            process = context.Process(target=work, args=(each, theirs), daemon=True)
            process.start()
            theirs.close()
            workers.append(_Worker(process, ours))
        yield workers
    finally:
        for worker in workers:
            worker.pipe.close()
            if not worker.done:
                worker.process.kill()
            worker.process.join()


def _messages(worker: _Worker) -> Iterator[Any]:
    """Yield what a worker has sent: that it is ready, then reports.

    Raises HarnessError where it has ended unasked.
    """
    try:
        while not worker.done and worker.pipe.poll():
            yield worker.pipe.recv()
    except (EOFError, OSError) as error:
        worker.process.join(1)
        raise HarnessError(
            f"a worker of the load ended with {worker.process.exitcode}; its error is above"
        ) from error
