"""One index: searched, changed and maintained from any thread, under one lock.

In: admitted changes and queries. Out: their results. Up to `EXACT_ROWS` items are compared one by
one; above that there is a graph over them. Changes touch only the rows; a thread adds them to the
graph later, and rebuilds the graph when a third of its rows are dead or it is full. That thread
ends by itself, and `close` waits for it, because a process that exits with a thread inside hnswlib
crashes.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import numpy as np

from reference_impl.kit.log import logger
from reference_impl.vectord.service.conditions import Postings
from reference_impl.vectord.service.rebuild import Rebuild
from reference_impl.vectord.service.search import EXACT_ROWS, Found, candidates_of, pick
from reference_impl.vectord.store.changes import apply
from reference_impl.vectord.store.rows import Rows
from reference_impl.vectord.store.vectors import Vectors

if TYPE_CHECKING:
    from reference_impl.vectord.service.search import Query
    from reference_impl.vectord.store.changes import Change
    from reference_impl.vectord.wire import IndexSettings

_DEAD_SHARE = 0.3  # a search also visits dead rows
_TAIL = 64  # rows that may stay out of the graph: they are compared one by one
# A rebuild of a full graph is expensive: up to this many further rows are compared instead.
_FULL_TAIL = 256
_FEW_HITS = 16  # with more, a filter may make the graph visit thousands of rows
_PAUSE_S = 0.0005
_SLICE = 4  # rows added to a graph that is searched, some milliseconds under the lock


class Index:
    """The vectors of one index."""

    def __init__(self, settings: IndexSettings, vectors: Vectors | None = None) -> None:
        self.settings = settings
        self.rebuilds = 0
        self.lock = threading.Lock()
        self.vectors = vectors or Vectors(rows=Rows(settings.dim))
        self._postings = Postings(self.vectors.rows)
        self._tender: threading.Thread | None = None
        self._is_closing = False

    def __len__(self) -> int:
        return self.vectors.rows.live_count

    def __contains__(self, item_id: str) -> bool:
        return item_id in self.vectors.rows.row_of

    def change(self, change: Change) -> int:
        """Apply a change, and return how many of its items existed before."""
        with self.lock:
            before = apply(change, self.vectors)
            self._tend()
        return before

    def search(self, query: Query) -> tuple[Found, ...]:
        """Return the nearest items."""
        with self.lock:
            vectors = self.vectors
            rows = vectors.rows
            wanted = rows.live[: rows.count].copy()
            excluded = {
                rows.row_of[item_id] for item_id in query.excluded if item_id in rows.row_of
            }
            matching = rows.live_count - len(excluded)
            if excluded:
                wanted[list(excluded)] = False
            if query.conditions:
                wanted &= self._postings.mask(query.conditions)
                matching = int(np.count_nonzero(wanted))
            candidates = candidates_of(query, vectors, wanted, matching)
            matrix = rows.vectors
        found, distances = pick(query, self.settings.metric, matrix, candidates)
        hits = sorted(
            zip(distances.tolist(), [rows.ids[row] for row in found], found.tolist(), strict=True)
        )
        return tuple(
            Found(id=item_id, distance=distance, metadata=rows.metadata[row])
            for distance, item_id, row in hits[: query.k]
        )

    def is_quick(self, query: Query) -> bool:
        """Return whether a search takes about a millisecond at most and waits for no lock."""
        if self.lock.locked():
            return False
        vectors = self.vectors
        tail = vectors.rows.count - vectors.graphed
        if tail > 2 * EXACT_ROWS:
            return False
        is_plain = not query.conditions or vectors.graph is None
        return is_plain or (query.k <= _FEW_HITS and self._postings.has_read(query.conditions))

    def tend(self) -> None:
        """Start maintenance that is due, as after loading."""
        with self.lock:
            self._tend()

    def settle(self) -> None:
        """Wait until no maintenance runs."""
        while (tender := self._tender) is not None:
            tender.join()

    def close(self) -> None:
        """Stop maintenance and wait for its thread."""
        self._is_closing = True
        self.settle()

    def _tend(self) -> None:
        """Do small maintenance that is due at once, and start a thread for larger work."""
        rows, graph = self.vectors.rows, self.vectors.graph
        few = EXACT_ROWS // 2 if graph is not None else EXACT_ROWS
        if self._tender is not None or self._is_closing:
            return
        if rows.live_count <= few:
            if graph is not None or rows.count > 2 * rows.live_count + _TAIL:
                self._take(self.vectors.compacted())
        elif self._is_rebuild_due() or rows.count - self.vectors.graphed > _TAIL:
            self._tender = threading.Thread(target=self._work, name=f"tend {self.settings.name}")
            self._tender.start()

    def _is_rebuild_due(self) -> bool:
        graph = self.vectors.graph
        if graph is None:
            return True
        is_full = (
            graph.count == graph.capacity and self.vectors.rows.count - graph.count > _FULL_TAIL
        )
        return is_full or graph.dead > _DEAD_SHARE * graph.count

    def _work(self) -> None:
        """Maintain the graph until nothing is due.

        A graph that failed is dropped, and is built again after the next change.
        """
        try:
            while self._work_once():
                time.sleep(_PAUSE_S)  # a lock is not fair: let a waiting thread get it
        # searches continue without the graph, whatever hnswlib raises
        except Exception:  # noqa: BLE001
            logger.exception("tending failed", extra={"members": {"index": self.settings.name}})
            with self.lock:
                self.vectors.graph = None
                self._tender = None

    def _work_once(self) -> bool:
        """Do one piece of work; if nothing is due, end the thread under the same lock."""
        with self.lock:
            is_needed = not self._is_closing and len(self) > EXACT_ROWS // 2
            is_rebuild = is_needed and self._is_rebuild_due()
            if is_rebuild:
                rebuild = Rebuild(self.settings, self.vectors.rows)
            elif not is_needed or not self.vectors.extend_graph(_SLICE):
                self._tender = None
                return False
        if is_rebuild and rebuild.prepare(self.lock, lambda: not self._is_closing):
            with self.lock:
                self._take(rebuild.finish())
                self.rebuilds += 1
        return True

    def _take(self, vectors: Vectors) -> None:
        self.vectors = vectors
        self._postings = Postings(vectors.rows)
