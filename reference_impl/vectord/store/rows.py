"""Rows: the vectors of an index, the source for search, saving and rebuilding.

In: ids, vectors as they are searched (unit length for cosine) and metadata as JSON bytes. Out: the
same by row. Invariants: a written row never changes and is never used again; an update adds a row
and leaves a dead one, a delete leaves a dead one. So a reader that knows a number of rows may read
them without a lock while others are added; only `live` changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Small indexes stay small; capacity doubles from here.
_LEAST_CAPACITY = 64


class Rows:
    """Items by row and by id."""

    __slots__ = ("count", "ids", "live", "live_count", "metadata", "row_of", "vectors")

    def __init__(self, dim: int, capacity: int = _LEAST_CAPACITY) -> None:
        self.vectors: NDArray[np.float32] = np.zeros(
            (max(capacity, _LEAST_CAPACITY), dim), np.float32
        )
        self.live: NDArray[np.bool_] = np.zeros(len(self.vectors), np.bool_)
        self.ids: list[str] = []
        self.metadata: list[bytes] = []
        self.row_of: dict[str, int] = {}
        self.count = 0
        self.live_count = 0

    def put(self, item_id: str, vector: NDArray[np.float32], metadata: bytes) -> int | None:
        """Add a row, and return the earlier row of the same id, now dead, or None."""
        if self.count == len(self.vectors):
            self._grow()
        dead = self.drop(item_id)
        row = self.count
        self.vectors[row] = vector
        self.ids.append(item_id)
        self.metadata.append(metadata)
        self.live[row] = True
        self.row_of[item_id] = row
        self.count += 1
        self.live_count += 1
        return dead

    def drop(self, item_id: str) -> int | None:
        """Mark the row of an id dead, and return it, or None."""
        row = self.row_of.pop(item_id, None)
        if row is not None:
            self.live[row] = False
            self.live_count -= 1
        return row

    def _grow(self) -> None:
        """Move to arrays of twice the size; readers keep the arrays that they have."""
        vectors = np.zeros((2 * len(self.vectors), self.vectors.shape[1]), np.float32)
        vectors[: self.count] = self.vectors
        live = np.zeros(len(vectors), np.bool_)
        live[: self.count] = self.live
        self.vectors, self.live = vectors, live
