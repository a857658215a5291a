"""Changes: the lines of an index's log.

In: an acknowledged request. Out: a record that repeats its change. A vector is written as it is
searched, as base64 of its little-endian 32-bit floats, so that a replay gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from reference_impl.vectord.store.vectors import Vectors


class Put(msgspec.Struct, frozen=True, tag="put", kw_only=True):
    """Items that were added or replaced, all or none."""

    ids: list[str]
    vectors: bytes
    metadata: list[msgspec.Raw]


class Drop(msgspec.Struct, frozen=True, tag="drop", kw_only=True):
    """An item that was deleted."""

    id: str


Change = Put | Drop


def put_of(ids: Sequence[str], vectors: NDArray[np.float32], metadata: Sequence[bytes]) -> Put:
    """Return the record of added items."""
    raw = [msgspec.Raw(text) for text in metadata]
    return Put(ids=list(ids), vectors=vectors.astype("<f4", copy=False).tobytes(), metadata=raw)


def apply(change: Change, vectors: Vectors) -> int:
    """Apply a change, and return how many of its items existed before."""
    if isinstance(change, Drop):
        return int(vectors.drop(change.id))
    matrix = np.frombuffer(change.vectors, "<f4").reshape(len(change.ids), -1)
    return sum(
        vectors.put(item_id, vector, bytes(text))
        for item_id, vector, text in zip(change.ids, matrix, change.metadata, strict=True)
    )
