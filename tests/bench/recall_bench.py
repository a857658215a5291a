"""How much of what comparing everything finds a search by graph finds too, how long each takes.

And a restart.

Run: `python -m tests.bench.recall_bench [PROFILES]`, 100,000 without more (some minutes).

Items are the worker profiles of the multitier load, embedded by an embedd that is asked over its
port, in an index of default settings. Queries are what the load's scenarios ask, of active workers
all over the corpus: as they are, among the active ones only, and with all the conditions of
`surge_fill_validate`.
"""

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from reference_impl.vectord.service.index import Index
from reference_impl.vectord.store.generations import take_snapshot, write_generation
from reference_impl.vectord.store.graph import DEFAULT_EF
from tests.reference_impl.conftest import JSON, LiveDaemon, running
from tests.reference_impl.vectord.recalling import (
    ACTIVE,
    SURGE,
    Asked,
    ask_about,
    index_of,
    recall,
    vectors_of,
    workers_of,
)

QUERIES = 400
EFS = (16, 32, 64, 96, 128, 200, 400)


def main(count: int = 100_000) -> None:
    """Build, then measure."""
    workers = workers_of(count)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(
            Path(folder) / "log", "--data-dir", folder, program=("-m", "reference_impl", "embedd")
        ) as embedd,
    ):

        def embed(texts: list[str]) -> NDArray[np.float32]:
            return _embedded(embedd, texts)

        vectors = vectors_of(workers, embed)
        asked = {
            members: list(ask_about(workers, vectors, embed, QUERIES, members))
            for members in ((), ACTIVE, SURGE)
        }
    started_s = time.process_time()
    index = index_of(workers, vectors)
    print(
        f"{count} profiles, {vectors.shape[1]} dimensions; graph made in "
        f"{time.process_time() - started_s:.0f} s of CPU"
    )
    threadpool_limits(1, user_api="blas")  # as vectord does
    print(f"comparing all: {_compared_us(vectors, asked[()]):.0f} us of CPU a query")
    print(f"{'ef':>5} {'recall@10':>10} {'us of CPU a query':>18}")
    for ef in EFS:
        each_us, found = _measure(
            index, [replace(each, query=replace(each.query, ef=ef)) for each in asked[()]]
        )
        print(f"{ef:>5} {found:>10.3f} {each_us:>18.0f}{'  (default)' if ef == DEFAULT_EF else ''}")
    for members in (ACTIVE, SURGE):
        each_us, found = _measure(index, asked[members])
        print(f"{', '.join(members)} given: {found:.3f}, {each_us:.0f} us of CPU a query")
    index.close()
    _restart(index)


def _embedded(embedd: LiveDaemon, texts: list[str]) -> NDArray[np.float32]:
    answer = embedd.ask("POST", "/embed", msgspec.json.encode({"texts": texts}), JSON)
    return np.array(msgspec.json.decode(answer.body)["vectors"], np.float32)


def _compared_us(vectors: NDArray[np.float32], asked: Sequence[Asked]) -> float:
    """Give what a query costs that compares everything."""
    started_s = time.process_time()
    for each in asked:
        np.partition(1 - vectors @ each.query.vector, each.query.k - 1)
    return (time.process_time() - started_s) / len(asked) * 1e6


def _measure(index: Index, asked: Sequence[Asked]) -> tuple[float, float]:
    """Give what a query costs, and the recall."""
    index.search(asked[0].query)
    started_s = time.process_time()
    found = recall(index, asked)
    return (time.process_time() - started_s) / len(asked) * 1e6, found


def _restart(index: Index) -> None:
    """Save the index where a vectord finds it, start that, kill it, and start it again."""
    with tempfile.TemporaryDirectory() as folder:
        own = (
            Path(folder)
            / "vectord/indexes"
            / hashlib.sha256(index.settings.name.encode()).hexdigest()[:32]
        )
        own.mkdir(parents=True)
        (own / "settings.json").write_bytes(msgspec.json.encode(index.settings))
        with index.lock:
            snapshot = take_snapshot(index.vectors, own, 1)
        write_generation(own, 1, snapshot)
        (own / "log.1").touch()
        for start in ("first", "second"):
            program = ("-m", "reference_impl", "vectord")
            with running(
                Path(folder) / f"log {start}", "--data-dir", folder, program=program
            ) as daemon:
                state = daemon.ask("GET", f"/vectors/index/{index.settings.name}").json()
                fields = (
                    Path(f"/proc/{daemon.process.pid}/stat").read_text(encoding="ascii").split()
                )
                cpu_s = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
                memory = f"{daemon.memory_bytes('VmRSS') // 2**20} MiB"
                print(
                    f"{start} start: {cpu_s:.2f} s of CPU, {memory}, {state['count']} items "
                    f"{state['searched']}"
                )
                daemon.process.kill()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
