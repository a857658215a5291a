"""The exact bytes that a runtime receives, and what connections are kept for."""

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from conformance.model.observation import Answer, Fault
from conformance.model.request import HeaderList, Request
from conformance.runner.wire import WireClient
from tests.miniatures.server import Script, read_request, serve_connections, serve_script
from tests.runner.asking import BUDGET_MS, GET, LIMITS, answer, ask_all

ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
POST = Request(method="POST", target="/", body=b"hello")


class Recorder:
    """Keeps the bytes of every request, and how many connections they came over."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.connections = 0

    def talk(self, connection: socket.socket) -> None:
        """Answer every request alike."""
        self.connections += 1
        while request := read_request(connection):
            self.requests.append(request)
            connection.sendall(ANSWER)


@pytest.fixture(name="recorder")
def new_recorder() -> Recorder:
    return Recorder()


@pytest.fixture(name="url")
def recording_server(recorder: Recorder) -> Iterator[str]:
    with serve_connections(recorder.talk) as url:
        yield url


def sent(url: str, request: Request, headers: HeaderList = ()) -> None:
    async def exchange() -> Answer | Fault:
        client = WireClient(url, headers, LIMITS)
        try:
            return await client.exchange(request, BUDGET_MS)
        finally:
            client.close()

    seen = asyncio.run(exchange())
    assert isinstance(seen, Answer), seen


@pytest.mark.parametrize(
    "target",
    ["/a/../b", "/./a//b/", "/%41%2f?x=%zz&x=2", '/"<>`{}|\\^', "/a?b#c", "/;a=b,c", "/?", "*"],
)
def test_targets_go_out_as_written(recorder: Recorder, url: str, target: str) -> None:
    """Dot segments, odd escapes, quotes and fragments reach the server untouched, after the host and nothing else."""
    sent(url, Request(method="GET", target=target))
    host = url.removeprefix("http://")
    assert recorder.requests == [f"GET {target} HTTP/1.1\r\nhost: {host}\r\n\r\n".encode()]


@pytest.mark.parametrize(
    ("request_", "own", "lines"),
    [
        pytest.param(
            Request(method="GET", target="/", headers=(("X-b", "2"), ("a", "1"), ("A", "3"), ("a", "1"))),
            (),
            ["host: {host}", "X-b: 2", "a: 1", "A: 3", "a: 1"],
            id="order-case-duplicates",
        ),
        pytest.param(
            Request(method="GET", target="/", headers=(("x", "\xe9"), ("empty", ""))),
            (),
            ["host: {host}", "x: \xe9", "empty: "],
            id="latin-1-and-empty",
        ),
        pytest.param(
            Request(method="GET", target="/", headers=(("a", "b"),)),
            (("Authorization", "Bearer t"),),
            ["host: {host}", "a: b", "Authorization: Bearer t"],
            id="headers-of-the-runtime-come-last",
        ),
        pytest.param(
            Request(method="GET", target="/", headers=(("a", "b"), ("HOST", "other"))),
            (),
            ["a: b", "HOST: other"],
            id="host-of-the-case",
        ),
        pytest.param(GET, (("Host", "virtual"),), ["Host: virtual"], id="host-of-the-runtime"),
        pytest.param(
            Request(method="GET", target="/", headers=(("host", "case"),)),
            (("Host", "virtual"),),
            ["host: case"],
            id="host-of-both",
        ),
        pytest.param(
            Request(method="GET", target="/", headers=(("host", "a"), ("host", "b"))),
            (),
            ["host: a", "host: b"],
            id="two-hosts-on-purpose",
        ),
        pytest.param(POST, (), ["host: {host}", "content-length: 5"], id="body"),
        pytest.param(
            Request(method="POST", target="/"), (), ["host: {host}", "content-length: 0"], id="post-without-body"
        ),
        pytest.param(Request(method="DELETE", target="/"), (), ["host: {host}"], id="delete-without-body"),
        pytest.param(
            Request(method="GET", target="/", body=b""), (), ["host: {host}", "content-length: 0"], id="empty-body"
        ),
        pytest.param(
            Request(method="POST", target="/", headers=(("Content-Length", "5"), ("a", "b")), body=b"hello"),
            (),
            ["host: {host}", "Content-Length: 5", "a: b"],
            id="length-of-the-case",
        ),
    ],
)
def test_head_line_by_line(recorder: Recorder, url: str, request_: Request, own: HeaderList, lines: list[str]) -> None:
    """The head holds the case's fields as written, the runtime's after them, and only host and length are added."""
    sent(url, request_, own)
    head, _, body = recorder.requests[0].partition(b"\r\n\r\n")
    host = url.removeprefix("http://")
    assert head.decode("latin-1").split("\r\n")[1:] == [line.format(host=host) for line in lines]
    assert body == (request_.body or b"")


@pytest.mark.parametrize(
    ("base", "target", "seen"),
    [
        pytest.param("/api/v1", "/a", "/api/v1/a", id="base"),
        pytest.param("/api/", "/a", "/api/a", id="slash-at-the-end"),
        pytest.param("/api", "/../a", "/api/../a", id="dots-stay"),
        pytest.param("/api", "*", "*", id="asterisk"),
    ],
)
def test_base_path(recorder: Recorder, url: str, base: str, target: str, seen: str) -> None:
    """The path of the base URL stands before every target but `*`."""
    sent(url + base, Request(method="OPTIONS", target=target))
    assert recorder.requests[0].split(b" ")[1] == seen.encode()


def test_connections_are_kept(recorder: Recorder, url: str) -> None:
    """Exchanges that end cleanly share one connection."""
    seen = asyncio.run(ask_all(url, [GET, POST, GET]))
    assert [getattr(each, "retried", None) for each in seen] == [False] * 3
    assert (len(recorder.requests), recorder.connections) == (3, 1)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nConnection: Close\r\n\r\n", id="says-close"),
        pytest.param(b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", id="http-1.0"),
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nmore", id="sends-more"),
    ],
)
def test_connections_are_not_kept(reply: bytes) -> None:
    """After an answer that ends the connection or is followed by more, the next exchange uses a fresh one."""
    connections = []

    def talk(connection: socket.socket) -> None:
        connections.append(connection)
        while read_request(connection):
            connection.sendall(reply)

    with serve_connections(talk) as url:
        seen = asyncio.run(ask_all(url, [GET, GET]))
    assert all(isinstance(each, Answer) and not each.retried for each in seen)
    assert len(connections) == 2


def closes_after(count: int) -> Script:
    """Answer so many requests in all, then close every connection at its next request."""
    answered: list[int] = []

    def script(connection: socket.socket, _: bytes) -> None:
        if len(answered) == count:
            answered.clear()
            connection.shutdown(socket.SHUT_RDWR)
            return
        answered.append(1)
        connection.sendall(ANSWER)

    return script


def test_stale_connection_is_retried_once() -> None:
    """A kept connection that turns out to be closed is replaced, and the answer says that it was asked twice."""
    with serve_script(closes_after(1)) as url:
        seen = asyncio.run(ask_all(url, [GET, GET]))
    assert [(type(each), getattr(each, "retried", None)) for each in seen] == [(Answer, False), (Answer, True)]


def test_fresh_connection_is_never_retried() -> None:
    """A server that closes a fresh connection is at fault; it is asked once."""
    with serve_script(closes_after(0)) as url:
        (seen,) = asyncio.run(ask_all(url, [GET]))
    assert isinstance(seen, Fault)


def test_connection_closed_while_idle_is_replaced(recorder: Recorder) -> None:
    """A server that closes an idle connection is asked on a new one, and nothing was sent twice."""

    def talk(connection: socket.socket) -> None:
        recorder.connections += 1
        recorder.requests.append(read_request(connection))
        connection.sendall(ANSWER)

    async def ask_twice(url: str) -> list[Answer | Fault]:
        client = WireClient(url, (), LIMITS)
        first = await client.exchange(GET, BUDGET_MS)
        await asyncio.sleep(0.05)
        second = await client.exchange(GET, BUDGET_MS)
        client.close()
        return [first, second]

    with serve_connections(talk) as url:
        seen = asyncio.run(ask_twice(url))
    assert [getattr(each, "retried", None) for each in seen] == [False, False]
    assert (len(recorder.requests), recorder.connections) == (2, 2)


@pytest.mark.parametrize("closes", [True, False], ids=["closes", "stays-open"])
def test_answer_before_the_request_is_sent(closes: bool) -> None:
    """An answer that comes while the body is still on its way counts, and the connection is not used again."""
    heads: list[bytes] = []
    done = threading.Event()

    def talk(connection: socket.socket) -> None:
        heads.append(connection.recv(1024))
        connection.sendall(b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\n\r\nno")
        if not closes:
            done.wait(5)

    upload = Request(method="POST", target="/", body=bytes(16 << 20))
    with serve_connections(talk) as url:
        seen = asyncio.run(ask_all(url, [upload, GET]))
        done.set()
    assert [getattr(each, "status", each) for each in seen] == [413, 413]
    assert [head.partition(b" ")[0] for head in heads] == [b"POST", b"GET"]


def test_redirects_are_observed_not_followed(recorder: Recorder) -> None:
    """A redirect is an answer like any other, and no cookie comes back with the next request."""
    reply = b"HTTP/1.1 302 Found\r\nlocation: /b\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n"

    def script(connection: socket.socket, request: bytes) -> None:
        recorder.requests.append(request)
        connection.sendall(reply)

    with serve_script(script) as url:
        first = answer(url)
        asyncio.run(ask_all(url, [GET]))
    assert (first.status, first.header("Location")) == (302, "/b")
    assert recorder.requests[0] == recorder.requests[1]
