"""A rebuild: live rows copied, with a new graph, beside the index that answers and changes.

In: the vectors of an index. Out: vectors that take their place. Rows never change, so copying needs
no lock; what was added meanwhile is copied in rounds, until so little is left that the rest, and
what died meanwhile, is done under the lock. hnswlib gives up the interpreter while it adds; the new
graph belongs to this thread alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reference_impl.vectord.store.graph import Graph
from reference_impl.vectord.store.rows import Rows
from reference_impl.vectord.store.vectors import Vectors

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from numpy.typing import NDArray

    from reference_impl.vectord.wire import IndexSettings

_SLICE = 256  # rows added to the graph between two looks at whether to go on
# Copied rows wait for the graph to take them in: so many at a time.
_COPY = 4_096
_REST = 64  # rows that are left for the lock, and out of the graph


class Rebuild:
    """One rebuild; `prepare` without the lock, then `finish` under it."""

    def __init__(self, settings: IndexSettings, source: Rows) -> None:
        """Begin; who calls holds the lock."""
        self._source = source
        self._next = 0
        self._copied: list[NDArray[np.int64]] = []
        graph = Graph.empty(settings, source.live_count)
        self._made = Vectors(
            rows=Rows(settings.dim, source.live_count + source.live_count // 2), graph=graph
        )

    def prepare(self, lock: threading.Lock, is_wanted: Callable[[], bool]) -> bool:
        """Copy and add until little is left; False when it was no longer wanted."""
        while is_wanted():
            with lock:
                end = self._source.count
            if end - self._next <= _REST or self._is_full():
                return True
            while self._next < end and is_wanted():
                self._copy(min(end, self._next + _COPY))
                while is_wanted() and self._made.extend_graph(_SLICE):
                    pass
        return False

    def finish(self) -> Vectors:
        """Copy the rest, let die what died meanwhile, and give the result.

        Who calls holds the lock.
        """
        self._copy(self._source.count)
        copied = np.concatenate(self._copied)
        for row in copied[~self._source.live[copied]].tolist():
            item_id = self._source.ids[row]
            if item_id not in self._source.row_of:
                self._made.drop(item_id)
        return self._made

    def _copy(self, end: int) -> None:
        self._copied.append(self._made.copy_live(self._source, self._next, end))
        self._next = end

    def _is_full(self) -> bool:
        graph = self._made.graph
        return graph is not None and graph.count == graph.capacity
