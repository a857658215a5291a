"""Indexes whose graph misses most of what comparing finds.

So it is visible from outside which of the two answered.

Their vectors have no neighbours worth finding and their graphs the fewest links that there may be;
asked with the least `ef`, such a graph gives the true nearest of hardly any query, while comparing
gives it of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from reference_impl.vectord.service.index import Index
from reference_impl.vectord.service.search import Query
from reference_impl.vectord.store.changes import put_of
from tests.reference_impl.vectord.holding import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

DIM = 16
MANY = 3_000
"""More items than are compared one by one, so that a graph answers."""
LINKS = {"m": 2, "ef_construction": 8}
LEAST_EF = 1
ASKED = 50
MOST = ASKED // 2
"""Of so many queries a coarse graph misses more than half, and comparing none."""


def scattered(count: int, seed: int) -> NDArray[np.float32]:
    """Make vectors of unit length in all directions."""
    vectors = np.random.default_rng(seed).standard_normal((count, DIM))
    unit: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(
        np.float32
    )
    return unit


QUERIES = scattered(ASKED, seed=2)


def ids(numbers: Iterable[int]) -> list[str]:
    """Name items."""
    return [f"i{number}" for number in numbers]


class Corpus:
    """What an index should hold: vectors by id, as they are put into it and dropped from it."""

    def __init__(self) -> None:
        self.vectors: dict[str, NDArray[np.float32]] = {}

    def nearest(
        self, vector: NDArray[np.float32], k: int, among: Iterable[str] | None = None
    ) -> set[str]:
        """Compare a vector with every item, or with some, and give the k nearest."""
        known = list(self.vectors if among is None else among)
        products = np.stack([self.vectors[item_id] for item_id in known]) @ vector
        return {known[row] for row in np.argsort(-products)[:k].tolist()}


class CoarseIndex(Corpus):
    """A coarse index beside its corpus."""

    def __init__(self, index: Index | None = None, corpus: Corpus | None = None) -> None:
        super().__init__()
        self.index = Index(settings(DIM, **LINKS)) if index is None else index
        self.vectors = {} if corpus is None else dict(corpus.vectors)

    def put(self, numbers: Sequence[int], seed: int = 1) -> None:
        """Put items, each with its number as metadata, and wait for what goes on beside."""
        vectors = scattered(max(numbers) + 1, seed)[list(numbers)]
        names = ids(numbers)
        self.index.change(put_of(names, vectors, [b'{"n":%d}' % number for number in numbers]))
        self.vectors |= dict(zip(names, vectors, strict=True))
        self.index.settle()

    def found(self, vector: NDArray[np.float32], k: int = 1, **more: Any) -> set[str]:
        """Search as coarsely as can be."""
        query = Query(**{"vector": vector, "k": k, "ef": LEAST_EF, "conditions": {}, **more})
        return {hit.id for hit in self.index.search(query)}

    def missed(self, k: int = 1, among: Iterable[str] | None = None, **more: Any) -> int:
        """Tell for how many queries something else is found than comparing finds."""
        wanted = None if among is None else list(among)
        return sum(
            self.found(vector, k, **more) != self.nearest(vector, k, wanted) for vector in QUERIES
        )
