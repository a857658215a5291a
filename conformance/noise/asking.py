"""Cases sent to the same runtimes several times.

Each runtime gets every case twice, and a second instance of it gets the case once more. The second
instance runs at the same time as the first: what differs between the two (ports, process ids, start
times, random seeds) is noise. If two instances cannot run at the same time, the runtime gets the
case after a restart instead. A service that already runs has no second instance, and a command that
is run once for each step needs none.
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
"""Every instance gets the same made values, so that answers that repeat them are no noise."""
_BETWEEN_S: Final = 1.1
"""The pause before the repetition, so that a clock in whole seconds shows another time."""
_FIXED_PORT: Final = "its port is fixed"


class AskedCase(Struct, frozen=True, kw_only=True):
    """A case, and what each runtime did in it: one cell for each time that it was sent."""

    case: Case
    cells: Mapping[str, tuple[Cell, ...]]

    @property
    def asked(self) -> dict[str, tuple[Cell, ...]]:
        """Return the cells by runtime, without those where it was down or lacked support."""
        asked: dict[str, tuple[Cell, ...]] = {}
        for name, cells in self.cells.items():
            times = tuple(filter(_was_asked, cells))
            if times:
                asked[name] = times
        return asked

    @property
    def asked_again(self) -> dict[str, tuple[Cell, ...]]:
        """Return those of `asked` that have at least two cells."""
        return {name: cells for name, cells in self.asked.items() if len(cells) > 1}

    @property
    def down(self) -> dict[str, str]:
        """Return the runtimes that were down at least once, and why."""
        reasons: dict[str, str] = {}
        for name, cells in self.cells.items():
            for cell in cells:
                if cell.down:
                    reasons[name] = cell.down
        return reasons


class OnlyInstance(Struct, frozen=True, kw_only=True):
    """A runtime whose second instance could not run at the same time as the first.

    It says why, and whether the runtime was restarted instead.
    """

    runtime: str
    reason: str
    restarted: bool


class AskedCases(Struct, frozen=True, kw_only=True):
    """All cases with their cells, and the started runtimes that have no second instance."""

    cases: tuple[AskedCase, ...]
    only_instances: tuple[OnlyInstance, ...]


def ask_repeatedly(runtimes: Sequence[Runtime], cases: Sequence[Case], logs: Path) -> AskedCases:
    """Send each runtime its cases several times, and return what it did.

    Raises RuntimeUnavailableError if a runtime cannot be opened.
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
        # In sequence: in parallel, cases would change what other cases read
        _add(seen, await _observed(session, cases))
        await asyncio.sleep(_BETWEEN_S)
        _add(seen, await _observed(session, cases, attempt=2))
        for runtime in startable:
            try:
                _add(seen, await _second_instance(runtime, cases, logs / "second"))
            except RuntimeUnavailableError as error:
                only.append(_only_instance(runtime, error))
    # The first instances have ended now, so those that cannot run twice can be restarted
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
    """Return why a runtime has no second instance; a program will be restarted instead."""
    first_line = error.message.partition("\n")[0]
    is_program = isinstance(runtime.reach, CommandRuntime)
    return OnlyInstance(runtime=runtime.name, reason=first_line, restarted=is_program)


def _was_asked(cell: Cell) -> bool:
    if cell.down:
        return False
    return cell.is_supported


def _add(seen: Sequence[dict[str, list[Cell]]], cells: Sequence[Iterable[Cell]]) -> None:
    """Add the cells of each case to those that it already has."""
    for by_runtime, of_case in zip(seen, cells, strict=True):
        for cell in of_case:
            by_runtime.setdefault(cell.runtime, []).append(cell)


def _new_run_id() -> str:
    """Return a random run id: with it, instances that share a storage have other fresh names."""
    return os.urandom(8).hex()


async def _second_instance(
    runtime: Runtime, cases: Sequence[Case], logs: Path
) -> list[tuple[Cell, ...]]:
    """Send the cases to a second instance while the first one runs.

    An application that is called in process exists once per process, so its second instance gets a
    process of its own. Raises RuntimeUnavailableError if there can be no second instance.
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
    """Send the cases to a runtime from a new process.

    Raises RuntimeUnavailableError if that fails.
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
    """Return the cells of a runtime, or why it cannot be opened; runs in another process."""
    try:
        return event_loop.run(_ask_once(runtime, cases, logs))
    except RuntimeUnavailableError as error:
        return error.message


def _without_expectations(case: Case) -> Case:
    """Return a case without its expectations.

    Patterns and schemas cannot be pickled for another process.
    """

    def bare(step: Step) -> Step:
        return replace(step, expectation=Expectation())

    return replace(case, steps=tuple(map(bare, case.steps)), schema=None)
