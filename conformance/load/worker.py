"""A worker: a process that does a share of the load, and reports twice a second over a pipe.

In: a share, a running runtime, the file of rows. Out: reports; the last one has `done`. It ends
after a stop message, when its time is over, and when its pipe is closed.
"""

import asyncio
import contextlib
import os
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from msgspec import Struct, field
from msgspec.structs import replace

from conformance.load.deck import Deck, read_rows
from conformance.load.users import ScenarioOutcome, Users, UserShare
from conformance.model.runtime import Runtime
from conformance.runner import event_loop
from conformance.runner.lanes.opening import open_lane
from conformance.runner.secrets import read_secrets

# Twice a second: the progress shows seconds
_REPORT_S: Final = 0.5
# Short compared with lags that would distort a latency
_TICK_S: Final = 0.02
READY, STOP = "ready", "stop"
"""Messages: a worker sends READY, gets the time to begin, and later perhaps STOP."""


class Report(Struct, frozen=True, kw_only=True):
    """What happened since the last report; `lags_ms` is how late the worker's own clock ticked."""

    outcomes: list[ScenarioOutcome]
    examples: dict[tuple[int, str], str]
    lags_ms: list[float]
    cpu_s: float
    done: bool = False


class Orders(Struct, frozen=True, kw_only=True):
    """What a worker gets: its share, its runtime, the file of rows, and the id of the run."""

    share: UserShare
    runtime: Runtime
    rows: Path | None
    run_id: str


def work(orders: Orders, pipe: Connection) -> None:
    """Do a share of the load; the main function of a worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the main process gets it, and sends STOP
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with contextlib.suppress(BrokenPipeError, EOFError):
        event_loop.run(_work(orders, pipe))


class _Since(Struct):
    outcomes: list[ScenarioOutcome] = field(default_factory=list)
    lags_ms: list[float] = field(default_factory=list)

    def take(self, outcome: ScenarioOutcome) -> None:
        self.outcomes.append(outcome)


async def _work(orders: Orders, pipe: Connection) -> None:
    share, since = orders.share, _Since()
    cases = [scenario.case for scenario in share.scenarios]
    secrets = read_secrets(cases, os.environ, dict(orders.runtime.secrets))
    deck = Deck(share.scenarios, read_rows(orders.rows), share.pace.seed, orders.run_id)
    lane = await open_lane(orders.runtime, Path(), require_live=True)
    pipe.send(READY)
    begin = pipe.recv()
    if begin == STOP:
        await lane.close()
        return
    users = Users(replace(share, begin_s=begin), deck, lane, secrets, since.take)
    going, ticking = asyncio.ensure_future(users.go()), asyncio.ensure_future(_tick(since))
    try:
        while not going.done():
            await asyncio.wait([going], timeout=_REPORT_S)
            _report(pipe, users, since, done=going.done())
            if pipe.poll():
                users.stopping = pipe.recv() == STOP
        going.result()
    finally:
        going.cancel()
        ticking.cancel()
        await lane.close()


def _report(pipe: Connection, users: Users, since: _Since, *, done: bool) -> None:
    outcomes, since.outcomes = since.outcomes, []
    lags_ms, since.lags_ms = since.lags_ms, []
    examples, users.examples = users.examples, {}
    pipe.send(
        Report(
            outcomes=outcomes,
            examples=examples,
            lags_ms=lags_ms,
            cpu_s=time.process_time(),
            done=done,
        )
    )


async def _tick(since: _Since) -> None:
    """Record how late the timers of this process are."""
    while True:
        due_s = time.monotonic() + _TICK_S
        await asyncio.sleep(_TICK_S)
        since.lags_ms.append((time.monotonic() - due_s) * 1_000)
