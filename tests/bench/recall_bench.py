"""How much of what comparing everything finds a search by graph finds too, how long each takes; and a restart.

Run: `python -m tests.bench.recall_bench [ITEMS]`, 100,000 without more (some minutes).

Items are texts about workers, embedded by hash-384; queries are questions in other words about some of them. Texts are
what the figures are about: random vectors have no neighbours worth finding, and any graph does badly on them. An item
counts as found if it is as near as the tenth of the true ones, since texts of the same words have the same distance.
"""

import hashlib
import os
import random
import sys
import tempfile
import time
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from reference_impl.embedd.service.hashing import DIM, HashingModel
from reference_impl.vectord.service.index import Index
from reference_impl.vectord.service.search import Query
from reference_impl.vectord.store.changes import put_of
from reference_impl.vectord.store.generations import take_snapshot, write_generation
from reference_impl.vectord.store.graph import DEFAULT_EF
from reference_impl.vectord.wire import IndexSettings
from tests.reference_impl.conftest import running

QUERIES = 400
K = 10
TIE = 2e-6
EFS = (16, 32, 64, 96, 128, 200, 400)

FIRST = [
    "Ada",
    "Ben",
    "Carla",
    "Dev",
    "Elena",
    "Femi",
    "Grace",
    "Hiro",
    "Ines",
    "Jamal",
    "Kofi",
    "Lena",
    "Maria",
    "Noor",
    "Omar",
    "Priya",
    "Quinn",
    "Rosa",
    "Sam",
    "Tariq",
    "Uma",
    "Viktor",
]
LAST = [
    "Adams",
    "Brown",
    "Chen",
    "Diaz",
    "Evans",
    "Flores",
    "Garcia",
    "Hughes",
    "Ito",
    "Jones",
    "Khan",
    "Lopez",
    "Miller",
    "Novak",
    "Okafor",
    "Patel",
    "Reyes",
    "Smith",
    "Tran",
    "Young",
]
TRADES = [
    "forklift operator",
    "warehouse picker",
    "packer",
    "registered nurse",
    "nursing assistant",
    "welder",
    "electrician",
    "plumber",
    "carpenter",
    "line cook",
    "dishwasher",
    "housekeeper",
    "security guard",
    "truck driver",
    "delivery driver",
    "machine operator",
    "assembler",
    "quality inspector",
    "receptionist",
    "data entry clerk",
    "customer service agent",
    "janitor",
    "landscaper",
    "painter",
    "mechanic",
]
CITIES = [
    "Columbus Ohio",
    "Dallas Texas",
    "Miami Florida",
    "Phoenix Arizona",
    "Denver Colorado",
    "Seattle Washington",
    "Boston Massachusetts",
    "Chicago Illinois",
    "Atlanta Georgia",
    "Portland Oregon",
    "Detroit Michigan",
    "Memphis Tennessee",
    "Omaha Nebraska",
    "Tulsa Oklahoma",
    "Fresno California",
    "Austin Texas",
    "Tampa Florida",
    "Dayton Ohio",
    "Toledo Ohio",
    "Mesa Arizona",
    "Boise Idaho",
    "Reno Nevada",
]
SKILLS = [
    "pallet jack",
    "RF scanner",
    "OSHA 10",
    "night shift",
    "bilingual Spanish",
    "ServSafe",
    "hazmat",
    "inventory control",
    "blueprint reading",
    "MIG welding",
    "CPR certified",
    "CDL class A",
    "Excel",
    "cold storage",
    "cherry picker",
    "team lead",
    "conflict resolution",
    "typing",
]
SHIFTS = ["days", "nights", "weekends", "mornings", "on call", "full time", "part time"]


def main(items: int = 100_000) -> None:
    """Build, then measure."""
    model = HashingModel()
    matrix = np.concatenate(
        [_embedded(model, [_profile(n) for n in range(at, min(at + 2_000, items))]) for at in range(0, items, 2_000)]
    )
    queries = _embedded(model, [_question(number) for number in range(QUERIES)])
    index = Index(IndexSettings(name="recall", dim=DIM))
    started_s = time.process_time()
    for at in range(0, items, 2_000):
        rows = range(at, min(at + 2_000, items))
        index.change(put_of([f"w{number}" for number in rows], matrix[at : at + 2_000], [b"{}"] * len(rows)))
    index.settle()
    threadpool_limits(1, user_api="blas")  # as vectord does
    print(f"{items} texts, {DIM} dimensions; graph made in {time.process_time() - started_s:.0f} s of CPU")
    true, exact_us = _compared(matrix, queries)
    print(f"comparing all: {exact_us:.0f} us of CPU a query")
    print(f"{'ef':>5} {'recall@10':>10} {'us of CPU a query':>18}")
    for ef in EFS:
        recall, each_us = _measure(index, queries, true, ef)
        print(f"{ef:>5} {recall:>10.3f} {each_us:>18.0f}{'  (default)' if ef == DEFAULT_EF else ''}")
    index.close()
    _restart(index)


def _restart(index: Index) -> None:
    """Save the index where a vectord finds it, start that, kill it, and start it again."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "vectord/indexes" / hashlib.sha256(index.settings.name.encode()).hexdigest()[:32]
        own.mkdir(parents=True)
        (own / "settings.json").write_bytes(msgspec.json.encode(index.settings))
        with index.lock:
            snapshot = take_snapshot(index.vectors, own, 1)
        write_generation(own, 1, snapshot)
        (own / "log.1").touch()
        for start in ("first", "second"):
            program = ("-m", "reference_impl.vectord")
            with running(Path(folder) / f"log {start}", "--data-dir", folder, program=program) as daemon:
                state = daemon.ask("GET", f"/vectors/index/{index.settings.name}").json()
                fields = Path(f"/proc/{daemon.process.pid}/stat").read_text(encoding="ascii").split()
                cpu_s = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
                memory = f"{daemon.memory_bytes('VmRSS') // 2**20} MiB"
                print(f"{start} start: {cpu_s:.2f} s of CPU, {memory}, {state['count']} items {state['searched']}")
                daemon.process.kill()


def _profile(number: int) -> str:
    chance = random.Random(f"profile {number}")  # noqa: S311
    skills = ", ".join(chance.sample(SKILLS, 3))
    return (
        f"{chance.choice(FIRST)} {chance.choice(LAST)}, {chance.choice(TRADES)} in {chance.choice(CITIES)}. "
        f"Skills: {skills}. "
        f"Available {chance.choice(SHIFTS)} and {chance.choice(SHIFTS)}; {chance.randrange(1, 30)} years of experience."
    )


def _question(number: int) -> str:
    chance = random.Random(f"question {number}")  # noqa: S311
    return (
        f"Need a {chance.choice(TRADES)} near {chance.choice(CITIES)} with {chance.choice(SKILLS)}, "
        f"{chance.choice(SHIFTS)}, {chance.randrange(1, 30)} years"
    )


def _embedded(model: HashingModel, texts: list[str]) -> NDArray[np.float32]:
    return model.embed(texts).astype(np.float32)


def _compared(matrix: NDArray[np.float32], queries: NDArray[np.float32]) -> tuple[list[float], float]:
    """Give the distance of the tenth nearest of each query, and what a query costs."""
    started_s = time.process_time()
    tenth = [float(np.partition(1 - matrix @ query, K - 1)[K - 1]) for query in queries]
    return tenth, (time.process_time() - started_s) / len(queries) * 1e6


def _measure(index: Index, queries: NDArray[np.float32], tenth: list[float], ef: int) -> tuple[float, float]:
    asked = [Query(vector=query, k=K, ef=ef, conditions={}) for query in queries]
    index.search(asked[0])
    started_s = time.process_time()
    answers = [index.search(query) for query in asked]
    each_us = (time.process_time() - started_s) / len(asked) * 1e6
    near = [sum(hit.distance <= limit + TIE for hit in hits) / K for hits, limit in zip(answers, tenth, strict=True)]
    return float(np.mean(near)), each_us


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
