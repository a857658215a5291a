"""The graph: hnswlib, used only in ways in which it neither crashes nor gives wrong results.

In: vectors in the order of their rows. Out: the rows nearest to a query, or None when hnswlib
fails. A label is a row. Invariants: a label is used once (no update, and no `replace_deleted`,
which leaves deleted rows in results); the capacity never changes (`resize_index` frees memory that
readers use); inputs are checked before (hnswlib reads past the end of a short query); a file is
loaded into a new object, since a bad file breaks the object. hnswlib is not safe for readers during
a write: the caller locks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hnswlib
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from reference_impl.vectord.wire import IndexSettings

# Finds 0.988 of the ten nearest of 100,000 profiles; the goal is 0.97 (docs/performance.md).
DEFAULT_EF = 64

_SEED = 42  # with one thread, the same rows in the same order give the same graph
_LEAST_CAPACITY = 1 << 17  # untouched room costs some 50 bytes a row


class GraphFileError(Exception):
    """A graph was not saved or cannot be loaded; it can be built again from the rows."""


class Graph:
    """An index of the nearest neighbours among the first `count` rows."""

    def __init__(self, index: Any, *, capacity: int, count: int, dead: int) -> None:
        self.capacity = capacity
        self.count = count
        self.dead = dead
        self._index = index
        self._ef = DEFAULT_EF
        self._index.set_ef(self._ef)  # a loaded index does not keep it

    @classmethod
    def empty(cls, settings: IndexSettings, rows: int) -> Graph:
        """Return an empty graph with capacity for more than `rows`."""
        index, capacity = _new_index(settings), _capacity(rows)
        index.init_index(
            max_elements=capacity,
            M=settings.m,
            ef_construction=settings.ef_construction,
            random_seed=_SEED,
        )
        return cls(index, capacity=capacity, count=0, dead=0)

    @property
    def live(self) -> int:
        """Return the number of rows that a search can find."""
        return self.count - self.dead

    def extend(self, vectors: NDArray[np.float32]) -> None:
        """Add the next rows; the capacity must be enough."""
        labels = np.arange(self.count, self.count + len(vectors))
        self._index.add_items(vectors, labels, num_threads=1)
        self.count += len(vectors)

    def kill(self, row: int) -> None:
        """Mark a row deleted; searches skip it."""
        self._index.mark_deleted(row)
        self.dead += 1

    def nearest(self, query: NDArray[np.float32], wanted: int, ef: int) -> NDArray[np.int64] | None:
        """Return `wanted` rows near to a query; `wanted` must not exceed the live rows.

        The result is None when the graph cannot reach so many.
        """
        if ef != self._ef:
            self._index.set_ef(ef)
            self._ef = ef
        try:
            labels, _ = self._index.knn_query(query, k=wanted, num_threads=1)
        except RuntimeError:
            return None
        found: NDArray[np.int64] = labels[0].astype(np.int64)
        return found

    def save(self, file: Path) -> None:
        """Write the graph to a file.

        Raises GraphFileError: hnswlib itself says nothing when the disk is full or the directory is
        missing.
        """
        self._index.save_index(str(file))
        if not file.exists() or file.stat().st_size != self._index.index_file_size():
            raise GraphFileError(f"{file}: it was not written whole")

    @classmethod
    def load(cls, file: Path, settings: IndexSettings, *, count: int, dead: int) -> Graph:
        """Return a graph from a file whose bytes are those that were saved with these settings.

        Raises GraphFileError.
        """
        index, capacity = _new_index(settings), _capacity(count)
        try:
            index.load_index(str(file), max_elements=capacity)
        except RuntimeError as error:
            raise GraphFileError(f"{file}: {error}") from None
        if index.get_current_count() != count:
            raise GraphFileError(f"{file}: it holds {index.get_current_count()} rows, not {count}")
        return cls(index, capacity=capacity, count=count, dead=dead)


def _capacity(rows: int) -> int:
    return max(2 * rows, _LEAST_CAPACITY)


def _new_index(settings: IndexSettings) -> Any:
    """Return a new hnswlib object.

    For cosine, vectors have unit length, so the inner product is enough.
    """
    return hnswlib.Index(space="l2" if settings.metric == "l2" else "ip", dim=settings.dim)
