"""Vectors: rows, and a graph over the first of them, kept consistent.

In: puts and drops. Out: rows and a graph with the same live rows. The graph may lag: rows from
`graph.count` on are not in it and are searched exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reference_impl.vectord.store.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from reference_impl.vectord.store.graph import Graph


@dataclass(slots=True, kw_only=True)
class Vectors:
    """Rows and, once there are many, a graph over them."""

    rows: Rows
    graph: Graph | None = None

    @property
    def graphed(self) -> int:
        """Return the number of rows in the graph."""
        return 0 if self.graph is None else self.graph.count

    def put(self, item_id: str, vector: NDArray[np.float32], metadata: bytes) -> bool:
        """Add or replace an item, and return whether it was replaced."""
        dead = self.rows.put(item_id, vector, metadata)
        self._kill(dead)
        return dead is not None

    def drop(self, item_id: str) -> bool:
        """Delete an item, and return whether it existed."""
        dead = self.rows.drop(item_id)
        self._kill(dead)
        return dead is not None

    def copy_live(self, source: Rows, first: int, end: int) -> NDArray[np.int64]:
        """Add the live rows of another store from `first` to `end`; return their numbers there."""
        rows: NDArray[np.int64] = first + np.flatnonzero(source.live[first:end])
        self.copy(source, rows.tolist())
        return rows

    def copy(self, source: Rows, rows: Iterable[int]) -> None:
        """Add rows of another store, in their order."""
        for row in rows:
            self.put(source.ids[row], source.vectors[row], source.metadata[row])

    def extend_graph(self, most: int) -> int:
        """Add up to `most` rows to the graph, and return how many were added."""
        graph = self.graph
        if graph is None:
            return 0
        first = graph.count
        end = min(self.rows.count, first + most, graph.capacity)
        if end > first:
            graph.extend(self.rows.vectors[first:end])
            for row in first + np.flatnonzero(~self.rows.live[first:end]):
                graph.kill(int(row))
        return end - first

    def compacted(self) -> Vectors:
        """Return a copy of only the live rows, without a graph."""
        copy = Vectors(rows=Rows(self.rows.vectors.shape[1], 2 * self.rows.live_count))
        copy.copy_live(self.rows, 0, self.rows.count)
        return copy

    def _kill(self, row: int | None) -> None:
        if row is not None and self.graph is not None and row < self.graph.count:
            self.graph.kill(row)
