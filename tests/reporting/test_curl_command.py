"""Printed curl commands: bash sends what the harness sent, and an import is the same request."""

import os
import queue
import socket
import subprocess
from collections.abc import Iterator

import pytest

from conformance.model.observation import Answer
from conformance.model.request import HeaderList, Request
from conformance.reporting.curl_command import Address, curl_command
from conformance.runner import event_loop
from conformance.runner.http.wire import WireClient
from conformance.suites.document import parse_document
from conformance.suites.importers.curl import read_curl
from conformance.suites.importers.imported import ImportedRequest
from conformance.suites.importers.suite_text import suite_text
from conformance.suites.nodes import MAX_FILE_BYTES
from conformance.suites.suite_file import cases_of
from tests.miniatures.server import serve_script


def asked(
    method: str,
    target: str = "/",
    *headers: tuple[str, str],
    body: bytes | None = None,
    from_root: bool = False,
) -> Request:
    """Return a request."""
    return Request(method=method, target=target, headers=headers, body=body, from_root=from_root)


JSON = ("content-type", "application/json")
REQUESTS = [
    *(
        asked(method, "/a")
        for method in ("GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH", "TRACE", "PURGE")
    ),
    *(
        asked(method, "/a", body=b"x=1")
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "m-search!")
    ),
    *(
        asked("GET", target)
        for target in (
            "/[1-3]",
            "/{x,y}",
            "/a[]=1&b{}",
            "/a/../b/./c",
            "//a//b",
            "/..",
            "/%2e%2e/%zz",
            "/a?b=c&d=%20+e",
            "/?",
            "/a?b?c",
            "/a#b",
            "/a?b#c",
            '/"quotes"',
            "/it's",
            "/$HOME/`id`/$(id)",
            "/a\\b",
            "/a|b^c<d>e",
            "/!history!",
            "/~user;v=1,2:3@4",
            "/" + "a" * 3_000,
        )
    ),
    asked("OPTIONS", "*"),
    asked("HEAD", "/a", body=b"x=1"),
    asked("GET", "/x", from_root=True),
    *(
        asked("GET", "/h", header)
        for header in (
            ("x-empty", ""),
            ("X-Capital", "A b"),
            ("x-name", "Jos\xe9"),
            ("x-bytes", "\xff\x80 \xa0"),
            ("x-tab", "a\tb"),
            ("x-quotes", 'it\'s "a" `b` $c \\d !e'),
            ("accept", "text/html"),
            ("Accept", ""),
            ("user-agent", "me/1.0"),
            ("Host", "other.example"),
            ("cookie", "a=b; c=d"),
            ("accept-encoding", "gzip"),
            ("x-semicolon", "a;"),
            ("x-at", "@file"),
            ("referer", "http://h/?a"),
            ("content-type", "text/plain"),
            ("range", "bytes=0-1"),
        )
    ),
    asked("GET", "/h", ("x-twice", "a"), ("x-between", "b"), ("x-twice", "c")),
    asked("POST", "/b", ("content-length", "3"), body=b"abc"),
    asked("POST", "/b", JSON, ("expect", ""), body=b"{}"),
    *(
        asked("POST", "/b", JSON, body=body)
        for body in (
            b"",
            b'{"a": 1}',
            b"it's",
            b"@file",
            b"a\nb\r\nc\td",
            b"\\n\\x41'",
            '{"name": "José ✓ 🚀"}'.encode(),
            b"\xff\xfe\x00\x01",
            b"\xff\xfe",
            "\ufffd".encode(),
            b"\x1b[31m",
            b" leading and trailing ",
            b"$HOME `id` $(id) !x",
            "\u202eright to left".encode(),
            bytes(range(256)),
            b"x" * 150_000,
            b"y" * 1_100_000,
        )
    ),
    asked("POST", "/b", JSON, ("Expect", "100-continue"), body=b"z" * 1_025),
    asked(
        "get", "/--next/-o?-d=@x&?", ("x#$%&'*+.^_`|~!", "'\"\\;:"), ("keep-alive", ""), body=b"-"
    ),
    asked("POST", "/*bb//%00%00", ("content-encoding", "\x80%41;!"), ("te", ""), body=b"\\"),
    asked("POST", "/b", body=b"no type"),
    asked("GET", "/b", body=b""),
]
FOUND_ELSEWHERE = {"cookie", "content-length", "referer"}
"""Credentials, which a runtime has, and the length, which is sent anyway."""
OWN: HeaderList = (("x-own", "1"), ("authorization", "Bearer ${env:CURL_TOKEN}"))


@pytest.fixture(name="server", scope="module")
def a_raw_echo() -> Iterator[tuple[str, "queue.Queue[bytes]"]]:
    """Serve a server that keeps the bytes of each request.

    It ends the connection with its answer.
    """
    kept: queue.Queue[bytes] = queue.Queue()

    def script(connection: socket.socket, request: bytes) -> None:
        kept.put(request)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        connection.shutdown(socket.SHUT_RDWR)

    with serve_script(script) as url:
        yield url, kept


async def sent_by_the_harness(url: str, headers: HeaderList, request: Request) -> Answer:
    """Send a request as the harness does."""
    seen = await WireClient(url, headers).exchange(request, 5_000)
    assert isinstance(seen, Answer), seen
    return seen


def run(command: str) -> None:
    """Run a command as a person pastes it into bash."""
    environment = {**os.environ, "CURL_TOKEN": "to ken$'"}
    done = subprocess.run(
        ["bash"],
        input=command.encode(),
        env=environment,
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert done.returncode in {0, 56}, done.stderr


@pytest.mark.parametrize("base", ["", "/api"])
def test_the_same_bytes(server: tuple[str, "queue.Queue[bytes]"], base: str) -> None:
    """Every request of the corpus, bare and with the runtime's own fields, and with a base path."""
    url, kept = server
    assert len(REQUESTS) >= 60
    for request in REQUESTS:
        for own in ((), OWN):
            filled = tuple(
                (name, value.replace("${env:CURL_TOKEN}", "to ken$'")) for name, value in own
            )
            event_loop.run(sent_by_the_harness(url + base, filled, request))
            by_harness = kept.get(timeout=5)
            command = curl_command(request, Address(url=url + base, headers=own))
            run(command)
            assert (kept.get(timeout=5), command[:300]) == (by_harness, command[:300])
            assert command.isprintable()


def test_import_gives_the_request_back() -> None:
    """What is printed is imported as the request that it was printed for."""
    for request in REQUESTS:
        command = curl_command(request, Address(url="http://h"))
        (found,) = read_curl(command, "printed")
        assert isinstance(found, ImportedRequest), (found, command[:300])
        got = Request(
            method=found.method, target=found.target, headers=found.headers, body=found.body
        )
        framing = {"content-length"} if request.body is None else set()
        headers = tuple((name, value) for name, value in got.headers if name.lower() not in framing)
        wanted = Request(
            method=request.method, target=request.target, headers=request.headers, body=request.body
        )
        assert (got.method, got.target, headers, got.body) == (
            wanted.method,
            wanted.target,
            wanted.headers,
            wanted.body,
        ), command[:300]


def test_import_makes_a_suite_that_sends_it() -> None:
    """The suite made of a printed command sends the request that it was printed for."""
    for request in REQUESTS:
        if len(request.body or b"") > MAX_FILE_BYTES:
            continue
        command = curl_command(request, Address(url="http://h"))
        made = suite_text(read_curl(command, "printed"), "imported/printed", "printed")
        (case,) = cases_of(parse_document(made.text.encode(), "printed"))
        sent = case.steps[0].request
        assert (sent.method, sent.target, sent.body) == (
            request.method,
            request.target,
            request.body,
        )
        assert dict(sent.headers) == dict(
            field for field in request.headers if field[0] not in FOUND_ELSEWHERE
        ), command[:300]


def test_variables() -> None:
    """A secret is left to the shell, percent-encoded in a target.

    What a login captured has a name of its own.
    """
    request = asked(
        "POST", "/a/${env:KEY}", ("x-a", "b${login:access}"), body=b'{"k": "${env:KEY}"}'
    )
    command = curl_command(request, Address(url="http://h:1"))
    assert '"$LOGIN_ACCESS"' in command
    assert "urllib.parse" in command
    assert """--data-raw '{"k": "'"$KEY"'"}'""" in command
