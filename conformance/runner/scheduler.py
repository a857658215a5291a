"""Runs cases at the same time where they may, and yields results in the order of the suites."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from typing import Any, Final

from conformance.model.case import Case
from conformance.model.verdict import CaseResult

# Each case in flight holds a connection to every runtime
CASES_IN_FLIGHT: Final = 8


async def in_suite_order(
    cases: Iterable[Case], replay: Callable[[Case], Coroutine[Any, Any, CaseResult]]
) -> AsyncGenerator[CaseResult, None]:
    """Yield the result of every case, in the order of the cases.

    Isolated cases run at the same time, up to CASES_IN_FLIGHT; any other runs alone, after all
    cases before it.  No more results than that are held.
    """
    window: deque[asyncio.Task[CaseResult]] = deque()
    try:
        for case in cases:
            while window and (len(window) == CASES_IN_FLIGHT or not case.isolated):
                yield await _first_of(window)
            if case.isolated:
                window.append(asyncio.create_task(replay(case)))
            else:
                yield await replay(case)
        while window:
            yield await _first_of(window)
    finally:
        for task in window:
            task.cancel()
        await asyncio.gather(*window, return_exceptions=True)


async def _first_of(window: deque[asyncio.Task[CaseResult]]) -> CaseResult:
    """Return the first result.

    Cancelling this wait cancels no task; the caller then cancels all of them at once.
    """
    await asyncio.wait(list(window)[:1])
    return window.popleft().result()
