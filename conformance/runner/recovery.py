"""Recovery from a runtime that goes down: find the case, start the runtime again, and go on.

Isolated cases run at the same time, so several may be in flight when a runtime ends.  Each of them
is sent again alone.  The case in which the runtime ends again is the cause, and the others count
as if nothing had happened.  If it ends in none of them again, the last case reports what was seen.
A suite whose cases build on one another cannot go on: its earlier changes are lost with the
runtime.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import Case
from conformance.model.observation import Cell, Fault
from conformance.runner.lanes.lane import Lane
from conformance.runner.lanes.wire import WireLane

MAX_RESTARTS: Final = 10
"""After so many starts a runtime is not started again: each start may take as long as its
`ready:` allows.
"""


class Outage(Struct):
    """One end of a runtime: the cases in flight, and how many of them it survived.

    It survived a case if it did not end again when the case was repeated.
    """

    runtime: str
    cases: list[str] = field(default_factory=list)
    survived: int = 0


class Recovery:
    """The state of recovery in a run: which runtimes are down, and which cases must wait.

    No other case starts while one is repeated alone.
    """

    def __init__(
        self,
        lanes: Mapping[str, Lane],
        log_in: Callable[[str], Awaitable[None]],
        max_restarts: int = MAX_RESTARTS,
    ) -> None:
        self.remarks: list[str] = []
        self._lanes = lanes
        self._log_in = log_in
        self._max_restarts = max_restarts
        self._outages: dict[str, Outage] = {}
        self._restarts: Counter[str] = Counter()
        self._down: dict[str, str] = {}
        self._changed: set[str] = set()
        self._lost: dict[tuple[str, str], str] = {}
        self._in_flight = 0
        self._nobody = asyncio.Condition()
        self._alone = asyncio.Lock()

    @property
    def down(self) -> Mapping[str, str]:
        """Return the runtimes that are down for the rest of the run, each with the reason."""
        return self._down

    def why_not(self, runtime: str, case: Case) -> str:
        """Return why a case cannot be sent to a runtime, or an empty text."""
        return self._down.get(runtime) or (
            "" if case.isolated else self._lost.get((runtime, case.suite), "")
        )

    async def start(self) -> None:
        """Count a case as in flight; first wait while another case runs alone."""
        while self._alone.locked():
            async with self._alone:
                pass
        self._in_flight += 1

    async def end(self) -> None:
        """Count a case as no longer in flight; a case that has to run alone may wait for that."""
        self._in_flight -= 1
        if self._alone.locked():
            async with self._nobody:
                self._nobody.notify_all()

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Run the block alone: wait until no case is in flight, and let none start meanwhile."""
        async with self._alone, self._nobody:
            await self._nobody.wait_for(lambda: not self._in_flight)
            yield

    async def outages(self, case: Case, cells: Iterable[Cell]) -> list[Outage]:
        """Return the outages of runtimes that went down in a case, and add the case to them."""
        if not case.isolated and case.changes_what_it_reads:
            self._changed.add(case.suite)
        met = [cell.runtime for cell in cells if cell.faults and await self._is_gone(cell)]
        found = [self._outages.setdefault(name, Outage(name)) for name in met]
        for outage in found:
            outage.cases.append(case.id)
        return found

    async def _is_gone(self, cell: Cell) -> bool:
        lane = self._lanes[cell.runtime]
        return isinstance(lane, WireLane) and await lane.is_gone(cell.faults[-1].kind)

    async def restore(self, outages: Iterable[Outage]) -> None:
        """Restart the runtimes of some outages; one that fails is down for the rest of the run."""
        for outage in outages:
            if self._outages.get(outage.runtime) is outage:
                del self._outages[outage.runtime]
                await self._restart(outage.runtime, outage.cases[0])

    async def restore_ended(self) -> None:
        """Start the programs again that ended while another process used them."""
        for name, lane in self._lanes.items():
            program = lane.program if isinstance(lane, WireLane) else None
            if program is not None and program.ended() is not None and name not in self._down:
                await self._restart(name, "a case of a worker process")

    async def _restart(self, runtime: str, case_id: str) -> None:
        lane = self._lanes[runtime]
        assert isinstance(lane, WireLane)  # noqa: S101 - no other lane has an outage
        self._restarts[runtime] += 1
        if self._restarts[runtime] > self._max_restarts:
            self._down[runtime] = (
                f"it went down in {case_id}, for the {self._restarts[runtime]}th time"
            )
            return
        try:
            what = await lane.restart()
            await self._log_in(runtime)
        except RuntimeUnavailableError as error:
            why = str(error).splitlines()[0]
            self._down[runtime] = (
                f"it went down in {case_id}, and could not be started or reached again: {why}"
            )
        else:
            self.remarks.append(f"{runtime}: went down in {case_id}; {what}")

    def named_by(self, case: Case, outages: Iterable[Outage]) -> bool:
        """Return whether a case is the one that reports a runtime which stays down.

        It is the first case of the outage.
        """
        return any(
            outage.runtime in self._down and outage.cases[0] == case.id for outage in outages
        )

    def lose(self, case: Case, outages: Iterable[Outage]) -> None:
        """Exclude a runtime from the rest of an ordered suite that had changed something."""
        if case.suite in self._changed:
            for outage in outages:
                why = f"it went down in {case.id}, and what this suite had done before is lost"
                self._lost[outage.runtime, case.suite] = why

    def survived(
        self, outages: Sequence[Outage], first: Sequence[Cell], again: Sequence[Cell]
    ) -> tuple[Cell, ...]:
        """Return the cells of a case in which no runtime went down when it ran again alone.

        They are those of the second run of the case.

        If all cases that were in flight together survive, the last one keeps the cells of its
        first run, which was red.
        """
        notes: dict[str, str] = {}
        for outage in outages:
            outage.survived += 1
            if outage.survived == len(outage.cases):
                notes[outage.runtime] = _once(outage.cases)
        return (
            tuple(_noted(cell, notes.get(cell.runtime, "")) for cell in first)
            if notes
            else tuple(again)
        )


def _once(cases: Sequence[str]) -> str:
    if len(cases) == 1:
        return "asked again, it did not go down"
    return (
        f"asked again one by one, it did not go down in any of the {len(cases)} cases in "
        f"flight: {', '.join(cases)}"
    )


def _noted(cell: Cell, note: str) -> Cell:
    """Return a cell with a note added to the detail of each fault."""
    if not note:
        return cell
    seen = tuple(
        replace(each, detail=f"{each.detail}; {note}") if isinstance(each, Fault) else each
        for each in cell.observations
    )
    return replace(cell, observations=seen)
