"""The sharp edges of hnswlib 0.8, each with a test where plain use fails, or why it has no test."""

from __future__ import annotations

import threading
from pathlib import Path

import hnswlib
import numpy as np
import pytest

from reference_impl.vectord.service.index import Index
from reference_impl.vectord.store.changes import Drop
from reference_impl.vectord.store.generations import (
    DamagedError,
    read_generation,
    take_snapshot,
    write_generation,
)
from reference_impl.vectord.store.graph import Graph, GraphFileError
from reference_impl.vectord.store.rows import Rows
from reference_impl.vectord.store.vectors import Vectors
from tests.reference_impl.vectord import test_edges_at_the_port  # noqa: F401 - it deals with some of them
from tests.reference_impl.vectord.edges import TESTED, WITHOUT_A_TEST, edge, plain
from tests.reference_impl.vectord.holding import found, put, query, settings, unit_vectors

DIM = 16
MANY = 2_500  # enough for a graph


@pytest.fixture
def index() -> Index:
    """Make an index of many items that has its graph."""
    index = Index(settings(DIM))
    vectors = unit_vectors(MANY, DIM, seed=1)
    index.change(put({f"i{number}": vector for number, vector in enumerate(vectors)}))
    index.settle()
    assert index.vectors.graph is not None
    return index


def saved(index: Index, folder: Path, number: int = 1) -> Path:
    """Save an index, and give the folder."""
    folder.mkdir(exist_ok=True)
    with index.lock:
        snapshot = take_snapshot(index.vectors, folder, number)
    write_generation(folder, number, snapshot)
    return folder


@edge(1, 12)
def test_growth_beside_searches() -> None:
    """Room that is made under a reader is a crash.

    Here rows stay outside of a full graph, and are found.
    """
    done = plain("""
        index, stop = made(2000, dim=64), []
        queries = np.random.default_rng(1).standard_normal((8, 64)).astype("f4")
        def search():
            while not stop: index.knn_query(queries, k=5, num_threads=1)
        for thread in [threading.Thread(target=search, daemon=True) for _ in range(4)]: thread.start()
        end, capacity = time.time() + 20, 2000
        while time.time() < end:
            capacity += 500
            index.resize_index(capacity)
    """)
    assert done.returncode < 0, done.stderr

    inner = hnswlib.Index("ip", DIM)
    inner.init_index(100)
    vectors = Vectors(rows=Rows(DIM), graph=Graph(inner, capacity=100, count=0, dead=0))
    matrix = unit_vectors(120, DIM, seed=2)
    for number, vector in enumerate(matrix):
        vectors.put(f"i{number}", vector, b"{}")
    assert [vectors.extend_graph(64), vectors.extend_graph(64), vectors.extend_graph(64)] == [
        64,
        36,
        0,
    ]
    held = Index(settings(DIM), vectors)
    assert [found(held, vector, 1) for vector in matrix] == [
        [f"i{number}"] for number in range(120)
    ]


@edge(3)
def test_an_index_without_items() -> None:
    """An object that was not filled in crashes; here an index is whole from its first moment."""
    done = plain("hnswlib.Index('cosine', 16).knn_query(np.ones((1, 16), 'f4'), k=1)")
    assert done.returncode < 0

    assert Index(settings(DIM)).search(query(unit_vectors(1, DIM, 0)[0], 5)) == ()


@edge(4, 24)
def test_a_bad_file(tmp_path: Path) -> None:
    """After a failed load an object in use is freed twice.

    Here each file gets an object of its own.
    """
    bad = tmp_path / "bad"
    bad.write_bytes(b"x" * 200)
    done = plain(f"""
        index = made(100)
        try: index.load_index({str(bad)!r})
        except RuntimeError: pass
        index.knn_query(np.ones((1, 16), "f4"), k=1)
    """)
    assert done.returncode < 0

    for content in (b"", b"x" * 200, b"\0" * 5_000):
        bad.write_bytes(content)
        with pytest.raises(GraphFileError):
            Graph.load(bad, settings(DIM), count=10, dead=0)


@edge(5)
@pytest.mark.parametrize("what", ["vectors", "texts", "graph", "manifest"])
def test_a_flipped_bit(index: Index, tmp_path: Path, what: str) -> None:
    """Hnswlib loads whatever has the right length.

    Here no file is read whose bytes are not those that were written.
    """
    folder = saved(index, tmp_path / "folder")
    file = folder / f"{what}.1"
    content = file.read_bytes()
    random = np.random.default_rng(5)
    for _ in range(12):
        damaged = bytearray(content)
        damaged[int(random.integers(len(content)))] ^= 1 << int(random.integers(8))
        file.write_bytes(damaged)
        try:
            vectors = read_generation(folder, 1, index.settings)
        except DamagedError:
            assert what != "graph"
        else:  # without the graph, or with what a changed spelling of a manifest does not change
            assert vectors.graph is None or what == "manifest"
            assert vectors.rows.row_of == index.vectors.rows.row_of
    file.write_bytes(content[:-1])
    if what == "graph":
        assert read_generation(folder, 1, index.settings).graph is None
    else:
        with pytest.raises(DamagedError):
            read_generation(folder, 1, index.settings)


@edge(5)
def test_hnswlib_takes_a_flipped_bit(tmp_path: Path) -> None:
    """The same damage goes unnoticed by its own loader."""
    file = tmp_path / "graph"
    done = plain(f"""
        made(1000).save_index({str(file)!r})
        content = bytearray(open({str(file)!r}, "rb").read())
        content[len(content) // 2] ^= 64
        open({str(file)!r}, "wb").write(content)
        hnswlib.Index("cosine", 16).load_index({str(file)!r})
        print("taken", flush=True)
        os._exit(0)
    """)
    assert done.stdout == "taken\n", done.stderr


@edge(7, 21)
def test_no_ghosts(index: Index) -> None:
    """A slot that is used again keeps a live id's old vector for ever.

    Here rows are never used again.
    """
    inner = hnswlib.Index("cosine", DIM)
    inner.init_index(100, allow_replace_deleted=True)
    vectors = unit_vectors(20, DIM, seed=3)
    inner.add_items(vectors, np.arange(20))
    inner.mark_deleted(7)
    inner.add_items(unit_vectors(1, DIM, seed=4), [3], replace_deleted=True)
    assert sorted(inner.knn_query(vectors[3], k=20)[0][0].tolist()).count(3) == 2

    old, new = unit_vectors(MANY, DIM, seed=1)[3], unit_vectors(1, DIM, seed=4)[0]
    index.change(Drop(id="i7"))
    index.change(put({"i3": new}))
    ids = found(index, old, 200)
    assert len(ids) == len(set(ids)) == 200
    assert index.search(query(new, 1))[0].id == "i3"
    index.change(Drop(id="i3"))
    assert "i3" not in found(index, old, 100) + found(index, new, 100)
    index.change(put({"i3": old}))
    assert found(index, old, 1) == ["i3"]


@edge(8)
def test_a_file_of_another_index(index: Index, tmp_path: Path) -> None:
    """Any dimension is taken for any other; here a file belongs to the manifest beside it."""
    done = plain(f"""
        made(100).save_index({str(tmp_path / "other")!r})
        hnswlib.Index("cosine", 32).load_index({str(tmp_path / "other")!r})
        print("taken", flush=True)
        os._exit(0)
    """)
    assert done.stdout == "taken\n", done.stderr

    folder = saved(index, tmp_path / "folder")
    (folder / "graph.1").write_bytes((tmp_path / "other").read_bytes())
    assert read_generation(folder, 1, index.settings).graph is None


@edge(9)
@pytest.mark.parametrize("place", ["/no/such/folder/graph", "/dev/full"])
def test_a_save_that_failed(index: Index, place: str) -> None:
    """Hnswlib says nothing; here it is an error."""
    done = plain(f"made(100).save_index({place!r}); print('said nothing')")
    assert done.stdout == "said nothing\n"

    graph = index.vectors.graph
    assert graph is not None
    with pytest.raises(GraphFileError):
        graph.save(Path(place))


@edge(10)
def test_saves_beside_changes(index: Index, tmp_path: Path) -> None:
    """A save of a graph that grows meanwhile is torn; here each is of one moment."""
    stop = threading.Event()

    def change() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            index.change(put({f"more{number % 500}": unit_vectors(1, DIM, number)[0]}))

    changer = threading.Thread(target=change)
    changer.start()
    try:
        for number in range(1, 9):
            vectors = read_generation(
                saved(index, tmp_path / "folder", number), number, index.settings
            )
            assert vectors.graph is not None
            assert vectors.rows.live_count == len(vectors.rows.row_of)
            held = Index(index.settings, vectors)
            assert found(held, unit_vectors(MANY, DIM, seed=1)[5], 1) == ["i5"]
    finally:
        stop.set()
        changer.join()
        index.close()


@edge(11)
def test_a_loaded_graph_answers_as_before(index: Index, tmp_path: Path) -> None:
    """Loading forgets how thoroughly to search, and then finds less; here it does not."""
    inner = hnswlib.Index("cosine", DIM)
    inner.init_index(100)
    inner.set_ef(64)
    inner.save_index(str(tmp_path / "graph"))
    other = hnswlib.Index("cosine", DIM)
    other.load_index(str(tmp_path / "graph"))
    assert other.ef == 10

    loaded = Index(
        index.settings, read_generation(saved(index, tmp_path / "folder"), 1, index.settings)
    )
    assert loaded.vectors.graph is not None
    for vector in unit_vectors(50, DIM, seed=9):
        assert found(loaded, vector, 10) == found(index, vector, 10)


@edge(17, 18)
def test_more_is_asked_for_than_lives(index: Index) -> None:
    """A count that includes the dead is no bound; here what lives is the answer."""
    inner = hnswlib.Index("cosine", DIM)
    inner.init_index(100)
    inner.add_items(unit_vectors(5, DIM, seed=1), np.arange(5))
    inner.mark_deleted(0)
    with pytest.raises(RuntimeError, match="contiguous 2D array"):
        inner.knn_query(unit_vectors(1, DIM, seed=2), k=inner.get_current_count())

    for number in range(MANY - 1_400):
        index.change(Drop(id=f"i{number}"))
    index.settle()
    vector = unit_vectors(1, DIM, seed=2)[0]
    assert len(found(index, vector, 1_000)) == 1_000
    assert len(found(index, vector, 1_000, [f"i{number}" for number in range(MANY - 20)])) == 20
    for number in range(MANY):
        index.change(Drop(id=f"i{number}"))
    assert found(index, vector, 10) == []
    index.close()


@edge(23)
def test_a_graph_without_new_rows(index: Index) -> None:
    """Adding nothing to nothing is an error; here nothing is added."""
    inner = hnswlib.Index("cosine", DIM)
    inner.init_index(100)
    with pytest.raises(IndexError):
        inner.add_items(np.zeros((0, DIM), np.float32))

    assert index.vectors.extend_graph(10) == 0


@edge(26)
def test_the_same_rows_make_the_same_graph(tmp_path: Path) -> None:
    """With several threads a graph differs from run to run; here it is made by one."""
    matrix = unit_vectors(3_000, DIM, seed=1)
    for name in ("one", "two"):
        graph = Graph.empty(settings(DIM), 3_000)
        graph.extend(matrix)
        graph.save(tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_every_edge_is_dealt_with() -> None:
    """Each has a test or a reason, none both."""
    assert TESTED.isdisjoint(WITHOUT_A_TEST)
    assert TESTED | set(WITHOUT_A_TEST) == set(range(1, 28))
