"""However much a server sends, the harness grows by little more than its actual bounds."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.miniatures import faulty
from tests.miniatures.server import Received, Reply, always, serve, serve_connections, serve_script

GROWTH_KIB = 32 << 10  # twice the bound on a body
GREEDY = [
    "endless_body",
    "endless_chunks",
    "endless_headers",
    "endless_chunk_line",
    "endless_trailers",
    "fat_chunk_extensions",
    "floods_informational",
    "gzip_bomb",
]
STREAM = b'data: {"id": 1234567, "note": "leave it at the door"}\n\n' * 200_000
HELD_TWICE = 2.6
"""Of its size: as it arrives and as the answer has it, with what a growing buffer takes besides."""
ASKER = """
import re, sys
from pathlib import Path
from conformance.model.observation import Fault
from conformance.model.request import Request
from conformance.runner import event_loop
from conformance.runner.http.wire import WireClient

def peak_kib():
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])

async def main():
    for url in sys.argv[1:]:
        Path("/proc/self/clear_refs").write_text("5")
        before = peak_kib()
        seen = await WireClient(url).exchange(Request(method="GET", target="/"), 4000)
        assert isinstance(seen, Fault), seen
        print(seen.kind.value, peak_kib() - before)

event_loop.run(main())
"""


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="needs /proc to reset the peak of memory"
)
def test_memory_stays_bounded() -> None:
    """The peak while each greedy server is asked, in a process of its own, is bounded.

    The least of three counts: now and then the allocator copies a growing buffer to another place,
    and both are there for a moment.
    """
    with contextlib.ExitStack() as servers:
        urls = [servers.enter_context(serve_script(getattr(faulty, name))) for name in GREEDY]
        runs = [
            subprocess.run(
                [sys.executable, "-c", ASKER, *urls], capture_output=True, text=True, check=True
            )
            for _ in range(3)
        ]
    peaks = ([int(line.split()[1]) for line in run.stdout.splitlines()] for run in runs)
    grown = dict(zip(GREEDY, map(min, zip(*peaks, strict=True)), strict=True))
    assert {name: kib for name, kib in grown.items() if kib > GROWTH_KIB} == {}


ASKER_OF_STREAMS = (
    ASKER.replace("4000)", "20_000, UNTIL)")
    .replace("assert isinstance(seen, Fault), seen", "")
    .replace("seen.kind.value", "len(seen.body)")
)


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="needs /proc to reset the peak of memory"
)
@pytest.mark.parametrize("until", ["None", "StopAfter(events=200_000)", "StopAfter(events=10**9)"])
def test_a_stream_takes_its_bytes_and_no_more(until: str) -> None:
    """A stream of 200,000 events, read to its end or to an event, is held as bytes.

    No object stands for an event.
    """

    def service(_: Received) -> Reply:
        return Reply(headers={"content-type": "text/event-stream"}, body=STREAM)

    program = (
        f"from conformance.model.waiting import StopAfter\nUNTIL = {until}\n{ASKER_OF_STREAMS}"
    )
    with serve(service) as url:
        done = subprocess.run(
            [sys.executable, "-c", program, url], capture_output=True, text=True, check=True
        )
    size, grown_kib = map(int, done.stdout.split())
    assert size == len(STREAM)
    assert grown_kib * 1024 < HELD_TWICE * size


UPLOADER = """
import asyncio, re, sys
from pathlib import Path
from conformance.model.request import Request
from conformance.runner import event_loop
from conformance.runner.http.wire import WireClient

def peak_kib():
    return int(re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())[1])

async def main():
    client, body = WireClient(sys.argv[1]), b"x" * (15 << 20)
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_kib()
    for _ in range(3):
        seen = await client.exchange(Request(method="POST", target="/", body=body), 20_000)
        print(seen.status, *seen.notes, peak_kib() - before)

event_loop.run(main())
"""
UPLOAD_GROWTH_KIB = 4 << 10


@pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="needs /proc to reset the peak of memory"
)
@pytest.mark.parametrize("early", [False, True])
def test_a_large_upload_is_held_once(early: bool) -> None:
    """The body is sent as the request has it, also where the answer comes before it is taken."""
    with serve_connections(faulty.refuses_an_upload) if early else serve(always({})) as url:
        done = subprocess.run(
            [sys.executable, "-c", UPLOADER, url], capture_output=True, text=True, check=True
        )
    said = [line.split() for line in done.stdout.splitlines()]
    noted = ["413", "answered_before_request_end"] if early else ["200"]
    assert [words[:-1] for words in said] == [noted] * 3
    assert all(int(words[-1]) < UPLOAD_GROWTH_KIB for words in said), said
