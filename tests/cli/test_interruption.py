"""A run that is asked to end stops what it started, keeps what it saw, and says that it is incomplete."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.command import conformance

SLOW = """\
import http.server, sys, time
class Slow(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        time.sleep(0 if self.path == "/quick" else 60)
        self.send_response(204)
        self.end_headers()
open("pid", "w").write(str(__import__("os").getpid()))
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Slow).serve_forever()
"""


def alive(pid: int) -> bool:
    """Tell whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_an_interrupted_run(tmp_path: Path, number: signal.Signals) -> None:
    """The runtime is stopped, the record keeps the first case, and the saved run is red for being incomplete."""
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "s.yaml").write_text(
        "suite: a/b\ntimeout_ms: 60000\ncases:\n"
        "  - {name: quick, request: {GET: /quick}, expect: {status: 204}}\n  - {name: slow, request: {GET: /}}\n"
    )
    (tmp_path / "runtimes.yaml").write_text(
        'runtimes:\n  slow: {command: ["${python}", slow.py, "${port}"], stop_timeout_ms: 200}\n'
    )
    run = subprocess.Popen(
        [sys.executable, "-m", "conformance", "run", "s.yaml"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    records = tmp_path / "reports/runs"
    while not any('"verdict"' in record.read_text() for record in records.glob("*/run.ndjson")):
        time.sleep(0.02)
    run.send_signal(number)
    _, errors = run.communicate(timeout=20)
    (folder,) = records.iterdir()
    saved = conformance("report", "--run", str(folder), cwd=tmp_path)

    assert errors.strip() == "interrupted; what was written so far is kept"
    assert run.returncode == 130
    assert not alive(int((tmp_path / "pid").read_text()))
    assert "warning: the run is incomplete: its record ends after 1 of 2 cases" in saved.stdout
    assert "RED: the run did not finish" in saved.stdout
    assert conformance("gate", str(folder), cwd=tmp_path).returncode == 1
