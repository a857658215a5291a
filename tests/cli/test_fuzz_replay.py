"""What `conformance fuzz` has found is replayed, and no case shows what another one has stored."""

from pathlib import Path

import yaml

from tests.cli.command import conformance

_SERVICE = """
import json, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

notes, is_other = [], sys.argv[2] == "other"

class Notes(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path == "/reset":
            notes.clear()
            return self.answer(200, {})
        try:
            text = json.loads(sent)["text"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return self.answer(400, {"code": "invalid"})
        if self.path != "/notes":
            return self.answer(404, {"code": "none"})
        if text in notes and not is_other:
            return self.answer(409, {"code": "taken"})
        notes.append(text)
        self.answer(201, {"text": text})

    def do_GET(self):
        if self.path != "/count":
            return self.answer(404, {"code": "none"})
        is_page = self.headers.get("accept") == "text/html"
        self.answer(200, {"count": len(notes), "unit": "page" if is_page and is_other else "note"})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Notes).serve_forever()
"""
_NOTE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
_DOCUMENT = {
    "openapi": "3.1.0",
    "paths": {
        "/notes": {"post": {"requestBody": {"content": {"application/json": {"schema": _NOTE}}}}},
        "/count": {"get": {}},
    },
}


def test_a_count_does_not_hold_what_other_cases_have_stored(tmp_path: Path) -> None:
    """Two equal notes are two in one runtime, and the count that is read later is alike."""
    (tmp_path / "notes.py").write_text(_SERVICE)
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(_DOCUMENT))
    declared = {
        name: {
            "command": ["${python}", "notes.py", "${port}", kind],
            "reset": {"request": {"POST": "/reset"}},
        }
        for name, kind in (("a", "usual"), ("b", "other"))
    }
    (tmp_path / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": declared}))
    words = ("--openapi", "openapi.yaml", "--seed", "1", "--requests", "1500")
    done = conformance("fuzz", *words, "--output", "found.yaml", cwd=tmp_path)
    assert "value of $.unit differs" in done.stdout
    assert "status differs (taken)" in done.stdout
    assert "value of $.count differs" not in done.stdout
