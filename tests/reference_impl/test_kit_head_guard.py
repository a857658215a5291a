"""Connections that send no request, or no readable one."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.reference_impl.conftest import LiveDaemon

PARTIAL = b"GET /health HTTP/1.1\r\nHos"
WHOLE = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"


def test_half_a_head_is_408_and_closed(miniature: LiveDaemon) -> None:
    """A head that stops is not waited for."""
    with miniature.connect() as connection:
        started_s = time.monotonic()
        connection.sendall(PARTIAL)
        answer = miniature.read(connection)

        assert answer.status == 408
        assert answer.header("x-request-id")
        assert connection.recv(1) == b""
        assert 0.25 < time.monotonic() - started_s < 1.5


def test_a_dripping_head_is_408(miniature: LiveDaemon) -> None:
    """Bytes that keep coming do not move the deadline."""
    with miniature.connect() as connection:
        started_s = time.monotonic()
        for byte in PARTIAL[:12]:
            connection.sendall(bytes([byte]))
            if select.select([connection], [], [], 0.07)[0]:
                break

        assert time.monotonic() - started_s < 0.7
        assert miniature.read(connection).status == 408


def test_silence_is_closed(miniature: LiveDaemon) -> None:
    """A connection without a byte is closed without one."""
    with miniature.connect() as connection:
        assert connection.recv(1) == b""


@pytest.mark.parametrize("start", [PARTIAL, b"\r\n"], ids=["half a head", "empty lines"])
def test_the_next_head_is_miniature_too(miniature: LiveDaemon, start: bytes) -> None:
    """A kept connection has no more patience than a new one."""
    with miniature.connect() as connection:
        connection.sendall(WHOLE)
        assert miniature.read(connection).status == 200
        connection.sendall(start)
        started_s = time.monotonic()
        if start == PARTIAL:
            assert miniature.read(connection).status == 408
        assert connection.recv(1) == b""
        assert time.monotonic() - started_s < 1.5


def test_a_slow_answer_is_not_cut(miniature: LiveDaemon) -> None:
    """The guard waits for requests, not for answers, even when half of the next head is there."""
    with miniature.connect() as connection:
        connection.sendall(b"GET /pause HTTP/1.1\r\nHost: localhost\r\n\r\n" + PARTIAL)

        assert miniature.read(connection, "GET", "/pause").status == 200


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost x\r\n\r\n",
        b"BREW /health HTTP/1.1\r\n\r\n",
        b"CONNECT a:1 HTTP/1.1\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\n\r\n",
        b"POST /health HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST /health HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /health HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    ],
)
def test_what_is_no_http_is_400(validatord: LiveDaemon, request_bytes: bytes) -> None:
    """HTTP layer errors are problem documents with a request id, and the connection is closed."""
    with validatord.connect() as connection:
        connection.sendall(request_bytes)
        answer = validatord.read(connection)

        assert (answer.status, answer.header("connection")) == (400, "close")
        assert answer.header("content-type") == "application/problem+json"
        assert answer.header("x-request-id")
        assert connection.recv(1) == b""


def test_broken_chunks_are_400(validatord: LiveDaemon) -> None:
    """A body that is no HTTP is refused while it is read."""
    with validatord.connect() as connection:
        head = b"POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")

        assert validatord.read(connection, "POST", "/validate").status == 400


def test_an_endless_head_is_431(validatord: LiveDaemon) -> None:
    """A head cannot fill the memory."""
    with validatord.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nX: " + b"x" * 70_000)

        assert validatord.read(connection).status == 431


def test_a_refused_head_has_no_content(validatord: LiveDaemon) -> None:
    """A HEAD is answered by a head alone, also one whose target is none."""
    with validatord.connect() as connection:
        connection.sendall(b"HEAD /%4 HTTP/1.1\r\nHost: localhost\r\n\r\n")

        head, _, content = connection.makefile("rb").read().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 ")
        assert content == b""


@pytest.mark.parametrize(
    "cut", [0, 40, -1], ids=["head and body apart", "in the body", "one byte later"]
)
def test_an_offer_to_upgrade_is_declined(validatord: LiveDaemon, cut: int) -> None:
    """A client that offers HTTP/2 is answered in HTTP/1.1.

    Its body is a body and no second request.
    """
    body = b'{"kind":"sms","artifact":{"to":"x","body":"y"}}'
    head = (
        b"POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: "
        b"AAMAAABkAAQAAP__\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    with validatord.connect() as connection:
        for _ in range(2):
            connection.sendall(head + body[:cut])
            time.sleep(0.05)
            connection.sendall(body[cut:])

            assert validatord.read(connection, "POST", "/validate").status == 200
