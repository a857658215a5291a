"""`conformance noise`: what a runtime answers differently by itself becomes a rule, and nothing else does."""

import itertools
import uuid
from pathlib import Path

from conformance.suites.suite_file import read_suite
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, always, json_reply, serve

SUITE = """\
suite: shop/orders
cases:
  - {name: order, request: {GET: /order}}
  - {name: text, request: {GET: /text}}
"""
PROGRAM = """\
import http.server, json, os, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"born": os.getpid(), "name": "rope"}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


def test_what_differs_by_itself_becomes_a_rule(tmp_path: Path) -> None:
    """Each path has its kind, the runtime and the number of cases; what no rule can say is a comment."""
    count = itertools.count()

    def restless(request: Received) -> Reply:
        number = next(count)
        if request.target == "/text":
            return Reply(body=f"now {number}".encode(), headers={"content-type": "text/plain"})
        maybe = {"sometimes": number} if number % 3 else {}
        return json_reply(
            {"id": str(uuid.uuid4()), "number": number, "at": f"2026-11-24T00:00:{number:02}Z", "name": "rope", **maybe}
        )

    (tmp_path / "shop.yaml").write_text(SUITE)
    with serve(restless) as a, serve(always({"name": "rope"})) as b:
        done = conformance("noise", "shop.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path)

    rules = [line.strip() for line in done.stdout.splitlines() if line.startswith("    - ")]
    assert [rule.partition(", why")[0] for rule in rules] == [
        '- {path: "$.at", is: timestamp',
        '- {path: "$.id", is: uuid',
        '- {path: "$.number", is: integer',
        '- {path: "$.sometimes", is: any',
    ]
    assert rules[0].endswith('why: "differs by itself in a, in 1 case"}')
    assert "# no rule can be about it: shop/orders/text, a: text@$ (differs | differs)\n" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")
    written = SUITE.replace("cases:", "rules:\n" + "\n".join(f"  {rule}" for rule in rules) + "\ncases:")
    (tmp_path / "ruled.yaml").write_text(written)
    assert len(read_suite(tmp_path / "ruled.yaml")[0].rules) == 4


def test_a_restart_shows_what_asking_twice_does_not(tmp_path: Path) -> None:
    """A program is started anew for the third time; a runtime that never differs has no noise."""
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "shop.yaml").write_text("suite: shop\ncases: [{name: order, request: {GET: /}}]\n")
    (tmp_path / "runtimes.yaml").write_text('runtimes:\n  p: {command: ["${python}", program.py, "${port}"]}\n')
    started = conformance("noise", "shop.yaml", "--output", "noise.yaml", cwd=tmp_path)
    with serve(always({"name": "rope"})) as url:
        calm = conformance("noise", "shop.yaml", "--runtime", f"a={url}", cwd=tmp_path)

    assert started.stdout == "1 rule proposed in noise.yaml, from 1 case asked three times\n"
    assert '    - {path: "$.born", is: integer, why: ' in (tmp_path / "noise.yaml").read_text()
    assert calm.stdout.splitlines()[-1] == "noise: {}"


def test_recordings_have_no_noise(tmp_path: Path) -> None:
    """A recording always says the same: there is nobody to ask."""
    (tmp_path / "shop.yaml").write_text("suite: shop\ncases: [{name: order, request: {GET: /}}]\n")
    (tmp_path / "runtimes.yaml").write_text("runtimes: {old: {recording: old.ndjson}}\n")
    done = conformance("noise", "shop.yaml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: every runtime here is a recording\n  hint: ")
