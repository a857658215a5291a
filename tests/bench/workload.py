"""What the benches of whole runs share: a server, the exchanges, suites that ask them.

The server is too fast to be what is measured.

Every second exchange is a GET answered 200, the others are a POST answered 201; bodies and answers
are about 300 bytes. Below `/one` every answer has one spelling, below `/other` another: same
members and types, other order and values.
"""

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[2]
ENVIRONMENT: Final = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}
CASES_A_FILE: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request, and the status that must come back."""

    number: int
    method: str
    target: str
    body: str | None
    status: int

    @property
    def name(self) -> str:
        """Return a name that is one of its kind."""
        return f"exchange-{self.number}"


def exchanges(count: int, first: int = 0) -> list[Exchange]:
    """Return so many exchanges, half of them with a body."""
    return [_exchange(number) for number in range(first, first + count)]


def _exchange(number: int) -> Exchange:
    if number % 2:
        return Exchange(
            number=number, method="POST", target="/orders", body=_order(number), status=201
        )
    return Exchange(number=number, method="GET", target=f"/orders/{number}", body=None, status=200)


def _order(number: int) -> str:
    order: dict[str, Any] = {
        "customer": f"customer-{number:06d}",
        "placed": "2026-11-24T09:30:00Z",
        "lines": [
            {"article": "A-1001", "quantity": 2, "price": 19.95, "note": None},
            {
                "article": "B-2002",
                "quantity": number % 7,
                "price": 4.5,
                "note": "gift wrap, please",
            },
        ],
        "express": number % 3 == 0,
        "address": {"street": "1 Example Street", "city": "Example", "zip": "12345"},
        "total": 44.4,
    }
    return json.dumps(order)


def write_suites(folder: Path, count: int) -> None:
    """Write suites with the given case count, with files far below the reader's limits.

    The cases are split over the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, count, CASES_A_FILE):
        part = first // CASES_A_FILE
        asked = exchanges(min(CASES_A_FILE, count - first), first)
        (folder / f"part-{part:03d}.yaml").write_text(
            suite(f"bench/part-{part:03d}", asked), encoding="utf-8"
        )


def suite(name: str, asked: Sequence[Exchange]) -> str:
    """Return the text of a suite file."""
    return f"suite: {name}\ncases:\n" + "".join(map(_case, asked))


def _case(asked: Exchange) -> str:
    body = "" if asked.body is None else f"      json: {asked.body}\n"
    request = f"    request:\n      {asked.method}: {asked.target}\n{body}"
    return f"  - name: {asked.name}\n{request}    expect: {{status: {asked.status}}}\n"


@contextlib.contextmanager
def fast_server() -> Iterator[str]:
    """Start the server in a process of its own; yields its URL, without a path."""
    command = (sys.executable, str(Path(__file__).with_name("fast_server.py")))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def measured(command: Sequence[str], folder: Path, *, red_is_fine: bool = False) -> "Use":
    """Run a command to its end in a folder, and return what it used, its children with it.

    1 says that a run is red.
    """
    with (folder / "output").open("wb") as output:
        started = os.times().elapsed
        process = subprocess.Popen(
            command, cwd=folder, env=ENVIRONMENT, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        wall_s = os.times().elapsed - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ({0, 1} if red_is_fine else {0}):
        said = (folder / "output").read_text(encoding="utf-8", errors="replace")[-2_000:]
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return Use(cpu_s=used.ru_utime + used.ru_stime, wall_s=wall_s, peak_mib=used.ru_maxrss / 1024)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Resource use of commands: total CPU time and wall clock, and peak process memory.

    CPU time is user and system, and memory is that of the largest process.
    """

    cpu_s: float
    wall_s: float
    peak_mib: float

    def __add__(self, other: "Use") -> "Use":
        """Return the use of two commands run one after the other."""
        return Use(
            cpu_s=self.cpu_s + other.cpu_s,
            wall_s=self.wall_s + other.wall_s,
            peak_mib=max(self.peak_mib, other.peak_mib),
        )
