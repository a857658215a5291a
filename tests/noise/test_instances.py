"""Who `noise` asks: a second instance if possible, else the first restarted, else it again."""

import sys
from pathlib import Path

import yaml

from conformance.runner.process.ports import free_port
from tests.cli.command import conformance
from tests.noise.askings import asked, comments_of, noise_of, pasted, rules_of, suite

PROGRAM = """\
import http.server, json, os, sys
if len(sys.argv) > 2:
    os.open(sys.argv[2], os.O_CREAT | os.O_EXCL)
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"born": os.getpid(), "on": int(sys.argv[1]), "name": "rope"}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
try:
    import signal
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
finally:
    if len(sys.argv) > 2:
        os.remove(sys.argv[2])
"""
APPLICATION = """\
import json, random
SEED = random.random()
async def app(scope, receive, send):
    body = json.dumps({"seed": SEED, "name": "rope"}).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})
"""
BORN, ON = {"path": "$.born", "is": "integer"}, {"path": "$.on", "is": "integer"}


def test_two_instances_of_a_program(tmp_path: Path) -> None:
    """Process ids and ports differ between two instances, and so from run to run."""
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "runtimes.yaml").write_text(
        "runtimes:\n"
        + "".join(
            f'  {name}: {{command: ["${{python}}", program.py, "${{port}}"]}}\n' for name in "pq"
        )
    )
    printed = noise_of(tmp_path, suite("order"))

    assert rules_of(printed) == {"order": [BORN, ON]}
    assert comments_of(printed) == []
    assert asked("run", tmp_path, suite("order")).returncode == 1
    assert asked("run", tmp_path, pasted(suite("order"), printed)).returncode == 0


def test_a_program_that_runs_once_is_asked_after_a_restart(tmp_path: Path) -> None:
    """The reason why there is no second instance is said: here it finds its lock taken."""
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "runtimes.yaml").write_text(
        'runtimes:\n  p: {command: ["${python}", program.py, "${port}", lock], start_timeout_ms: '
        "20000}\n"
    )
    printed = noise_of(tmp_path, suite("order"))

    assert rules_of(printed) == {"order": [BORN, ON]}
    (comment,) = comments_of(printed)
    assert comment.startswith(
        "p: no second instance beside the first: runtime p: start_crashed: exited with 1"
    )
    assert comment.endswith("; it was asked after a restart")


def test_a_fixed_port_is_of_one_instance(tmp_path: Path) -> None:
    """A program that serves on one port only is started again instead."""
    (tmp_path / "program.py").write_text(PROGRAM)
    port = free_port()
    (tmp_path / "runtimes.yaml").write_text(
        f'runtimes:\n  p: {{command: ["${{python}}", program.py, "{port}"], port: {port}}}\n'
    )
    printed = noise_of(tmp_path, suite("order"))

    assert rules_of(printed) == {"order": [BORN]}
    assert comments_of(printed) == [
        "p: no second instance beside the first: its port is fixed; it was asked after a restart"
    ]


def test_two_instances_of_an_application(tmp_path: Path) -> None:
    """An application in process has its second instance in a process of its own."""
    (tmp_path / "shop.py").write_text(APPLICATION)
    (tmp_path / "runtimes.yaml").write_text('runtimes:\n  p: {app: "shop:app"}\n')
    printed = noise_of(tmp_path, suite("order"))

    assert rules_of(printed) == {"order": [{"path": "$.seed", "is": "number"}]}
    assert comments_of(printed) == []


def test_who_is_not_meant_is_not_started(tmp_path: Path) -> None:
    """A runtime that no case is for is neither started nor named."""
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "runtimes.yaml").write_text(
        'runtimes:\n  p: {labels: [shop], command: ["${python}", program.py, "${port}"]}\n'
        "  q: {labels: [bank], command: [no-such-program]}\n"
    )
    printed = noise_of(tmp_path, suite("order", against="shop"))

    assert rules_of(printed) == {"order": [BORN, ON]}
    assert printed.startswith("# What p answered differently")


def test_recordings_have_no_noise(tmp_path: Path) -> None:
    """A recording always says the same: there is nobody to ask."""
    (tmp_path / "runtimes.yaml").write_text("runtimes: {old: {recording: old.ndjson}}\n")
    done = asked("noise", tmp_path, suite("order"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: every runtime here is a recording\n  hint: ")


def test_what_is_written_into_a_file(tmp_path: Path) -> None:
    """With --output the console has how many rules were proposed."""
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "runtimes.yaml").write_text(
        'runtimes:\n  p: {command: ["${python}", program.py, "${port}"]}\n'
    )
    (tmp_path / "shop.yaml").write_text("suite: shop\ncases: [{name: order, request: {GET: /}}]\n")
    done = conformance("noise", "shop.yaml", "--output", "noise.yaml", cwd=tmp_path)

    assert done.stdout == "2 rules proposed in noise.yaml, from 1 case asked again of 1 runtime\n"
    assert rules_of((tmp_path / "noise.yaml").read_text()) == {"order": [BORN, ON]}


def test_a_runtime_that_was_down_is_no_change(tmp_path: Path) -> None:
    """If a runtime could not be asked, nothing is said of the case.

    The case is not counted as asked again.
    """
    frail = Path(__file__).parents[1] / "miniatures" / "frail.py"
    start = f'command: ["{sys.executable}", "{frail}", "${{port}}"'
    (tmp_path / "runtimes.yaml").write_text(
        f'runtimes:\n  p: {{{start}]}}\n  q: {{{start}, "."]}}\n'
    )
    written = suite("dies", "order")
    written["cases"].insert(0, {"name": "create", "request": {"POST": "/order", "json": {}}})
    (tmp_path / "shop.yaml").write_text(yaml.safe_dump(written))
    done = conformance("noise", "shop.yaml", "--output", "noise.yaml", cwd=tmp_path)
    comments = comments_of((tmp_path / "noise.yaml").read_text())

    down = "it went down in shop/orders/dies, and what this suite had done before is lost"
    assert f"not proposed for q, in shop/orders/order: asked 0 of 3 times: {down}" in comments
    assert not any("isolate" in line for line in comments)
    assert "0 rules proposed in noise.yaml, from 3 cases asked again of 2 runtimes" in done.stdout
