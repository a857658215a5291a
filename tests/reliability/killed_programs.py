"""R5, R9 and R19: the harness, a writer of files and a daemon are ended at any moment."""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

from conformance.errors import ConformanceError
from conformance.records.read import read_record
from tests.cli.command import conformance
from tests.reference_impl.conftest import LiveDaemon, running
from tests.reliability.row import SEED, Figure
from tests.runner.process.test_process_faults import MARK, left_of
from tests.runner.starting import PROGRAM

_SUITE: Final = """\
suite: s
cases:
  - {name: one, matrix: {n: NUMBERS}, request: {GET: "/${n}"}}
"""
_CASES: Final = 40
_LONGEST_S: Final = 2.5
"""A whole run takes about as long, with the start of the runtimes and the reports at its end."""
_PATIENCE_S: Final = 1.0
_WRITER: Final = """
import sys
from pathlib import Path
from conformance.atomic_file import replace_file
number = 0
while True:
    number += 1
    replace_file(Path(sys.argv[1]), b"%d " % number + b"x" * 100_000 + b" %d" % number)
"""
_OBSERVERD: Final = ("-m", "reference_impl", "observerd")
_JSON: Final = {"content-type": "application/json"}
_EXIT_S: Final = 6.0


def harness_kills(rounds: int) -> Figure:
    """Kill runs with -9; look for processes, unreadable files, and whether the next run works."""
    chance = random.Random(SEED)  # noqa: S311 - the same moments in every run
    orphans, unreadable = 0, []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _write_project(folder)
        for _ in range(rounds):
            _killed_run(folder, chance.uniform(0.05, _LONGEST_S))
            orphans += len(_left(folder))
        unreadable = [str(file.relative_to(folder)) for file in _unreadable(folder)]
        after = conformance("run", "s.yaml", cwd=folder)
        left = [file.name for file in folder.rglob("*.tmp")]
    return Figure(
        text=(
            f"{rounds} kills: {orphans} processes left after {_PATIENCE_S:.0f} s, "
            f"{len(unreadable)} unreadable files, the next run exits with {after.returncode}"
        ),
        is_met=orphans == 0 and not unreadable and after.returncode == 0,
        numbers={"unreadable": unreadable, "unfinished files": len(left)},
    )


def _write_project(folder: Path) -> None:
    (folder / "s.yaml").write_text(_SUITE.replace("NUMBERS", str(list(range(_CASES)))))
    command = json.dumps(["${python}", str(PROGRAM), "${port}"])
    runtime = f"{{command: {command}, environment: {{{MARK}: {folder}}}}}"
    (folder / "runtimes.yaml").write_text(f"runtimes:\n  a: {runtime}\n  b: {runtime}\n")


def _killed_run(folder: Path, after_s: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "conformance", "run", "s.yaml"],
        cwd=folder,
        env={**os.environ, MARK: str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
    process.kill()
    process.wait()


def _left(folder: Path) -> list[int]:
    """Return the processes of a run that live on; those that are being ended have their time."""
    end_s = time.monotonic() + _PATIENCE_S
    while (left := left_of(folder)) and time.monotonic() < end_s:
        time.sleep(0.02)
    return left


def _unreadable(folder: Path) -> Iterator[Path]:
    """Yield the files of reports that cannot be read as what they are."""
    for file in folder.rglob("*"):
        if file.suffix not in {".json", ".xml", ".ndjson"} or not file.is_file():
            continue
        try:
            _read(file)
        except (ValueError, ET.ParseError, ConformanceError):
            yield file


def _read(file: Path) -> None:
    if file.suffix == ".json":
        json.loads(file.read_bytes())
    elif file.suffix == ".xml":
        ET.parse(file)  # noqa: S314 - our own
    elif b"\n" in file.read_bytes():  # before that it has not even a header, and no run has begun
        list(read_record(file.parent))


def file_kills(rounds: int, reads: int) -> Figure:
    """Kill a program that replaces a file without end, while the file is read."""
    chance = random.Random(SEED)  # noqa: S311 - the same moments in every run
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "file"
        read = _Read()
        for number in range(rounds):
            writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(file)])
            read.until(file, time.monotonic() + 10, first=True)
            read.until(file, time.monotonic() + chance.uniform(0, 0.1))
            writer.kill()
            writer.wait()
            wanted = reads * (number + 1) // rounds
            while read.count < wanted:
                read.once(file)
    return Figure(
        text=f"{rounds} kills, {read.count:,} reads, {read.torn} of a part",
        is_met=read.torn == 0 and read.count >= reads,
        numbers={"reads": read.count},
    )


@dataclass(slots=True)
class _Read:
    """How often a file was read, and how often it was not whole."""

    count: int = 0
    torn: int = 0

    def until(self, file: Path, end_s: float, *, first: bool = False) -> None:
        """Read again and again; with `first` only until the file is there."""
        while time.monotonic() < end_s and not (first and file.exists()):
            self.once(file)

    def once(self, file: Path) -> None:
        """Read a file that begins and ends with the number of its writing."""
        if not file.exists():
            time.sleep(0.001)
            return
        first, *_, last = file.read_bytes().split(b" ") or [b"", b"?"]
        self.count += 1
        self.torn += first != last


def daemon_ends(rounds: int) -> Figure:
    """End observerd by SIGTERM under load: no event that it acknowledged may be missing."""
    chance = random.Random(SEED)  # noqa: S311 - the same moments in every run
    load, slowest_s, codes = _Load(), 0.0, set()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for number in range(rounds):
            with _observerd(folder, number) as daemon:
                threads = load.begin(daemon.port)
                time.sleep(chance.uniform(0.05, 0.4))
                started_s = time.monotonic()
                daemon.process.send_signal(signal.SIGTERM)
                codes.add(daemon.process.wait(timeout=20))
                slowest_s = max(slowest_s, time.monotonic() - started_s)
                for thread in threads:
                    thread.join()
        with _observerd(folder, rounds) as daemon:
            there = _sequence_numbers(daemon)
    lost = len(set(load.acknowledged) - there)
    return Figure(
        text=(
            f"{rounds} times SIGTERM under {_Load.clients} clients: slowest end {slowest_s:.2f} s, "
            f"exit codes {sorted(codes)}; {len(load.acknowledged):,} events acknowledged, {lost} "
            f"lost, {load.truncated} answers cut off"
        ),
        is_met=(
            slowest_s <= _EXIT_S
            and codes == {0}
            and lost == 0
            and load.truncated == 0
            and bool(load.acknowledged)
        ),
        numbers={"slowest_s": round(slowest_s, 3), "acknowledged": len(load.acknowledged)},
    )


def _observerd(folder: Path, number: int) -> Any:
    return running(folder / f"log{number}", "--data-dir", str(folder), program=_OBSERVERD)


def _sequence_numbers(daemon: LiveDaemon) -> set[int]:
    numbers: set[int] = set()
    after = 0
    while True:
        page = daemon.ask("GET", f"/observer/events?limit=1000&after={after}").json()
        numbers.update(event["seq"] for event in page["events"])
        if not page["has_more"]:
            return numbers
        after = page["next_after"]


@dataclass(slots=True)
class _Load:
    """Clients that record events until nobody listens."""

    clients = 4
    acknowledged: list[int] = field(default_factory=list)
    truncated: int = 0

    def begin(self, port: int) -> list[threading.Thread]:
        """Start the clients."""
        threads = [threading.Thread(target=self._use, args=(port,)) for _ in range(self.clients)]
        for thread in threads:
            thread.start()
        return threads

    def _use(self, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        event = json.dumps({"source": "load", "outcome": "ok"})
        while True:
            try:
                connection.request("POST", "/observer/event", event, _JSON)
                answer = connection.getresponse()
            except (OSError, http.client.HTTPException):
                connection.close()
                return
            try:
                body = json.loads(answer.read())
            except (http.client.HTTPException, ValueError, OSError):
                self.truncated += 1
                return
            if answer.status == http.client.ACCEPTED:
                self.acknowledged.append(body["seq"])
