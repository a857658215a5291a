"""With default settings an index finds all but 3 in 100 of what full comparison finds.

It is measured in the corpus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from reference_impl.embedd.service.hashing import HashingModel
from tests.reference_impl.vectord.recalling import (
    ACTIVE,
    SURGE,
    ask_about,
    index_of,
    recall,
    vectors_of,
    workers_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

COUNT = 4_000
LEAST = 0.97


def embed(texts: list[str]) -> NDArray[np.float32]:
    return HashingModel().embed(texts).astype("f4")


@pytest.mark.parametrize("members", [(), ACTIVE, SURGE], ids=["all", "active", "surge"])
def test_recall_at_ten(members: tuple[str, ...]) -> None:
    """Among all, among nine of ten, and among the few that a surge may be filled with."""
    workers = workers_of(COUNT)
    vectors = vectors_of(workers, embed)
    index = index_of(workers, vectors)
    assert recall(index, list(ask_about(workers, vectors, embed, 100, members))) >= LEAST
