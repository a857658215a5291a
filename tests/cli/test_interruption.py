"""A run that is asked to end stops what it started and says that it is incomplete.

It keeps what it saw.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.registries import HoldsBackAnswers, spelled
from tests.miniatures.server import serve

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
    """Return whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_an_interrupted_run(tmp_path: Path, number: signal.Signals) -> None:
    """After an interruption the runtime is stopped and the saved run is red.

    It is red for being incomplete, and the record keeps the first case.
    """
    (tmp_path / "slow.py").write_text(SLOW)
    (tmp_path / "s.yaml").write_text(
        "suite: a/b\ntimeout_ms: 60000\ncases:\n"
        "  - {name: quick, request: {GET: /quick}, expect: {status: 204}}\n  - {name: slow, "
        "request: {GET: /}}\n"
    )
    (tmp_path / "runtimes.yaml").write_text(
        'runtimes:\n  slow: {command: ["${python}", slow.py, "${port}"], stop_timeout_ms: 200}\n'
    )
    run = subprocess.Popen(
        [sys.executable, "-m", "conformance", "run", "s.yaml"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    records = tmp_path / "reports/runs"
    while not any('"verdict"' in record.read_text() for record in records.glob("*/run.ndjson")):
        time.sleep(0.02)
    run.send_signal(number)
    _, errors = run.communicate(timeout=20)
    folder = records / "latest"
    saved = conformance("report", "--run", str(folder), cwd=tmp_path)

    assert errors.strip() == "interrupted; what was written so far is kept"
    assert run.returncode == 130
    assert not alive(int((tmp_path / "pid").read_text()))
    assert "warning: the run is incomplete: its record ends after 1 of 2 cases" in saved.stdout
    assert "RED: the run did not finish" in saved.stdout
    assert conformance("gate", str(folder), cwd=tmp_path).returncode == 1


UNDONE = """\
suite: registry/workers
timeout_ms: 60000
cases:
  - name: named-by-the-runtime
    steps:
      - {request: {POST: /workers, json: {name: ann}}, capture: {ann: $.id}}
      - {request: {GET: "/workers/${ann}"}}
    cleanup:
      - {request: {DELETE: "/workers/${ann}"}}
      - {request: {POST: /echo, raw: cleaned up}}
"""
SIDE_BY_SIDE = """\
suite: registry/workers
isolate: names
timeout_ms: 60000
cases:
  - name: one
    matrix: {number: [1, 2, 3]}
    steps:
      - {request: {POST: /workers, json: {name: "${fresh:worker}"}}, capture: {id: $.id}}
      - {request: {GET: "/workers/${id}"}}
    cleanup: [{request: {DELETE: "/workers/${id}"}}]
"""


@contextmanager
def interrupted(
    folder: Path, suite: str, *registries: HoldsBackAnswers
) -> Iterator["subprocess.Popen[str]"]:
    """Start a run on registries that hold an answer back, and then ask it to end.

    The signal is sent once each registry keeps an answer back.
    """
    with serve(registries[0]) as first, serve(registries[-1]) as last:
        (folder / "s.yaml").write_text(suite)
        words = ("run", "s.yaml", "--runtime", f"a={first}", "--runtime", f"b={last}")
        command = [sys.executable, "-m", "conformance", *words]
        run = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        try:
            for registry in registries:
                registry.kept_back.get(timeout=20)
            run.send_signal(signal.SIGTERM)
            yield run
        finally:
            run.kill()
            run.communicate()
            for registry in registries:
                registry.go_on.set()


def holding_back(*methods: str) -> HoldsBackAnswers:
    return HoldsBackAnswers(make_id=spelled("worker"), methods=frozenset(methods))


@pytest.mark.parametrize("suite", [UNDONE, SIDE_BY_SIDE], ids=["in-order", "side-by-side"])
def test_an_interrupted_case_is_undone(tmp_path: Path, suite: str) -> None:
    """Every runtime is asked to remove what it made, though its last answer never comes.

    The record stays readable.
    """
    a, b = holding_back("GET"), holding_back("GET")
    with interrupted(tmp_path, suite, a, b) as run:
        _, errors = run.communicate(timeout=20)

        assert (a.workers, b.workers) == ({}, {})
        assert errors.strip() == "interrupted; what was written so far is kept"
        assert run.returncode == 130
    folder = tmp_path / "reports/runs/latest"
    assert (
        "RED: the run did not finish"
        in conformance("report", "--run", str(folder), cwd=tmp_path).stdout
    )


def test_what_an_answer_on_its_way_names_is_undone(tmp_path: Path) -> None:
    """The id of what was made comes after the signal, and is still used."""
    a, b = holding_back("POST"), holding_back("POST")
    with interrupted(tmp_path, UNDONE, a, b) as run:
        time.sleep(0.3)  # no answer comes before the signal has
        a.go_on.set()
        b.go_on.set()
        run.communicate(timeout=20)

        assert [request.method for request in a.received][:2] == ["POST", "DELETE"]
        assert (a.workers, b.workers) == ({}, {})


def test_a_clean_up_is_waited_for(tmp_path: Path) -> None:
    """What comes after a clean-up that is answered late is sent too."""
    a, b = holding_back("GET", "DELETE"), holding_back("GET")
    with interrupted(tmp_path, UNDONE, a, b) as run:
        assert a.kept_back.get(timeout=20).method == "DELETE"
        time.sleep(0.3)
        a.go_on.set()
        run.communicate(timeout=20)

        assert a.received[-1].body == b"cleaned up"


def test_undoing_is_bounded(tmp_path: Path) -> None:
    """A runtime that never answers a clean-up does not keep the run from ending."""
    a, b = holding_back("GET", "DELETE"), holding_back("GET")
    with interrupted(tmp_path, UNDONE, a, b) as run:
        run.communicate(timeout=20)

        assert run.returncode == 130
        assert b.received[-1].body == b"cleaned up"


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    """What the first one began is left as it is: a runtime that answers then is asked no more."""
    a, b = holding_back("GET", "DELETE"), holding_back("GET", "DELETE")
    with interrupted(tmp_path, UNDONE, a, b) as run:
        for registry in (a, b):
            registry.kept_back.get(timeout=20)
        assert run.poll() is None
        run.send_signal(signal.SIGTERM)
        time.sleep(0.3)  # nothing is answered before the signal has come
        a.go_on.set()
        b.go_on.set()
        run.communicate(timeout=20)

        assert run.returncode == 130
        assert [request.method for request in a.received] == ["POST", "GET", "DELETE"]
