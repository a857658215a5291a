"""Answers that do not end are cut at the same event, coded or not, and read no further.

How their bytes arrive does not matter.
"""

import gzip
import socket
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from conformance.model.answer_json import answer_from_json, answer_to_json
from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.waiting import StopAfter
from conformance.runner import event_loop
from conformance.runner.http.content_coding import BodyDecoder
from conformance.runner.http.stream_cut import StreamCut, cut_answer
from conformance.runner.http.wire import WireClient
from tests.comparison.differences import answer
from tests.miniatures.server import serve_script
from tests.runner.asking import GET, LIMITS

EVENTS = "text/event-stream"
STREAM = b": hi\n\ndata: 1\n\nid: 2\r\ndata: 2\r\n\r\ndata: three\rdata: 3\r\rdata: 4\n\nda"
LINES = b'{"n":1}\n{"n":2}\r\n{"n":3}\n{"n'


def cut(
    data: bytes, stop_after: StopAfter, content_type: str, sizes: list[int]
) -> tuple[bool, bytes]:
    """Feed a stream in pieces of these sizes, and then byte by byte.

    Return whether it is cut, and what is kept.
    """
    looking = StreamCut(stop_after, content_type, BodyDecoder("", 1 << 20))
    at = 0
    while at < len(data) and not looking.reached:
        size = sizes.pop() if sizes else 1
        looking.feed(data[at : at + size])
        at += size
    return looking.reached, looking.kept()


@pytest.mark.parametrize(
    ("stop_after", "data", "content_type", "kept"),
    [
        pytest.param(
            StopAfter(events=1), STREAM, EVENTS, b": hi\n\ndata: 1\n\n", id="comments-do-not-count"
        ),
        pytest.param(
            StopAfter(events=1),
            b"event: ping\r\rretry: 9\nid: 1\n\nevent\n\nevent: a\rdata\r\rdata: 2\n\n",
            EVENTS,
            b"event: ping\r\rretry: 9\nid: 1\n\nevent\n\nevent: a\rdata\r\r",
            id="events-without-data-do-not-count",
        ),
        pytest.param(
            StopAfter(events=3),
            STREAM,
            EVENTS,
            STREAM[: STREAM.index(b"data: 4")],
            id="any-line-end",
        ),
        pytest.param(
            StopAfter(match="thr[e]+"),
            STREAM,
            EVENTS,
            STREAM[: STREAM.index(b"data: 4")],
            id="match",
        ),
        pytest.param(
            StopAfter(match=r"\A\n?\z"),
            b"a\nb\n\nc\n",
            "text/plain",
            b"a\nb\n\n",
            id="an-empty-line",
        ),
        pytest.param(
            StopAfter(events=2),
            LINES,
            "application/x-ndjson",
            LINES[: LINES.index(b'{"n":3')],
            id="lines",
        ),
        pytest.param(
            StopAfter(match="2"),
            LINES,
            "text/plain",
            LINES[: LINES.index(b'{"n":3')],
            id="match-in-a-line",
        ),
    ],
)
@settings(deadline=None)
@given(sizes=st.lists(st.integers(1, 40), max_size=8))
def test_a_stream_is_cut_at_an_event(
    stop_after: StopAfter, data: bytes, content_type: str, kept: bytes, sizes: list[int]
) -> None:
    """What is kept ends with the event that was waited for, whatever came with it in one piece."""
    assert cut(data, stop_after, content_type, sizes) == (True, kept)


def test_what_is_whole_is_kept_when_time_is_up() -> None:
    """An event that has begun is left out; where none is whole, all is kept."""
    assert cut(STREAM, StopAfter(ms=1), EVENTS, []) == (False, STREAM[:-2])
    assert cut(b"data: 1", StopAfter(ms=1), EVENTS, []) == (False, b"data: 1")


def coders() -> dict[str, tuple[Callable[[bytes], bytes], Callable[[], bytes]]]:
    """Return, by name, what codes pieces of a stream, each so that it can be read at once."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, 31)
    broken_off = brotli.Compressor()
    zstd = zstandard.ZstdCompressor().compressobj()
    return {
        "identity": (bytes, bytes),
        "gzip": (deflater.compress, lambda: deflater.flush(zlib.Z_SYNC_FLUSH)),
        "br": (broken_off.process, broken_off.flush),
        "zstd": (zstd.compress, lambda: zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)),
    }


async def asked(url: str, stop_after: StopAfter, budget_ms: int = 2_000) -> Answer | Fault:
    client = WireClient(url, (), LIMITS)
    try:
        return await client.exchange(GET, budget_ms, stop_after, timing=True)
    finally:
        client.close()


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_a_coded_stream_that_never_ends(coding: str) -> None:
    """The answer is what was sent up to the event, decoded; the connection is closed."""
    code, flush = coders()[coding]
    closed: list[bytes] = []

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(
            f"HTTP/1.1 200 OK\r\ncontent-type: {EVENTS}\r\ncontent-encoding: {coding}\r\n\r\n".encode()
        )
        for number in range(5):
            connection.sendall(code(f"data: {number}\n\n".encode()) + flush())
        closed.append(connection.recv(1))

    with serve_script(script) as url:
        seen = event_loop.run(asked(url, StopAfter(events=3)))
    assert isinstance(seen, Answer), seen
    assert (seen.body, seen.notes) == (b"data: 0\n\ndata: 1\n\ndata: 2\n\n", ())
    assert seen.arrivals
    assert all(ms == round(ms, 3) for ms, _ in seen.arrivals), "microseconds, and no less"
    assert answer_from_json(answer_to_json(seen)) == seen


def test_no_answer_in_time_is_a_fault_all_the_same() -> None:
    """Time that is up before the body began leaves nothing to compare."""

    def script(connection: socket.socket, _: bytes) -> None:
        connection.recv(1)

    with serve_script(script) as url:
        seen = event_loop.run(asked(url, StopAfter(ms=50)))
    assert isinstance(seen, Fault)
    assert seen.kind is FaultKind.TIMEOUT_TOTAL
    assert "no answer had begun in 50 ms" in seen.detail


@pytest.mark.parametrize(
    ("stop_after", "notes"),
    [
        (StopAfter(events=3), ("stop-not-reached",)),
        (StopAfter(match="zzz"), ("stop-not-reached",)),
        (StopAfter(events=2), ()),
        (StopAfter(match="2"), ()),
        (StopAfter(ms=1_500), ()),
    ],
)
def test_an_answer_that_ends_too_soon_has_a_note(
    stop_after: StopAfter, notes: tuple[str, ...]
) -> None:
    """An event that no empty line ends counts; recorded answers have the same note."""
    body = b"data: 1\n\ndata: 2\n"

    def script(connection: socket.socket, _: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\ncontent-type: {EVENTS}\r\ncontent-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)

    with serve_script(script) as url:
        seen: Any = event_loop.run(asked(url, stop_after))
    assert (seen.body, seen.notes) == (body, notes)
    assert cut_answer(seen, stop_after) == seen
    assert cut_answer(replace(seen, notes=()), stop_after).notes == notes


@pytest.mark.parametrize(
    ("media", "kept"),
    [("text/event-stream", STREAM[: STREAM.index(b"id: 2")]), ("text/plain", b": hi\n\ndata: 1\n")],
)
def test_a_complete_answer_is_cut_by_its_media_type(media: str, kept: bytes) -> None:
    """An event of a stream ends with an empty line, one of anything else with its line."""
    whole = answer(STREAM, media=media)
    assert cut_answer(whole, StopAfter(events=1)).body == kept
    assert cut_answer(whole, StopAfter(ms=1)) == whole
    assert cut_answer(whole, None) == whole


def test_a_bomb_is_bounded_as_ever() -> None:
    """A stream that is to be cut is decoded within the bound, too."""
    bomb = gzip.compress(bytes(8 << 20))

    def script(connection: socket.socket, _: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {len(bomb)}\r\n\r\n"
        connection.sendall(head.encode() + bomb)

    with serve_script(script) as url:
        seen: Any = event_loop.run(asked(url, StopAfter(events=1)))
    assert seen.kind is FaultKind.DECODED_TOO_LARGE
