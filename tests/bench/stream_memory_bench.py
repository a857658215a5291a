"""Peak memory for streams of 10,000 and of 100,000 events.

It shows what is bounded by their bytes and what takes more.

Run: `python -m tests.bench.stream_memory_bench`

Each row is one process that does one thing with a stream of so many events of about 90 bytes.
*MiB* is by how much the peak of its resident memory grew, *by byte* that for each byte of the
stream: about 1 to 3 where bytes alone are held.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.workload import ENVIRONMENT, measured
from tests.miniatures.server import Received, Reply, serve

COUNTS: Final = (10_000, 100_000)
_PAGE_KIB: Final = 4
_START: Final = """
import asyncio, atexit, pathlib, re, shutil, sys, tempfile
from conformance.comparison.case_result import compared
from conformance.model.answer_json import answer_to_row
from conformance.model.case import CompareLevel
from conformance.model.waiting import StopAfter
from conformance.model.request import Request
from conformance.model.observation import Cell
from conformance.runner.http.wire import WireClient
from tests.comparison.live_runs import case
from conformance.runner.recording import RecordingHeader, read_recording, write_recording

file = pathlib.Path(tempfile.mkdtemp()) / "a.ndjson"
atexit.register(shutil.rmtree, file.parent)

def peak_kib():
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", pathlib.Path("/proc/self/status").read_text())[1])

def ask(stop_after=None, target="/a", timing=False):
    held = []
    async def exchange():  # returns nothing: what `asyncio.run` returns is copied by it
        request = Request(method="GET", target=target)
        held.append(await WireClient(sys.argv[1]).exchange(request, 60_000, stop_after, timing=timing))
    asyncio.run(exchange())
    return held[0]

def record(seen):
    row = {**dict(suite="s", case="c", step=0, digest="d"), "answer": answer_to_row(seen)}
    write_recording(file, RecordingHeader(runtime="a", recorded="", commit="", toolchain=""), [row])

def compare(target):
    cells = [
        Cell(runtime=each, live=True, observations=(ask(target=each),), base_url=sys.argv[1]) for each in ("/a", target)
    ]
    reset()
    return compared(case(compare=CompareLevel.VALUE), cells, None).comparison.findings

def reset():
    global before
    pathlib.Path("/proc/self/clear_refs").write_text("5")
    before = peak_kib()

reset()
"""
ACTIONS: Final = {
    "asked, read whole": "seen = ask()",
    "asked until the last event": "seen = ask(StopAfter(events=int(sys.argv[2])))",
    "asked with `timing: true`": "seen = ask(timing=True)",
    "written into a recording": "seen = ask(); reset(); record(seen)",
    "read from a recording": "record(ask()); reset(); seen = read_recording(file)",
    "compared with the same bytes": "found = compare('/c'); assert not found",
    "compared with another last event": "found = compare('/b'); assert len(found) == 1",
}


def main() -> None:
    """Measure and print."""
    print(f"{'a stream is':<34} {'events':>8} {'MiB':>7}  by byte")
    grown: dict[str, list[float]] = {name: [] for name in ACTIONS}
    for count in COUNTS:
        streams = {"/a": _stream(count, "leave it at the door"), "/b": _stream(count, "ring twice")}
        streams["/c"] = streams["/a"]

        def service(asked: Received, bodies: dict[str, bytes] = streams) -> Reply:
            return Reply(
                headers={"content-type": "text/event-stream"}, body=bodies[asked.target[:2]]
            )

        with serve(service) as url:
            _show_runs(url, count)
            for name, action in ACTIONS.items():
                kib = _growth(action, url, count)
                by_byte = kib * 1024 / len(streams["/a"])
                grown[name].append(kib)
                print(f"{name:<34} {count:>8} {kib / 1024:>7.1f} {by_byte:>8.1f}", flush=True)
    print(f"\n{COUNTS[1]} events take so many times the memory of {COUNTS[0]}")
    for name, (few, many) in grown.items():
        print(f"{name:<34} {many / few:>8.1f}" if few > _PAGE_KIB else f"{name:<34}     none")


def _show_runs(url: str, count: int) -> None:
    """Print the peaks of whole runs of one case on two runtimes."""
    with tempfile.TemporaryDirectory() as folder:
        for name, second in (("run, both the same bytes", "/c"), ("run, another last event", "/b")):
            file = Path(folder) / "suite.yaml"
            steps = "suite: s\ncompare: value\ncases:\n  - {name: x, request: {GET: /stream}}\n"
            file.write_text(steps, encoding="utf-8")
            runtimes = ("--runtime", f"a={url}/a", "--runtime", f"b={url}{second}")
            command = (
                sys.executable,
                "-m",
                "conformance",
                "run",
                "suite.yaml",
                "--runs",
                "runs",
                *runtimes,
            )
            peak = measured(command, Path(folder), red_is_fine=True).peak_mib
            print(f"{name:<34} {count:>8} {peak:>7.1f}  in all", flush=True)


def _stream(count: int, last: str) -> bytes:
    """Return so many events, of which the last one says something of its own."""
    records = [
        {"id": number, "name": f"customer {number % 97}", "price": 19.95 + number % 50}
        for number in range(count)
    ]
    notes = ["leave it at the door"] * (count - 1) + [last]
    return "".join(
        f"data: {json.dumps({**record, 'note': note})}\n\n"
        for record, note in zip(records, notes, strict=True)
    ).encode()


def _growth(action: str, url: str, count: int) -> int:
    """Return by how many KiB the peak of a process grows while it does something."""
    program = f"{_START}\n{action}\nprint(peak_kib() - before)"
    done = subprocess.run(
        (sys.executable, "-c", program, url, str(count)),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


if __name__ == "__main__":
    main()
