"""A session: opens all runtimes of a run, sends them case after case, and closes them.

They are closed whatever happens.

Each runtime has a lane.  The lanes of a case run at the same time; each has its own conversation,
which sends step after step.
"""

import asyncio
import datetime as dt
from collections.abc import Coroutine, Mapping, Sequence
from itertools import chain
from typing import Any

from msgspec.structs import replace

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import Case
from conformance.model.made_value import MadeValues, fresh_text, known_made
from conformance.model.observation import Cell
from conformance.model.request import Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import (
    AttachedRuntime,
    Runtime,
)
from conformance.model.shared_bodies import with_shared_bodies
from conformance.model.template import KnownName, known_text
from conformance.runner.conversation import Conversation
from conformance.runner.fitting_runtimes import concerns
from conformance.runner.handover import HandedBackError, Handover
from conformance.runner.lanes.lane import Lane, Seen
from conformance.runner.lanes.wire import WireLane
from conformance.runner.login import Logins
from conformance.runner.recovery import MAX_RESTARTS, Outage, Recovery
from conformance.runner.secrets import Secrets
from conformance.runner.work_on_cells import WorkOnCells


class Session:
    """The open lanes of a run; `values` makes the values that are the same for all runtimes."""

    def __init__(  # noqa: PLR0913 - what a run is made of
        self,
        lanes: Mapping[str, Lane],
        runtimes: Sequence[Runtime],
        secrets: Secrets,
        run_id: str,
        max_restarts: int = MAX_RESTARTS,
        *,
        same_names: bool = False,
    ) -> None:
        self._lanes = lanes
        self._runtimes = {runtime.name: runtime for runtime in runtimes}
        self._run_id = run_id
        self._logins = Logins(lanes, self._runtimes, secrets)
        self.values = MadeValues(run_id, dt.datetime.now(dt.UTC))
        self._same_names = same_names
        self._recovery = Recovery(lanes, self._logins.log_in, max_restarts)
        self.remarks: tuple[str, ...] = ()
        self.work = WorkOnCells()
        self._hands_back = False

    async def log_in(self) -> None:
        """Log in to every runtime that has a login.

        Raises RuntimeUnavailableError if a login fails.
        """
        names = [name for name in self._runtimes if name in self._lanes]
        outcomes = await asyncio.gather(*map(self._logins.log_in, names), return_exceptions=True)
        raise_failures([failure for failure in outcomes if failure is not None])

    def handover(self) -> Handover:
        """Return what another process needs to use the same runtimes while this one keeps them."""
        return Handover(
            runtimes=tuple(
                _attached(runtime, self._lanes[name]) for name, runtime in self._runtimes.items()
            ),
            urls=self.urls,
            logins=self._logins.logged_in(),
            secrets=self.secrets.values,
            values=self.values,
        )

    def take(self, handover: Handover) -> None:
        """Take over the logins and values of another process's session.

        `observe` then raises HandedBackError if a runtime goes down: the other process restores it.
        """
        self.values = handover.values
        self._logins.take(handover.logins)
        self._hands_back = True

    async def close(self) -> None:
        """Close every lane.

        Afterwards `remarks` holds notes on the runtimes that belong to no answer.
        """
        opened = [name for name in self._runtimes if name in self._lanes]
        remarks_of = await asyncio.gather(*(self._lanes[name].close() for name in opened))
        odd = (
            f"{name}: {remark}"
            for name, remarks in zip(opened, remarks_of, strict=True)
            for remark in remarks
        )
        self.remarks = (*self._recovery.remarks, *odd)

    @property
    def secrets(self) -> Secrets:
        """Return all secrets of the run, including those that logins captured."""
        return self._logins.secrets

    @property
    def facts(self) -> tuple[RuntimeFacts, ...]:
        """Return the facts of each runtime, in the order of declaration."""
        return tuple(
            _with_source(self._lanes[name].facts, runtime)
            for name, runtime in self._runtimes.items()
        )

    @property
    def urls(self) -> dict[str, str]:
        """Return the base URL of each lane that has one."""
        return {name: lane.base_url for name, lane in self._lanes.items() if lane.base_url}

    @property
    def processes(self) -> tuple[int, ...]:
        """Return the process ids of the started runtimes, including child processes."""
        lanes = (lane for lane in self._lanes.values() if isinstance(lane, WireLane))
        programs = filter(None, (lane.program for lane in lanes))
        return tuple(chain.from_iterable(program.tree() for program in programs))

    @property
    def down(self) -> Mapping[str, str]:
        """Return the runtimes that are down for the rest of the run, each with the reason."""
        return self._recovery.down

    def knows_label(self, label: str | None) -> bool:
        """Return whether any runtime has this label; True for None."""
        return label is None or any(label in runtime.labels for runtime in self._runtimes.values())

    async def observe(self, case: Case, attempt: int = 1) -> tuple[Cell, ...]:
        """Replay a case against its runtimes; each attempt has its own fresh names.

        A further attempt opens new connections: one that is out of step would show the same again.
        A runtime that goes down in the case is started again (see `recovery.py`).
        """
        if attempt > 1:
            self.reconnect()
        await self._recovery.start()
        try:
            cells = await self._cells(case, str(attempt))
            outages = await self._recovery.outages(case, cells)
            if outages and self._hands_back:
                raise HandedBackError
        finally:
            await self._recovery.end()
        return with_shared_bodies(
            await self._recovered(case, attempt, cells, outages) if outages else cells
        )

    async def restore(self) -> None:
        """Start the runtimes again that ended while another process used them."""
        await self._recovery.restore_ended()

    async def _recovered(
        self, case: Case, attempt: int, cells: tuple[Cell, ...], outages: Sequence[Outage]
    ) -> tuple[Cell, ...]:
        """Restore the runtimes that went down in a case, and return the cells of the case.

        An isolated case is sent again; its cells may be those of the second run.
        """
        recovery = self._recovery
        async with recovery.alone():
            await recovery.restore(outages)
            if not case.isolated or recovery.named_by(case, outages):
                recovery.lose(case, outages)
                return cells
            again = await self._cells(case, f"{attempt} again")
            if more := await recovery.outages(case, again):
                await recovery.restore(more)
                return again
            return recovery.survived(outages, cells, again)

    async def _cells(self, case: Case, attempt: str) -> tuple[Cell, ...]:
        names = [name for name, runtime in self._runtimes.items() if concerns(case, runtime)]
        shared = self._shared_names(case, names)
        cells = [self._cell(name, case, attempt, shared) for name in names]
        if not cells or case.cleanup:
            return await _all_of(cells)
        first, *others = cells
        beside = [asyncio.ensure_future(other) for other in others]
        try:  # the first needs no task of its own
            return (await first, *[await other for other in beside])
        finally:
            for other in beside:
                other.cancel()

    async def send(self, name: str, request: Request, timeout_ms: int) -> Seen:
        """Send a runtime a request that is no part of a case."""
        return await self._lanes[name].send(request, timeout_ms)

    async def restart(self, name: str) -> bool:
        """Restart a runtime that was started for this session; return False for any other.

        Raises RuntimeUnavailableError if it does not become ready.
        """
        lane = self._lanes[name]
        if not isinstance(lane, WireLane) or lane.program is None:
            return False
        await lane.restart()
        await self._logins.log_in(name)
        return True

    def reconnect(self, *, always: bool = False) -> None:
        """Open new connections, for the next request of each lane or `always` for each request."""
        for lane in self._lanes.values():
            lane.reconnect(always=always)

    async def _cell(
        self, name: str, case: Case, attempt: str, shared: Mapping[str, KnownName]
    ) -> Cell:
        lane = self._lanes[name]
        known = {**shared, **self._fresh_names(lane, case, attempt)}
        access, login = self._runtimes[name].access, self._logins.known_to(name)
        conversation = Conversation(lane, case, self.secrets, known, access, login)
        if why_not := self._recovery.why_not(name, case):
            return conversation.down(why_not)
        missing = (
            ", ".join(sorted(self._runtimes[name].lacks(case.requires))) if case.requires else ""
        )
        if not missing:
            return await conversation.hold()
        if case.lacking and lane.facts.live:
            return await conversation.probe(missing)
        return conversation.unsupported(f"does not support {missing}")

    def _shared_names(self, case: Case, runtimes: Sequence[str]) -> Mapping[str, KnownName]:
        """Return the values of the names that are the same for every runtime.

        These are the case's own values, and made values.

        If a recording takes part, its made values are used.
        """
        known = {value.name: value for value in case.vars}
        made = case.made_names
        recorded = [self._lanes[name].made_names(case) or {} for name in runtimes] if made else []
        for name in made:
            text = next((texts[name] for texts in recorded if name in texts), None)
            known[name] = self.values.of(case.id, name) if text is None else known_made(name, text)
        return known

    def _fresh_names(self, lane: Lane, case: Case, attempt: str) -> dict[str, KnownName]:
        """Return the value of each `${fresh:…}` of a case, by name.

        A recording has its own values; any other value is unique to the run, the attempt and the
        runtime.
        """
        if not case.isolated:
            return {}
        recorded = lane.made_names(case)
        known, whose = {}, "" if self._same_names else lane.facts.name
        for name in case.fresh_names:
            seed = f"{self._run_id}\n{case.id}\n{attempt}\n{whose}\n{name}"
            text = (recorded or {}).get(name) or fresh_text(name, seed)
            known[name] = known_text(name, text, identity=name)
        return known


def _attached(runtime: Runtime, lane: Lane) -> Runtime:
    """Return a runtime as another process reaches it: a started one is attached."""
    if isinstance(lane, WireLane) and lane.program is not None:
        return replace(runtime, reach=AttachedRuntime(url=lane.base_url))
    return runtime


def _with_source(facts: RuntimeFacts, runtime: Runtime) -> RuntimeFacts:
    """Return the facts of a runtime with the digest of its code.

    A recording gets no digest: it was made from other code.
    """
    return replace(facts, source=runtime.source_digest) if facts.live else facts


async def _all_of(cells: Sequence[Coroutine[Any, Any, Cell]]) -> tuple[Cell, ...]:
    """Wait for all cells and return them.

    A cancellation cancels all conversations at once, and waits until all have ended.
    """
    conversations = [asyncio.ensure_future(cell) for cell in cells]
    try:
        if conversations:
            await asyncio.wait(conversations)
    except asyncio.CancelledError:
        for conversation in conversations:
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        raise
    return tuple(conversation.result() for conversation in conversations)


def raise_failures(failures: Sequence[BaseException]) -> None:
    """Raise the errors of runtimes that could not be opened, as one; return if there are none."""
    unavailable = [failure for failure in failures if isinstance(failure, RuntimeUnavailableError)]
    for failure in failures:
        if not isinstance(failure, RuntimeUnavailableError):
            raise failure
    if len(unavailable) == 1:
        raise unavailable[0]
    if unavailable:
        raise RuntimeUnavailableError("\n".join(str(failure) for failure in unavailable))
