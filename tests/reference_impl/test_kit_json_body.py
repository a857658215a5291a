"""The strict body reader: media types, sizes, deadlines and what is no JSON."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from tests.reference_impl.lake import running_room

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from tests.reference_impl.conftest import LiveDaemon

MIB = 1024 * 1024
HEAD = b"POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
NARROW_HEAD = HEAD.replace(b"/validate", b"/narrow")
GOOD = b'{"kind":"sms","artifact":{"to":"x","body":"y"}}'


def in_artifact(value: bytes) -> bytes:
    """Put a value where unknown members are ignored, so that only strictness can refuse it."""
    return b'{"kind":"sms","artifact":{"to":"x","body":"y","more":' + value + b"}}"


NO_JSON = {
    "empty": b"",
    "no json": b"{bad",
    "two documents": GOOD + GOOD,
    "truncated": GOOD[:-1],
    "trailing comma": b'{"kind":"sms",}',
    "comment": b"/**/" + GOOD,
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "utf-16": GOOD.decode().encode("utf-16"),
    "duplicate key": b'{"kind":"sms","kind":"sms","artifact":{"to":"x","body":"y"}}',
    "duplicate key, escaped": b'{"kind":"sms","k\\u0069nd":"sms","artifact":{"to":"x","body":"y"}}',
    "duplicate key, deep": in_artifact(b'[{"a":{"b":1,"b":1}}]'),
    "NaN": in_artifact(b"NaN"),
    "Infinity": in_artifact(b"Infinity"),
    "-Infinity": in_artifact(b"-Infinity"),
    "overflow": in_artifact(b"1e400"),
    "overflow in a roster entry": GOOD[:-1] + b',"context":{"roster":[{"z":-1e400}]}}',
    "overflow by digits": in_artifact(b"1" * 400 + b".0"),
    "lone surrogate": in_artifact(b'"\\ud800"'),
    "lone low surrogate": in_artifact(b'"\\udc00"'),
    "encoded surrogate": in_artifact(b'"\xed\xa0\x80"'),
    "bad utf-8": in_artifact(b'"\xff"'),
    "control character": in_artifact(b'"\x01"'),
    "leading zero": in_artifact(b"01"),
    "too deep": in_artifact(b"[" * 250 + b"]" * 250),
    "far too deep": b"[" * 100_000,
}


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_strict_json_is_400(validatord: LiveDaemon, body: bytes) -> None:
    """Whatever two parsers could read differently is refused."""
    answer = validatord.ask("POST", "/validate", body, {"content-type": "application/json"})

    assert answer.status == 400
    assert answer.json()["detail"].startswith("the body cannot be read: ")


@pytest.mark.parametrize(
    "value",
    [b"[" * 150 + b"]" * 150, b"1e308", b"-0", b"12345678901234567890123", b'"\\ud83d\\ude00"'],
)
def test_unusual_json_is_json(validatord: LiveDaemon, value: bytes) -> None:
    """Strictness does not refuse what RFC 8259 allows and every parser reads alike."""
    answer = validatord.ask(
        "POST", "/validate", in_artifact(value), {"content-type": "application/json"}
    )

    assert answer.status == 200


def test_a_duplicate_key_is_not_echoed(validatord: LiveDaemon) -> None:
    """The detail tells the place, not the key."""
    answer = validatord.ask(
        "POST", "/validate", b'{"hunter2":1,\n"hunter2":2}', {"content-type": "application/json"}
    )

    assert (
        answer.json()["detail"]
        == "the body cannot be read: an object holds a key twice, at line 2 column 11"
    )


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON", 200),
        ("application/json; charset=utf-8", 200),
        ('application/json;charset="UTF-8"', 200),
        ("application/json; charset=latin-1", 415),
        ("text/json", 415),
        ("application/jsonx", 415),
        ("application/problem+json", 415),
        ("text/plain", 415),
        ("", 415),
        (None, 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/json, text/plain", 415),
    ],
)
def test_content_types(validatord: LiveDaemon, content_type: str | None, status: int) -> None:
    """Only JSON in UTF-8 is read; the content type is judged before the body."""
    headers = {} if content_type is None else {"content-type": content_type}

    assert validatord.ask("POST", "/validate", GOOD, headers).status == status
    assert validatord.ask("POST", "/validate", b"{bad", headers).status == (
        400 if status == 200 else 415
    )


@pytest.mark.parametrize(
    ("coding", "status"), [("gzip", 415), ("br", 415), ("identity, gzip", 415), ("identity", 200)]
)
def test_content_encodings(validatord: LiveDaemon, coding: str, status: int) -> None:
    """An encoded body is refused, not inflated."""
    headers = {"content-type": "application/json", "content-encoding": coding}

    assert validatord.ask("POST", "/validate", GOOD, headers).status == status


def flood(connection: socket.socket, piece: bytes, most_bytes: int) -> int:
    """Send until it is not taken any more, and tell how many bytes were."""
    sent = 0
    connection.settimeout(2)
    with suppress(OSError):
        while sent < most_bytes:
            connection.sendall(piece)
            sent += len(piece)
    return sent


def test_a_declared_length_over_the_limit_is_413_at_once(validatord: LiveDaemon) -> None:
    """Not one byte of the body is waited for."""
    with validatord.connect() as connection:
        started_s = time.monotonic()
        connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % (8 * MIB + 1))
        answer = validatord.read(connection, "POST", "/validate")

    assert (answer.status, answer.header("connection")) == (413, "close")
    assert answer.json()["detail"] == f"the body is over the limit of {8 * MIB} bytes"
    assert time.monotonic() - started_s < 0.4


def test_a_body_at_the_limit_is_read(validatord: LiveDaemon) -> None:
    """The limit itself is allowed: what is refused here is the content."""
    body = GOOD + b" " * (8 * MIB - len(GOOD))
    headers = {"content-type": "application/json"}

    assert validatord.ask("POST", "/validate", body, headers).status == 200
    assert validatord.ask("POST", "/validate", body + b" ", headers).status == 413


@pytest.mark.parametrize("framing", ["declared", "chunked"])
def test_a_flood_is_refused_not_read(
    start_validatord: Callable[..., LiveDaemon], framing: str
) -> None:
    """60 MB do not get through: 413, the connection closed, memory flat."""
    daemon = start_validatord()
    daemon.ask("GET", "/openapi.json")
    before_bytes = daemon.memory_bytes("VmHWM")
    piece = b" " * MIB
    if framing == "declared":
        head = b"Content-Length: 60000000\r\n\r\n"
    else:
        head, piece = b"Transfer-Encoding: chunked\r\n\r\n", b"%x\r\n%s\r\n" % (MIB, piece)

    with daemon.connect() as connection:
        connection.sendall(HEAD + head)
        sent_bytes = flood(connection, piece, 60_000_000)
        answer = daemon.read(connection, "POST", "/validate")

    assert (answer.status, answer.header("connection")) == (413, "close")
    assert sent_bytes < 30_000_000
    assert daemon.memory_bytes("VmHWM") - before_bytes < 32 * MIB
    assert daemon.ask("GET", "/health").status == 200


def test_chunks_over_the_limit_are_413_and_the_connection_closes(miniature: LiveDaemon) -> None:
    """The limit holds for bodies that do not tell their length."""
    with miniature.connect() as connection:
        connection.sendall(
            NARROW_HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"65\r\n" + b" " * 101 + b"\r\n"
        )
        answer = miniature.read(connection, "POST", "/narrow")

        assert (answer.status, answer.header("connection")) == (413, "close")
        assert connection.recv(1) == b""


def test_chunks_within_the_limit_are_a_body(validatord: LiveDaemon) -> None:
    """Chunks are put together, and the connection is kept."""
    with validatord.connect() as connection:
        for _ in range(2):
            chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in GOOD)
            connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n")

            assert validatord.read(connection, "POST", "/validate").status == 200


def test_a_body_that_does_not_come_is_408(miniature: LiveDaemon) -> None:
    """A body may not drip for ever."""
    with miniature.connect() as connection:
        started_s = time.monotonic()
        connection.sendall(NARROW_HEAD + b"Content-Length: 10\r\n\r\n")
        for _ in range(3):
            connection.sendall(b" ")
            time.sleep(0.08)
        answer = miniature.read(connection, "POST", "/narrow")

        assert (answer.status, answer.header("connection")) == (408, "close")
        assert time.monotonic() - started_s < 1
        assert connection.recv(1) == b""


@pytest.mark.parametrize("room", ["storaged", "ingestd", "gateway"])
def test_a_body_that_stops_is_408(tmp_path: Path, room: str) -> None:
    """Where a whole body may take a minute, each wait for more of it is short.

    A slow body goes on.
    """
    target = {"storaged": "/storage/b/k", "ingestd": "/ingest?name=a", "gateway": "/storage/b/k"}[
        room
    ]
    method = "POST" if room == "ingestd" else "PUT"
    with running_room("storaged", tmp_path) as storaged:
        url = ("--storaged-url", f"http://127.0.0.1:{storaged.port}") if room != "storaged" else ()
        with running_room(room, tmp_path / room, *url, "--body-idle-timeout-s", "0.5") as daemon:
            head = (
                f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                "text/csv\r\n".encode()
            )
            for length in (
                b"Content-Length: 200000\r\n\r\n",
                b"Transfer-Encoding: chunked\r\n\r\n",
            ):
                with daemon.connect() as connection:
                    connection.sendall(head + length)
                    for _ in range(4):
                        connection.sendall(b"1\r\na\r\n")
                        time.sleep(0.2)
                    answer = daemon.read(connection, method, target)

                    assert (answer.status, answer.header("connection")) == (408, "close")
                    assert answer.json()["detail"] == "nothing more of the body came for 0.5 s"
                    assert connection.recv(1) == b""
        assert room == "ingestd" or storaged.ask("GET", "/storage/b/k").status == 404


def test_a_small_body_nobody_reads_keeps_the_connection(validatord: LiveDaemon) -> None:
    """An error before the body was read does not cost the caller its connection."""
    with validatord.connect() as connection:
        connection.sendall(
            b"POST /nope HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"
        )
        assert validatord.read(connection, "POST", "/nope").status == 404
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert validatord.read(connection).status == 200


def test_a_large_body_nobody_reads_is_not_read(validatord: LiveDaemon) -> None:
    """An unknown path does not take a flood either."""
    with validatord.connect() as connection:
        connection.sendall(
            b"POST /nope HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000000\r\n\r\n"
        )
        assert flood(connection, b" " * MIB, 60_000_000) < 30_000_000
        answer = validatord.read(connection, "POST", "/nope")

    assert (answer.status, answer.header("connection")) == (404, "close")


def test_a_caller_that_leaves_is_noted(validatord: LiveDaemon) -> None:
    """Nobody is answered, nothing is a defect."""
    with validatord.connect() as connection:
        connection.sendall(HEAD + b"X-Request-Id: leaver\r\nContent-Length: 10\r\n\r\n")

    assert validatord.wait_for_log(request_id="leaver")["status"] == 499


def test_another_shape_is_422_unless_a_daemon_says_otherwise(miniature: LiveDaemon) -> None:
    """Well-formed but wrong names the member by JSON Pointer."""
    answer = miniature.post({"n": "1"}, "/narrow")

    assert answer.status == 422
    assert answer.json()["detail"] == "the body does not fit: /n: expected int, got str"
    assert answer.json()["errors"] == [{"pointer": "/n", "detail": "expected int, got str"}]
