"""What `conformance fuzz` has found is replayed, and no case shows what another one has stored."""

from pathlib import Path

import yaml

from tests.cli.command import conformance

_SERVICE = """
import json, sys, uuid
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
            note = json.loads(sent)
            text = note["text"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return self.answer(400, {"code": "invalid"})
        if sys.argv[2] == "strict" and len(note) > 1:
            return self.answer(400, {"code": "unknown"})
        if self.path != "/notes":
            return self.answer(404, {"code": "none"})
        if text in notes and not is_other:
            return self.answer(409, {"code": "taken"})
        notes.append(text)
        self.answer(201, {"id": str(uuid.uuid4()), "text": text})

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
        "/notes/{id}/shared": {"post": {}},
        "/count": {"get": {}},
    },
}


def test_a_count_does_not_hold_what_other_cases_have_stored(tmp_path: Path) -> None:
    """Two equal notes are two in one runtime, and the count that is read later is alike."""
    found = _fuzzed(tmp_path, "other", 1_500)
    assert "value of $.unit differs" in found
    assert "status differs (taken)" in found
    assert "value of $.count differs" not in found


def test_a_case_is_green_where_its_cause_is_fixed(tmp_path: Path) -> None:
    """What one runtime has refused makes a thing in both then, each with an id of its own."""
    assert "status differs (unknown)" in _fuzzed(tmp_path, "strict", 500)
    _declare(tmp_path, "usual")
    done = conformance("run", "found.yaml", cwd=tmp_path)
    assert done.returncode == 0, done.stdout


def _fuzzed(folder: Path, kind: str, requests: int) -> str:
    """Fuzz the usual notes beside others, and return what is printed."""
    (folder / "notes.py").write_text(_SERVICE)
    (folder / "openapi.yaml").write_text(yaml.safe_dump(_DOCUMENT))
    _declare(folder, kind)
    words = ("--openapi", "openapi.yaml", "--seed", "1", "--requests", str(requests))
    return conformance("fuzz", *words, "--output", "found.yaml", cwd=folder).stdout


def _declare(folder: Path, kind: str) -> None:
    declared = {
        name: {
            "command": ["${python}", "notes.py", "${port}", each],
            "reset": {"request": {"POST": "/reset"}},
        }
        for name, each in (("a", "usual"), ("b", kind))
    }
    (folder / "runtimes.yaml").write_text(yaml.safe_dump({"runtimes": declared}))
