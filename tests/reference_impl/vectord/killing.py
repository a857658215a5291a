"""Kill rounds: vectord under writes and saves is killed at any moment.

Then it is started again and asked for all it acknowledged.

In: a folder and a seed. Out: how much was acknowledged and whether anything of it is missing,
doubled or changed. A request that was under way when the daemon died may have happened or not;
nothing else is left open.
"""

from __future__ import annotations

import http.client
import json
import random
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.reference_impl.conftest import JSON, running

if TYPE_CHECKING:
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

PROGRAM = ("-m", "reference_impl", "vectord")
INDEX = "/vectors/index/killed"
DIM = 8
WRITERS = 4

_IDS = 40  # a writer's, used again and again
_BASE = 2_100  # items that make it an index with a graph
_BATCH = 700


@dataclass(slots=True, kw_only=True)
class Writer:
    """One client: what it knows to be there, and what it was asking for when the daemon died."""

    name: str
    random: random.Random
    known: dict[str, int | None] = field(default_factory=dict)
    open: dict[str, int | None] = field(default_factory=dict)
    acknowledged: int = 0
    sequence: int = 0

    def write(self, port: int) -> None:
        """Put and delete until the daemon is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        with suppress(OSError, http.client.HTTPException):
            while True:
                self._write_once(connection)
        connection.close()

    def _write_once(self, connection: http.client.HTTPConnection) -> None:
        ids = self.random.sample(
            [f"{self.name}-{number}" for number in range(_IDS)], self.random.randint(1, 3)
        )
        self.sequence += 1
        if self.random.random() < 0.3 and self.known.get(ids[0]) is not None:
            self.open = {ids[0]: None}
            _ask(connection, "DELETE", f"{INDEX}/items/{ids[0]}", None)
        else:
            self.open = dict.fromkeys(ids, self.sequence)
            items = [
                {
                    "id": item_id,
                    "vector": vector_of(self.sequence),
                    "metadata": {"w": self.name, "n": self.sequence},
                }
                for item_id in ids
            ]
            _ask(connection, "POST", f"{INDEX}/add", {"items": items})
        self.acknowledged += 1
        self.known.update(self.open)
        self.open = {}

    def faults(self, daemon: LiveDaemon) -> list[str]:
        """Compare what is there with what must be, and take what is there for known from now on."""
        search = {"vector": vector_of(1), "k": 1_000, "filter": {"w": self.name}}
        hits = daemon.post(search, f"{INDEX}/search").json()["results"]
        there = {hit["id"]: hit["metadata"]["n"] for hit in hits}
        faults = [f"{self.name}: an id stands twice"] if len(there) != len(hits) else []
        for item_id in {*self.known, *there, *self.open}:
            allowed = {self.known.get(item_id)} | (
                {self.open[item_id]} if item_id in self.open else set()
            )
            if there.get(item_id) not in allowed:
                faults.append(f"{item_id}: {there.get(item_id)} is there, one of {allowed} must be")
        if len({there.get(item_id) == number for item_id, number in self.open.items()}) > 1:
            faults.append(f"{self.name}: a request is kept in part")
        self.known, self.open = dict.fromkeys(self.known) | there, {}
        return faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the rounds showed."""

    rounds: int
    acknowledged: int
    saves: int
    faults: list[str]


def kill_rounds(folder: Path, rounds: int, seed: int) -> Tally:
    """Run the rounds, one after the other, on one data directory."""
    chance = random.Random(seed)  # noqa: S311
    writers = [
        Writer(name=f"w{number}", random=random.Random(f"{seed}:{number}"))  # noqa: S311
        for number in range(WRITERS)
    ]
    faults: list[str] = []
    saves = 0
    for number in range(rounds + 1):
        with running(folder / f"log{number}", "--data-dir", str(folder), program=PROGRAM) as daemon:
            if number == 0:
                _fill(daemon)
            faults += [
                f"round {number}: {fault}" for writer in writers for fault in writer.faults(daemon)
            ]
            faults += _count_fault(daemon, writers, number)
            if number < rounds:
                saves += _let_write(daemon, writers, chance.uniform(0.02, 0.5))
    return Tally(
        rounds=rounds,
        acknowledged=sum(writer.acknowledged for writer in writers),
        saves=saves,
        faults=faults,
    )


def vector_of(number: int) -> list[float]:
    """Give the vector that goes with a number."""
    chance = random.Random(number)  # noqa: S311
    return [chance.uniform(-1, 1) for _ in range(DIM)]


def _fill(daemon: LiveDaemon) -> None:
    daemon.post({"name": "killed", "dim": DIM}, "/vectors/index")
    for start in range(0, _BASE, _BATCH):
        items = [
            {"id": f"b{number}", "vector": vector_of(number)}
            for number in range(start, start + _BATCH)
        ]
        daemon.post({"items": items}, f"{INDEX}/add")


def _count_fault(daemon: LiveDaemon, writers: list[Writer], number: int) -> list[str]:
    expected = _BASE + sum(
        value is not None for writer in writers for value in writer.known.values()
    )
    count = daemon.ask("GET", INDEX).json()["count"]
    return (
        []
        if count == expected
        else [f"round {number}: {count} items are there, {expected} must be"]
    )


def _let_write(daemon: LiveDaemon, writers: list[Writer], seconds: float) -> int:
    """Let all write, and one save, until the daemon is killed."""
    saves: list[int] = []
    threads = [threading.Thread(target=writer.write, args=(daemon.port,)) for writer in writers]
    threads.append(threading.Thread(target=_save, args=(daemon.port, saves)))
    for thread in threads:
        thread.start()
    threads[0].join(seconds)
    daemon.process.kill()
    daemon.process.wait()
    for thread in threads:
        thread.join()
    return len(saves)


def _save(port: int, saves: list[int]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with suppress(OSError, http.client.HTTPException):
        while True:
            _ask(connection, "POST", f"{INDEX}/save", None)
            saves.append(1)
    connection.close()


def _ask(connection: http.client.HTTPConnection, method: str, path: str, document: Any) -> None:
    body = None if document is None else json.dumps(document)
    connection.request(method, path, body, JSON if body else {})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise AssertionError(content)
