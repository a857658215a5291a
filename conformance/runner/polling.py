"""Polling: a step is sent again until its answer is the one it waits for."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from msgspec.structs import replace

from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.waiting import Until
from conformance.runner.lanes.lane import Seen
from conformance.wording import plural

_MS: Final = 1_000
Mismatch = tuple[str, str, str]
"""A place where an answer is not as wanted, what was wanted there, and what came."""


async def ask_until(
    ask: Callable[[], Awaitable[Seen]],
    until: Until,
    mismatch: Callable[[Answer], Mismatch | None],
    *,
    live: bool,
) -> Seen:
    """Send a request until the answer has no mismatch, and return it; a fault ends the loop.

    If time runs out, return the fault `until_not_met` with the last answer.  A recording is asked
    once, because it would answer the same again.
    """
    started = time.monotonic()
    asked = 0
    while True:
        seen = await ask()
        asked += 1
        if not isinstance(seen, Answer):
            return seen
        wrong = mismatch(seen)
        if wrong is None:
            return replace(seen, askings=asked)
        elapsed_ms = (time.monotonic() - started) * _MS
        if not live or elapsed_ms + until.every_ms > until.within_ms:
            return _not_met(seen, wrong, asked, elapsed_ms)
        await asyncio.sleep(until.every_ms / _MS)


def _not_met(last: Answer, wrong: Mismatch, asked: int, elapsed_ms: float) -> Fault:
    where, wanted, got = wrong
    at = "" if where == "status" else f" at {where}"
    times = f"after {plural(asked, 'request')} in {round(elapsed_ms)} ms"
    return Fault(
        kind=FaultKind.UNTIL_NOT_MET,
        phase="until",
        detail=f"{times}: wanted {wanted}{at}, got {got}",
        elapsed_ms=round(elapsed_ms, 3),
        last=last,
    )
