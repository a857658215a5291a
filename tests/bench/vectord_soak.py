"""Soak the indexes of vectord: 16 threads for 60 s.

There are six small indexes and one of 50,000 items of 384 dimensions.

Run: `python -m tests.bench.vectord_soak [SECONDS [ITEMS]]`; the exit code is 1 if any answer was
wrong. `--plain` does the like with hnswlib as its README has it, without a lock: it is likely to
end with a signal, or never.
"""

import random
import sys
import threading
import time

import hnswlib
import numpy as np

from tests.reference_impl.vectord.holding import compared, query, unit_vectors
from tests.reference_impl.vectord.soaking import soak

THREADS = 16
TIE = 2e-6  # many items are the same
DIM = 384


def main(seconds: int = 60, items: int = 50_000) -> int:
    """Soak, then measure what the large index finds."""
    state = soak(seconds=seconds, threads=THREADS, items=items)
    total = sum(state.counts.values())
    print(f"{total} operations of {THREADS} threads in {seconds} s, {total / seconds:.0f}/s")
    print(", ".join(f"{kind} {count}" for kind, count in sorted(state.counts.items())))
    print(
        f"{state.large.rebuilds} times a graph was made over the large index, {len(state.large)} "
        "items at the end"
    )
    state.large.settle()
    rows = state.large.vectors.rows
    items_there = {item_id: rows.vectors[row] for item_id, row in rows.row_of.items()}
    shares = []
    for vector in unit_vectors(50, DIM, seed=99):
        tenth = compared(items_there, vector, 10)[-1][0]
        hits = state.large.search(query(vector, 10))
        shares.append(sum(hit.distance <= tenth + TIE for hit in hits) / 10)
    state.close()
    print(
        f"recall@10 {np.mean(shares):.3f}; {sum(state.faults.values())} wrong answers "
        f"{dict(state.faults)}"
    )
    return 1 if state.faults else 0


def plain(seconds: int = 15) -> int:
    """Add, delete and search from threads, growing when full."""
    index = hnswlib.Index("cosine", DIM)
    index.init_index(16, allow_replace_deleted=True)
    matrix = unit_vectors(5_000, DIM, seed=7)
    end_s = time.monotonic() + seconds

    def work(number: int) -> None:
        chance = random.Random(number)  # noqa: S311
        while time.monotonic() < end_s:
            item_id = chance.randrange(2_000)
            try:
                if index.get_current_count() >= index.get_max_elements():
                    index.resize_index(2 * index.get_max_elements())
                index.add_items(
                    matrix[item_id][None], [item_id], num_threads=1, replace_deleted=True
                )
                index.knn_query(matrix[item_id][None], k=5, num_threads=1)
                index.mark_deleted(item_id)
            except RuntimeError:
                continue

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print("it survived this time")
    return 0


if __name__ == "__main__":
    arguments = sys.argv[1:]
    sys.exit(plain() if arguments == ["--plain"] else main(*map(int, arguments)))
