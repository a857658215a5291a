"""Calls of other daemons: replies of every framing, and every way to fail by its name.

Nothing is kept that cannot be.
"""

from __future__ import annotations

import asyncio
import socket
import time
from typing import TYPE_CHECKING, Any

import pytest

from reference_impl.kit.client import (
    DaemonClient,
    DaemonGoneError,
    DaemonProtocolError,
    DaemonSlowError,
    Reply,
)
from reference_impl.kit.problem import ProblemError
from reference_impl.kit.request_id import CURRENT
from tests.miniatures.faulty import (
    CHUNKED,
    OK,
    repeats,
    resets,
    resets_in_body,
    says,
    says_and_waits,
)
from tests.miniatures.server import (
    Received,
    always,
    json_reply,
    serve,
    serve_connections,
    serve_script,
)
from tests.miniatures.server import Reply as Served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from tests.miniatures.server import Script

MIB = 1024 * 1024


def using(
    url: str, use: Callable[[DaemonClient], Coroutine[Any, Any, Any]], *, timeout_s: float = 2.0
) -> Any:
    """Open a client, use it, close it."""

    async def main() -> Any:
        async with DaemonClient(
            name="storaged",
            url=url,
            token="s3cret",  # noqa: S106
            timeout_s=timeout_s,
        ) as client:
            return await use(client)

    return asyncio.run(main())


def get(script: Script, method: str = "GET", *, timeout_s: float = 2.0) -> Reply:
    """Ask a scripted daemon once."""
    with serve_script(script) as url:
        reply: Reply = using(url, lambda client: client.call(method, "/x"), timeout_s=timeout_s)
        return reply


FRAMINGS = {
    "length": (says(OK, b"content-length: 5\r\n\r\nhello"), b"hello"),
    "chunks": (says(CHUNKED, b"2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\ntrailer: x\r\n\r\n"), b"hello"),
    "close": (says(OK, b"\r\nhello"), b"hello"),
    "informational": (
        says(b"HTTP/1.1 103 Early\r\nx: y\r\n\r\n", OK, b"content-length: 5\r\n\r\nhello"),
        b"hello",
    ),
    "no content": (says(b"HTTP/1.1 204 No Content\r\n\r\n"), b""),
    "not modified": (says(b"HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n"), b""),
}


@pytest.mark.parametrize(("script", "body"), FRAMINGS.values(), ids=FRAMINGS)
def test_a_reply_is_read_whatever_its_framing(script: Script, body: bytes) -> None:
    """Headers are those of the reply itself."""
    reply = get(script)

    assert reply.body == body
    assert reply.header(b"x") is None
    assert reply.header(b"trailer") is None


def test_a_reply_to_head_has_no_body() -> None:
    """Its content length is that of another answer, and nothing is waited for."""
    reply = get(says_and_waits(OK, b"content-length: 5\r\n\r\n"), "HEAD")

    assert (reply.status, reply.header(b"content-length"), reply.body) == (200, b"5", b"")


def drips(connection: socket.socket, _: bytes) -> None:
    """Send a head for ever."""
    repeats(OK, b"x: y\r\n", 0.02)(connection, b"")


FAULTS: dict[str, tuple[Script, type[ProblemError], int, str]] = {
    "resets": (resets, DaemonGoneError, 502, "storaged cannot be reached"),
    "resets in the body": (resets_in_body, DaemonGoneError, 502, "storaged cannot be reached"),
    "closes": (says(), DaemonGoneError, 502, "storaged cannot be reached"),
    "closes in the head": (says(OK), DaemonGoneError, 502, "storaged cannot be reached"),
    "closes in the body": (
        says(OK, b"content-length: 9\r\n\r\nhalf"), DaemonGoneError, 502,
            "storaged cannot be reached"
    ),
    "closes in a chunk": (says(CHUNKED, b"9\r\nhalf"), DaemonGoneError, 502,
        "storaged cannot be reached"),
    "no HTTP": (says(b"SSH-2.0-x\r\n"), DaemonProtocolError, 502, "storaged gave no proper answer"),
    "bad chunks": (says(CHUNKED, b"zz\r\n"), DaemonProtocolError, 502,
        "storaged gave no proper answer"),
    "upgrades": (
        says(b"HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"),
        DaemonProtocolError, 502, "storaged gave no proper answer",
    ),
    "endless head": (
        repeats(OK, b"x: " + b"y" * 997 + b"\r\n"), DaemonProtocolError, 502,
            "storaged gave no proper answer"
    ),
    "endless body": (repeats(OK + b"\r\n", b"x" * MIB), DaemonProtocolError, 502,
        "storaged gave no proper answer"),
    "hangs": (says_and_waits(), DaemonSlowError, 504, "storaged did not answer within 0.5 s"),
    "hangs in the body": (
        says_and_waits(OK, b"content-length: 9\r\n\r\nhalf"),
        DaemonSlowError, 504, "storaged did not answer within 0.5 s",
    ),
    "drips": (drips, DaemonSlowError, 504, "storaged did not answer within 0.5 s"),
}  # fmt: skip


@pytest.mark.parametrize(("script", "kind", "status", "detail"), FAULTS.values(), ids=FAULTS)
def test_each_way_to_fail_has_its_name(
    script: Script, kind: type[ProblemError], status: int, detail: str
) -> None:
    """It is a problem document by itself, within the deadline."""
    started_s = time.monotonic()
    with pytest.raises(kind) as caught:
        get(script, timeout_s=0.5 if kind is DaemonSlowError else 3)

    assert (caught.value.status, caught.value.detail) == (status, detail)
    assert time.monotonic() - started_s < 5


def test_nobody_there_is_gone() -> None:
    """A refused connection is told as such."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DaemonGoneError):
        using(f"http://127.0.0.1:{port}", lambda client: client.call("GET", "/"))


def test_what_goes_along() -> None:
    """A call has the token, the id of the answered request, what was given, and nothing else."""
    seen: list[Received] = []

    def service(request: Received) -> Served:
        seen.append(request)
        return json_reply({})

    async def use(client: DaemonClient) -> None:
        await client.call("GET", "/x")
        CURRENT.set("id-1")
        await client.call("POST", "/y?a=%20b", headers=[(b"x-a", b"\xe9")], body=b"{}")

    with serve(service) as url:
        using(f"{url}/base/", use)
        host = url.removeprefix("http://")

    assert [(one.method, one.target, one.body) for one in seen] == [
        ("GET", "/base/x", b""), ("POST", "/base/y?a=%20b", b"{}")
    ]  # fmt: skip
    assert seen[0].headers == {"host": host, "authorization": "Bearer s3cret"}
    assert seen[1].headers == {
        **seen[0].headers,
        "x-a": "é",
        "x-request-id": "id-1",
        "content-length": "2",
    }


@pytest.mark.parametrize("target", ["/a b", "/a\r\nx: y", "/é", "/\x00"])
def test_a_target_cannot_smuggle(target: str) -> None:
    """What is no visible ASCII is a defect of the caller, not sent."""
    with serve(always({})) as url, pytest.raises(ValueError, match="visible ASCII"):
        using(url, lambda client: client.call("GET", target))


def test_connections_are_kept_while_they_can_be() -> None:
    """One connection for many calls one after the other.

    A new one after a reply that has something behind it.
    """
    connections: list[socket.socket] = []

    def talk(connection: socket.socket) -> None:
        connections.append(connection)
        while request := connection.recv(65536):
            extra = b"more" if b"/extra" in request else b""
            connection.sendall(OK + b"content-length: 2\r\n\r\nok" + extra)

    async def use(client: DaemonClient) -> None:
        for target in ("/a", "/b", "/extra", "/c"):
            assert (await client.call("GET", target)).body == b"ok"
        with pytest.raises(ProblemError, match="planned"):
            await client.call("PUT", "/d", body=broken())
        await client.call("GET", "/e")

    with serve_connections(talk) as url:
        using(url, use)

    assert len(connections) == 3


async def broken() -> AsyncIterator[bytes]:
    """Fail after the first piece, as a body that is too large does."""
    yield b"x"
    raise ProblemError(413, "planned")


def test_a_connection_that_was_closed_meanwhile_is_not_used() -> None:
    """The next call opens another."""

    async def use(client: DaemonClient) -> list[int]:
        first = await client.call("GET", "/")
        await asyncio.sleep(0.05)
        return [first.status, (await client.call("GET", "/")).status]

    def answer_once(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK + b"content-length: 0\r\n\r\n")

    with serve_connections(answer_once) as url:
        assert using(url, use) == [200, 200]


def test_a_reply_that_nobody_reads_stops_coming() -> None:
    """Only what the buffers of the system hold is sent ahead."""
    sizes: list[int] = []

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(OK + b"content-length: %d\r\n\r\n" % (64 * MIB))
        connection.settimeout(0.5)
        sent = 0
        try:
            while sent < 64 * MIB:
                sent += connection.send(b"x" * MIB)
        except TimeoutError:
            sizes.append(sent)
            connection.settimeout(10)
            connection.sendall(b"x" * (64 * MIB - sent))

    async def use(client: DaemonClient) -> int:
        async with client.stream("GET", "/") as reply:
            await asyncio.sleep(1)
            return sum([len(piece) async for piece in reply])

    with serve_connections(talk) as url:
        assert using(url, use, timeout_s=20) == 64 * MIB
    assert sizes
    assert sizes[0] < 16 * MIB


def test_a_body_goes_out_as_it_comes() -> None:
    """In chunks, or as long as its headers say.

    An answer before its end is taken, and the connection given up.
    """
    seen: list[bytes] = []

    def script(connection: socket.socket) -> None:
        data = b""
        while not data.endswith((b"0\r\n\r\n", b"whole")):
            data += connection.recv(65536)
        seen.append(data.partition(b"\r\n\r\n")[2])
        connection.sendall(OK + b"connection: close\r\ncontent-length: 0\r\n\r\n")

    async def use(client: DaemonClient) -> None:
        await client.call("PUT", "/", body=several(b"one", b"more"))
        await client.call(
            "PUT", "/", body=several(b"who", b"le"), headers=[(b"content-length", b"5")]
        )

    with serve_connections(script) as url:
        using(url, use)
    assert seen == [b"3\r\none\r\n4\r\nmore\r\n0\r\n\r\n", b"whole"]

    def refuse(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n")
        while connection.recv(65536):
            pass

    with serve_connections(refuse) as url:
        early: Reply = using(url, lambda client: client.call("PUT", "/", body=endless()))
    assert early.status == 413


async def several(*pieces: bytes) -> AsyncIterator[bytes]:
    """Give pieces."""
    for piece in pieces:
        yield piece


async def endless() -> AsyncIterator[bytes]:
    """Give pieces for ever."""
    while True:
        yield b"x" * 1000
        await asyncio.sleep(0.01)
