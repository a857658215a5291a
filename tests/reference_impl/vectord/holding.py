"""The helpers of tests below the port: indexes, items and full comparison of all with all."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from reference_impl.vectord.service.search import Query
from reference_impl.vectord.store.changes import Put, put_of
from reference_impl.vectord.store.graph import DEFAULT_EF
from reference_impl.vectord.wire import IndexSettings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from reference_impl.vectord.service.index import Index
    from tests.reference_impl.conftest import LiveDaemon

GRAPH_TIMEOUT_S = 30.0

_FREEDOM = 8

Vectors = dict[str, "NDArray[np.float32]"]


def settings(dim: int, **more: Any) -> IndexSettings:
    """Make the settings of an index."""
    return IndexSettings(name="held", dim=dim, **more)


def unit_vectors(count: int, dim: int, seed: int) -> NDArray[np.float32]:
    """Make unit vectors with few degrees of freedom, equal for all seeds, like those of texts."""
    freedom = min(_FREEDOM, dim)
    basis = np.random.default_rng(dim).standard_normal((freedom, dim))
    vectors = np.random.default_rng(seed).standard_normal((count, freedom)) @ basis
    unit: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(
        np.float32
    )
    return unit


def put(items: Mapping[str, NDArray[np.float32]], **metadata: Any) -> Put:
    """Make the change that puts items, all with the same metadata."""
    return put_of(
        list(items), np.stack(list(items.values())), [msgspec.json.encode(metadata)] * len(items)
    )


def query(
    vector: NDArray[np.float32], k: int, excluded: Sequence[str] = (), **conditions: Any
) -> Query:
    """Make a query."""
    return Query(vector=vector, k=k, ef=DEFAULT_EF, excluded=excluded, conditions=conditions)


def found(
    index: Index, vector: NDArray[np.float32], k: int, excluded: Sequence[str] = ()
) -> list[str]:
    """Search, and give the ids."""
    return [hit.id for hit in index.search(query(vector, k, excluded))]


def compared(items: Vectors, vector: NDArray[np.float32], k: int) -> list[tuple[float, str]]:
    """Compare a vector with every item, and give the k nearest under cosine by distance and id."""
    if not items:
        return []
    matrix = np.stack(list(items.values())).astype(np.float64)
    distances = np.maximum(1 - matrix @ vector.astype(np.float64), 0)
    return sorted(zip(distances.tolist(), items, strict=True))[:k]


def wait_for_graph(daemon: LiveDaemon, path: str) -> None:
    """Wait until an index of many items is searched by graph."""
    deadline_s = time.monotonic() + GRAPH_TIMEOUT_S
    while daemon.ask("GET", path).json()["searched"] == "exactly":
        assert time.monotonic() < deadline_s, "no graph was made"
        time.sleep(0.02)
