"""Admission: the checks before numbers become a vector of an index.

In: lists of numbers from requests. Out: 32-bit vectors as they are stored and searched, of unit
length for cosine. hnswlib checks none of this: it reads past the end of a short query, and accepts
NaN and zero vectors without an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reference_impl.kit.problem import MOST_ERRORS, FieldError
from reference_impl.vectord.errors import UnfitVectorError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from reference_impl.vectord.wire import IndexSettings, Item

_LARGEST = 1e15  # above it, distances overflow 32 bits


def admit(values: Sequence[float], settings: IndexSettings, place: str) -> NDArray[np.float32]:
    """Return one vector; `place` is its JSON Pointer in the request.

    Raises UnfitVectorError.
    """
    if len(values) != settings.dim:
        raise UnfitVectorError(
            [FieldError(place, f"the index wants {settings.dim} numbers, got {len(values)}")]
        )
    vector = np.array(values, np.float64)
    sizes = np.abs(vector)
    largest = sizes.max()
    if not largest <= _LARGEST:  # this is also true for NaN
        wrong = np.flatnonzero(~(sizes <= _LARGEST))
        raise UnfitVectorError(
            [FieldError(f"{place}/{at}", f"not within ±{_LARGEST:g}") for at in wrong]
        )
    if settings.metric != "cosine":
        return vector.astype(np.float32)
    if largest == 0:
        raise UnfitVectorError(
            [FieldError(place, "a zero vector has no direction, which cosine needs")]
        )
    vector /= largest  # first, since squares of tiny numbers are 0
    return (vector / np.sqrt(vector @ vector)).astype(np.float32)


def admit_items(items: Sequence[Item], settings: IndexSettings) -> NDArray[np.float32]:
    """Return the vectors of a request, one per row.

    Raises UnfitVectorError, also for a repeated id.
    """
    places: dict[str, int] = {}
    vectors: list[NDArray[np.float32]] = []
    errors: list[FieldError] = []
    for index, item in enumerate(items):
        if places.setdefault(item.id, index) != index:
            errors.append(
                FieldError(f"/items/{index}/id", f"the same id as /items/{places[item.id]}")
            )
        try:
            vectors.append(admit(item.vector, settings, f"/items/{index}/vector"))
        except UnfitVectorError as error:
            errors += error.errors
        if len(errors) > MOST_ERRORS:
            break
    if errors:
        raise UnfitVectorError(errors)
    return np.stack(vectors)
