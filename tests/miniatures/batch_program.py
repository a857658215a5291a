"""A command that leaves files, with habits to choose from its first argument.

`copies` rewrites `in.jsonl` as `out/rows.jsonl` and says how many rows there were; `reorders`
writes the rows in another order; `tears` leaves the last line without its end; `rounds` writes
numbers as floats; `drops` leaves a row out; `fails` exits with 3; `crashes` kills itself; `hangs`
never ends; `eats` takes memory without end; `floods` prints without end; `litters` leaves many
files; `deletes` removes its input; `leaves` starts a daemon that outlives it; `tells` prints its
environment and clock.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROWS = Path("in.jsonl")


def main() -> int:
    """Do what the first argument says."""
    habit = HABITS[sys.argv[1]]
    return habit() or 0


def rows() -> list[dict[str, object]]:
    """Return the rows of the input."""
    return [json.loads(line) for line in ROWS.read_text().splitlines()]


def write(lines: list[dict[str, object]], end: str = "\n") -> None:
    """Write rows where they belong."""
    Path("out").mkdir(exist_ok=True)
    Path("out/rows.jsonl").write_text("\n".join(map(json.dumps, lines)) + end)
    sys.stdout.write(json.dumps({"rows": len(lines)}) + "\n")


def fails() -> int:
    sys.stderr.write("no such thing\n")
    return 3


def crashes() -> None:
    sys.stderr.write("about to die\n")
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def eats() -> None:
    held = []
    while True:
        held.append(b"x" * (8 << 20))
        time.sleep(0.01)


def floods() -> None:
    while True:
        sys.stdout.write("x" * (1 << 20))


def litters() -> None:
    for number in range(10_001):
        Path(f"{number}.txt").touch()


def leaves() -> None:
    daemon = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True
    )
    Path("daemon.json").write_text(json.dumps({"pid": daemon.pid}))


def tells() -> None:
    names = ("CONFORMANCE_CLOCK", "GIVEN", "OWN", "SECRET_OF_THE_SHELL", "PORT")
    sys.stdout.write(json.dumps({name: os.environ.get(name) for name in names}))


HABITS: dict[str, Callable[[], int | None]] = {
    "copies": lambda: write(rows()),
    "reorders": lambda: write(rows()[::-1]),
    "tears": lambda: write(rows(), end=""),
    "rounds": lambda: write([{**row, "n": float(str(row["n"]))} for row in rows()]),
    "drops": lambda: write(rows()[:-1]),
    "fails": fails,
    "crashes": crashes,
    "hangs": lambda: time.sleep(60),
    "eats": eats,
    "floods": floods,
    "litters": litters,
    "deletes": ROWS.unlink,
    "leaves": leaves,
    "tells": tells,
}

if __name__ == "__main__":
    sys.exit(main())
