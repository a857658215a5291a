"""What vectord acknowledged survives, however it ends and whatever happens to its newest files."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.conftest import running
from tests.reference_impl.vectord.holding import wait_for_graph
from tests.reference_impl.vectord.killing import DIM, PROGRAM, kill_rounds, vector_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

INDEX = "/vectors/index/held"


@contextmanager
def vectord(folder: Path) -> Iterator[LiveDaemon]:
    number = len(list(folder.glob("log*")))
    with running(folder / f"log{number}", "--data-dir", str(folder), program=PROGRAM) as daemon:
        yield daemon


def add(daemon: LiveDaemon, *numbers: int) -> None:
    items = [
        {"id": f"i{number}", "vector": vector_of(number), "metadata": {"n": number}}
        for number in numbers
    ]
    assert daemon.post({"items": items}, f"{INDEX}/add").status == 200


def there(daemon: LiveDaemon) -> dict[str, int]:
    hits = daemon.post({"vector": vector_of(0), "k": 1_000}, f"{INDEX}/search").json()["results"]
    return {hit["id"]: hit["metadata"]["n"] for hit in hits}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make an index with one save and some changes after it, killed."""
    with vectord(tmp_path) as daemon:
        daemon.post({"name": "held", "dim": DIM}, "/vectors/index")
        add(daemon, 1, 2, 3)
        daemon.ask("POST", f"{INDEX}/save")
        add(daemon, 4)
        daemon.ask("DELETE", f"{INDEX}/items/i1")
        daemon.stop(signal.SIGKILL)
    return tmp_path


def files(folder: Path, what: str) -> list[Path]:
    return sorted(folder.glob(f"vectord/indexes/*/{what}"))


def test_kill_rounds(tmp_path: Path) -> None:
    """Killed while it is written to and saved, it has all it acknowledged, whole and once."""
    tally = kill_rounds(tmp_path, rounds=15, seed=1)

    assert tally.faults == []
    assert tally.acknowledged > 15
    assert tally.saves > 5


def test_what_was_added_after_a_save(folder: Path) -> None:
    """It is in the log, and after a good end in a save that needs no log."""
    with vectord(folder) as daemon:
        assert there(daemon) == {"i2": 2, "i3": 3, "i4": 4}
        assert daemon.stop() == 0
    with vectord(folder) as daemon:
        state = daemon.ask("GET", INDEX).json()
        assert there(daemon) == {"i2": 2, "i3": 3, "i4": 4}

    assert (state["generation"], state["is_saved"]) == (2, True)


@pytest.mark.parametrize("what", ["manifest.2", "vectors.2", "texts.2"])
def test_the_save_before_stands_in(folder: Path, what: str) -> None:
    """A newest save that does not hold costs nothing: the one before and the log have all."""
    with vectord(folder) as daemon:
        add(daemon, 5)
        daemon.ask("POST", f"{INDEX}/save")
        add(daemon, 6)
        daemon.stop(signal.SIGKILL)
    (file,) = files(folder, what)
    file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    with vectord(folder) as daemon:
        assert there(daemon) == {"i2": 2, "i3": 3, "i4": 4, "i5": 5, "i6": 6}
        assert daemon.ask("POST", f"{INDEX}/save").json()["generation"] == 3
    with vectord(folder) as daemon:
        assert there(daemon) == {"i2": 2, "i3": 3, "i4": 4, "i5": 5, "i6": 6}


def test_no_save_that_holds(folder: Path) -> None:
    """Rather than serve less than it acknowledged, it says what is damaged."""
    (file,) = files(folder, "vectors.1")
    file.write_bytes(b"")
    with pytest.raises(
        AssertionError, match="no save of index held holds: restore the folder, or remove it"
    ):
        vectord(folder).__enter__()


def test_what_a_crash_left_unfinished(folder: Path) -> None:
    """Half of a making, of a deletion and of a save are cleared away."""
    (index,) = files(folder, "")
    (index / "graph.2.tmp").write_bytes(b"half")
    (folder / "vectord/indexes/made").mkdir()
    (folder / "vectord/indexes/gone").mkdir()
    (folder / "vectord/indexes/gone/vectors.1").write_bytes(b"rest")
    with vectord(folder) as daemon:
        assert [row["name"] for row in daemon.ask("GET", "/vectors/index").json()["indexes"]] == [
            "held"
        ]
        daemon.ask("POST", f"{INDEX}/save")

    assert files(folder, "") == [index]
    assert not (index / "graph.2.tmp").exists()


def test_a_deleted_index_stays_deleted(folder: Path) -> None:
    """Also when it is killed right after, and one made again under its name has nothing of it."""
    with vectord(folder) as daemon:
        assert daemon.ask("DELETE", INDEX).status == 200
        daemon.stop(signal.SIGKILL)
    with vectord(folder) as daemon:
        assert daemon.ask("GET", INDEX).status == 404
        daemon.post({"name": "held", "dim": DIM}, "/vectors/index")
        add(daemon, 9)
        daemon.stop(signal.SIGKILL)
    with vectord(folder) as daemon:
        assert there(daemon) == {"i9": 9}


def test_a_save_that_fails_loses_nothing(folder: Path) -> None:
    """Saves fail while their place is taken.

    What is added meanwhile is acknowledged and survives.
    """
    (index,) = files(folder, "")
    with vectord(folder) as daemon:
        (index / "manifest.2").mkdir()
        assert daemon.ask("POST", f"{INDEX}/save").status == 503
        add(daemon, 5)
        assert daemon.ask("GET", INDEX).json()["is_saved"] is False
        (index / "manifest.2").rmdir()
        daemon.stop(signal.SIGKILL)
    with vectord(folder) as daemon:
        assert there(daemon) == {"i2": 2, "i3": 3, "i4": 4, "i5": 5}


def test_many_items_come_back_with_their_graph(tmp_path: Path) -> None:
    """A saved graph is loaded, not made again, and answers as before."""
    with vectord(tmp_path) as daemon:
        daemon.post({"name": "held", "dim": DIM}, "/vectors/index")
        add(daemon, *range(2_100))
        wait_for_graph(daemon, INDEX)
        before = daemon.post({"vector": vector_of(7), "k": 50}, f"{INDEX}/search").body
        daemon.stop()
    with vectord(tmp_path) as daemon:
        assert daemon.ask("GET", INDEX).json()["searched"] == "by graph"
        assert daemon.post({"vector": vector_of(7), "k": 50}, f"{INDEX}/search").body == before


def test_two_never_share_a_folder(folder: Path) -> None:
    """The second one says who has it."""
    with (
        vectord(folder) as daemon,
        pytest.raises(AssertionError, match=f"is in use by process {daemon.process.pid}"),
    ):
        vectord(folder).__enter__()
