"""Whether the graph or comparing answers a search: a coarse graph misses what comparing finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hnswlib
import numpy as np
import pytest

from reference_impl.vectord.service.index import Index
from reference_impl.vectord.service.search import EXACT_ROWS, Query
from reference_impl.vectord.store.changes import Drop, put_of
from reference_impl.vectord.store.generations import (
    read_generation,
    take_snapshot,
    write_generation,
)
from reference_impl.vectord.store.graph import DEFAULT_EF, Graph
from reference_impl.vectord.store.rows import Rows
from reference_impl.vectord.store.vectors import Vectors
from reference_impl.vectord.wire import Bounds
from tests.reference_impl.vectord.coarse import (
    DIM,
    MANY,
    MOST,
    QUERIES,
    CoarseIndex,
    ids,
    scattered,
)
from tests.reference_impl.vectord.holding import settings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def coarse() -> CoarseIndex:
    """Make an index of many items."""
    made = CoarseIndex()
    made.put(range(MANY))
    return made


def test_up_to_a_number_all_are_compared() -> None:
    """Up to 2,000 items nothing is missed, from the next one on nearly everything is."""
    few = CoarseIndex()
    few.put(range(EXACT_ROWS))
    assert few.missed() == 0
    few.put([EXACT_ROWS])
    assert few.missed() > MOST
    few.index.change(Drop(id="i7"))
    del few.vectors["i7"]
    assert few.missed() == 0


@pytest.mark.parametrize(
    ("more", "among"),
    [
        pytest.param({}, range(MANY), id="plain"),
        pytest.param({"excluded": ids(range(9))}, range(9, MANY), id="a-few-excluded"),
        pytest.param(
            {"conditions": {"n": Bounds(gte=0)}}, range(MANY), id="a-filter-that-lets-all-through"
        ),
        pytest.param(
            {"conditions": {"n": Bounds(gte=999)}}, range(999, MANY), id="a-filter-just-wide"
        ),
        pytest.param(
            {"conditions": {"n": Bounds(gte=900)}, "excluded": ids(range(900, 909))},
            range(909, MANY),
            id="both",
        ),
    ],
)
def test_the_graph_is_asked(coarse: CoarseIndex, more: dict[str, Any], among: range) -> None:
    """With more than 2,000 eligible items the graph answers, even with filter and exclusions."""
    assert coarse.missed(among=ids(among), **more) > MOST


@pytest.mark.parametrize(
    ("k", "more", "among"),
    [
        pytest.param(1, {"excluded": ids(range(1_000))}, range(1_000, MANY), id="many-excluded"),
        pytest.param(1, {"conditions": {"n": Bounds(gte=1_000)}}, range(1_000, MANY),
            id="a-filter-just-narrow"),
        pytest.param(1, {"conditions": {"n": [5, 6]}}, range(5, 7), id="a-narrow-filter"),
        pytest.param(1, {"conditions": {"n": Bounds(gte=500)}, "excluded": ids(range(400, 1_000))},
                     range(1_000, MANY), id="both"),
        pytest.param(1_000, {}, range(MANY), id="more-is-wanted-than-the-graph-reaches"),
    ],
)  # fmt: skip
def test_comparing_answers_where_few_may_be_found(
    coarse: CoarseIndex, k: int, more: dict[str, Any], among: range
) -> None:
    """Up to 2,000 eligible items are compared, and so are all if the graph gives too few."""
    if k > 1:
        more = {**more, "excluded": ids(range(MANY, MANY + 1_001))}
        coarse.put(range(MANY, MANY + 1_001))
    assert coarse.missed(k, ids(among), **more) == 0


def test_rows_that_came_since(coarse: CoarseIndex) -> None:
    """A few are compared with what the graph gives; more go into it, while no other is made."""
    before = coarse.index.rebuilds
    coarse.put(range(MANY, MANY + 64), seed=3)
    new = [coarse.vectors[f"i{number}"] for number in range(MANY, MANY + 64)]
    assert all(coarse.found(vector) == {f"i{MANY + row}"} for row, vector in enumerate(new))
    assert coarse.missed() > MOST
    coarse.put(range(MANY + 64, MANY + 564), seed=3)
    newer = [coarse.vectors[f"i{number}"] for number in range(MANY + 64, MANY + 114)]
    assert (
        sum(coarse.found(vector) != {f"i{MANY + 64 + row}"} for row, vector in enumerate(newer))
        > MOST
    )
    assert coarse.index.rebuilds == before


def test_the_graph_knows_the_dead(coarse: CoarseIndex) -> None:
    """With a quarter deleted it still answers, gives ten that live, and none that does not."""
    before = coarse.index.rebuilds
    for number in range(0, MANY, 4):
        coarse.index.change(Drop(id=f"i{number}"))
        del coarse.vectors[f"i{number}"]
    coarse.index.settle()
    assert coarse.missed(k=10) > MOST
    for vector in QUERIES:
        assert len(coarse.found(vector, 10)) == 10
        assert coarse.found(vector, 10) <= coarse.vectors.keys()
    assert coarse.index.rebuilds == before


def test_rows_that_died_before_the_graph_had_them() -> None:
    """Rows that died first are dead in the graph from the start, and are never found there.

    This includes rows that were replaced.
    """
    vectors = Vectors(rows=Rows(DIM), graph=Graph.empty(settings(DIM), 100))
    matrix = scattered(100, seed=1)
    for number, vector in enumerate(matrix):
        vectors.put(f"i{number % 90}", vector, b"{}")
    vectors.drop("i20")
    assert (vectors.extend_graph(60), vectors.extend_graph(60), vectors.extend_graph(60)) == (
        60,
        40,
        0,
    )
    vectors.drop("i30")
    vectors.put("i31", matrix[0], b"{}")
    graph = vectors.graph
    assert graph is not None
    assert (graph.count, graph.dead, graph.live) == (100, 13, 87)
    found = graph.nearest(matrix[20], 87, 4_000)
    assert found is not None
    assert set(found.tolist()) == set(range(100)) - {*range(10), 20, 30, 31}


def test_a_graph_that_is_much_dead_is_made_anew(coarse: CoarseIndex) -> None:
    """A graph of which just less than a third is dead stays.

    With a few more dead rows it is rebuilt over the live ones.
    """
    before, kept = coarse.index.rebuilds, int(MANY * 0.7)
    for number in range(kept, MANY):
        coarse.index.change(Drop(id=f"i{number}"))
    coarse.index.settle()
    assert (coarse.index.rebuilds, coarse.index.vectors.rows.count) == (before, MANY)
    coarse.index.change(Drop(id=f"i{kept - 1}"))
    coarse.index.settle()
    assert (coarse.index.rebuilds, coarse.index.vectors.rows.count) == (before + 1, kept - 1)
    coarse.vectors = {f"i{number}": coarse.vectors[f"i{number}"] for number in range(kept - 1)}
    assert coarse.missed() > MOST
    assert all(len(coarse.found(vector, 10)) == 10 for vector in QUERIES)


def test_a_graph_goes_where_few_are_left(coarse: CoarseIndex) -> None:
    """From 1,000 items on there is none any more, and it comes back with more than 2,000."""
    for number in range(1_002, MANY):
        coarse.index.change(Drop(id=f"i{number}"))
    coarse.index.settle()
    coarse.index.change(Drop(id="i1001"))
    coarse.index.settle()
    assert coarse.index.vectors.graph is not None
    coarse.vectors = {f"i{number}": coarse.vectors[f"i{number}"] for number in range(1_001)}
    assert coarse.missed() == 0
    coarse.index.change(Drop(id="i1000"))
    coarse.index.settle()
    del coarse.vectors["i1000"]
    assert coarse.index.vectors.rows.count == 1_000  # which are all that live
    assert coarse.index.vectors.graphed == 0
    assert coarse.missed() == 0
    coarse.put(range(2_001), seed=5)
    assert coarse.missed() > MOST


def test_a_saved_graph_answers_and_is_not_made_again(coarse: CoarseIndex, tmp_path: Path) -> None:
    """What is read back gives the very answers of before, the misses too."""
    for number in range(100):
        coarse.index.change(Drop(id=f"i{number}"))
        del coarse.vectors[f"i{number}"]
    with coarse.index.lock:
        snapshot = take_snapshot(coarse.index.vectors, tmp_path, 1)
    write_generation(tmp_path, 1, snapshot)
    read = Index(coarse.index.settings, read_generation(tmp_path, 1, coarse.index.settings))
    read.tend()
    read.settle()
    again = CoarseIndex(read, coarse)
    assert read.rebuilds == 0
    assert again.missed() > MOST
    assert [again.found(vector, 10) for vector in QUERIES] == [
        coarse.found(vector, 10) for vector in QUERIES
    ]
    again.index.change(Drop(id="i500"))
    assert read.vectors.graph is not None
    assert read.vectors.graph.dead == 101


def test_where_the_graph_gives_too_few_all_are_compared() -> None:
    """A filter that leaves out all that is near makes the graph come up short.

    The answer is whole and right.
    """
    vectors, query = scattered(MANY, seed=1), QUERIES[0]
    order = np.argsort(-(vectors @ query))
    held = Index(settings(DIM))
    metadata = [b'{"n":%d}' % rank for rank in range(MANY)]
    held.change(put_of([f"i{rank}" for rank in range(MANY)], vectors[order], metadata))
    held.settle()
    assert held.vectors.graph is not None
    for k in (1, 10, 100):
        hits = held.search(
            Query(vector=query, k=k, ef=DEFAULT_EF, conditions={"n": Bounds(gte=999)})
        )
        assert [hit.id for hit in hits] == [f"i{rank}" for rank in range(999, 999 + k)]


def full_index(capacity: int, room: int) -> Index:
    """Make an index whose graph has just so many rows and says that it has room for so many."""
    inner = hnswlib.Index("ip", DIM)
    inner.init_index(capacity)
    vectors = Vectors(rows=Rows(DIM), graph=Graph(inner, capacity=room, count=0, dead=0))
    for number, vector in enumerate(scattered(capacity, seed=1)):
        vectors.put(f"i{number}", vector, b"{}")
    assert vectors.extend_graph(capacity) == capacity
    return Index(settings(DIM), vectors)


def put_more(index: Index, numbers: range) -> None:
    """Put items that are new, and wait."""
    index.change(
        put_of(ids(numbers), scattered(len(numbers), seed=numbers.start), [b"{}"] * len(numbers))
    )
    index.settle()


def test_a_full_graph_is_made_anew() -> None:
    """Up to 256 rows stay outside of it; with one more there is a graph that has room for all."""
    held = full_index(2_100, 2_100)
    put_more(held, range(2_100, 2_356))
    assert (held.rebuilds, held.vectors.graphed) == (0, 2_100)
    put_more(held, range(2_356, 2_357))
    assert (held.rebuilds, held.vectors.graphed) == (1, 2_357)


def test_a_graph_that_fails_goes() -> None:
    """Where hnswlib raises, all is compared, and the next change makes another graph."""
    held = full_index(2_100, 9_000)
    put_more(held, range(2_100, 2_200))
    assert held.vectors.graphed == 0
    assert [
        hit.id for hit in held.search(Query(vector=scattered(1, 1)[0], k=1, ef=1, conditions={}))
    ] == ["i0"]
    put_more(held, range(2_200, 2_201))
    assert (held.rebuilds, held.vectors.graphed) == (1, 2_201)


def test_rows_of_few_items_do_not_pile_up() -> None:
    """A small index that is changed for ever holds no more than twice its items and a few."""
    held = CoarseIndex()
    for seed in range(50):
        held.put(range(20), seed)
        assert held.index.vectors.rows.count <= 2 * 20 + 64
    assert held.missed(5) == 0


def test_links_are_what_the_settings_say(coarse: CoarseIndex) -> None:
    """A graph with more links finds what one with the fewest misses."""
    fine = CoarseIndex(Index(settings(DIM)))
    fine.put(range(MANY))
    assert 5 * fine.missed(ef=DEFAULT_EF) < coarse.missed(ef=DEFAULT_EF)
