"""Brings the worker profiles into a runtime, and writes the rows that scenarios draw from.

    python prepare.py --url http://127.0.0.1:5110 --corpus 5000 --rows rows.ndjson

In: a gateway and a number of profiles. Out: a dataset (through ingestd), an index (through embedd
and vectord) and a file of rows. Dataset and index carry the digest of the profiles in their name,
so that what is there whole is kept.
"""

import argparse
import csv
import http.client
import io
import itertools
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

sys.path.insert(0, str(Path(__file__).parent))

from profiles import SEED, Profile, digest, profiles

BATCH: Final = 512
GRAPH_S: Final = 1_800
LEAST_OF_A_GROUP: Final = 3
_METADATA: Final = ("worker_id", "name", "status", "city", "state", "role", "email")
_OK: Final = (200, 201)
_NOT_FOUND: Final = 404


class Embedded(msgspec.Struct):
    """What embedd answers; vectors stay the text they came as."""

    dim: int
    vectors: list[msgspec.Raw]


class Door:
    """Asks a gateway.

    Each request has a connection of its own, as a kept one may have ended meanwhile.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=600)
        token = os.environ.get("LOAD_TOKEN")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json"
    ) -> bytes | None:
        """Return the body of an answer, None where there is no such thing.

        Exits where it is another failure.
        """
        headers = self._headers | ({"Content-Type": kind} if body is not None else {})
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        said = answer.read()
        self._connection.close()
        if answer.status == _NOT_FOUND:
            return None
        if answer.status not in _OK:
            sys.exit(
                f"prepare: {method} {path} answered {answer.status}: "
                f"{said[:400].decode(errors='replace')}"
            )
        return said


def main() -> int:
    """Bring in what is not there yet, and write the rows."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--url", required=True)
    parser.add_argument("--corpus", type=int, required=True)
    parser.add_argument("--rows", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    workers = list(profiles(given.seed, given.corpus))
    name = f"workers_{given.corpus}_{digest(workers)}"
    door = Door(given.url)
    _ingest(door, name, workers)
    _index(door, given.url, name, workers)
    given.rows.write_text("".join(_rows(name, workers)), encoding="utf-8")
    return 0


def _ingest(door: Door, name: str, workers: Sequence[Profile]) -> None:
    """Make a dataset of the profiles, unless it is there."""
    if door.ask("GET", f"/v1/catalog/datasets/{name}") is not None:
        return
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(asdict(workers[0]))
    writer.writerows([*_cells(worker)] for worker in workers)
    door.ask("POST", f"/v1/ingest?name={name}", table.getvalue().encode(), "text/csv")


def _cells(worker: Profile) -> Iterator[Any]:
    for value in asdict(worker).values():
        yield ", ".join(value) if isinstance(value, tuple) else value


def _index(door: Door, url: str, name: str, workers: Sequence[Profile]) -> None:
    """Embed and index the missing profiles, and wait until searches have their final form."""
    state = _state(door, name)
    started, done = time.monotonic(), int(state["count"])
    beside = Door(url)  # the next batch is embedded while one is added
    batches = [
        workers[start : start + BATCH] for start in range(done - done % BATCH, len(workers), BATCH)
    ]
    with ThreadPoolExecutor(1) as pool:
        embedding = pool.submit(_embed, beside, batches[0]) if done < len(workers) else None
        for batch, following in itertools.zip_longest(batches, batches[1:]) if embedding else ():
            assert embedding is not None  # noqa: S101 - there is one for each batch
            vectors = embedding.result().vectors
            embedding = pool.submit(_embed, beside, following) if following else embedding
            items = [_item(worker, vector) for worker, vector in zip(batch, vectors, strict=True)]
            door.ask("POST", f"/v1/vectors/index/{name}/add", msgspec.json.encode({"items": items}))
            done += len(batch)
            sys.stderr.write(
                f"\r{min(done, len(workers))} of {len(workers)} profiles, "
                f"{time.monotonic() - started:.0f} s"
            )
    while not _is_settled(_state(door, name)):
        if time.monotonic() - started > GRAPH_S:
            sys.exit(f"prepare: the graph of {name} is not there after {GRAPH_S} s")
        time.sleep(0.5)
    door.ask("POST", f"/v1/vectors/index/{name}/save", b"{}")
    sys.stderr.write(f"\r{len(workers)} profiles indexed, {time.monotonic() - started:.0f} s\n")


def _state(door: Door, name: str) -> dict[str, Any]:
    """Return how an index is, and make it where there is none."""
    said = door.ask("GET", f"/v1/vectors/index/{name}")
    if said is None:
        dim = msgspec.json.decode(_asked(door, ["a"]), type=Embedded).dim
        said = door.ask(
            "POST", "/v1/vectors/index", json.dumps({"name": name, "dim": dim}).encode()
        )
    state: dict[str, Any] = json.loads(said or b"{}")
    return state


def _is_settled(state: dict[str, Any]) -> bool:
    exact_rows = 2_000
    return bool(state["searched"] != "exactly" or state["count"] <= exact_rows)


def _embed(door: Door, batch: Sequence[Profile]) -> Embedded:
    return msgspec.json.decode(_asked(door, [worker.text for worker in batch]), type=Embedded)


def _asked(door: Door, texts: list[str]) -> bytes:
    said = door.ask("POST", "/v1/embed", json.dumps({"texts": texts}).encode())
    if said is None:
        sys.exit("prepare: there is no /v1/embed here")
    return said


def _item(worker: Profile, vector: msgspec.Raw) -> dict[str, Any]:
    return {
        "id": worker.worker_id,
        "vector": vector,
        "metadata": {name: getattr(worker, name) for name in _METADATA},
    }


def _rows(name: str, workers: Sequence[Profile]) -> Iterator[str]:
    """Yield a row for each profile of whose kind there are enough active ones to fill a surge."""
    groups = Counter(worker.group for worker in workers if worker.status == "active")
    for worker in workers:
        if groups[worker.group] >= LEAST_OF_A_GROUP:
            row = {
                "index": name,
                "query": worker.query,
                "role": worker.role,
                "city": worker.city,
                "state": worker.state,
                "phone": worker.phone,
            }
            yield json.dumps(row) + "\n"


if __name__ == "__main__":
    sys.exit(main())
