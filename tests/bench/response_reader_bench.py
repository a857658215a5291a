"""CPU time of reading one response: our reader against h11, in one process, as a ratio.

Our reader uses httptools for the head.

Run: `python tests/bench/response_reader_bench.py`
"""

import time
from collections.abc import Callable

import h11

from conformance.runner.http.limits import ExchangeLimits
from conformance.runner.http.response_reader import ResponseReader

BODY = (
    b'{"findings":[{"severity":"info","field":"context","message":"not checked"}],"elapsed_ms":3}'
    * 4
)
HEAD = (
    b"HTTP/1.1 200 OK\r\ndate: Mon, 23 Nov 2026 00:00:00 GMT\r\nserver: example\r\ncontent-type: "
    b"application/json\r\n"
    b"x-request-id: 0123456789abcdef0123456789abcdef\r\ncache-control: no-store\r\n"
)
FRAMINGS = {
    "content-length": HEAD + b"content-length: %d\r\n\r\n" % len(BODY) + BODY,
    "chunked": HEAD
    + b"transfer-encoding: chunked\r\n\r\n%x\r\n" % len(BODY)
    + BODY
    + b"\r\n0\r\n\r\n",
}
ROUNDS, REPEATS = 2_000, 7


def read_ours(raw: bytes) -> None:
    """Read one response with our reader."""
    reader = ResponseReader("GET", ExchangeLimits())
    reader.feed(raw)
    assert reader.phase == "done"


def read_h11(raw: bytes) -> None:
    """Read one response with h11."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("host", "h")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(raw)
    while not isinstance(connection.next_event(), h11.EndOfMessage):
        pass


def microseconds(read: Callable[[bytes], None], raw: bytes) -> float:
    """Return the least CPU time of one read over several repeats."""
    best = float("inf")
    for _ in range(REPEATS):
        started = time.process_time()
        for _ in range(ROUNDS):
            read(raw)
        best = min(best, time.process_time() - started)
    return best / ROUNDS * 1e6


if __name__ == "__main__":
    for framing, raw in FRAMINGS.items():
        ours, theirs = microseconds(read_ours, raw), microseconds(read_h11, raw)
        print(
            f"{framing:<15} ours {ours:6.1f} us   h11 {theirs:6.1f} us   ratio {theirs / ours:.1f}"
        )
