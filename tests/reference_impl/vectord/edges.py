"""Which sharp edges of hnswlib 0.8 have a test, why the others have none, and a plain use of it.

Where a plain use kills the process or reads foreign memory, it does so in a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WITHOUT_A_TEST = {
    6: "how a plain service dies is luck: test_soak, and tests/bench/vectord_soak.py with --plain",
    14: "an upsert is a new row: test_port.test_an_upsert_replaces_whole_items",
    19: "a search that comes up short beside changes is luck: test_soak",
    20: "an error of a search leaks; none is provoked, since no more is asked for than lives "
    "(edges 17 and 18)",
    25: "saving a graph holds the interpreter, there is no other way: once a save, none while it "
    "is unchanged",
    27: "room costs little: the capacity is lavish; the price is in docs/performance.md",
}

PLAIN = """
import hnswlib, numpy as np, os, threading, time
def made(count, dim=16, **more):
    index = hnswlib.Index("cosine", dim)
    index.init_index(max(count, 1000), M=16, ef_construction=200, random_seed=1, **more)
    index.add_items(np.random.default_rng(0).standard_normal((count, dim)).astype("f4"), np.arange(count))
    return index
"""

TESTED: set[int] = set()


def edge(*numbers: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Say which edges a test is about."""
    TESTED.update(numbers)
    return lambda test: test


def plain(code: str) -> subprocess.CompletedProcess[str]:
    """Use hnswlib as its README does, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", PLAIN + dedent(code)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
