"""What the worst input costs a run: CPU, memory, what is said, and how soon a signal ends it.

    python -m tests.reliability.hostile_input        writes the table of docs/faults.md

Each input is answered by two runtimes, or left by a command, in a run of one case with the default
budget.  The run is made twice: once to its end, and once with SIGTERM while it is busy.
"""

import contextlib
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from conformance.atomic_file import replace_file
from tests.bench.workload import ENVIRONMENT, measured
from tests.miniatures import faulty
from tests.miniatures.server import Received, Reply, Service, serve, serve_script
from tests.reliability.measurement import ROOT, commit, machine

PAGE: Final = ROOT / "docs/faults.md"
BEGIN: Final = (
    "<!-- costs:begin; `python -m tests.reliability.hostile_input` writes what follows -->"
)
END: Final = "<!-- costs:end -->"
PROGRAM: Final = ROOT / "tests/miniatures/hostile_batch_program.py"
MIB: Final = 1 << 20
_RUN: Final = """
import atexit, re, resource, sys
from pathlib import Path
def note() -> None:
    own = int(re.search(r"VmHWM:\\s+([0-9]+)", Path("/proc/self/status").read_text())[1])
    Path("peak").write_text(str(max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)))
atexit.register(note)
sys.argv[0] = "conformance"
from conformance.cli import main
main()
"""
"""Notes the peak of memory of the largest process: its own, or a copy of it that compares.

Its own by rusage would include the memory of who has started it.
"""
_BUSY_S: Final = 0.5
_PATIENCE_S: Final = 60
_JSON: Final = "application/json"
_SUITE: Final = "suite: s\ncompare: value\ncases:\n  - {name: one, request: {GET: /}}\n"
_BATCH: Final = "suite: s\ncases:\n  - {name: one, run: {args: [HABIT], files: {in.jsonl: a}}}\n"
_SAID: Final = ("no answer from", "took too long", "1 case: 1 ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """What two runtimes answer, a script that they follow, or what a command does."""

    name: str
    bodies: Callable[[], tuple[bytes, bytes]] | None = None
    label: str = _JSON
    script: Any = None
    habit: str = ""


def _alike(body: bytes) -> tuple[bytes, bytes]:
    return body, body


def _rows(count: int, member: str) -> bytes:
    rows = ({member: number, "name": f"row {number}", "tags": [number]} for number in range(count))
    return json.dumps(list(rows)).encode()


def _members(count: int, letter: str) -> bytes:
    return json.dumps({f"{letter}{number}": number for number in range(count)}).encode()


def _lines(size: int, word: str) -> bytes:
    return b"".join(b"%d,%s\n" % (number, word.encode()) for number in range(size // 16))


INPUTS: Final = (
    Input(name="15 MB of JSON, the same", bodies=lambda: _alike(_rows(290_000, "n"))),
    Input(
        name="15 MB of JSON, every element differs",
        bodies=lambda: (_rows(290_000, "n"), _rows(290_000, "m")),
    ),
    Input(
        name="10 MB of JSON, 600,000 members, the same",
        bodies=lambda: _alike(_members(600_000, "m")),
    ),
    Input(
        name="10 MB of JSON, 600,000 members, none in common",
        bodies=lambda: (_members(600_000, "a"), _members(600_000, "b")),
    ),
    Input(
        name="15 MB of text, every line differs",
        bodies=lambda: (_lines(15 * MIB, "aaaa"), _lines(15 * MIB, "bbbb")),
        label="text/plain",
    ),
    Input(
        name="15 MB of a table, every row differs",
        bodies=lambda: (_lines(15 * MIB, "aaaa"), _lines(15 * MIB, "bbbb")),
        label="text/csv",
    ),
    Input(
        name="15 MB of XML, every element differs",
        bodies=lambda: (
            b"<r>" + b"<a>1</a>" * (15 * MIB // 8) + b"</r>",
            b"<r>" + b"<a>2</a>" * (15 * MIB // 8) + b"</r>",
        ),
        label="application/xml",
    ),
    Input(
        name="15 MB of events, each differs",
        bodies=lambda: (b'data: {"a":1}\n\n' * MIB, b'data: {"a":2}\n\n' * MIB),
        label="text/event-stream",
    ),
    Input(name="JSON nested 2,000,000 deep", bodies=lambda: _alike(b"[" * 2_000_000)),
    Input(name="a body without end", script=faulty.endless_body),
    Input(name="a body that unpacks to 1 GiB", script=faulty.gzip_bomb),
    Input(name="a body that drips", script=faulty.drips_body),
    Input(name="a command that leaves a file of 1 TiB", habit="inflates"),
    Input(name="a command that leaves 3,000 folders in one another", habit="digs"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What an input cost: seconds of CPU, MiB at the peak, what was said, seconds after SIGTERM."""

    cpu_s: float
    peak_mib: float
    text: str
    ended_s: float


def cost(each: Input) -> Cost:
    """Make both runs of an input."""
    with tempfile.TemporaryDirectory() as scratch, _runtimes(each, Path(scratch)) as words:
        folder = Path(scratch)
        command = (sys.executable, "-c", _RUN, "run", "s.yaml", *words)
        used = measured(command, folder, red_is_fine=True)
        output = (folder / "output").read_text()
        said = next(line for mark in _SAID for line in output.splitlines() if mark in line)
        return Cost(
            cpu_s=used.cpu_s,
            peak_mib=int((folder / "peak").read_text()) / 1024,
            text=said.partition("] ")[2] or said,
            ended_s=_ended_s(command, folder),
        )


def _ended_s(command: tuple[str, ...], folder: Path) -> float:
    """Return how long a run lives after SIGTERM, sent when it has been busy for a moment."""
    (folder / "asked").unlink(missing_ok=True)
    with subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        end_s = time.monotonic() + _PATIENCE_S
        while not (folder / "asked").exists() and time.monotonic() < end_s:
            time.sleep(0.01)
        time.sleep(_BUSY_S)
        started_s = time.monotonic()
        run.send_signal(signal.SIGTERM)
        run.wait(_PATIENCE_S)
        return time.monotonic() - started_s


@contextlib.contextmanager
def _runtimes(each: Input, folder: Path) -> Iterator[tuple[str, ...]]:
    """Write the suite, and yield the words that name the runtimes."""
    (folder / "s.yaml").write_text(_BATCH.replace("HABIT", each.habit) if each.habit else _SUITE)
    if each.habit:
        command = json.dumps(
            ["sh", "-c", f"touch {folder}/asked; exec {sys.executable} {PROGRAM} $0"]
        )
        (folder / "runtimes.yaml").write_text(f"runtimes:\n  a: {{batch: {command}}}\n")
        yield ()
        return
    with contextlib.ExitStack() as servers:
        bodies = each.bodies() if each.bodies is not None else (b"", b"")
        urls = [servers.enter_context(_served(each, body, folder)) for body in bodies]
        yield ("--runtime", f"a={urls[0]}", "--runtime", f"b={urls[1]}")


def _served(each: Input, body: bytes, folder: Path) -> "contextlib.AbstractContextManager[str]":
    def asked(_: Received) -> Reply:
        (folder / "asked").touch()
        return Reply(headers={"content-type": each.label}, body=body)

    def script(connection: Any, request: bytes) -> None:
        (folder / "asked").touch()
        each.script(connection, request)

    service: Service = asked
    return serve(service) if each.script is None else serve_script(script)


def table(nothing: Cost, costs: dict[str, Cost]) -> Iterator[str]:
    """Yield the lines of the region."""
    yield f"Measured on {dt.datetime.now(dt.UTC).date()} at {commit()}, on {machine()}."
    yield f"A run of nothing takes {nothing.cpu_s:.1f} s and {nothing.peak_mib:.0f} MiB."
    yield ""
    yield "| input | CPU | memory | what is said | ended after SIGTERM |"
    yield "|---|---|---|---|---|"
    for name, one in costs.items():
        yield (
            f"| {name} | {one.cpu_s:.1f} s | {one.peak_mib:.0f} MiB | {one.text} | "
            f"{one.ended_s:.2f} s |"
        )


def main() -> int:
    """Measure every input, and write the table after each."""
    nothing = cost(Input(name="", bodies=lambda: _alike(b"{}")))
    costs: dict[str, Cost] = {}
    for each in INPUTS:
        costs[each.name] = cost(each)
        sys.stdout.write(f"{each.name}: {costs[each.name]}\n")
        sys.stdout.flush()
        before, begin, rest = PAGE.read_text().partition(BEGIN)
        _, end, after = rest.partition(END)
        if not (begin and end):
            raise SystemExit(f"{PAGE} needs a line {BEGIN!r} and a line {END!r}")
        region = "\n".join(table(nothing, costs))
        replace_file(PAGE, f"{before}{BEGIN}\n\n{region}\n\n{END}{after}".encode())
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
