"""Cases asked of the same runtimes several times.

They are asked once more, and of a second instance where one can be started.

A second instance is started beside the first: what differs between the two (ports, process ids,
start times, random seeds) is noise.  Where a second one cannot run beside the first, the runtime is
asked after a restart instead.  A service that runs already has no second instance, and a command
that is run once for each step needs none.
"""

import asyncio
import datetime as dt
import multiprocessing
import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import Case, Step
from conformance.model.expectation import Expectation
from conformance.model.made_value import MadeValues
from conformance.model.observation import Cell
from conformance.model.runtime import AppRuntime, CommandRuntime, Runtime
from conformance.runner import event_loop
from conformance.runner.fitting_runtimes import concerns
from conformance.runner.open_session import open_session
from conformance.runner.session import Session

_VALUES: Final = MadeValues("noise", dt.datetime.now(dt.UTC))
"""Each instance is sent the same made values: what it says of them is no noise."""
_BETWEEN_S: Final = 1.1
"""Clocks that tell whole seconds must tell another one when a case is asked again."""
_FIXED_PORT: Final = "its port is fixed"


class AskedCase(Struct, frozen=True, kw_only=True):
    """A case, and what each of its runtimes did, once for each time that it was asked."""

    case: Case
    cells: Mapping[str, tuple[Cell, ...]]

    @property
    def asked(self) -> dict[str, tuple[Cell, ...]]:
        """Return the cells of the runtimes that were asked the case, each time that they were."""
        asked: dict[str, tuple[Cell, ...]] = {}
        for name, cells in self.cells.items():
            times = tuple(filter(_was_asked, cells))
            if times:
                asked[name] = times
        return asked

    @property
    def asked_again(self) -> dict[str, tuple[Cell, ...]]:
        """Return the same of the runtimes that were asked it twice or more."""
        return {name: cells for name, cells in self.asked.items() if len(cells) > 1}

    @property
    def down(self) -> dict[str, str]:
        """Return the runtimes that could not be asked each time, and why."""
        reasons: dict[str, str] = {}
        for name, cells in self.cells.items():
            for cell in cells:
                if cell.down:
                    reasons[name] = cell.down
        return reasons


class OnlyInstance(Struct, frozen=True, kw_only=True):
    """A runtime of which no second instance could run beside the first.

    It says why, and whether the runtime was restarted.
    """

    runtime: str
    reason: str
    restarted: bool


class AskedCases(Struct, frozen=True, kw_only=True):
    """All cases as they were asked, and the runtimes without a second instance.

    These are runtimes that the harness starts.
    """

    cases: tuple[AskedCase, ...]
    only_instances: tuple[OnlyInstance, ...]


def ask_repeatedly(runtimes: Sequence[Runtime], cases: Sequence[Case], logs: Path) -> AskedCases:
    """Ask every runtime its cases several times.

    Raises RuntimeUnavailableError where one cannot be opened.
    """
    # A recording answers the same each time: nothing is learned from it
    live = [replace(each, fallback=None) for each in runtimes]
    return event_loop.run(_ask_repeatedly(live, cases, logs))


async def _ask_repeatedly(
    runtimes: Sequence[Runtime], cases: Sequence[Case], logs: Path
) -> AskedCases:
    seen: list[dict[str, list[Cell]]] = [{} for _ in cases]
    startable = [each for each in runtimes if isinstance(each.reach, CommandRuntime | AppRuntime)]
    only: list[OnlyInstance] = []
    async with open_session(runtimes, logs, cases=cases, run_id=_new_run_id()) as session:
        session.values = _VALUES
        # One after the other: beside each other, cases would change what others read
        _add(seen, await _observed(session, cases))
        await asyncio.sleep(_BETWEEN_S)
        _add(seen, await _observed(session, cases, attempt=2))
        for runtime in startable:
            try:
                _add(seen, await _second_instance(runtime, cases, logs / "second"))
            except RuntimeUnavailableError as error:
                only.append(_only_instance(runtime, error))
    # Restarted are those that cannot run twice at a time: the first has ended now
    by_name = {runtime.name: runtime for runtime in runtimes}
    for instance in filter(attrgetter("restarted"), only):
        runtime = by_name[instance.runtime]
        _add(seen, await _ask_once(runtime, cases, logs / "restarted"))
    asked = tuple(map(_asked_case, cases, seen))
    return AskedCases(cases=asked, only_instances=tuple(only))


def _asked_case(case: Case, seen: Mapping[str, Sequence[Cell]]) -> AskedCase:
    cells = {name: tuple(times) for name, times in seen.items()}
    return AskedCase(case=case, cells=cells)


def _only_instance(runtime: Runtime, error: RuntimeUnavailableError) -> OnlyInstance:
    """Return why a runtime has no second instance; a program is restarted instead."""
    first_line = error.message.partition("\n")[0]
    is_program = isinstance(runtime.reach, CommandRuntime)
    return OnlyInstance(runtime=runtime.name, reason=first_line, restarted=is_program)


def _was_asked(cell: Cell) -> bool:
    if cell.down:
        return False
    return cell.is_supported


def _add(seen: Sequence[dict[str, list[Cell]]], cells: Sequence[Iterable[Cell]]) -> None:
    """Add what runtimes did in each case to what they did before."""
    for by_runtime, of_case in zip(seen, cells, strict=True):
        for cell in of_case:
            by_runtime.setdefault(cell.runtime, []).append(cell)


def _new_run_id() -> str:
    """Return an id that gives each instance its own fresh names: two may share their storage."""
    return os.urandom(8).hex()


async def _second_instance(
    runtime: Runtime, cases: Sequence[Case], logs: Path
) -> list[tuple[Cell, ...]]:
    """Ask a second instance beside the first.

    Raises RuntimeUnavailableError where there can be none.

    An application that is called in process is imported once a process, so its second instance
    needs another one.
    """
    if isinstance(runtime.reach, AppRuntime):
        return await _in_another_process(runtime, cases, logs)
    if isinstance(runtime.reach, CommandRuntime) and runtime.reach.port is not None:
        raise RuntimeUnavailableError(_FIXED_PORT)
    return await _ask_once(runtime, cases, logs)


async def _ask_once(runtime: Runtime, cases: Sequence[Case], logs: Path) -> list[tuple[Cell, ...]]:
    own = list(filter(partial(concerns, runtime=runtime), cases))
    async with open_session([runtime], logs, cases=own, run_id=_new_run_id()) as session:
        session.values = _VALUES
        return await _observed(session, cases)


async def _observed(
    session: Session, cases: Sequence[Case], attempt: int = 1
) -> list[tuple[Cell, ...]]:
    return [await session.observe(case, attempt=attempt) for case in cases]


async def _in_another_process(
    runtime: Runtime, cases: Sequence[Case], logs: Path
) -> list[tuple[Cell, ...]]:
    """Ask a runtime from another process, which is started again.

    Raises RuntimeUnavailableError where that fails.
    """
    bare = list(map(_without_expectations, cases))
    # A forked process would have the modules of the application, and so its state
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers=1, mp_context=spawning) as processes:
        loop = asyncio.get_running_loop()
        asking = loop.run_in_executor(processes, _ask_there, runtime, bare, logs)
        try:
            outcome = await asking
        except BrokenProcessPool as error:
            raise RuntimeUnavailableError(
                "the process that was started for it ended unexpectedly"
            ) from error
    if isinstance(outcome, str):
        raise RuntimeUnavailableError(outcome)
    return outcome


def _ask_there(runtime: Runtime, cases: Sequence[Case], logs: Path) -> list[tuple[Cell, ...]] | str:
    """Return what a runtime does, or why it cannot be opened; it is called in another process."""
    try:
        return event_loop.run(_ask_once(runtime, cases, logs))
    except RuntimeUnavailableError as error:
        return error.message


def _without_expectations(case: Case) -> Case:
    """Return a case without its expectations.

    Patterns and schemas cannot be sent to another process.
    """

    def bare(step: Step) -> Step:
        return replace(step, expectation=Expectation())

    return replace(case, steps=tuple(map(bare, case.steps)), schema=None)
