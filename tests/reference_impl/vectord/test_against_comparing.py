"""An index in any state answers as comparing a query with every item does.

A state machine adds, replaces and deletes items, saves and loads, and waits or not for what goes on
beside. Up to the size at which all is compared the answer must be exactly that of the model;
beyond, where a graph may miss some, it must have as many items, all of them live, each once, with
its own distance, in order, and the nearest first.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from reference_impl.vectord.service.index import Index
from reference_impl.vectord.service.search import EXACT_ROWS
from reference_impl.vectord.store.changes import Drop
from reference_impl.vectord.store.generations import (
    read_generation,
    take_snapshot,
    write_generation,
)
from tests.reference_impl.vectord import holding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.reference_impl.vectord.holding import Vectors

DIM = 48
CLOSE = 3e-6  # distances are rounded to six decimals, and counted in 32 bits

SEEDS = st.integers(0, 2**32 - 1)


class IndexMachine(RuleBasedStateMachine):
    """An index beside a plain dict."""

    def __init__(self) -> None:
        super().__init__()
        self.index = Index(holding.settings(DIM))
        self.items: Vectors = {}
        self.colours: dict[str, int] = {}
        self.folder = tempfile.TemporaryDirectory()

    def teardown(self) -> None:
        """End what goes on beside."""
        self.index.close()
        self.folder.cleanup()

    @initialize(count=st.sampled_from([0, 1_950, 2_400, 3_000]))
    def fill(self, count: int) -> None:
        """Begin small, near the border, or beyond it."""
        self._put(
            {
                f"i{number}": vector
                for number, vector in enumerate(holding.unit_vectors(count, DIM, count))
            },
            0,
        )

    @rule(seed=SEEDS, count=st.integers(1, 120), colour=st.integers(0, 3))
    def put(self, seed: int, count: int, colour: int) -> None:
        """Add some items and replace others."""
        numbers = np.random.default_rng(seed).choice(3_000, count, replace=False)
        vectors = holding.unit_vectors(count, DIM, seed)
        self._put(
            {f"i{number}": vector for number, vector in zip(numbers, vectors, strict=True)}, colour
        )

    @rule(seed=SEEDS, share=st.sampled_from([0.002, 0.05, 0.4]))
    def drop(self, seed: int, share: float) -> None:
        """Delete a part of the items."""
        random = np.random.default_rng(seed)
        for item_id in [item_id for item_id in self.items if random.random() < share]:
            assert self.index.change(Drop(id=item_id)) == 1
            del self.items[item_id], self.colours[item_id]
        assert self.index.change(Drop(id="nobody")) == 0

    @rule()
    def settle(self) -> None:
        """Wait for the graph."""
        self.index.settle()

    @rule()
    def save_and_load(self) -> None:
        """Go on with what a save holds."""
        folder = Path(self.folder.name)
        with self.index.lock:
            snapshot = take_snapshot(self.index.vectors, folder, 1)
        write_generation(folder, 1, snapshot)
        self.index.close()
        self.index = Index(self.index.settings, read_generation(folder, 1, self.index.settings))
        self.index.tend()

    @rule(seed=SEEDS, k=st.integers(1, 60))
    def search(self, seed: int, k: int) -> None:
        """Find the nearest of all."""
        self._compare(self.items, seed, k, [])

    @rule(seed=SEEDS, k=st.integers(1, 20), excluded=st.integers(1, 40))
    def search_without_some(self, seed: int, k: int, excluded: int) -> None:
        """Find the nearest but for those that were nearest."""
        vector = holding.unit_vectors(1, DIM, seed)[0]
        left_out = [item_id for _, item_id in holding.compared(self.items, vector, excluded)]
        allowed = {
            item_id: vector
            for item_id, vector in self.items.items()
            if item_id not in set(left_out)
        }
        self._compare(allowed, seed, k, [*left_out, "nobody"])

    @rule(seed=SEEDS, k=st.integers(1, 20), colour=st.integers(0, 3))
    def search_a_colour(self, seed: int, k: int, colour: int) -> None:
        """Find the nearest of one colour."""
        allowed = {
            item_id: vector
            for item_id, vector in self.items.items()
            if self.colours[item_id] == colour
        }
        self._compare(allowed, seed, k, [], colour=colour)

    @invariant()
    def counts(self) -> None:
        """As many are there as should be."""
        assert len(self.index) == len(self.items)

    def _put(self, items: Vectors, colour: int) -> None:
        if items:
            replaced = sum(item_id in self.items for item_id in items)
            assert self.index.change(holding.put(items, colour=colour)) == replaced
            self.items |= items
            self.colours |= dict.fromkeys(items, colour)

    def _compare(
        self, allowed: Vectors, seed: int, k: int, excluded: list[str], **conditions: Any
    ) -> None:
        vector: NDArray[np.float32] = holding.unit_vectors(1, DIM, seed)[0]
        expected = holding.compared(allowed, vector, k)
        hits = self.index.search(holding.query(vector, k, excluded, **conditions))
        ids = [hit.id for hit in hits]
        assert len(set(ids)) == len(ids) == len(expected)
        assert set(ids) <= set(allowed)
        assert [(hit.distance, hit.id) for hit in hits] == sorted(
            (hit.distance, hit.id) for hit in hits
        )
        for hit in hits:
            assert hit.distance == pytest.approx(1 - float(allowed[hit.id] @ vector), abs=CLOSE)
        if len(allowed) <= EXACT_ROWS:
            assert [hit.distance for hit in hits] == pytest.approx(
                [row[0] for row in expected], abs=CLOSE
            )
        elif hits:
            assert hits[0].distance == pytest.approx(expected[0][0], abs=CLOSE)


def test_any_history() -> None:
    """Whatever happened before, an answer is that of comparing all."""
    run_state_machine_as_test(
        IndexMachine,
        settings=settings(
            max_examples=25,
            phases=[
                Phase.generate
            ],  # what goes on beside does not repeat itself: nothing to shrink
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
