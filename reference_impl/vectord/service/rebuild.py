"""A rebuild: live rows are copied, with a new graph, while the index is used.

In: the vectors of an index. Out: vectors that replace them. Rows never change, so copying needs no
lock. Rows added meanwhile are copied in rounds, until few are left; these, and rows that died
meanwhile, are handled under the lock. hnswlib releases the interpreter lock while it adds rows;
only this thread uses the new graph.
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

_SLICE = 256  # rows added to the graph between two checks whether to continue
# Rows that are copied at a time, before they are added to the graph.
_COPY = 4_096
_REST = 64  # rows that are copied under the lock, and not added to the graph


class Rebuild:
    """One rebuild: call `prepare` without the lock, then `finish` with it."""

    def __init__(self, settings: IndexSettings, source: Rows) -> None:
        """Begin; the caller holds the lock."""
        self._source = source
        self._next = 0
        self._copied: list[NDArray[np.int64]] = []
        graph = Graph.empty(settings, source.live_count)
        self._made = Vectors(
            rows=Rows(settings.dim, source.live_count + source.live_count // 2), graph=graph
        )

    def prepare(self, lock: threading.Lock, is_wanted: Callable[[], bool]) -> bool:
        """Copy and add rows until few are left; return False if it is no longer wanted."""
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
        """Copy the rest, drop the rows that died meanwhile, and return the result.

        The caller holds the lock.
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
