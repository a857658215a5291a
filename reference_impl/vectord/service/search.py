"""A search: its query, its candidate rows, and the order of its answer.

In: a query, and vectors that do not change meanwhile. Out: hits by distance, then by id. Distances
are computed from the rows themselves, so that an answer does not depend on how its rows were found.
Nothing here fails: if the graph fails or finds too few rows, all rows are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from reference_impl.vectord.store.vectors import Vectors
    from reference_impl.vectord.wire import Condition, Metric

EXACT_ROWS = 2_000  # comparing this many is as fast as a graph, and exact

# Distances are 32-bit, exact to about 7 digits; the last depends on the order of additions.
_DECIMALS = 6
_SPARSE = 4  # if at most one in 4 rows is needed, these are gathered first
_SHORT_TAIL = 64  # up to this many rows are gathered with those of the graph
# Differences of this many rows fit the caches of a core, and need no copy of all vectors.
_L2_BLOCK = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One search request."""

    vector: NDArray[np.float32]
    k: int
    ef: int
    excluded: Sequence[str] = ()
    conditions: Mapping[str, Condition]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One item that was found."""

    id: str
    distance: float
    metadata: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The rows to choose an answer from: `picked` rows, and `allowed` ones from `first` on."""

    picked: NDArray[np.int64]
    first: int
    allowed: NDArray[np.bool_]


def candidates_of(
    query: Query, vectors: Vectors, wanted: NDArray[np.bool_], matching: int
) -> Candidates:
    """Return the rows to choose from among the `wanted` ones, whose number is `matching`.

    The caller holds the lock.
    """
    if vectors.graph is not None and matching > EXACT_ROWS:
        near = _near(query, vectors, wanted, matching)
        if near is not None:
            return Candidates(picked=near, first=vectors.graphed, allowed=wanted[vectors.graphed :])
    return Candidates(picked=np.zeros(0, np.int64), first=0, allowed=wanted)


def pick(
    query: Query, metric: Metric, vectors: NDArray[np.float32], candidates: Candidates
) -> tuple[NDArray[np.signedinteger], NDArray[np.floating]]:
    """Return rows and distances of the k nearest, and of all with the same distance as the last."""
    picked, rows = candidates.picked, candidates.first + np.flatnonzero(candidates.allowed)
    block = vectors[candidates.first : candidates.first + len(candidates.allowed)]
    if len(rows) <= _SHORT_TAIL or len(rows) * _SPARSE < len(block):
        rows = np.concatenate((picked, rows))
        distances = _distances(metric, vectors[rows], query.vector)
    else:
        distances = _distances(metric, block, query.vector)[rows - candidates.first]
        if len(picked):
            rows = np.concatenate((picked, rows))
            distances = np.concatenate(
                (_distances(metric, vectors[picked], query.vector), distances)
            )
    rounded = distances.astype(np.float64).round(_DECIMALS) + 0.0  # no negative zero
    kept = (
        slice(None)
        if len(rows) <= query.k
        else rounded <= np.partition(rounded, query.k - 1)[query.k - 1]
    )
    return rows[kept], rounded[kept]


def _near(
    query: Query, vectors: Vectors, wanted: NDArray[np.bool_], matching: int
) -> NDArray[np.int64] | None:
    """Return rows of the graph with k wanted ones among them; None if the graph finds too few."""
    graph = vectors.graph
    if graph is None:
        return None
    asked = query.k + len(query.excluded)
    if query.conditions:
        asked = int(1.5 * asked * vectors.rows.live_count / matching) + 16
    asked = min(asked, graph.live)
    if asked > EXACT_ROWS:
        return None
    found = graph.nearest(query.vector, asked, query.ef) if asked else np.zeros(0, np.int64)
    if found is None:
        return None
    found = found[wanted[found]]
    is_enough = len(found) >= query.k or len(found) == np.count_nonzero(wanted[: graph.count])
    return found if is_enough else None


def _distances(
    metric: Metric, vectors: NDArray[np.float32], query: NDArray[np.float32]
) -> NDArray[np.float32]:
    if metric != "l2":
        products: NDArray[np.float32] = vectors @ query
        return -products if metric == "dot" else np.maximum(np.float32(1) - products, np.float32(0))
    blocks = [
        vectors[start : start + _L2_BLOCK] - query for start in range(0, len(vectors), _L2_BLOCK)
    ]
    # a sum of 32 bits is wrong in the seventh digit, which six decimals show from 8 upwards
    squares = [np.einsum("ij,ij->i", block, block, dtype=np.float64) for block in blocks]
    sums = np.concatenate(squares) if squares else np.zeros(0)
    return np.sqrt(sums).astype(np.float32)
