"""How much of a full comparison's results an index finds.

It is measured on the worker profiles of the multitier load.

An item counts as found if it is as near as the tenth of the true ones, since texts of the same
words have the same distance. Texts are what the figures are about: random vectors have no
neighbours worth finding.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from reference_impl.vectord.service.index import Index
from reference_impl.vectord.service.search import Query
from reference_impl.vectord.store.changes import put_of
from reference_impl.vectord.store.graph import DEFAULT_EF
from reference_impl.vectord.wire import IndexSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Embed = Callable[[list[str]], NDArray[np.float32]]

sys.path.insert(0, str(Path(__file__).parents[3] / "cases" / "load"))
profiles = import_module("profiles")  # it lies beside the cases

K = 10
SURGE = ("city", "state", "role", "status")
ACTIVE = ("status",)

_TIE = 2e-6
_BATCH = 2_000


def workers_of(count: int) -> list[Any]:
    """Return the profiles that a load of so many has."""
    return list(profiles.profiles(profiles.SEED, count))


def vectors_of(workers: Sequence[Any], embed: Embed) -> NDArray[np.float32]:
    """Embed what profiles say."""
    starts = range(0, len(workers), _BATCH)
    return np.concatenate(
        [embed([worker.text for worker in workers[start : start + _BATCH]]) for start in starts]
    )


def index_of(workers: Sequence[Any], vectors: NDArray[np.float32]) -> Index:
    """Make an index of default settings that holds the profiles, and wait for its graph."""
    index = Index(IndexSettings(name="recall", dim=vectors.shape[1]))
    for start in range(0, len(workers), _BATCH):
        batch = workers[start : start + _BATCH]
        metadata = [
            msgspec.json.encode({name: getattr(worker, name) for name in SURGE}) for worker in batch
        ]
        index.change(
            put_of(
                [worker.worker_id for worker in batch], vectors[start : start + _BATCH], metadata
            )
        )
    index.settle()
    assert index.vectors.graph is not None
    return index


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and the distance that the tenth of those has which comparing everything finds."""

    query: Query
    count: int
    tenth: float


def ask_about(
    workers: Sequence[Any],
    vectors: NDArray[np.float32],
    embed: Embed,
    count: int,
    members: tuple[str, ...] = (),
) -> Iterator[Asked]:
    """Yield what desks ask for workers from all over the corpus.

    With each comes what is compared under the members' values.
    """
    chosen = [
        worker for worker in workers[:: max(1, len(workers) // count)] if worker.status == "active"
    ][:count]
    for worker, vector in zip(chosen, embed([worker.query for worker in chosen]), strict=True):
        conditions = {name: getattr(worker, name) for name in members}
        rows = [
            row
            for row, other in enumerate(workers)
            if all(getattr(other, name) == value for name, value in conditions.items())
        ]
        distances = np.sort(1 - (vectors[rows] if members else vectors) @ vector)[:K]
        query = Query(vector=vector, k=K, ef=DEFAULT_EF, conditions=conditions)
        yield Asked(query, len(distances), float(distances[-1]))


def recall(index: Index, asked: Sequence[Asked]) -> float:
    """Return the share of the nearest that is found."""
    near = sum(
        sum(hit.distance <= each.tenth + _TIE for hit in index.search(each.query)) for each in asked
    )
    return near / sum(each.count for each in asked)
