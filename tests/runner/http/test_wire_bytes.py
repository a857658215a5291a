"""The exact bytes that a runtime receives."""

import socket
from collections.abc import Iterator

import pytest

from conformance.model.observation import Answer, Fault
from conformance.model.request import HeaderList, Request
from conformance.runner import event_loop
from conformance.runner.http.wire import WireClient
from tests.miniatures.server import read_request, serve_connections, serve_script
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

    seen = event_loop.run(exchange())
    assert isinstance(seen, Answer), seen


@pytest.mark.parametrize(
    "target",
    ["/a/../b", "/./a//b/", "/%41%2f?x=%zz&x=2", '/"<>`{}|\\^', "/a?b#c", "/;a=b,c", "/?", "*"],
)
def test_targets_go_out_as_written(recorder: Recorder, url: str, target: str) -> None:
    """Dot segments, odd escapes, quotes and fragments reach the server untouched.

    They come after the host and nothing else.
    """
    sent(url, Request(method="GET", target=target))
    host = url.removeprefix("http://")
    assert recorder.requests == [f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()]


@pytest.mark.parametrize(
    ("request_", "own", "lines"),
    [
        pytest.param(
            Request(
                method="GET", target="/", headers=(("X-b", "2"), ("a", "1"), ("A", "3"), ("a", "1"))
            ),
            (),
            ["Host: {host}", "X-b: 2", "a: 1", "A: 3", "a: 1"],
            id="order-case-duplicates",
        ),
        pytest.param(
            Request(method="GET", target="/", headers=(("x", "\xe9"), ("empty", ""))),
            (),
            ["Host: {host}", "x: \xe9", "empty:"],
            id="latin-1-and-empty",
        ),
        pytest.param(
            Request(method="GET", target="/", headers=(("a", "b"),)),
            (("Authorization", "Bearer t"),),
            ["Host: {host}", "a: b", "Authorization: Bearer t"],
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
        pytest.param(POST, (), ["Host: {host}", "Content-Length: 5"], id="body"),
        pytest.param(
            Request(method="POST", target="/"),
            (),
            ["Host: {host}", "Content-Length: 0"],
            id="post-without-body",
        ),
        pytest.param(
            Request(method="DELETE", target="/"), (), ["Host: {host}"], id="delete-without-body"
        ),
        pytest.param(
            Request(method="GET", target="/", body=b""),
            (),
            ["Host: {host}", "Content-Length: 0"],
            id="empty-body",
        ),
        pytest.param(
            Request(
                method="POST",
                target="/",
                headers=(("Content-Length", "5"), ("a", "b")),
                body=b"hello",
            ),
            (),
            ["Host: {host}", "Content-Length: 5", "a: b"],
            id="length-of-the-case",
        ),
    ],
)
def test_head_line_by_line(
    recorder: Recorder, url: str, request_: Request, own: HeaderList, lines: list[str]
) -> None:
    """The head holds the case's fields as written, then the runtime's.

    Only host and length are added.
    """
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


def test_redirects_are_observed_not_followed(recorder: Recorder) -> None:
    """A redirect is an answer like any other, and no cookie comes back with the next request."""
    reply = b"HTTP/1.1 302 Found\r\nlocation: /b\r\nset-cookie: a=b\r\ncontent-length: 0\r\n\r\n"

    def script(connection: socket.socket, request: bytes) -> None:
        recorder.requests.append(request)
        connection.sendall(reply)

    with serve_script(script) as url:
        first = answer(url)
        event_loop.run(ask_all(url, [GET]))
    assert (first.status, first.header("Location")) == (302, "/b")
    assert recorder.requests[0] == recorder.requests[1]
