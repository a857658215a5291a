"""`conformance fuzz` and `discover` on a runtime that a request ends, or that does not answer it."""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.cli.command import conformance

SERVICE = """
import json, os, socket, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DOCUMENT = {"openapi": "3.0.0", "paths": {"/a": {"get": {"parameters": [
    {"name": "limit", "in": "query", "schema": {"type": "integer"}}]}}}}

OWN = {"differs": True} if "differ" in sys.argv[2] else {}

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if "limit=0" in self.path:
            if "crash" in sys.argv[2]:
                os._exit(1)
            if "hang" in sys.argv[2]:
                time.sleep(30)
        body = json.dumps(DOCUMENT if self.path == "/openapi.json" else OWN).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

number = int(sys.argv[1])
server = ThreadingHTTPServer(("127.0.0.1", 0 if number < 1024 else number), Handler)
if number < 1024:  # an open socket that listens
    server.socket.close()
    server.socket = socket.socket(fileno=number)
server.serve_forever()
"""


@pytest.mark.parametrize(
    ("defect", "fault"), [("crash", "runtime_crashed"), ("hang", "timeout_idle")]
)
def test_a_request_that_one_started_runtime_never_answers_is_found(
    tmp_path: Path, defect: str, fault: str
) -> None:
    """It is asked again of a runtime that was started again, and does not answer it then either."""
    (tmp_path / "service.py").write_text(SERVICE)
    runtimes = {
        name: {"command": ["${python}", "service.py", "${port}", word], "ready": "/a"}
        for name, word in (("a", ""), ("b", defect))
    }
    (tmp_path / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": runtimes}))
    done = conformance("fuzz", "--seed", "1", "--requests", "50", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "found: no answer: GET /a?limit=0" in done.stderr
    assert f"no answer from b: faulted {fault}" in done.stdout
    assert "not show each time" not in done.stdout


@contextlib.contextmanager
def _attached(folder: Path, *defects: str) -> Iterator[list[str]]:
    """Run services that nobody starts again, and yield `NAME=URL` of each."""
    (folder / "service.py").write_text(SERVICE)
    with contextlib.ExitStack() as stack:
        named = []
        for name, defect in zip("ab", defects, strict=True):
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            words = [sys.executable, "service.py", str(listener.fileno()), defect]
            process = subprocess.Popen(words, cwd=folder, pass_fds=[listener.fileno()])
            stack.callback(process.wait)
            stack.callback(process.kill)
            named.append(f"{name}=http://127.0.0.1:{listener.getsockname()[1]}")
            listener.close()
        yield named


@pytest.mark.parametrize(("defects", "gone"), [(("", "crash"), "b"), (("crash", "crash"), "ab")])
@pytest.mark.parametrize("verb", ["fuzz", "discover"])
def test_a_runtime_that_nobody_starts_again_ends_the_fuzz(
    tmp_path: Path, verb: str, defects: tuple[str, ...], gone: str
) -> None:
    """It is said which ones no longer answer, and since which request: they have not passed."""
    with _attached(tmp_path, *defects) as named:
        words = named if verb == "discover" else [f"--runtime={each}" for each in named]
        done = conformance(verb, *words, "--seed", "1", "--for", "20s", cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    for name in gone:
        why = f"runtime {name}: no longer answers; it went down in GET /a?limit=0, and"
        assert why in done.stderr
    assert "not dry" in done.stdout
    assert "PARITY" not in done.stdout


def test_what_was_found_before_a_runtime_went_away_is_kept(tmp_path: Path) -> None:
    """Its cases are written, and said not to have been replayed."""
    with _attached(tmp_path, "", "differ, then crash") as named:
        words = [f"--runtime={each}" for each in named]
        done = conformance("fuzz", *words, "--seed", "1", "--output", "found.yaml", cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    assert "runtime b: no longer answers; " in done.stderr
    assert "1 cause found" in done.stdout
    assert "cases: found.yaml, not replayed" in done.stdout
    (case,) = yaml.safe_load((tmp_path / "found.yaml").read_text())["cases"]
    assert case["request"] == {"GET": "/a"}
