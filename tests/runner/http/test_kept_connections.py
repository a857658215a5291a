"""What connections are kept for, what ends this, and that no request is sent twice unsafely."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.request import Request
from conformance.runner import event_loop
from conformance.runner.http.limits import ExchangeLimits
from conformance.runner.http.wire import WireClient
from tests.miniatures.server import read_request, serve_connections
from tests.runner.asking import BUDGET_MS, GET, LIMITS, ask_all

EMPTY = b"content-length: 0\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\n" + EMPTY
POST = Request(method="POST", target="/", body=b"hello")
Habit = Callable[[socket.socket, int, int], None]
"""Called with the socket, the number of the connection and the number of the request on it, both
from 1.
"""


@dataclass(slots=True)
class Asked:
    """What a server was asked: the number of the connection and the method of each request."""

    url: str = ""
    requests: list[tuple[int, str]] = field(default_factory=list)

    @property
    def connections(self) -> list[int]:
        """Return the connection that each request came over."""
        return [connection for connection, _ in self.requests]


@contextlib.contextmanager
def serve_habit(habit: Habit) -> Iterator[Asked]:
    asked, count, lock = Asked(), [0], threading.Lock()

    def talk(connection: socket.socket) -> None:
        with lock:
            count[0] += 1
            mine = count[0]
        number = 0
        while request := read_request(connection):
            number += 1
            asked.requests.append((mine, request.split(b" ")[0].decode()))
            habit(connection, mine, number)

    with serve_connections(talk) as asked.url:
        yield asked


def answers(reply: bytes) -> Habit:
    return lambda connection, _, __: connection.sendall(reply)


def closes_kept(before: bytes = b"") -> Habit:
    """Answer the first request of the first connection; at its second send some bytes and close."""

    def habit(connection: socket.socket, mine: int, number: int) -> None:
        if (mine, number) == (1, 2):
            connection.sendall(before)
            connection.shutdown(socket.SHUT_RDWR)
            return
        connection.sendall(OK)

    return habit


def seen_by(
    url: str, *requests: Request, rest_s: float = 0.0, blocked_s: float = 0.0
) -> list[Answer | Fault]:
    """Send requests in turn, resting or so busy in between that the harness reads nothing."""

    async def ask() -> list[Answer | Fault]:
        client, seen = WireClient(url, (), LIMITS), []
        for request in requests:
            seen.append(await client.exchange(request, BUDGET_MS))
            await asyncio.sleep(rest_s)
            time.sleep(blocked_s)  # noqa: ASYNC251 - to be busy is the point
        client.close()
        return seen

    return event_loop.run(ask())


def notes(seen: list[Answer | Fault]) -> list[tuple[str, ...]]:
    assert all(isinstance(each, Answer) for each in seen), seen
    return [each.notes for each in seen if isinstance(each, Answer)]


def test_connections_are_kept() -> None:
    """Exchanges that end cleanly share one connection."""
    with serve_habit(answers(OK)) as asked:
        seen = seen_by(asked.url, GET, POST, GET)
    assert [getattr(each, "retried", None) for each in seen] == [False] * 3
    assert asked.connections == [1, 1, 1]


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: Close\r\n" + EMPTY, id="says-close"),
        pytest.param(b"HTTP/1.0 200 OK\r\n" + EMPTY, id="http-1.0"),
        pytest.param(OK + b"more", id="sends-more"),
    ],
)
def test_answers_that_end_a_connection(reply: bytes) -> None:
    """If an answer ends the connection or is followed by more, the next exchange uses a new one."""
    with serve_habit(answers(reply)) as asked:
        seen = seen_by(asked.url, GET, GET)
    assert all(isinstance(each, Answer) and not each.retried for each in seen)
    assert asked.connections == [1, 2]


@pytest.mark.parametrize(
    ("request_", "status", "kept"),
    [
        pytest.param(replace(POST, method="PATCH"), 200, True, id="patch"),
        pytest.param(POST, 302, True, id="redirected-post"),
        pytest.param(POST, 422, False, id="refused-post"),
        pytest.param(GET, 404, True, id="refused-get"),
        pytest.param(replace(GET, body=b"hello"), 200, False, id="get-with-body"),
        pytest.param(replace(GET, body=b""), 200, True, id="get-with-empty-body"),
        pytest.param(
            replace(POST, headers=(("Content-Length", "5"),)), 200, False, id="length-of-the-case"
        ),
        pytest.param(replace(GET, headers=(("Upgrade", "h2c"),)), 200, False, id="upgrade"),
    ],
)
def test_requests_that_leave_doubt(request_: Request, status: int, kept: bool) -> None:
    """Where a server may have read less than was sent, the next exchange does not meet the rest."""
    with serve_habit(answers(b"HTTP/1.1 %d Status\r\n" % status + EMPTY)) as asked:
        seen_by(asked.url, request_, GET)
    assert asked.connections == ([1, 1] if kept else [1, 2])


@pytest.mark.parametrize("closes", [True, False], ids=["closes", "stays-open"])
def test_answer_before_the_request_is_sent(closes: bool) -> None:
    """An answer that comes while the body is being sent counts; the connection is not reused."""
    heads: list[bytes] = []
    done = threading.Event()

    def talk(connection: socket.socket) -> None:
        heads.append(connection.recv(1024))
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\n\r\nno")
        if not closes:
            done.wait(5)

    upload = Request(method="POST", target="/", body=bytes(16 << 20))
    with serve_connections(talk) as url:
        seen = event_loop.run(ask_all(url, [upload, GET]))
        done.set()
    assert [getattr(each, "status", each) for each in seen] == [413, 413]
    assert [head.partition(b" ")[0] for head in heads] == [b"POST", b"GET"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"])
def test_idempotent_request_is_made_again_once(method: str) -> None:
    """A kept connection that ends before the answer is replaced, and the answer says so.

    None is kept any more.
    """
    with serve_habit(closes_kept()) as asked:
        seen = seen_by(asked.url, GET, Request(method=method, target="/"), GET)
    assert [getattr(each, "retried", each) for each in seen] == [False, True, False]
    assert asked.requests == [(1, "GET"), (1, method), (2, method), (3, "GET")]


@pytest.mark.parametrize("method", ["POST", "PATCH", "LOCK"])
def test_other_requests_are_never_sent_twice(method: str) -> None:
    """A request that may have been acted on is not retried: the fault says why.

    The next exchange is clean.
    """
    with serve_habit(closes_kept()) as asked:
        _, fault, after = seen_by(asked.url, GET, Request(method=method, target="/"), GET)
    assert isinstance(fault, Fault)
    assert fault.kind is FaultKind.CLOSED_BEFORE_RESPONSE
    assert fault.detail.endswith("on a kept connection; what is not idempotent is not sent twice")
    assert isinstance(after, Answer)
    assert asked.requests == [(1, "GET"), (1, method), (2, "GET")]


def test_begun_answer_is_never_asked_for_again() -> None:
    """A server that began to answer has acted, whatever the method."""
    with serve_habit(closes_kept(b"HTTP/1.1 2")) as asked:
        seen = seen_by(asked.url, GET, GET)
    assert isinstance(seen[1], Fault)
    assert seen[1].kind is FaultKind.CLOSED_IN_HEADERS
    assert asked.connections == [1, 1]


def test_fresh_connection_is_never_retried() -> None:
    """A server that closes a fresh connection is at fault; it is asked once."""
    with serve_habit(lambda connection, _, __: connection.shutdown(socket.SHUT_RDWR)) as asked:
        (seen,) = seen_by(asked.url, GET)
    assert isinstance(seen, Fault)
    assert len(asked.requests) == 1


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_connection_closed_between_exchanges_is_replaced(busy: bool) -> None:
    """An end that precedes the next request is seen in time, so that even a POST is sent once."""

    def habit(connection: socket.socket, _: int, __: int) -> None:
        connection.sendall(OK)
        connection.shutdown(socket.SHUT_RDWR)

    pause = {"blocked_s": 0.05} if busy else {"rest_s": 0.05}
    with serve_habit(habit) as asked:
        seen = seen_by(asked.url, POST, POST, **pause)
    assert [getattr(each, "retried", each) for each in seen] == [False, False]
    assert notes(seen) == [(), ()]
    assert asked.connections == [1, 2]


@pytest.mark.parametrize("status", [500, 503])
def test_a_server_that_failed_is_asked_over_a_fresh_connection(status: int) -> None:
    """It may end the connection without a word, also while the next request is on its way."""

    def habit(connection: socket.socket, _: int, number: int) -> None:
        if number > 1:
            connection.shutdown(socket.SHUT_RDWR)
        else:
            connection.sendall(f"HTTP/1.1 {status} x\r\n".encode() + EMPTY)

    with serve_habit(habit) as asked:
        seen = seen_by(asked.url, GET, POST)
    assert [getattr(each, "status", each) for each in seen] == [status, status]
    assert asked.connections == [1, 2]


@pytest.mark.parametrize(("kept_ms", "connections"), [(1_000, [1, 1]), (20, [1, 2])])
def test_connection_that_rested_long_is_replaced(kept_ms: int, connections: list[int]) -> None:
    """A connection that the server may be about to end is not used."""

    async def ask(url: str, limits: ExchangeLimits) -> None:
        client = WireClient(url, (), limits)
        await client.exchange(GET, BUDGET_MS)
        await asyncio.sleep(0.05)
        await client.exchange(GET, BUDGET_MS)
        client.close()

    with serve_habit(answers(OK)) as asked:
        event_loop.run(ask(asked.url, replace(LIMITS, kept_ms=kept_ms)))
    assert asked.connections == connections


def answers_again(extra: bytes) -> Habit:
    """Answer the first request of the first connection a second time, a little later."""

    def habit(connection: socket.socket, mine: int, number: int) -> None:
        connection.sendall(b"HTTP/1.1 %d Status\r\n" % (200 + mine) + EMPTY)
        if (mine, number) == (1, 1):
            time.sleep(0.02)
            connection.sendall(extra)

    return habit


@pytest.mark.parametrize("busy", [False, True], ids=["idle", "busy"])
def test_late_second_answer_is_no_answer_to_the_next_request(busy: bool) -> None:
    """What follows an answer is never taken for the next one.

    It is noted there, and nothing is kept any more.
    """
    pause = {"blocked_s": 0.06} if busy else {"rest_s": 0.06}
    with serve_habit(answers_again(b"HTTP/1.1 500 Status\r\n" + EMPTY)) as asked:
        seen = seen_by(asked.url, GET, POST, GET, **pause)
    assert [getattr(each, "status", each) for each in seen] == [201, 202, 203]
    assert notes(seen) == [(), ("unasked_bytes",), ()]
    assert asked.connections == [1, 2, 3]


def test_time_out_of_an_idle_connection_is_no_fault() -> None:
    """A server that sends 408 before it closes an idle connection says nothing of any exchange."""
    with serve_habit(
        answers_again(b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n" + EMPTY)
    ) as asked:
        seen = seen_by(asked.url, GET, GET, GET, rest_s=0.06)
    assert notes(seen) == [(), (), ()]
    assert asked.connections == [1, 2, 2]


def answers_twice_later(connection: socket.socket, mine: int, number: int) -> None:
    """Answer the second request of the first connection twice at once."""
    connection.sendall(OK * (2 if (mine, number) == (1, 2) else 1))


def test_two_answers_on_a_kept_connection_are_no_answer() -> None:
    """Which of two answers belongs to a request is undecided on a previously used connection."""
    with serve_habit(answers_twice_later) as asked:
        _, fault, after = seen_by(asked.url, GET, POST, GET)
    assert isinstance(fault, Fault)
    assert (fault.kind, fault.phase) == (FaultKind.OUT_OF_STEP, "done")
    assert isinstance(after, Answer)
    assert asked.requests == [(1, "GET"), (1, "POST"), (2, "GET")]


def test_two_answers_to_an_idempotent_request_are_asked_for_again() -> None:
    """On a fresh connection the first answer is the right one."""
    with serve_habit(answers_twice_later) as asked:
        seen = seen_by(asked.url, GET, GET)
    assert [getattr(each, "retried", each) for each in seen] == [False, True]
    assert asked.connections == [1, 1, 2]


@pytest.mark.parametrize(("extra", "unasked"), [(b"HTTP/1.1 500 Status\r\n", True), (b"", False)])
def test_end_of_a_kept_connection_tells_what_was_left(extra: bytes, unasked: bool) -> None:
    """After the last request, an answer still to come belongs to nothing, and is reported."""

    async def ask(url: str) -> bool:
        client = WireClient(url, (), LIMITS)
        await client.exchange(GET, BUDGET_MS)
        return await client.finish(1.0)

    with serve_habit(answers_again(extra)) as asked:
        assert event_loop.run(ask(asked.url)) is unasked


def test_requests_share_a_client_in_order() -> None:
    """A client that is asked many things answers them in their order."""
    with serve_habit(answers(OK)) as asked:
        seen = event_loop.run(ask_all(asked.url, [GET, POST] * 5))
    assert all(isinstance(each, Answer) for each in seen)
    assert [method for _, method in asked.requests] == ["GET", "POST"] * 5
