"""Execution of a load: each runtime is opened, filled with data, driven, watched and closed.

In: a plan. Out: the figures of each runtime.  Workers on all cores drive one runtime at a time, so
that each has the machine to itself.
"""

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import HarnessError, RuntimeUnavailableError
from conformance.load.drive import Drive, looks
from conformance.load.figures import LoadHeader, RuntimeFigures
from conformance.load.plan import Load, Pace
from conformance.load.processes import ProcessWatch
from conformance.load.tally import LoadTally
from conformance.load.users import UserShare
from conformance.load.worker import Orders
from conformance.load.worker_pool import begin, started_workers
from conformance.model.runtime import AttachedRuntime, Runtime
from conformance.runner import event_loop
from conformance.runner.open_session import open_session

# Scenarios that are running at the end may be slow, and still count
_OVERTIME_S: Final = 30.0
# After an interruption, only the last figures are waited for
_WIND_UP_S: Final = 2.0
_SHOWN_CHARACTERS: Final = 600


class LoadPlan(Struct, frozen=True, kw_only=True):
    """What is driven: a load, the runtimes, and the number of worker processes.

    `watched` are ids of further processes that belong to runtimes.
    """

    load: Load
    header: LoadHeader
    runtimes: tuple[Runtime, ...]
    workers: int
    watched: tuple[int, ...]
    folder: Path


class LoadProgress(Struct, frozen=True, kw_only=True):
    """The state of a running load: its runtime, the counted seconds, and the figures so far."""

    runtime: str
    counted_s: float
    tally: LoadTally


Progress = Callable[[LoadProgress], None]
Keep = Callable[[RuntimeFigures], None]


def conduct(plan: LoadPlan, progress: Progress, keep: Keep) -> None:
    """Drive the load against every runtime, and pass each runtime's figures to `keep`.

    Raises RuntimeUnavailableError if a runtime cannot be reached over a port, and KeyboardInterrupt
    if the user interrupts the load; the figures up to then have been passed to `keep`.
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
    """Run the command that brings the data; return the file of rows, or None."""
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
        _, printed = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it may have ended since
                process.terminate()
            await process.wait()
    if process.returncode:
        last_words = printed.decode("utf-8", "replace").strip()[-_SHOWN_CHARACTERS:]
        raise RuntimeUnavailableError(
            f"runtime {name}: its data could not be brought: {last_words}"
        )
    return rows if rows.exists() else plan.load.rows


def _filled(word: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        word = word.replace("${" + name + "}", value)
    return word


class _Driven(Struct, frozen=True):
    """The subject of one drive: a running runtime, its file of rows, and its processes.

    `reached` says how the runtime is reached.
    """

    runtime: Runtime
    rows: Path | None
    reached: str
    watch: ProcessWatch


async def _drive(plan: LoadPlan, driven: _Driven, progress: Progress, keep: Keep) -> None:
    pace = plan.load.pace
    async with started_workers(_orders(plan, driven)) as workers:
        from_s = await begin(workers) + pace.lead_s
        tally = LoadTally(plan.load.scenarios, from_s, from_s + pace.duration_s)
        drive = Drive(tally, workers, driven.watch, from_s)
        try:
            async for now_s in looks(drive, from_s + pace.duration_s + _OVERTIME_S):
                progress(
                    LoadProgress(
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


def _orders(plan: LoadPlan, driven: _Driven) -> list[Orders]:
    """Return the orders of each worker."""
    pace = plan.load.pace
    count = min(plan.workers, pace.users)
    shares = (
        UserShare(scenarios=plan.load.scenarios, pace=pace, first=first, step=count)
        for first in range(count)
    )
    return [
        Orders(share=share, runtime=driven.runtime, rows=driven.rows, run_id=plan.header.run_id)
        for share in shares
    ]


async def _wind_up(drive: "Drive") -> None:
    """Stop the workers, and collect their last reports.

    A worker that still waits for an answer after two seconds is left out.
    """
    drive.stop()
    with contextlib.suppress(HarnessError):
        async for _ in looks(drive, time.monotonic() + _WIND_UP_S):
            pass


def _figures(pace: Pace, driven: _Driven, tally: LoadTally, drive: "Drive") -> RuntimeFigures:
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
