"""What no peer daemon accepts: requests of foreign pages, targets with a fragment, cut bodies."""

import contextlib
import http.client
import json
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.peers.live_peers import GO, RUST, live, started

pytestmark = live

PEERS = [(RUST, "serve"), (GO, "serve")]
PORT = "{port}"
PROBLEM = "application/problem+json"


def opened(url: str) -> socket.socket:
    """Connect to a daemon."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20)


def read(connection: socket.socket) -> tuple[int, str, Any]:
    """Read one answer: status, media type, and JSON if that is what it is."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    body = response.read()
    media_type = response.getheader("content-type", "")
    return response.status, media_type, json.loads(body) if "json" in media_type else body


@pytest.mark.parametrize(("program", "command"), PEERS, ids=["rust", "go"])
def test_what_a_foreign_page_could_send_is_refused(program: str, command: str) -> None:
    """By its host or its origin, on paths that are and that are not; a program is answered."""
    heads = [
        ("/health", f"Host: localhost:{PORT}", 200),
        ("/health", f"Host: [::1]:{PORT}", 200),
        ("/health", f"Host: 127.0.0.1:{PORT}\r\nOrigin: http://127.0.0.1:{PORT}", 200),
        ("/health", "Host: lake.example", 200),
        ("/health", "Host: evil.example", 421),
        ("/nope", "Host: evil.example", 421),
        ("http://evil.example/health", "Host: localhost", 421),
        ("/health", f"Host: localhost:{PORT}\r\nOrigin: http://evil.example", 403),
        ("/health", f"Host: localhost:{PORT}\r\nOrigin: null", 403),
        ("/nope", f"Host: localhost:{PORT}\r\nOrigin: http://localhost:1", 403),
        ("/health#x", "Host: localhost", 400),
        ("/#", "Host: localhost", 400),
        ("/health?a#b", "Host: localhost", 400),
        ("/health%23x", "Host: localhost", 404),
        ("/v1/%68ea%6Cth?a=%62", "Host: localhost", 200),
        ("/v1%2Fhealth", "Host: localhost", 404),
    ]
    with started(program, command, "--allowed-hosts", "a.example,Lake.example") as (url, _):
        port = str(urlsplit(url).port)
        with opened(url) as connection:
            for target, lines, status in heads:
                connection.sendall(
                    f"GET {target} HTTP/1.1\r\n{lines.replace(PORT, port)}\r\n\r\n".encode()
                )
                answer = read(connection)
                assert (answer[0], target, lines) == (status, target, lines)
                assert status == 200 or (answer[1], answer[2]["status"]) == (PROBLEM, status)


def test_a_body_that_stops_is_408() -> None:
    """After ten seconds, whether its length was told or not.

    The daemon answers others meanwhile.
    """
    head = "POST /v1/validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    framings = ("Content-Length: 10\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
    with contextlib.ExitStack() as stack:
        waiting = []
        for program, command in PEERS:
            url, _ = stack.enter_context(started(program, command))
            waiting += [(url, stack.enter_context(opened(url)), framing) for framing in framings]
        started_s = time.monotonic()
        for _, connection, framing in waiting:
            connection.sendall((head + framing).encode())
        for url, connection, _ in waiting:
            with opened(url) as other:
                other.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert read(other)[0] == 200
            status, media_type, problem = read(connection)
            assert (status, media_type) == (408, PROBLEM)
            assert problem["detail"] == "the body was not complete after 10 s"
            assert time.monotonic() - started_s > 9


@pytest.mark.parametrize(("program", "command"), PEERS, ids=["rust", "go"])
def test_every_wrong_member_is_named(program: str, command: str) -> None:
    """In the order in which the members are declared, then those that are unknown."""
    worker = {"worker_id": 1, "name": "Ana", "status": "active", "city": "Reno", "state": "NV"}
    body = {
        "no/such": 1,
        "kind": "fax",
        "context": {"roster": [worker, 5], "target_count": -1, "x": 1},
        "y" * 65: 1,
    }
    with started(program, command) as (url, _), opened(url) as connection:
        text = json.dumps(body)
        head = "POST /validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(f"{head}Content-Length: {len(text)}\r\n\r\n{text}".encode())
        status, media_type, problem = read(connection)
    assert (status, media_type) == (400, PROBLEM)
    assert [(error["pointer"], error["detail"]) for error in problem["errors"]] == [
        ("/kind", "expected one of email, sms, fill, playbook"),
        ("/artifact", "the member is missing"),
        ("/context/roster/0/worker_id", "expected a string"),
        ("/context/roster/0/role", "the member is missing"),
        ("/context/roster/1", "expected an object"),
        ("/context/target_count", "expected a non-negative integer"),
        ("/context/x", "an unknown member"),
        ("/no~1such", "an unknown member"),
        ("", "an unknown member"),
    ]
    assert problem["detail"].startswith(
        "the body does not fit: /kind: expected one of email, sms, fill, playbook; "
    )
