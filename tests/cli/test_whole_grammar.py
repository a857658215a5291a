"""The command on suites that use the whole grammar: its output and its files.

Their order is also tested.
"""

import json
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.cli.command import conformance
from tests.miniatures.registries import MixesUpWorkers, Registry, serial, spelled
from tests.miniatures.server import Received, Reply, json_reply, serve

WORKERS = """\
suite: workers/life
env: [WORKERS_TOKEN]
cases:
  - name: register-and-read
    isolate: names
    steps:
      - request: {POST: /workers, json: {name: "it's ${fresh:ann}"}, headers: {x-token: "${env:WORKERS_TOKEN}"}}
        capture: {ann: {path: $.id, identity: worker}}
        expect: {status: 201, json: {id: {$any: [{$is: string}, {$is: integer}]}, name: {$re: "^it's n"}}}
      - request: {POST: /workers, json: {name: Bob}}
        capture: {bob: {path: $.id, identity: worker}}
      - request: {GET: "/workers/${ann}", headers: {x-token: "${env:WORKERS_TOKEN}"}}
        expect: {json: {$open: {id: "${ann}"}}}
    cleanup:
      - request: {DELETE: "/workers/${ann}"}
"""
TOKEN = "s3cret/with space"  # noqa: S105 - made up


@pytest.fixture(name="folder")
def write_suite(tmp_path: Path) -> Path:
    """Write the suite into an empty folder."""
    (tmp_path / "workers.yaml").write_text(WORKERS)
    return tmp_path


def run(folder: Path, a: str, b: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the suite on two services."""
    services = ("--runtime", f"a={a}", "--runtime", f"b={b}")
    return conformance("run", "workers.yaml", *services, *words, cwd=folder, WORKERS_TOKEN=TOKEN)


def test_parity_but_for_ids(folder: Path) -> None:
    """Two services under ids of their own are at parity.

    Nothing of the secret is in any file or output.
    """
    with serve(Registry(spelled("left"))) as a, serve(Registry(spelled("right"))) as b:
        done = run(folder, a, b)
    assert (done.returncode, done.stdout.splitlines()[-2]) == (0, "PARITY")
    written = [file.read_bytes() for file in (folder / "reports").rglob("*") if file.is_file()]
    for form in ("s3cret", "s3cret%2Fwith", "czNjcmV0"):
        assert all(
            form.encode() not in each
            for each in (*written, done.stdout.encode(), done.stderr.encode())
        )


def test_what_explain_shows(folder: Path) -> None:
    """Each runtime has the command that sends it what it was sent, under its own ids.

    A secret is left to the shell.
    """
    left, right = Registry(serial(0)), MixesUpWorkers(serial(50))
    with serve(left) as a, serve(right) as b:
        done = run(folder, a, b)
        assert done.returncode == 1
        assert "wanted 51, known as 'ann' at $.id, got 52" in done.stdout
        told = conformance("explain", "workers/life/*", cwd=folder).stdout
        assert "identity@$.id (ann | bob)" in told
        assert "GET /workers/${ann}" in told
        commands = [
            line.strip() for line in told.splitlines() if line.strip().startswith("curl --")
        ]
        sent = [command for command in commands if f"{b}/workers/51" in command]
        assert len(sent) == 1
        right.workers["51"], received = {"id": 51, "name": "Ann"}, len(right.received)
        environment = {"PATH": "/usr/bin:/bin", "WORKERS_TOKEN": TOKEN}
        subprocess.run(["sh", "-c", sent[0]], env=environment, capture_output=True, check=True)
        again = next(each for each in right.received if each.target == "/workers/51")
        assert right.received[received].headers["x-token"] == again.headers["x-token"] == TOKEN


def test_a_missing_secret_sends_nothing(folder: Path) -> None:
    """A variable that is not set is a bad file, before anything is sent.

    `list` does not need it.
    """
    registry = Registry(serial(0))
    with serve(registry) as url:
        done = conformance("run", "workers.yaml", "--runtime", f"a={url}", cwd=folder)
    assert (done.returncode, registry.received) == (2, [])
    assert "workers.yaml:2:7: the variable WORKERS_TOKEN is not set" in done.stderr
    assert conformance("list", "workers.yaml", cwd=folder).returncode == 0


def test_one_bad_file_sends_nothing(folder: Path) -> None:
    """A pattern that cannot run in one file keeps the cases of all others from being sent."""
    (folder / "bad.yaml").write_text(
        "suite: bad\ncases: [{name: x, request: {GET: /}, expect: {json: {$re: '('}}}]\n"
    )
    registry = Registry(serial(0))
    with serve(registry) as url:
        done = conformance("run", ".", "--runtime", f"a={url}", cwd=folder, WORKERS_TOKEN=TOKEN)
    assert (done.returncode, registry.received) == (2, [])
    assert "bad.yaml:2:" in done.stderr
    assert "Traceback" not in done.stderr


SLOW_FIRST = """\
suite: order
isolate: names
cases:
  - name: x
    matrix: {wait_ms: [400, 0, 200, 10, 100, 5, 60, 1, 30, 2, 20, 3]}
    request: {GET: "/${wait_ms}"}
  - name: z
    request: {GET: /z}
"""


class Watched:
    """A service that waits as long as its target says, and knows how many it answers at a time."""

    def __init__(self) -> None:
        self.now = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, request: Received) -> Reply:
        """Wait and answer."""
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(int(request.target[1:] if request.target[1:].isdigit() else "0") / 1000)
        with self.lock:
            self.now -= 1
        return json_reply({"at": request.target})


@pytest.mark.parametrize("isolated", [True, False])
def test_cases_beside_each_other(tmp_path: Path, isolated: bool) -> None:
    """Isolated cases run beside each other, at most so many.

    The record keeps the order of the suite.
    """
    (tmp_path / "order.yaml").write_text(
        SLOW_FIRST if isolated else SLOW_FIRST.replace("isolate: names\n", "")
    )
    watched = Watched()
    with serve(watched) as a, serve(Watched()) as b:
        done = conformance(
            "run", "order.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", cwd=tmp_path
        )
    assert done.returncode == 0, done.stdout
    assert 1 < watched.most <= 8 if isolated else watched.most == 1
    lines = (tmp_path / "reports" / "runs" / "latest" / "run.ndjson").read_text().splitlines()
    waits = [400, 0, 200, 10, 100, 5, 60, 1, 30, 2, 20, 3]
    assert [json.loads(line)["case"] for line in lines[1:-1]] == [
        *(f"order/x[wait_ms={wait}]" for wait in waits), "order/z",
    ]  # fmt: skip


def test_globs_take_brackets_as_they_are(tmp_path: Path) -> None:
    """The id of a matrix case selects that case, and a star within the brackets all."""
    (tmp_path / "order.yaml").write_text(SLOW_FIRST)
    for glob, wanted in (("order/x[wait_ms=0]", 1), ("order/x[*]", 12), ("order/x[wait_ms=?]", 5)):
        listed = conformance("list", "order.yaml", "--case", glob, cwd=tmp_path).stdout
        assert listed.count("order/x[") == wanted
