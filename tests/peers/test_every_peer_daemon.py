"""Every daemon of the peers has health, metrics and a valid description.

Each refuses requests with problem documents.
"""

import http.client
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from openapi_spec_validator import validate

from tests.peers.live_peers import GO, RUST, live, started

COMMANDS = [
    (RUST, "serve"),
    (RUST, "validatord"),
    (GO, "serve"),
    (GO, "catalogd"),
    (GO, "embedd"),
    (GO, "validatord"),
    (GO, "vectord"),
]

pytestmark = live

Answer = tuple[int, dict[str, str], str]


class Daemon:
    """A daemon of a peer that answers."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port)

    def ask(
        self,
        method: str,
        path: str,
        body: str | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        """Send one request; header names come in lower case."""
        connection = http.client.HTTPConnection(*self._address, timeout=10)
        try:
            connection.request(
                method, path, body, {"content-type": content_type} if body is not None else {}
            )
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            return response.status, headers, response.read().decode()
        finally:
            connection.close()

    def document(self) -> Any:
        """Return the daemon's description."""
        return json.loads(self.ask("GET", "/openapi.json")[2])


@pytest.fixture(
    params=COMMANDS, ids=[f"{program.split('/')[1]}-{command}" for program, command in COMMANDS]
)
def daemon(request: pytest.FixtureRequest) -> Iterator[Daemon]:
    """Start a daemon of a peer; told to stop, it exits 0."""
    program, command = request.param
    with started(program, command) as (url, process):
        yield Daemon("gateway" if command == "serve" else command, url)
    assert process.returncode == 0


def test_it_is_healthy_under_its_name(daemon: Daemon) -> None:
    """Bare and under /v1, with the version that its description has."""
    version = daemon.document()["info"]["version"]
    for path in ("/health", "/v1/health"):
        status, headers, body = daemon.ask("GET", path)
        assert (status, headers["content-type"]) == (200, "application/json")
        assert json.loads(body) == {"status": "ok", "service": daemon.name, "version": version}


def test_its_description_is_valid_and_all_it_has(daemon: Daemon) -> None:
    """An OpenAPI 3.1 document.

    Each path answers 405 to a method that it does not list, and allows those it does.
    """
    document = daemon.document()

    validate(document)
    assert document["openapi"] == "3.1.0"
    assert {"/health", "/metrics", "/openapi.json"} < document["paths"].keys()
    for path, methods in document["paths"].items():
        status, headers, body = daemon.ask("PATCH", re.sub(r"\{\w+\}", "x", path))
        assert (status, headers["content-type"]) == (405, "application/problem+json")
        assert sorted(headers["allow"].lower().split(", ")) == sorted(methods)
        assert json.loads(body)["title"] == "Method Not Allowed"


def test_it_counts_its_requests(daemon: Daemon) -> None:
    """Prometheus text, by route, method and status."""
    daemon.ask("GET", "/v1/health")
    daemon.ask("GET", "/nowhere")

    status, headers, text = daemon.ask("GET", "/metrics")
    assert (status, headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert f'daemon_info{{service="{daemon.name}",version="' in text
    assert 'http_requests_total{route="/health",method="GET",status="200"} 1\n' in text
    assert 'http_requests_total{route="unknown",method="GET",status="404"} 1\n' in text
    assert 'http_request_duration_seconds_bucket{route="/health",le="+Inf"} 1\n' in text


def test_it_refuses_bad_bodies(daemon: Daemon) -> None:
    """Each invalid body is refused with its own status and without a stack trace.

    The bodies are: not JSON, a duplicate key, another content type, too many bytes.
    """
    bodies = [
        path
        for path, methods in daemon.document()["paths"].items()
        if "requestBody" in methods.get("post", {})
    ]
    (path, *_) = [path for path in bodies if "{" not in path]
    refusals = [
        daemon.ask("POST", path, "{bad"),
        daemon.ask("POST", path, '{"kind": 1, "kind": 2}'),
        daemon.ask("POST", path, "kind=sms", "text/plain"),
        daemon.ask("POST", path, " " * (8 * 1024 * 1024 + 1)),
    ]

    assert [status for status, _, _ in refusals] == [400, 400, 415, 413]
    for status, headers, body in refusals:
        assert headers["content-type"] == "application/problem+json"
        problem = json.loads(body)
        assert (problem["status"], problem["instance"]) == (status, path)
        assert sorted(problem) == ["detail", "instance", "status", "title", "type"]
