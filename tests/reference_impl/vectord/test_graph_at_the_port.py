"""The graph of an index at the port of a daemon: what `ef` changes, and what a restart finds."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

from tests.reference_impl.lake import running_room
from tests.reference_impl.vectord.coarse import (
    DIM,
    LINKS,
    MANY,
    MOST,
    QUERIES,
    Corpus,
    ids,
    scattered,
)
from tests.reference_impl.vectord.holding import wait_for_graph

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

SAVE_TIMEOUT_S = 30.0


class Port(Corpus):
    """A coarse index at the port of a daemon."""

    def __init__(self, daemon: LiveDaemon, name: str = "coarse") -> None:
        super().__init__()
        self.daemon = daemon
        self.path = f"/vectors/index/{name}"
        self.vectors = dict(zip(ids(range(MANY)), scattered(MANY, seed=1), strict=True))
        assert daemon.post({"name": name, "dim": DIM, **LINKS}, "/vectors/index").status in {
            200,
            201,
        }

    def put(self, numbers: range) -> None:
        """Put items."""
        rows = [
            {"id": item_id, "vector": self.vectors[item_id].tolist()} for item_id in ids(numbers)
        ]
        assert self.daemon.post({"items": rows}, f"{self.path}/add").status == 200

    def found(self, **more: Any) -> list[str]:
        """Find the nearest of each query."""
        answers = [
            self.daemon.post({"vector": vector.tolist(), "k": 1, **more}, f"{self.path}/search")
            for vector in QUERIES
        ]
        return [answer.json()["results"][0]["id"] for answer in answers]

    def missed(self, **more: Any) -> int:
        """Tell how often something else is nearer."""
        return sum(
            {hit} != self.nearest(vector, 1)
            for hit, vector in zip(self.found(**more), QUERIES, strict=True)
        )

    def wait_for_save(self, generation: int) -> None:
        """Wait until a save is there for which nobody asked."""
        end = time.monotonic() + SAVE_TIMEOUT_S
        while self.state()["generation"] < generation:
            assert time.monotonic() < end, "nothing was saved"
            time.sleep(0.05)

    def state(self) -> dict[str, Any]:
        """Describe the index."""
        described: dict[str, Any] = self.daemon.ask("GET", self.path).json()
        return described


def test_ef_at_the_port(tmp_path: Path) -> None:
    """The more `ef`, the less is missed, whatever was asked before; without it, it is 64.

    And all of it by graph.
    """
    with running_room("vectord", tmp_path) as daemon:
        port = Port(daemon)
        port.put(range(MANY))
        wait_for_graph(daemon, port.path)
        by_default = port.found()
        assert port.missed(ef=1) > port.missed() > port.missed(ef=4_000)
        assert port.missed(ef=1) > MOST
        assert port.found() == port.found(ef=64) == by_default
        assert port.missed(ef=1, exclude_ids=["nobody"]) > MOST


def test_a_graph_that_is_made_anew_is_saved(tmp_path: Path) -> None:
    """A save follows each graph build unasked; a graph that a restart reads needs no other."""
    with running_room("vectord", tmp_path) as daemon:
        port = Port(daemon)
        assert port.state()["searched"] == "exactly"
        port.put(range(MANY))
        port.wait_for_save(1)
        port.put(range(MANY // 2))  # which leaves a third of the graph dead
        port.wait_for_save(2)
        assert port.state()["searched"] == "by graph"
        before = port.found(ef=1)
        assert port.missed(ef=1) > MOST
        daemon.stop()
    with running_room("vectord", tmp_path) as daemon:
        port = Port(daemon)
        assert port.state()["searched"] == "by graph"
        assert port.found(ef=1) == before


def test_a_graph_that_was_not_saved_is_made_again(tmp_path: Path) -> None:
    """A daemon that was killed makes it after its start, though nothing changes any more."""
    with running_room("vectord", tmp_path) as daemon:
        port = Port(daemon)
        port.put(range(MANY))
        daemon.stop(signal.SIGKILL)
    with running_room("vectord", tmp_path) as daemon:
        port = Port(daemon)
        wait_for_graph(daemon, port.path)
        assert port.missed(ef=1) > MOST
