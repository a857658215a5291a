"""`run --watch` runs again when a suite or file changes, and ends cleanly.

A change of what a runtime is started from counts, too.
"""

import os
import queue
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

SERVICE = """\
import http.server, os, sys
open(f"pid-{os.getpid()}", "w").close()
class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
"""
CASE = "  - {name: NAME, request: {GET: /}}\n"
APP = """\
async def app(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})
"""
RUNTIMES = """\
runtimes:
  in-process: {app: "shop:app"}
  a: {command: ["${python}", a.py, "${port}"]}
  b: {command: [./b, "${port}"]}
"""


class Watching:
    """The command while it watches, and the lines of all that it says."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "conformance", "run", "s.yaml", "--watch"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            for line in said:
                self._lines.put(line.rstrip("\n"))

    def end(self) -> None:
        """See that it ends by itself, without an error."""
        assert self.process.wait(timeout=20) == 0
        self._reader.join(timeout=20)

    def until(self, start: str) -> list[str]:
        """Return what is said up to a line that starts so."""
        said: list[str] = []
        while not said or not said[-1].startswith(start):
            said.append(self._lines.get(timeout=60))
        return said


@pytest.fixture(name="folder")
def write_folder(tmp_path: Path) -> Path:
    """Write a suite, and two runtimes: a script that is interpreted, and a program."""
    (tmp_path / "s.yaml").write_text("suite: a\ncases:\n" + CASE.replace("NAME", "one"))
    (tmp_path / "runtimes.yaml").write_text(RUNTIMES)
    (tmp_path / "a.py").write_text(SERVICE)
    (tmp_path / "shop.py").write_text(APP)
    write_program(tmp_path, SERVICE)
    return tmp_path


def write_program(folder: Path, text: str) -> None:
    """Put a program in place as a linker does: a new file under the name."""
    (folder / "b.new").write_text(f"#!{sys.executable}\n{text}")
    (folder / "b.new").chmod(0o755)
    (folder / "b.new").replace(folder / "b")


def test_what_is_watched(folder: Path) -> None:
    """Each change of a suite, program, ledger or runtimes file is named and repeats the run."""
    watching = Watching(folder)
    try:
        assert "1 case: 1 passed" in watching.until("run 1 is done; watching 5 files. Ctrl-C ends.")

        with (folder / "s.yaml").open("a") as suite:
            suite.write(CASE.replace("NAME", "two"))
        watching.until("--- s.yaml changed: run 2 ---")
        assert "2 cases: 2 passed" in watching.until("run 2 is done")

        write_program(folder, SERVICE.replace("200", "404"))
        watching.until("--- b changed: run 3 ---")
        assert "RED: 2 failed" in watching.until("run 3 is done")

        (folder / "shop.py").write_text(APP.replace("200", "404"))
        watching.until("--- shop.py changed: run 4 ---")
        assert "   a is the odd one out (200); in-process, b: 404" in watching.until(
            "run 4 is done"
        )

        (folder / "decisions.yaml").write_text("decisions: [{id: D-001}]\n")
        watching.until("--- decisions.yaml changed: run 5 ---")
        assert any(
            "decisions.yaml:1:13: " in line
            for line in watching.until("run 5 is done; watching 6 files")
        )
    finally:
        watching.process.send_signal(signal.SIGINT)
    assert watching.until("no longer watching")
    watching.end()
    assert [pid for pid in started(folder) if alive(pid)] == []


def test_interrupted_in_a_run(folder: Path) -> None:
    """Interrupted while a run is on, it stops what that started."""
    (folder / "a.py").write_text(
        SERVICE.replace("self.send_response", "__import__('time').sleep(60), self.send_response")
    )
    watching = Watching(folder)
    while not started(folder):
        threading.Event().wait(0.05)

    watching.process.send_signal(signal.SIGTERM)

    said = watching.until("no longer watching")
    assert [line for line in said if "Traceback" in line] == []
    watching.end()
    assert [pid for pid in started(folder) if alive(pid)] == []


def started(folder: Path) -> list[int]:
    """Return the processes of the runtimes that were started."""
    return [int(file.name.removeprefix("pid-")) for file in folder.glob("pid-*")]


def alive(pid: int) -> bool:
    """Return whether a process runs."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
