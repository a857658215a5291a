"""A small repository with a suite, a ledger, reviewers and a gauntlet, and two services for it."""

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, json_reply, serve

SUITE = """\
suite: shop/items
cases:
  - {name: alive, request: {GET: /health}, expect: {status: 200}}
  - {name: item, request: {GET: /items/1}}
"""
ROW = """\
decisions:
  - id: D-001
    title: b has no tags
    state: accepted
    kind: intentional
    where: [shop/items/item]
    cause: null-vs-empty-list
    at: ["$.tags"]
    sides: {"null": [b], empty list: [a]}
    fix: "null"
    reason: both are read
    owner: shop team
    opened: "2026-11-01"
    loc_estimate: 12
"""
REVIEW = """\
review:
  reviewers:
    one: {lineage: one, command: [sh, -c, "echo NO FINDINGS"]}
    two: {lineage: two, command: [sh, -c, "echo NO FINDINGS"]}
"""
LOAD = """\
load:
  against: shop
  users: 2
  duration: 1s
  warm_up: 0s
  scenarios:
    look: {weight: 1, steps: [{request: {GET: /items/1}, expect: {status: 200}}]}
"""
CHAIN = """\
gauntlet:
  phases:
    smoke: {run: shop.yaml, runtimes: [a], min_cases: 2}
    review: {review: baseline}
    parity: {run: shop.yaml, runtimes: [a, b]}
"""
RUNTIMES = """\
runtimes:
  a: {url: 'http://127.0.0.1:9', labels: [shop]}
  b: {url: 'http://127.0.0.1:9', labels: [shop]}
"""


SERVICE = """\
import http.server
import sys


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"{}" if self.path == "/health" else b'{"tags": []}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""
STARTED = "command: ['${python}', service.py, '${port}'], directory: .., ready: /health"


def make_shop(folder: Path) -> Path:
    """Make the repository, with three commits; the runtimes are declared where nobody answers."""
    cases = folder / "cases"
    cases.mkdir()
    files = {"shop": SUITE, "runtimes": RUNTIMES, "review": REVIEW, "load": LOAD, "gauntlet": CHAIN}
    for name, text in files.items():
        (cases / f"{name}.yaml").write_text(text)
    (cases / "decisions.yaml").write_text("decisions: []\n")
    (folder / ".gitignore").write_text("reports/gauntlet/*\n!reports/gauntlet/baseline.json\n")
    git(folder, "init", "--quiet")
    for text in ("first", "second", "third"):
        change(folder, text)
    return folder


def git(folder: Path, *words: str) -> None:
    """Run git in a repository."""
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True)


def change(folder: Path, text: str, file: str = "shop.py") -> None:
    """Write a file, and commit all that is not yet."""
    (folder / file).write_text(text + "\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", f"change {file}")


def with_phases(folder: Path, *phases: str) -> None:
    """Give the gauntlet other phases, and commit that."""
    lines = "".join(f"    {phase}\n" for phase in phases)
    change(folder, f"gauntlet:\n  phases:\n{lines}", "cases/gauntlet.yaml")


def tags(value: object, *, alive: bool = True) -> Service:
    """Return a service whose items have these tags."""

    def service(received: Received) -> Reply:
        if received.target == "/health":
            return json_reply({}, 200 if alive else 503)
        return json_reply({"tags": value})

    return service


def start_by_command(shop: Path) -> None:
    """Have the harness start both runtimes from a committed file, so they are of the commit."""
    (shop / "service.py").write_text(SERVICE)
    rows = "".join(f"  {name}: {{{STARTED}, labels: [shop]}}\n" for name in ("a", "b"))
    change(shop, f"runtimes:\n{rows}", "cases/runtimes.yaml")


def gauntlet(shop: Path, a: Service, b: Service, *words: str) -> subprocess.CompletedProcess[str]:
    """Run it on two services that run already."""
    with serve(a) as first, serve(b) as second:
        attached = ("--runtime", f"a={first}", "--runtime", f"b={second}")
        return conformance("gauntlet", *attached, *words, cwd=shop)


def accept(shop: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Make the latest gauntlet the baseline, and commit that."""
    done = conformance("gauntlet", "accept", *words, cwd=shop)
    if done.returncode == 0:
        change(shop, "accepted", "note.md")
    return done


def reports(shop: Path) -> list[dict[str, Any]]:
    """Return all reports for scripts, the oldest first."""
    files = sorted(
        file for file in (shop / "reports/gauntlet").glob("*.json") if file.name != "baseline.json"
    )
    return [json.loads(file.read_text()) for file in files]


def page(shop: Path) -> str:
    """Return the newest report for people."""
    return max((shop / "reports/gauntlet").glob("*.md")).read_text()
