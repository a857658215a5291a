"""Live daemons for the tests: started as a user starts them, asked over a real port.

Every answer that comes through `LiveDaemon` is compared with the daemon's own OpenAPI document on
the spot, so each test of an answer is also a test that the document is true.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import jsonschema
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

ROOT = Path(__file__).parents[2]
MINIATURE = str(Path(__file__).with_name("miniature_daemon.py"))
SHELF = str(Path(__file__).with_name("miniature_shelf.py"))
JSON = {"content-type": "application/json"}
START_TIMEOUT_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Give the one value of a header."""
        values = [value for key, value in self.headers if key.lower() == name]
        assert len(values) <= 1, f"{name} stands more than once"
        return values[0] if values else None

    def json(self) -> Any:
        """Parse the body."""
        return json.loads(self.body)


@dataclass(slots=True, kw_only=True)
class LiveDaemon:
    """A running daemon and the ways to ask it."""

    process: subprocess.Popen[bytes]
    log_file: Path
    port: int
    token: str | None = None
    _document: dict[str, Any] | None = None
    _validators: dict[str, Any] = field(default_factory=dict)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, dict(headers or {}))
            return self._read(method, path, connection.getresponse())
        finally:
            connection.close()

    def post(self, document: Any, path: str = "/validate") -> Answer:
        """Post a document as JSON."""
        return self.ask("POST", path, json.dumps(document), JSON)

    def connect(self) -> socket.socket:
        """Open a raw connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def read(self, connection: socket.socket, method: str = "GET", path: str = "/health") -> Answer:
        """Read one answer from a raw connection, as the answer to `method` and `path`."""
        response = http.client.HTTPResponse(connection, method=method)
        response.begin()
        answer = self._read(method, path, response)
        response.close()
        return answer

    def log_lines(self) -> list[dict[str, Any]]:
        """Parse the log so far; every line but the one that says where it listens is JSON."""
        lines = self.log_file.read_text().splitlines()
        return [json.loads(line) for line in lines if not line.startswith("listening on ")]

    def wait_for_log(self, **members: Any) -> dict[str, Any]:
        """Wait for the log line that has these members."""
        deadline_s = time.monotonic() + 5
        while time.monotonic() < deadline_s:
            for line in self.log_lines():
                if members.items() <= line.items():
                    return line
            time.sleep(0.02)
        raise AssertionError(f"no log line with {members}")

    def memory_bytes(self, which: str) -> int:
        """Read VmRSS or VmHWM of the daemon."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith(which):
                return int(line.split()[1]) * 1024
        raise AssertionError(f"no {which}")

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop, and give its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=10)

    def _read(self, method: str, path: str, response: http.client.HTTPResponse) -> Answer:
        answer = Answer(
            status=response.status, headers=tuple(response.getheaders()), body=response.read()
        )
        self._require_declared(method, path, answer)
        return answer

    @property
    def document(self) -> dict[str, Any]:
        """The daemon's OpenAPI document."""
        if self._document is None:
            headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request("GET", "/openapi.json", headers=headers)
            self._document = json.loads(connection.getresponse().read())
            connection.close()
        return self._document

    def _require_declared(self, method: str, path: str, answer: Answer) -> None:
        """Hold an answer against the document: status, media type and shape."""
        bare = path.partition("?")[0].removeprefix("/v1")
        operations = self._operations_of(bare)
        media_type = (answer.header("content-type") or "").partition(";")[0]
        if operations is None:
            assert answer.status in {400, 401, 403, 404, 408, 421, 431}
            assert media_type == "application/problem+json"
            return
        operation = operations.get(method.lower()) or next(
            row for name, row in operations.items() if name != "head"
        )
        declared = operation["responses"].get(
            str(answer.status), operation["responses"].get("default")
        )
        assert declared is not None, (
            f"{method} {path} answered {answer.status}, which is not declared"
        )
        if method == "HEAD" or "content" not in declared:
            assert answer.body == b""
            return
        schema = declared["content"].get(media_type, declared["content"].get("*/*"))
        assert schema is not None, (
            f"{method} {path} {answer.status} as {media_type} is not declared"
        )
        if schema["schema"]:
            is_json = media_type.endswith("json")
            self._validator(schema["schema"]).validate(
                answer.json() if is_json else answer.body.decode()
            )

    def _operations_of(self, path: str) -> dict[str, Any] | None:
        """Find the path item of a path: literal ones first.

        A parameter that is last in a path takes all that is left.
        """
        for template, operations in sorted(
            self.document["paths"].items(), key=lambda item: item[0].replace("{", "~")
        ):
            pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
            if "slashes may stand" in json.dumps(operations):
                pattern = pattern.removesuffix("[^/]+") + ".+"
            if re.fullmatch(pattern, unquote(path), re.DOTALL):
                found: dict[str, Any] = operations
                return found
        return None

    def _validator(self, schema: dict[str, Any]) -> Any:
        key = json.dumps(schema)
        if key not in self._validators:
            rooted = {**schema, "components": self.document["components"]}
            self._validators[key] = jsonschema.Draft202012Validator(rooted)
        return self._validators[key]


@contextmanager
def running(
    log_file: Path, *arguments: str, program: tuple[str, ...], token: str | None = None
) -> Iterator[LiveDaemon]:
    """Run a daemon on a free port until the block ends."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "MINIATURE_TOKEN": token or "",
    }
    command = [sys.executable, *program, "--port", "0", *arguments]
    with log_file.open("wb") as log:
        process = subprocess.Popen(command, stderr=log, cwd=ROOT, env=environment)
    try:
        yield LiveDaemon(
            process=process, log_file=log_file, port=_port(process, log_file), token=token
        )
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=10)


def _port(process: subprocess.Popen[bytes], log_file: Path) -> int:
    deadline_s = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline_s and process.poll() is None:
        found = re.search(
            r"^listening on http://[\d.]+:(\d+)\n", log_file.read_text(), re.MULTILINE
        )
        if found:
            return int(found[1])
        time.sleep(0.01)
    raise AssertionError(f"it did not start: {log_file.read_text()}")


@pytest.fixture(scope="session")
def validatord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One validatord with default settings for the whole session."""
    log_file = tmp_path_factory.mktemp("validatord") / "log"
    with running(log_file, program=("-m", "reference_impl", "validatord")) as daemon:
        yield daemon


@pytest.fixture(scope="session")
def miniature(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One miniature daemon, which crashes, hangs and pauses on demand.

    It waits 0.3 s for heads and bodies.
    """
    log_file = tmp_path_factory.mktemp("miniature") / "log"
    limits = ("--head-timeout-s", "0.3", "--body-timeout-s", "0.3", "--max-body-bytes", "100")
    with running(log_file, *limits, program=(MINIATURE,)) as daemon:
        yield daemon


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One miniature daemon with parameters, byte bodies and a log."""
    directory = tmp_path_factory.mktemp("shelf")
    limits = ("--data-dir", str(directory), "--max-body-bytes", "1000", "--body-timeout-s", "0.5")
    with running(directory / "log", *limits, program=(SHELF,)) as daemon:
        yield daemon


@pytest.fixture(scope="session")
def closed_validatord(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveDaemon]:
    """One validatord with a token from a file."""
    directory = tmp_path_factory.mktemp("closed")
    token_file = directory / "token"
    token_file.write_text("s3cret-token\n")
    token_file.chmod(0o600)
    program = ("-m", "reference_impl", "validatord", "--token-file", str(token_file))
    with running(directory / "log", program=program, token="s3cret-token") as daemon:  # noqa: S106
        yield daemon


@pytest.fixture
def start_validatord(tmp_path: Path) -> Iterator[Callable[..., LiveDaemon]]:
    """Start validatord with arguments of the test's own."""
    yield from _starter(tmp_path, ("-m", "reference_impl", "validatord"))


@pytest.fixture
def start_miniature(tmp_path: Path) -> Iterator[Callable[..., LiveDaemon]]:
    """Start a miniature daemon with arguments of the test's own."""
    yield from _starter(tmp_path, (MINIATURE,))


@pytest.fixture
def start_shelf(tmp_path: Path) -> Iterator[Callable[..., LiveDaemon]]:
    """Start a shelf with arguments of the test's own."""
    yield from _starter(tmp_path, (SHELF,))


def _starter(directory: Path, program: tuple[str, ...]) -> Iterator[Callable[..., LiveDaemon]]:
    open_blocks: list[AbstractContextManager[LiveDaemon]] = []

    def start(*arguments: str, token: str | None = None) -> LiveDaemon:
        log_file = directory / f"log{len(open_blocks)}"
        block = running(log_file, *arguments, program=program, token=token)
        daemon = block.__enter__()
        open_blocks.append(block)
        return daemon

    yield start
    for block in reversed(open_blocks):
        block.__exit__(None, None, None)
