"""Writers in three languages append to one log and are killed.

What was acknowledged has to be there once.

    python -m tests.batch.shared_log_rounds [--rounds 1000] [--seed 1]     prints the counts for
    docs/reliability.md

A writer is a small program over the append of its runtime's `replay`, and prints the id of each
record when the append has returned. In a round one of the three, chosen by the seed, is killed with
-9 at a moment of the seed's choosing and started again, while the others go on. After every
`ROUNDS_A_LOG` rounds the log is read as its page says and a new one begun. The words are those of
set tests: an *acknowledged* record that is not there is *lost*, one that is there twice *doubled*;
an unreadable line is *torn*, and *glued* if another record went down with it.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[2]
BUN = ROOT / "peers/ts/node_modules/.bin/bun"
LOG = "data/_kb/replay_runs.jsonl"
ROUNDS_A_LOG = 50
SIZES = (
    "20",
    "200",
    "20",
    "6000",
    "20",
    "600",
    "20",
    "65000",
)  # of the task; a record is at most 65,536 bytes
TEMPLATE = json.dumps(
    {
        "schema": "replay_run.v1", "run_id": "RUN_ID", "task": "TASK", "task_hash": "0" * 64,
            "retrieved": [],
        "bundle_chars": 0, "model": "local", "escalation_path": ["local"], "passed": True,
            "reasons": [],
        "prompt_tokens": 0, "completion_tokens": 0, "latency_ms": 0,
        "recorded_at": "2026-11-25T12:00:00.000Z",
    },
    separators=(",", ":"),
)  # fmt: skip
_FIRST_ACKNOWLEDGEMENT_S = 20.0
_LONGEST_S = 0.03


@dataclass(slots=True)
class Counts:
    """What became of the records of all logs."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    torn: int = 0
    glued: int = 0
    unacknowledged_but_present: int = 0

    @property
    def verdict(self) -> str:
        """Say `kept`, `broken`, or `unknown` where nothing was acknowledged."""
        if not self.acknowledged:
            return "unknown"
        return "broken" if self.lost or self.doubled or self.glued else "kept"

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.acknowledged} acknowledged: {self.lost} lost, "
            f"{self.doubled} doubled; {self.torn} torn lines, {self.glued} of them glued; "
            f"{self.unacknowledged_but_present} there without acknowledgement: {self.verdict}"
        )

    def add(self, log: bytes, acknowledged: set[str]) -> None:
        """Read a log as its page says, and count."""
        present: Counter[str] = Counter()
        for line in log.split(b"\n")[:-1]:
            try:
                present[json.loads(line)["run_id"]] += 1
            except (ValueError, TypeError, KeyError):  # no JSON, or no record
                self.torn += bool(line)
                self.glued += line.count(b'"schema":') > 1
        self.acknowledged += len(acknowledged)
        self.lost += len(acknowledged - present.keys())
        self.doubled += sum(count > 1 for count in present.values())
        self.unacknowledged_but_present += len(present.keys() - acknowledged)


@dataclass(slots=True)
class Writer:
    """A program that appends, and the ids that it acknowledged."""

    process: subprocess.Popen[str]
    acknowledged: list[str] = field(default_factory=list)
    _reader: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            self.acknowledged.extend(line.rstrip("\n") for line in said if line.endswith("\n"))

    def wait_for_one(self) -> None:
        """Wait until it has acknowledged a record."""
        end_s = time.monotonic() + _FIRST_ACKNOWLEDGEMENT_S
        while not self.acknowledged:
            if self.process.poll() is not None or time.monotonic() > end_s:
                raise RuntimeError(f"a writer appends nothing: {self.process.args!r}")
            time.sleep(0.001)

    def kill(self) -> list[str]:
        """Kill it, and give all that it acknowledged."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._reader.join()
        return self.acknowledged


def play(
    programs: Mapping[str, Sequence[str]], rounds: int, seed: int, *, tells: bool = False
) -> Counts:
    """Play rounds with a writer of each program."""
    chance = random.Random(seed)  # noqa: S311  # which writer dies when is no secret
    counts = Counts()
    started_s = time.monotonic()
    while counts.kills < rounds:
        with tempfile.TemporaryDirectory() as folder:
            _play_one_log(
                programs,
                Path(folder) / LOG,
                min(ROUNDS_A_LOG, rounds - counts.kills),
                chance,
                counts,
            )
        if tells:
            left_s = (time.monotonic() - started_s) / counts.kills * (rounds - counts.kills)
            sys.stderr.write(f"\r{counts.kills} of {rounds} rounds, {left_s:.0f} s left ")
    return counts


def _play_one_log(
    programs: Mapping[str, Sequence[str]],
    log: Path,
    rounds: int,
    chance: random.Random,
    counts: Counts,
) -> None:
    acknowledged: set[str] = set()
    writers = {name: start_writer(programs[name], log, name) for name in programs}
    try:
        for number in range(rounds):
            name = chance.choice(sorted(programs))
            writers[name].wait_for_one()
            time.sleep(chance.uniform(0, _LONGEST_S))
            acknowledged.update(writers[name].kill())
            counts.kills += 1
            writers[name] = start_writer(programs[name], log, f"{name}-{number}")
    finally:
        for writer in writers.values():
            acknowledged.update(writer.kill())
    counts.add(log.read_bytes(), acknowledged)


def start_writer(program: Sequence[str], log: Path, name: str) -> Writer:
    command = [*program, str(log), name, TEMPLATE, *SIZES]
    return Writer(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))


def build_programs(folder: Path) -> dict[str, list[str]]:
    """Build the writer in Go, and give all three."""
    appender = folder / "appender"
    build = [
        "go",
        "build",
        "-trimpath",
        "-buildvcs=false",
        "-o",
        str(appender),
        "./internal/durable/appender",
    ]
    subprocess.run(build, cwd=ROOT / "peers/go", check=True)
    return {
        "go": [str(appender)],
        "python": [sys.executable, "-m", "tests.batch.appender"],
        "typescript": [str(BUN), "peers/ts/test/appender.ts"],
    }


def main() -> None:
    """Play, and print the counts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--rounds",
        type=int,
        default=1000,
        help="how many writers are killed (default: %(default)s)",
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="who is killed when (default: %(default)s)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts = play(
            build_programs(Path(folder)), options.rounds, options.seed, tells=sys.stderr.isatty()
        )
    sys.stdout.write(f"{counts}\n")
    sys.exit(counts.verdict != "kept")


if __name__ == "__main__":
    main()
