"""Kill vectord with -9 under writes and saves repeatedly, and count what it lost.

Only what it acknowledged counts.

Run: `python -m tests.bench.vectord_kill_bench [ROUNDS [SEED]]`, 200 rounds without more.
The exit code is 1 if anything is lost.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.reference_impl.vectord.killing import WRITERS, kill_rounds


def main(rounds: int = 200, seed: int = 1) -> int:
    """Run the rounds and print what they showed."""
    started_s = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        tally = kill_rounds(Path(folder), rounds, seed)
    print(
        f"{tally.rounds} kills of {WRITERS} writers and a saver in "
        f"{time.monotonic() - started_s:.0f} s, seed {seed}"
    )
    print(f"{tally.acknowledged} requests acknowledged, {tally.saves} saves")
    print(f"{len(tally.faults)} items lost, doubled or wrong")
    for fault in tally.faults[:20]:
        print(f"  {fault}")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
