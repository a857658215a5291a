"""The shop of the fuzz bench in a process of its own."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextlib.contextmanager
def served(plants: str = "") -> Iterator[int]:
    """Serve a shop with plants, their names between commas, and yield its port."""
    words = [sys.executable, "-m", "tests.bench.fuzz_shop_server", "0", *filter(None, [plants])]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()
