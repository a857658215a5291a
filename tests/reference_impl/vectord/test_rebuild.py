"""A rebuild beside changes: what happened meanwhile is in what takes the index's place."""

from __future__ import annotations

import threading

import numpy as np

from reference_impl.vectord.service.rebuild import Rebuild
from reference_impl.vectord.store.rows import Rows
from reference_impl.vectord.store.vectors import Vectors
from tests.reference_impl.vectord.holding import settings, unit_vectors

DIM = 8


def test_changes_after_the_copy() -> None:
    """New, replaced and deleted items, whether they were copied before or not."""
    source = Vectors(rows=Rows(DIM))
    matrix = unit_vectors(300, DIM, seed=1)
    for number in range(200):
        source.put(f"i{number}", matrix[number], b"{}")
    source.drop("i0")
    rebuild = Rebuild(settings(DIM), source.rows)
    assert rebuild.prepare(threading.Lock(), lambda: True)
    source.drop("i1")
    source.put("i2", matrix[200], b"2")
    source.put("i0", matrix[201], b"0")
    source.put("i3", matrix[202], b"3")
    source.drop("i3")
    source.drop("i4")
    source.put("i4", matrix[203], b"4")
    made = rebuild.finish()

    assert set(made.rows.row_of) == set(source.rows.row_of)
    for item_id, row in source.rows.row_of.items():
        there = made.rows.row_of[item_id]
        assert np.array_equal(made.rows.vectors[there], source.rows.vectors[row])
        assert made.rows.metadata[there] == source.rows.metadata[row]
    assert made.graph is not None
    assert made.graph.live == int(np.count_nonzero(made.rows.live[: made.graph.count]))


def test_a_rebuild_that_is_given_up() -> None:
    """It ends at the next look, and says that nothing came of it."""
    source = Vectors(rows=Rows(DIM))
    for number, vector in enumerate(unit_vectors(2_000, DIM, seed=1)):
        source.put(f"i{number}", vector, b"{}")
    looks = iter([True, True, True])

    assert not Rebuild(settings(DIM), source.rows).prepare(
        threading.Lock(), lambda: next(looks, False)
    )
