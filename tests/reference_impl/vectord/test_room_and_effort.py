"""What hardly changes an answer: room for rows, copies, saves, waiting, threads, bounds."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from reference_impl.kit.metrics import Metrics
from reference_impl.kit.problem import MOST_ERRORS
from reference_impl.kit.room import Ground
from reference_impl.kit.settings import Settings
from reference_impl.vectord.app import ROOM
from reference_impl.vectord.errors import UnfitVectorError
from reference_impl.vectord.service import durable_index
from reference_impl.vectord.service.admission import admit_items
from reference_impl.vectord.service.conditions import Postings
from reference_impl.vectord.service.durable_index import open_index
from reference_impl.vectord.service.index import Index
from reference_impl.vectord.service.indexes import Indexes
from reference_impl.vectord.service.search import Query, candidates_of
from reference_impl.vectord.store.changes import put_of
from reference_impl.vectord.store.graph import DEFAULT_EF, Graph
from reference_impl.vectord.store.rows import Rows
from reference_impl.vectord.store.vectors import Vectors
from reference_impl.vectord.wire import Item
from tests.reference_impl.vectord.coarse import MANY, QUERIES, ids, scattered
from tests.reference_impl.vectord.holding import put, settings, unit_vectors

if TYPE_CHECKING:
    from reference_impl.vectord.service.durable_index import DurableIndex

DIM = 16


def filled(count: int) -> Rows:
    """Make rows."""
    rows = Rows(DIM)
    for number, vector in enumerate(unit_vectors(count, DIM, seed=1)):
        rows.put(f"i{number}", vector, b'{"n":1}')
    return rows


def test_room_for_rows_doubles() -> None:
    """Else all rows would be copied again and again while they are added."""
    assert [len(filled(count).vectors) for count in (64, 65, 128, 129, 257)] == [
        64, 128, 128, 256, 512,
    ]  # fmt: skip


def test_a_graph_has_room_for_twice_its_rows() -> None:
    """Once it is full, another one has to be made."""
    assert Graph.empty(settings(2), 100_000).capacity == 200_000


def test_rows_without_a_graph_are_not_taken_into_one() -> None:
    """There is nothing to extend."""
    assert Vectors(rows=filled(9)).extend_graph(9) == 0


def test_few_rows_of_metadata_are_read_at_once() -> None:
    """A filter needs no thread as long as up to 64 rows came since the last one."""
    rows = filled(10)
    postings = Postings(rows)
    postings.mask({"n": 1})
    for number in range(64):
        rows.put(f"more{number}", np.zeros(DIM, np.float32), b"{}")
    assert postings.has_read(["n"])
    rows.put("one more", np.zeros(DIM, np.float32), b"{}")
    assert not postings.has_read(["n"])


def test_a_small_index_is_copied_when_dead_rows_outnumber_it() -> None:
    """It holds up to twice its items and 64 rows; then the live ones are copied."""
    held = Index(settings(DIM))
    vectors = unit_vectors(20, DIM, seed=1)
    counts = []
    for number in range(200):
        held.change(put({f"i{number % 20}": vectors[number % 20]}))
        counts.append(held.vectors.rows.count)
    assert max(counts) == 2 * 20 + 64
    assert counts[104] == 20


def test_waiting_takes_no_processor() -> None:
    """Who waits for a thread that tends sleeps."""
    held = Index(settings(DIM))
    held.change(put(dict(zip(map(str, range(2_100)), unit_vectors(2_100, DIM, 1), strict=True))))
    locked, released = threading.Event(), threading.Event()

    def hold() -> None:
        with held.lock:
            locked.set()
            released.wait(0.5)

    holder = threading.Thread(target=hold)
    holder.start()
    locked.wait()
    before_s = time.thread_time()
    held.settle()
    took_s = time.thread_time() - before_s
    released.set()
    holder.join()
    assert took_s < 0.1  # of half a second at the least; spinning takes most of it


def test_a_save_is_due_when_the_log_is_half_as_long_as_the_vectors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restart reads the log; below 32 MiB that is quick whatever the size of the index."""

    async def run() -> None:
        index = await open_index(tmp_path, settings(DIM))
        await change(index, 0, 100)
        assert not index.is_save_due()
        monkeypatch.setattr(durable_index, "_LONG_LOG_BYTES", 0)
        assert index.is_save_due()
        await index.save()
        assert not index.is_save_due()
        while (written := (tmp_path / "log.1").stat().st_size) <= 2 * 100 * DIM:
            assert not index.is_save_due(), written
            await change(index, written % 100, 1)
        assert index.is_save_due()
        await index.close(is_saved=False)

    asyncio.run(run())


async def change(index: DurableIndex, first: int, count: int) -> None:
    """Put items, of which there are at most a hundred."""
    vectors = unit_vectors(100, DIM, seed=1)
    numbers = range(first, min(first + count, 100))
    await index.change(put({f"i{number}": vectors[number] for number in numbers}))


def test_a_restart_copies_rows_seldom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dead rows may pile up to as many as are compared one by one, while a log is read."""
    copies: list[int] = []
    compacted = Vectors.compacted

    def counted(vectors: Vectors) -> Vectors:
        copies.append(vectors.rows.count)
        return compacted(vectors)

    async def run() -> None:
        index = await open_index(tmp_path, settings(DIM))
        for _ in range(25):
            await change(index, 0, 100)
        await index.close(is_saved=False)
        monkeypatch.setattr(Vectors, "compacted", counted)
        again = await open_index(tmp_path, settings(DIM))
        assert len(again) == 100
        await again.close(is_saved=False)

    asyncio.run(run())
    # While the log is read, and when all of it was
    assert copies == [2_300, 300]


def test_blas_has_one_thread(tmp_path: Path) -> None:
    """Several wait for each other by spinning, which is most of what they do on a busy machine."""
    metrics = Metrics(service="vectord", version="0")

    async def run() -> list[int]:
        ground = Ground(name="vectord", metrics=metrics, token=None, fail=lambda: None)
        async with ground, ROOM.open(Settings(data_dir=str(tmp_path)), ground):
            await asyncio.sleep(0)  # what runs beside has begun, and can be cancelled
            return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    assert set(asyncio.run(run())) == {1}


def test_a_filter_that_leaves_out_what_is_near() -> None:
    """The graph is asked for half as many again and some more, else all would be compared."""
    vectors, vector = scattered(MANY, seed=1), QUERIES[0]
    order = np.argsort(-(vectors @ vector))
    held = Index(settings(DIM))
    held.change(put_of(ids(range(MANY)), vectors[order], [b"{}"] * MANY))
    held.settle()
    wanted = held.vectors.rows.live[:MANY].copy()
    wanted[:50] = False
    query = Query(vector=vector, k=100, ef=DEFAULT_EF, conditions={"n": 1})
    candidates = candidates_of(query, held.vectors, wanted, MANY - 50)
    assert candidates.first == held.vectors.graphed == MANY


def test_what_is_deleted_stays_so_without_power(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index is gone on the disk before anybody hears that it is."""
    synced: list[tuple[Path, bool]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        fsync(descriptor)
        name = Path(f"/proc/self/fd/{descriptor}").readlink()
        synced.append((name, (name / "settings.json").exists()))

    async def run() -> None:
        indexes = Indexes(tmp_path / "indexes")
        await indexes.open()
        await indexes.make(settings(DIM))
        (folder,) = (tmp_path / "indexes").iterdir()
        monkeypatch.setattr(os, "fsync", noted)
        await indexes.delete("held")
        assert (folder, False) in synced

    asyncio.run(run())


def test_more_is_wrong_than_is_said() -> None:
    """Of too many wrong vectors the rest is not looked at; that there is more is said."""
    items = [Item(id=f"i{number}", vector=[0.0] * DIM) for number in range(MOST_ERRORS + 5)]
    with pytest.raises(UnfitVectorError) as raised:
        admit_items(items, settings(DIM))
    assert len(raised.value.errors) == MOST_ERRORS + 1
    assert str(raised.value).endswith("; and more")
