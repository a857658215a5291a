"""Whatever streams and signals the command meets, it does not abort.

It also does not lose what it has to undo.
"""

import contextlib
import fcntl
import os
import re
import signal
import subprocess
import sys
import termios
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import cold_conformance, conformance
from tests.miniatures.server import Received, Reply, always, json_reply, serve

COMMAND = f"{sys.executable} -m conformance run s.yaml --runtime a=URL --runtime b=URL"


@pytest.fixture(name="folder")
def a_folder(tmp_path: Path) -> Path:
    """Write a suite of one case."""
    (tmp_path / "s.yaml").write_text("suite: s\ncases:\n  - {name: x, request: {GET: /}}\n")
    return tmp_path


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
def test_closed_streams(folder: Path, closed: str) -> None:
    """A run with closed standard streams ends as any other, with its record and its reports."""
    with serve(always({})) as url:
        done = subprocess.run(
            ["bash", "-c", f"{COMMAND.replace('URL', url)} {closed}"], cwd=folder, check=False
        )
    assert done.returncode == 0
    assert (folder / "reports/runs/latest/report.json").read_bytes().startswith(b"{")


def test_a_full_disk_can_be_helped(folder: Path) -> None:
    """A file without room is named, with what to do; it is no defect of the harness."""
    (folder / "c.txt").write_text("curl http://h/a\n")
    for words, said in (
        (
            "import c.txt --force --output /dev/full",
            "error: /dev/full: No space left on device\n  hint: make",
        ),
        ("schema suite > /dev/full", "error: standard output: No space left on device"),
    ):
        command = f"{sys.executable} -m conformance {words}"
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False
        )
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr


@pytest.mark.parametrize("written", [">/dev/full 2>/dev/full", "2>/dev/full"])
def test_an_error_that_cannot_be_said(folder: Path, written: str) -> None:
    """The exit code is that of the error, never 1 for red, where standard error has no room."""
    for words, code in (("list no-such-file", 2), ("rnu", 2)):
        command = f"{sys.executable} -m conformance {words} {written}"
        assert subprocess.run(["bash", "-c", command], cwd=folder, check=False).returncode == code


@pytest.mark.parametrize("words", ["--help", "--version", "run --help", "list s.yaml"])
def test_what_is_printed_finds_no_reader(folder: Path, words: str) -> None:
    """A reader that has gone, or a full disk, is neither parity nor red, and no traceback."""
    for written, code in (("| true", 141), ("> /dev/full", 2)):
        command = f"set -o pipefail; {sys.executable} -m conformance {words} {written}"
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False
        )
        assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr


def test_a_record_without_room_is_named(folder: Path) -> None:
    """A run whose record finds no room names that file."""
    with serve(always({"text": "x" * 4_000})) as url:
        done = subprocess.run(
            ["bash", "-c", f"ulimit -f 2; {COMMAND.replace('URL', url)}"],
            cwd=folder,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert re.search(r"error: reports/runs/\S+/run.ndjson: File too large", done.stderr), (
        done.stderr
    )


@contextlib.contextmanager
def running(folder: Path, **streams: Any) -> Iterator[tuple[subprocess.Popen[bytes], list[str]]]:
    """Start a run, and yield it with the requests that came, once it waits for an answer."""
    (folder / "s.yaml").write_text(
        "suite: s\ncases:\n  - name: x\n    steps: [{request: {POST: /made}}, {request: {GET: "
        "/slow}}]\n"
        "    cleanup: [{request: {DELETE: /made}}]\n"
    )
    seen: list[str] = []
    asked, ended = threading.Event(), threading.Event()

    def service(request: Received) -> Reply:
        seen.append(f"{request.method} {request.target}")
        if request.target == "/slow":
            asked.set()
            ended.wait(60)
        return json_reply({})

    with serve(service) as url:
        run = [sys.executable, "-m", "conformance", "run", "s.yaml", "--runtime", f"a={url}"]
        words = ["env", "--default-signal=HUP", *run]  # the tests may be started by nohup
        process = subprocess.Popen(words, cwd=folder, **streams)
        assert asked.wait(30)
        yield process, seen
        ended.set()


def test_hangup_undoes_what_was_done(folder: Path) -> None:
    """SIGHUP, as a closed terminal sends it, ends the run as SIGTERM does: the clean-up is sent."""
    with running(folder, stderr=subprocess.DEVNULL) as (process, seen):
        process.send_signal(signal.SIGHUP)
        code = process.wait(60)
    assert code == 130
    assert seen[-1] == "DELETE /made"


def test_a_terminal_that_goes_away(folder: Path) -> None:
    """A terminal that is closed while it shows progress interrupts, and nothing else."""
    ours, theirs = os.openpty()
    streams = dict.fromkeys(("stdin", "stdout", "stderr"), theirs)
    words = {"start_new_session": True, "preexec_fn": take_terminal}
    with running(folder, **streams, **words) as (process, seen):
        os.close(theirs)
        os.close(ours)
        code = process.wait(60)
    assert code == 130
    assert seen[-1] == "DELETE /made"


def take_terminal() -> None:
    """Make the standard input the terminal of a new session."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_a_terminal_of_another_charset(folder: Path) -> None:
    """What the charset of the output lacks is written as an escape."""
    with serve(always({"name": "Zo\u00eb \u2713"})) as url:
        words = ("--runtime", f"a={url}", "--runtime", f"b={url}")
        environment = {"PYTHONIOENCODING": "ascii"}
        assert cold_conformance("run", "s.yaml", *words, cwd=folder, **environment).returncode == 0
        explained = cold_conformance("explain", "s/x", cwd=folder, **environment)
    assert explained.returncode == 0
    assert "\\u2713" in explained.stdout


def test_a_verb_that_is_none() -> None:
    """A verb that is misspelt comes with the one that was meant."""
    done = conformance("rnu", cwd=Path(os.sep))
    assert done.returncode == 2
    assert "rnu: no such command; did you mean 'run'?" in done.stderr


def test_junit_names_file_and_line(folder: Path) -> None:
    """A test case of JUnit says where the case is written."""
    with serve(always({})) as url:
        assert (
            conformance(
                "run", "s.yaml", "--runtime", f"a={url}", "--runtime", f"b={url}", cwd=folder
            ).returncode
            == 0
        )
    written = conformance("report", "--format", "junit", cwd=folder).stdout
    (case,) = ET.fromstring(written).iter("testcase")  # noqa: S314 - our own output
    assert (case.get("file"), case.get("line")) == ("s.yaml", "3")


def test_a_ready_path_that_refuses(folder: Path) -> None:
    """A runtime whose `ready` is answered by another status says which."""
    script = (
        "import http.server, sys\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self):\n"
        "        self.send_response(302); self.send_header('location', '/login'); "
        "self.end_headers()\n"
        "http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()\n"
    )
    (folder / "serve.py").write_text(script)
    (folder / "runtimes.yaml").write_text(
        "runtimes:\n  a: {command: ['${python}', serve.py, '${port}'], ready: /health, "
        "start_timeout_ms: 1500}\n"
    )
    done = conformance("run", "s.yaml", cwd=folder)
    assert done.returncode == 4
    assert "`ready: /health` is answered by 302 to /login, and wants 2xx" in done.stderr
