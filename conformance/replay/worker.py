"""A worker: a copy of a run's process, made before the run, that replays parts of its cases.

It sends requests to the runtimes that the run has opened, over the network, and never starts,
restarts or stops one of them. If a runtime goes down, it hands the rest of its part back. It ends
when the run says so, or when the run's process has ended.
"""

import asyncio
import contextlib
import itertools
import threading
import traceback
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from conformance.errors import ConformanceError, HarnessError
from conformance.model.case import Case, Cases
from conformance.model.decision import Ledger
from conformance.model.evidence import FixEvidence
from conformance.replay.cases import CaseReplay
from conformance.replay.replayed import Replayed
from conformance.runner import event_loop
from conformance.runner.handover import HandedBackError, Handover
from conformance.runner.open_session import open_handed_over
from conformance.runner.process.worker_pipe import received

INLINE_BYTES: Final = 64 << 10
"""Longer lines go through a file: a full pipe would block the worker during its exchanges."""
_HELD_S: Final = 0.05
"""Results are collected for this long, as each message wakes the run; no user sees the delay."""


class Work(Struct, frozen=True, kw_only=True):
    """What a worker gets when it is made, before the run starts."""

    cases: Cases
    ledger: Ledger
    baseline: str | None
    run_id: str
    folder: Path
    environment: Mapping[str, str]


class Part(Struct, frozen=True):
    """Consecutive cases: the index of the first, and how many there are."""

    first: int
    count: int


class Stored(Struct, frozen=True):
    """The position of a long line in the worker's file, in bytes."""

    start: int
    size: int


Came = Replayed | tuple[Replayed, Stored]
"""A case as a worker sends it: with its line, or with the position of its line."""


class PartEnd(Struct, frozen=True):
    """A part is over; `left` is how many cases were not replayed because a runtime went down."""

    left: int = 0


class Finished(Struct, frozen=True):
    """A worker has closed its session: its remarks about the runtimes, and its evidence."""

    remarks: tuple[str, ...]
    evidence: FixEvidence


class Failed(Struct, frozen=True):
    """A worker could not go on, and its error."""

    error: ConformanceError


def be_a_worker(connection: Connection, lines: Any, work: Work) -> None:
    """Replay the parts that the run sends, until it sends None; long lines go to `lines`."""
    with contextlib.suppress(KeyboardInterrupt, ConnectionError, EOFError):
        try:
            event_loop.run(_Worker(connection, lines, work).replay())
        except ConformanceError as error:
            connection.send(Failed(error))
        except Exception:  # noqa: BLE001 - the run reports it and ends
            connection.send(Failed(HarnessError(f"a worker failed:\n{traceback.format_exc()}")))


class _Worker:
    def __init__(self, connection: Connection, lines: Any, work: Work) -> None:
        self._connection = connection
        self._lines = lines
        self._work = work
        self._asked: asyncio.Queue[Part | None] = asyncio.Queue()
        self._cases = _Forward(work.cases)
        self._held: list[Came] = []
        self._held_bytes = 0

    async def replay(self) -> None:
        """Open the runtimes that the run hands over, and replay part after part."""
        handover: Handover = self._connection.recv()
        work = self._work
        opened = open_handed_over(handover, work.folder / "logs", work.environment, work.run_id)
        async with contextlib.AsyncExitStack() as stack:
            session = await stack.enter_async_context(opened)
            replay = CaseReplay(session, work.baseline, work.ledger)
            about = (asyncio.get_running_loop(), asyncio.current_task())
            threading.Thread(target=self._listen, args=about, daemon=True).start()
            while part := await self._asked.get():
                await self._replay_part(part, replay)
            await stack.aclose()  # remarks are complete after that
        self._connection.send(Finished(session.remarks, replay.evidence()))

    async def _replay_part(self, part: Part, replay: CaseReplay) -> None:
        done = 0
        try:
            async with contextlib.aclosing(replay.replayed(self._cases.part(part))) as replayed:
                async for each in replayed:
                    self._send(each.with_line())
                    done += 1
        except HandedBackError:
            self._send_held()
            self._connection.send(PartEnd(part.count - done))
        else:
            self._send_held()
            self._connection.send(PartEnd())

    def _send(self, replayed: Replayed) -> None:
        """Send a case, together with others that follow within a short time."""
        if self._held_bytes + len(replayed.line) > INLINE_BYTES:
            self._send_held()
        if not self._held:
            asyncio.get_running_loop().call_later(_HELD_S, self._send_in_time)
        self._held.append(self._stored(replayed))
        self._held_bytes += len(replayed.line)

    def _stored(self, replayed: Replayed) -> "Came":
        if len(replayed.line) <= INLINE_BYTES:
            return replayed
        start = self._lines.seek(0, 2)
        self._lines.write(replayed.line)
        self._lines.flush()
        return replayed._replace(line=b""), Stored(start, len(replayed.line))

    def _send_in_time(self) -> None:
        # if the run has ended, `_listen` ends the work
        with contextlib.suppress(ConnectionError):
            self._send_held()

    def _send_held(self) -> None:
        if self._held:
            self._connection.send(self._held)
        self._held, self._held_bytes = [], 0

    def _listen(self, loop: asyncio.AbstractEventLoop, work: "asyncio.Task[Any] | None") -> None:
        """Queue the parts that the run sends; cancel the work when the run's process ends."""
        with contextlib.suppress(RuntimeError):  # the loop may have ended meanwhile
            for asked in received(self._connection):
                loop.call_soon_threadsafe(self._asked.put_nowait, asked)
            if work is not None:
                loop.call_soon_threadsafe(work.cancel)


class _Forward:
    """Iterates over cases once, part by part, in increasing order."""

    def __init__(self, cases: Cases) -> None:
        self._rest = iter(cases)
        self._at = 0

    def part(self, part: Part) -> Iterator[Case]:
        skipped = part.first - self._at
        self._at = part.first + part.count
        taken = itertools.islice(self._rest, skipped, skipped + part.count)
        return iter(list(taken))
