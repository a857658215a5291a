"""Where work on cells is done: here, in a thread or in a process of its own, by how large they are.

The loop of a run goes on meanwhile, and hears signals.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from conformance.model.observation import Cell
from conformance.runner import event_loop
from conformance.runner.forked_work import forked

_LARGE_BYTES: Final = 16 << 10
"""Bodies of a case, together: what is made of fewer bytes takes less time than a thread costs, or
is over soon.
"""
_VERY_LARGE_BYTES: Final = 1 << 20
"""Bodies of a case, together: one call of a library on so many may hold all threads for longer than
a signal may wait.
"""
_Outcome = TypeVar("_Outcome")


class WorkOnCells:
    """Does large work one at a time, for the memory's sake."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def on(self, cells: Sequence[Cell], work: Callable[[], _Outcome]) -> _Outcome:
        """Return what some work makes of cells.

        Where these are very large, it is a copy, and what the work changes is lost.
        """
        size = sum(map(len, _bodies(cells)))
        if size < _LARGE_BYTES:
            return work()
        async with self._one_at_a_time:
            if size < _VERY_LARGE_BYTES:
                return await event_loop.beside(work)
            return await forked(work, _bodies(cells))


def are_very_large(cells: Iterable[Cell]) -> bool:
    """Return whether work on cells is done in another process."""
    return sum(map(len, _bodies(cells))) >= _VERY_LARGE_BYTES


def _bodies(cells: Iterable[Cell]) -> Iterator[bytes]:
    for cell in cells:
        yield from (answer.body for answer in cell.answers)
