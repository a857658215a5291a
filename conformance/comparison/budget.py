"""The time limit for the comparison of a case's answers.

Code whose time grows with the answers calls `check` regularly, so any comparison ends soon after
its budget.  Answers with the same bytes are not compared, and use no budget.
"""

import contextlib
import math
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Final, Self

_NEVER: Final = (math.inf, math.inf)
_DEADLINES: Final[ContextVar[tuple[float, float]]] = ContextVar(
    "deadlines of the comparison", default=_NEVER
)
"""The wall clock and the CPU time of this thread, in seconds, at which the budget ends."""


_STOP: Final[ContextVar[threading.Event | None]] = ContextVar("stop", default=None)


class OverBudgetError(Exception):
    """Report that the time for a comparison is used up."""


class StoppedError(Exception):
    """Report that a comparison was stopped because its result is no longer needed."""


@contextlib.contextmanager
def stopped_by(stop: threading.Event) -> Iterator[None]:
    """End the comparisons within this context as soon as the event is set."""
    before = _STOP.set(stop)
    try:
        yield
    finally:
        _STOP.reset(before)


class Budget:
    """The CPU time for comparing a case, as a context manager.

    It starts with the first two answers whose bytes differ, and ends with the context.
    """

    def __init__(self, budget_ms: int) -> None:
        self._budget_s = budget_ms / 1_000
        self._before: Token[tuple[float, float]] | None = None

    def start(self) -> None:
        """Start the time, unless it has started.

        When it is used up, `check` raises OverBudgetError.
        """
        if self._before is None:
            self._before = _DEADLINES.set(
                (time.monotonic() + self._budget_s, time.thread_time() + self._budget_s)
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            _DEADLINES.reset(self._before)


def check() -> None:
    """Raise OverBudgetError if the time is used up, StoppedError if the comparison was stopped.

    The CPU time is slow to read and never ahead of the clock, so the clock is checked first.
    """
    clock, cpu = _DEADLINES.get()
    if time.monotonic() > clock and time.thread_time() > cpu:
        raise OverBudgetError
    stop = _STOP.get()
    if stop is not None and stop.is_set():
        raise StoppedError
