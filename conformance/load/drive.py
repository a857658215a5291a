"""One drive of a load: the reports of its workers, and the resources that processes use."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Sequence
from typing import Final

from conformance.errors import HarnessError
from conformance.load.figures import GeneratorFigures
from conformance.load.histogram import Histogram
from conformance.load.processes import ProcessWatch, machine_cpu_s
from conformance.load.tally import LoadTally
from conformance.load.worker import STOP, Report
from conformance.load.worker_pool import Worker, messages

_LOOK_S: Final = 0.5


class Drive:
    """Collects the reports of the workers and samples processes until all workers have finished."""

    def __init__(
        self, tally: LoadTally, workers: Sequence[Worker], watch: ProcessWatch, from_s: float
    ) -> None:
        self._tally, self._workers, self._watch, self._from_s = tally, workers, watch, from_s
        pids = tuple(worker.process.pid for worker in workers if worker.process.pid is not None)
        self._own = ProcessWatch(
            (*pids, os.getpid()), is_deep=False
        )  # not deep: a runtime that we started is also one of our child processes
        self._lags = Histogram()
        self._counting_since_s: float | None = None
        self._machine_s = self._machine_end_s = self._ended_s = 0.0

    @property
    def done(self) -> bool:
        """Return whether every worker has finished its share."""
        return all(worker.done for worker in self._workers)

    def stop(self) -> None:
        """Tell the workers to end."""
        for worker in self._workers:
            if not worker.done:
                with contextlib.suppress(OSError):
                    worker.pipe.send(STOP)

    def look(self, now_s: float) -> None:
        """Collect new reports, and sample the processes."""
        for worker in self._workers:
            for report in messages(worker):
                self._take(worker, report, now_s)
        if self.done:
            return
        if self._counting_since_s is None and now_s >= self._from_s:
            self._counting_since_s, self._machine_s = now_s, machine_cpu_s()
            self._watch.begin()
            self._own.begin()
        self._watch.look()
        self._own.look()
        self._ended_s, self._machine_end_s = now_s, machine_cpu_s()

    def _take(self, worker: Worker, report: Report, now_s: float) -> None:
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
        """Return the resources that the load generator itself used."""
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
        """Return the share of the machine that neither the runtime nor the load used."""
        if self._counting_since_s is None:
            return 0.0  # the load was over before the first sample
        spent_s = self._machine_end_s - self._machine_s
        own_s = sum(each.cpu_s for each in (*self._own.figures(), *self._watch.figures()))
        return round(
            100 * max(0.0, spent_s - own_s) / (self._counted_s() * (os.cpu_count() or 1)), 1
        )

    def _counted_s(self) -> float:
        return max(self._ended_s - (self._counting_since_s or self._ended_s), _LOOK_S)


async def looks(drive: Drive, end_s: float) -> AsyncIterator[float]:
    """Sample twice a second until all workers have finished; yield the time of each sample."""
    while not drive.done:
        await asyncio.sleep(_LOOK_S)
        now_s = time.monotonic()
        if now_s > end_s:
            raise HarnessError(
                "a worker of the load did not end in time", hint="a smaller timeout_ms makes it end"
            )
        drive.look(now_s)
        yield now_s
