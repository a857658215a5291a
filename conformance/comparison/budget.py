"""How long the answers to a case may be compared.

What takes time that grows with the answers calls `check` now and then, so that a comparison ends
soon after its budget is used up, wherever it is.  Answers of the same bytes are not gone into, and
come to no such point.
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
"""The clock and the CPU time of this thread at which the budget ends."""


_STOP: Final[ContextVar[threading.Event | None]] = ContextVar("stop", default=None)


class OverBudgetError(Exception):
    """The time for a comparison is used up."""


class StoppedError(Exception):
    """Nobody waits for a comparison any more."""


@contextlib.contextmanager
def stopped_by(stop: threading.Event) -> Iterator[None]:
    """Let an event end the comparisons that are made within."""
    before = _STOP.set(stop)
    try:
        yield
    finally:
        _STOP.reset(before)


class Budget:
    """The CPU time for comparing a case.

    It counts from the first two answers on that are not the same bytes.

    Use as a context manager: its end is the end of the budget.
    """

    def __init__(self, budget_ms: int) -> None:
        self._budget_s = budget_ms / 1_000
        self._before: Token[tuple[float, float]] | None = None

    def start(self) -> None:
        """Begin to count, unless it has begun.

        Once the time is used up, `check` raises OverBudgetError.
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
    """Raise OverBudgetError if the time is used up, StoppedError if nobody waits.

    The CPU time, which is slow to ask for, is never ahead of the clock: before the clock has come
    that far, it cannot be used up.
    """
    clock, cpu = _DEADLINES.get()
    if time.monotonic() > clock and time.thread_time() > cpu:
        raise OverBudgetError
    stop = _STOP.get()
    if stop is not None and stop.is_set():
        raise StoppedError
