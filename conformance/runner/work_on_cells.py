"""Work on cells, done by their size: directly, in a thread, or in a child process.

The event loop of a run meanwhile still handles signals.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeVar

from conformance.model.observation import Cell
from conformance.runner import event_loop
from conformance.runner.forked_work import forked

_LARGE_BYTES: Final = 16 << 10
"""Bodies of a case, together.  Work on fewer bytes takes less time than a thread costs, or ends
soon.
"""
_VERY_LARGE_BYTES: Final = 1 << 20
"""Bodies of a case, together.  One library call on more bytes may block all threads for longer than
a signal may wait.
"""
_Outcome = TypeVar("_Outcome")


class WorkOnCells:
    """A worker for cells; large work runs one at a time, to limit the memory."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()

    async def on(self, cells: Sequence[Cell], work: Callable[[], _Outcome]) -> _Outcome:
        """Return the result of some work on cells.

        If the cells are very large, the result is a copy, and other changes by the work are lost.
        """
        size = sum(map(len, _bodies(cells)))
        if size < _LARGE_BYTES:
            return work()
        async with self._one_at_a_time:
            if size < _VERY_LARGE_BYTES:
                return await event_loop.beside(work)
            return await forked(work, _bodies(cells))


def are_very_large(cells: Iterable[Cell]) -> bool:
    """Return whether work on these cells is done in another process."""
    return sum(map(len, _bodies(cells))) >= _VERY_LARGE_BYTES


def _bodies(cells: Iterable[Cell]) -> Iterator[bytes]:
    for cell in cells:
        yield from (answer.body for answer in cell.answers)
