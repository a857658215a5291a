"""A soak: many threads change and search six small indexes and a large one, and check each answer.

In: how long, how many threads, how many items the large index begins with. Out: counts by
operation, and every answer that was wrong: an own write that is not read, a deleted id that is
found, too few hits, an id twice, an exception.
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reference_impl.vectord.service.index import Index
from reference_impl.vectord.store.changes import Drop
from tests.reference_impl.vectord.holding import put, query, settings, unit_vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SMALL = 6
_KEPT = 30  # items of a thread in the small indexes


@dataclass(slots=True, kw_only=True)
class Soak:
    """The indexes, and what was seen."""

    matrix: NDArray[np.float32]
    small: list[Index]
    large: Index
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def close(self) -> None:
        """End what goes on beside."""
        for index in (*self.small, self.large):
            index.close()


def soak(*, seconds: float, threads: int, items: int, dim: int = 384) -> Soak:
    """Soak, and give what was seen; close it afterwards."""
    state = Soak(
        matrix=unit_vectors(20_000, dim, seed=7),
        small=[Index(settings(dim)) for _ in range(_SMALL)],
        large=Index(settings(dim)),
    )
    for start in range(0, items, 1_000):
        rows = range(start, min(start + 1_000, items))
        state.large.change(put({f"base{number}": state.matrix[number % 20_000] for number in rows}))
    state.large.settle()
    end_s = time.monotonic() + seconds
    workers = [
        threading.Thread(target=_work, args=(state, number, end_s)) for number in range(threads)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return state


def _work(state: Soak, number: int, end_s: float) -> None:
    worker = _Worker(state=state, name=f"w{number}", chance=random.Random(number))  # noqa: S311
    try:
        while time.monotonic() < end_s:
            worker.step()
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a finding
        state.faults[f"{type(error).__name__}: {error}"] += 1


@dataclass(slots=True, kw_only=True)
class _Worker:
    """One thread with items of its own."""

    state: Soak
    name: str
    chance: random.Random
    mine: list[tuple[Index, str]] = field(default_factory=list)
    own_large: list[str] = field(default_factory=list)
    sequence: int = 0

    def step(self) -> None:
        """Do one thing and check its answer."""
        kind = self.chance.choices(
            ("put", "update", "drop", "search", "grow", "shrink"), (30, 15, 10, 30, 8, 7)
        )[0]
        vector = self.state.matrix[self.chance.randrange(len(self.state.matrix))]
        self.state.counts[kind] += 1
        if kind == "put":
            self._put(vector)
        elif kind == "update" and self.mine:
            index, item_id = self.chance.choice(self.mine)
            self._expect(
                index.change(put({item_id: vector})) == 1, "an update found nothing to replace"
            )
            self._reads(index, item_id, vector)
        elif kind == "drop" and self.mine:
            self._drop(self.chance.randrange(len(self.mine)), vector)
        elif kind == "search":
            self._search(vector)
        elif kind == "grow":
            self.sequence += 1
            self.own_large.append(f"{self.name}-{self.sequence}")
            self.state.large.change(put({self.own_large[-1]: vector}))
        elif kind == "shrink" and self.own_large:
            item_id = self.own_large.pop(0)
            self._expect(self.state.large.change(Drop(id=item_id)) == 1, "a deletion found nothing")
            self._lacks(self.state.large, item_id, vector)

    def _put(self, vector: NDArray[np.float32]) -> None:
        self.sequence += 1
        index, item_id = self.chance.choice(self.state.small), f"{self.name}-{self.sequence}"
        index.change(put({item_id: vector}))
        self.mine.append((index, item_id))
        self._reads(index, item_id, vector)
        if len(self.mine) > _KEPT:
            self._drop(0, vector)

    def _drop(self, place: int, vector: NDArray[np.float32]) -> None:
        index, item_id = self.mine.pop(place)
        self._expect(index.change(Drop(id=item_id)) == 1, "a deletion found nothing")
        self._lacks(index, item_id, vector)

    def _search(self, vector: NDArray[np.float32]) -> None:
        hits = self.state.large.search(query(vector, 10))
        self._expect(len(hits) == 10, "too few hits")
        self._expect(len({hit.id for hit in hits}) == len(hits), "an id twice")
        self._expect(hits[0].distance <= hits[-1].distance, "hits out of order")

    def _reads(self, index: Index, item_id: str, vector: NDArray[np.float32]) -> None:
        hits = index.search(query(vector, 200))
        self._expect(
            any(hit.id == item_id and hit.distance == 0 for hit in hits), "an own write is not read"
        )

    def _lacks(self, index: Index, item_id: str, vector: NDArray[np.float32]) -> None:
        self._expect(
            all(hit.id != item_id for hit in index.search(query(vector, 50))),
            "a deleted id is found",
        )

    def _expect(self, is_right: bool, fault: str) -> None:
        if not is_right:
            self.state.faults[fault] += 1
