"""Bad requests, the same to every daemon: refused as problems, and nothing of them comes back."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from reference_impl.kit.ports import PORTS
from tests.reference_impl.conftest import JSON, ROOT, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reference_impl.conftest import Answer, LiveDaemon

# The gateway's own refusals are its own tests; what it passes on is refused by these.
DAEMONS = [
    name for name in PORTS if name != "gateway" and (ROOT / "reference_impl" / name).is_dir()
]

CANARY = "hunter2"
UNKNOWN = "no-such-thing"
QUOTED = {"sql"}  # whoever writes a query wants to see where it goes wrong
TRACES = (b"Traceback", b'File "', b"reference_impl", b"site-packages", b"msgspec", CANARY.encode())

BODIES = {
    "empty": b"",
    "white-space": b" \n",
    "cut-short": b'{"hunter2": ',
    "null": b"null",
    "number": b"5",
    "text": b'"hunter2"',
    "list": b'[{"hunter2": 1}]',
    "unknown-member": b'{"no_such": "hunter2"}',
    "doubled-key": b'{"hunter2": 1, "hunter2": 2}',
    "nan": b'{"hunter2": NaN}',
    "infinity": b'{"hunter2": -Infinity}',
    "overflow": b'{"hunter2": 1e400}',
    "long-name": b'{"' + b"hunter2" * 10 + b'": 1}',
    "long-number": b'{"no_such": ' + b"9" * 5000 + b"}",
    "lone-surrogate": b'{"hunter2": "\\ud800"}',
    "not-utf-8": b'{"hunter2": "\xff\xfe"}',
    "byte-order-mark": b'\xef\xbb\xbf{"hunter2": 1}',
    "utf-16": '{"hunter2": 1}'.encode("utf-16"),
    "deep": b"[" * 100_000,
    "deep-object": b'{"hunter2":' * 5000 + b"1" + b"}" * 5000,
    "more-after-it": b'{"hunter2": 1} hunter2',
    "two-documents": b"{}{}",
    "nul": b'{"hunter2": "\x00"}',
    "single-quotes": b"{'hunter2': 1}",
    "comment": b"{/* hunter2 */}",
    "trailing-comma": b'{"hunter2": 1,}',
    "leading-zero": b'{"hunter2": 01}',
    "form": b"hunter2=1&b=2",
    "xml": b'<?xml version="1.0"?><hunter2/>',
}
HEADERS: dict[str, dict[str, str]] = {
    "no-type": {},
    "text": {"content-type": "text/plain; hunter2"},
    "utf-16": {"content-type": "application/json; charset=utf-16"},
    "form": {"content-type": "application/x-www-form-urlencoded"},
    "nearly-json": {"content-type": "application/jsonhunter2"},
    "gzip": {**JSON, "content-encoding": "gzip"},
    "unknown-coding": {**JSON, "content-encoding": "hunter2"},
    "long-length": {**JSON, "content-length": "99999999999"},
}
PATHS = (
    "/",
    "/v1",
    "//",
    "/v2/health",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/v1/../../etc/passwd",
    "/%00",
    "/%ff%fe",
    "/" + "a" * 8000,
    "/health/",
    "/HEALTH",
    "/openapi.json/x",
    "/health%0d%0ax-injected:%201",
    "/v1/v1/health",
)
RAW = {
    "no-http": b"hunter2\r\n\r\n",
    "http-9": b"GET /health HTTP/9.9\r\nhost: localhost\r\n\r\n",
    "space-in-name": b"GET /health HTTP/1.1\r\nhost: localhost\r\nhun ter2: x\r\n\r\n",
    "nul-in-value": b"GET /health HTTP/1.1\r\nhost: localhost\r\nx: hunter2\x00\r\n\r\n",
    "long-head": b"GET /health HTTP/1.1\r\nhost: localhost\r\nx: "
    + b"hunter2" * 12_000
    + b"\r\n\r\n",
    "signed-length": b"POST /health HTTP/1.1\r\nhost: localhost\r\ncontent-length: +3\r\n\r\nabc",
    "two-lengths": b"POST /health HTTP/1.1\r\nhost: localhost\r\ncontent-length: "
    b"3\r\ncontent-length: 4\r\n\r\nabcd",
    "length-and-chunked": (
        b"POST /health HTTP/1.1\r\nhost: localhost\r\ncontent-length: 3\r\ntransfer-encoding: "
        b"chunked\r\n\r\n0\r\n\r\n"
    ),
    "bad-chunk": b"POST /health HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: "
    b"chunked\r\n\r\nhunter2\r\n",
    "connect": b"CONNECT hunter2:443 HTTP/1.1\r\nhost: hunter2\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03hunter2",
}


@pytest.fixture(scope="module", params=DAEMONS)
def daemon(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveDaemon]:
    """Each daemon in turn, with a data directory of its own."""
    directory = tmp_path_factory.mktemp(request.param)
    program = ("-m", "reference_impl", request.param)
    with running(directory / "log", "--data-dir", str(directory / "data"), program=program) as live:
        yield live
        assert '"defect"' not in (directory / "log").read_text()


def operations(daemon: LiveDaemon) -> list[tuple[str, str, dict[str, Any]]]:
    """List method, path and entry of all that a daemon describes."""
    return [
        (method.upper(), re.sub(r"\{\w+\}", UNKNOWN, path), entry)
        for path, entries in daemon.document["paths"].items()
        for method, entry in entries.items()
    ]


def taking_json(daemon: LiveDaemon) -> list[str]:
    """List the paths to which a JSON body is posted."""
    return [
        path
        for method, path, entry in operations(daemon)
        if method == "POST" and json_schema(entry)
    ]


def json_schema(entry: Any) -> Any:
    """Give the schema of an operation's JSON body, if it takes one."""
    return entry.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")


def require_refusal(answer: Answer, *, is_validatord: bool = False) -> None:
    """Demand a 4xx that is a problem document and gives nothing away."""
    assert 400 <= answer.status < 500
    is_verdict = is_validatord and answer.status == 422
    assert is_verdict or answer.header("content-type") == "application/problem+json"
    for trace in TRACES:
        assert trace not in answer.body


@pytest.mark.parametrize("name", BODIES)
def test_a_bad_body(daemon: LiveDaemon, name: str) -> None:
    """For every operation that takes JSON: never a 5xx, never an echo."""
    for path in taking_json(daemon):
        require_refusal(daemon.ask("POST", path, BODIES[name], JSON))


@pytest.mark.parametrize("name", HEADERS)
def test_a_bad_head_of_a_body(daemon: LiveDaemon, name: str) -> None:
    """A wrong type, a coding or a length over the limit is refused before the body is read.

    Or the answer says that nothing is there.
    """
    for path in taking_json(daemon):
        answer = daemon.ask("POST", path, b"{}", HEADERS[name])
        require_refusal(answer)
        assert answer.status in {404, 413 if name == "long-length" else 415}


def test_wrong_types_everywhere(daemon: LiveDaemon) -> None:
    """Each member that a body may have, with each type that JSON knows."""
    schemas = daemon.document["components"]["schemas"]
    for method, path, entry in operations(daemon):
        if method != "POST" or not json_schema(entry):
            continue
        for member in schemas[json_schema(entry)["$ref"].rpartition("/")[2]]["properties"]:
            text = "\x00" if member in QUOTED else f"\x00{CANARY}"
            for value in (None, True, -1, 1.5, 2**63, text, [CANARY], {"no_such": CANARY}):
                answer = daemon.ask("POST", path, json.dumps({member: value}), JSON)
                if answer.status >= 300:
                    require_refusal(answer, is_validatord=True)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:30])
def test_a_path_that_is_none(daemon: LiveDaemon, path: str) -> None:
    """404 for what no route has, however it is spelled, bytes that are no text included."""
    for method in ("GET", "POST", "DELETE"):
        answer = daemon.ask(method, path)
        require_refusal(answer)
        assert answer.status == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "HUNTER"])
def test_a_method_that_is_none(daemon: LiveDaemon, method: str) -> None:
    """405 that says what there is, on every path."""
    there = {(known, path) for known, path, _ in operations(daemon)}
    for path in {path for known, path in there if (method, path) not in there}:
        answer = daemon.ask(method, path)
        if answer.status != 400:  # a method that the parser does not know is no HTTP to it
            require_refusal(answer)
            assert (answer.status, bool(answer.header("allow"))) == (405, True)


@pytest.mark.parametrize("name", RAW)
def test_what_is_no_request(daemon: LiveDaemon, name: str) -> None:
    """Malformed HTTP is a problem document, too, or a closed connection.

    The next caller is served.
    """
    with daemon.connect() as connection:
        connection.sendall(RAW[name])
        connection.settimeout(5)
        answer = b""
        while (piece := connection.recv(65536)) != b"":
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4"))
    assert b"application/problem+json" in head
    assert not any(trace in body for trace in TRACES)
    assert daemon.ask("GET", "/health").status == 200


@pytest.mark.parametrize(
    "query", ["?no_such=hunter2", "?after=hunter2", "?limit=1&limit=2", "?%ff=1", "?" + "a&" * 200]
)
def test_a_bad_query(daemon: LiveDaemon, query: str) -> None:
    """Where a query is read it is read strictly; where none is, it does not matter."""
    for method, path, entry in operations(daemon):
        if method == "GET" and any(
            parameter["in"] == "query" for parameter in entry.get("parameters", ())
        ):
            answer = daemon.ask(method, path + query)
            assert answer.status in {200, 400, 404, 422}
            assert not any(trace in answer.body for trace in TRACES) or answer.status == 200
