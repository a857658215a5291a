"""A repository to cheat in: a port answers a total as text, where the original answers a number.

Its commit has the tag `base`.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.tracker.shop import git

SERVICE = """\
import json

async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    total = 12 if scope["path"] == "/orders/1" else 7
    body = json.dumps({"id": 1, "total": total}).encode()
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
"""
PORT = """\
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        total = "12" if self.path == "/orders/1" else 7
        body = json.dumps({"id": 1, "total": total}).encode()
        self.send_response_only(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
LIVE = """\
runtimes:
  original:
    app: "original_service:app"
    directory: ../original
    source: [.]
  port:
    command: ["${python}", port_service.py, "${port}"]
    directory: ../port
    source: [.]
"""
LEGACY = "  legacy:\n    recording: recordings/legacy.ndjson\n"
SUITE = """\
suite: shop/orders
include: shared.yaml
openapi: api.json
cases:
  - name: one
    request: {GET: /orders/1}
    expect: {status: 200}
  - name: two
    request: {GET: /orders/2}
    tags: [easy]
"""
SHARED = "shared: shop\nrequest: {headers: {x-shop: a}}\n"
API = {"openapi": "3.1.0", "paths": {"/orders/{id}": {"get": {"responses": {"200": {}}}}}}
ROW = """\
decisions:
  - id: D-001
    title: totals are text
    state: accepted
    kind: intentional
    cause: number-as-string
    at: ["$.total"]
    where: [shop/orders/one]
    sides: {string: [port], number: [original, legacy]}
    reason: nobody has asked whether this is right
    owner: nobody
    opened: "2026-11-01"
"""


def make_guarded_shop(command: Callable[..., Any], folder: Path) -> Path:
    """Make the repository in a folder."""
    put(folder, "original/original_service.py", SERVICE)
    put(folder, "port/port_service.py", PORT)
    put(folder, "cases/shared.yaml", SHARED)
    put(folder, "cases/api.json", json.dumps(API))
    put(folder, "cases/orders.yaml", SUITE)
    put(folder, "cases/decisions.yaml", "decisions: []\n")
    put(folder, "cases/runtimes.yaml", LIVE)
    put(folder, "reports/gauntlet/baseline.json", "{}\n")
    put(folder, ".gitignore", "reports/runs/\nignored.yaml\n__pycache__/\n")
    recording = "cases/recordings/legacy.ndjson"
    (folder / recording).parent.mkdir()
    words = ("--runtime", "original", "--output", recording)
    assert command("record", "cases", *words, cwd=folder).returncode == 0
    edit('"runtime":"original"', '"runtime":"legacy"', recording)(folder)
    put(folder, "cases/runtimes.yaml", LIVE + LEGACY)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit_base(folder)
    return folder


def commit_base(folder: Path) -> None:
    """Commit all that there is, and let `base` name it."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "base")
    git(folder, "tag", "--force", "base")


def put(folder: Path, name: str, text: str) -> None:
    """Write a file."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)


Cheat = Callable[[Path], object]


def edit(old: str, new: str, name: str = "cases/orders.yaml") -> Cheat:
    """Return what replaces a text in a file."""

    def change(folder: Path) -> None:
        before = (folder / name).read_text()
        assert old in before
        (folder / name).write_text(before.replace(old, new))

    return change


def write(name: str, text: str) -> Cheat:
    """Return what writes a file."""
    return lambda folder: put(folder, name, text)


def unlink(name: str) -> Cheat:
    """Return what deletes a file."""
    return lambda folder: (folder / name).unlink()


def and_git(cheat: Cheat, *words: str) -> Cheat:
    """Return what changes something and then runs git."""

    def change(folder: Path) -> None:
        cheat(folder)
        git(folder, *words)

    return change


def git_and(cheat: Cheat, *words: str) -> Cheat:
    """Return what runs git and then changes something."""

    def change(folder: Path) -> None:
        git(folder, *words)
        cheat(folder)

    return change
