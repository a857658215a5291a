"""`conformance fuzz` and `discover` on a runtime that a request ends, or that does not answer it."""

from pathlib import Path

import pytest
import yaml

from tests.cli.command import conformance

SERVICE = """
import json, os, sys, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

DOCUMENT = {"openapi": "3.0.0", "paths": {"/a": {"get": {"parameters": [
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}}]}}}}

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if "limit=0" in self.path:
            if sys.argv[2:] == ["crash"]:
                os._exit(1)
            if sys.argv[2:] == ["hang"]:
                time.sleep(30)
        body = json.dumps(DOCUMENT if self.path == "/openapi.json" else {}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
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
        name: {"command": ["${python}", "service.py", "${port}", *words], "ready": "/a"}
        for name, words in (("a", []), ("b", [defect]))
    }
    (tmp_path / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": runtimes}))
    done = conformance("fuzz", "--seed", "1", "--requests", "50", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    assert "found: no answer: GET /a?limit=0" in done.stderr
    assert f"no answer from b: faulted {fault}" in done.stdout
    assert "not show each time" not in done.stdout
