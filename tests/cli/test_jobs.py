"""`run --jobs`: cases on several processes, and a report as of one."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.bench.workload import fast_server
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

FRAIL: Final = Path(__file__).parents[1] / "miniatures" / "frail.py"
LARGE: Final = "x" * 200_000
"""A text that makes a line of a record too long for a pipe."""


def suite(name: str, settings: str, requests: list[str]) -> str:
    """Return a suite with a case for each request."""
    cases = "".join(
        f"  - {{name: n{at}, request: {{{each}}}}}\n" for at, each in enumerate(requests)
    )
    return f"suite: shop/{name}\n{settings}cases:\n{cases}"


SUITES: Final = {
    "isolated": suite("isolated", "isolate: names\n", [f"GET: /free/{at}" for at in range(100)]),
    "large": suite("large", "isolate: names\n", ["GET: /large/1", "GET: /large/2"]),
    "ordered": suite("ordered", "", [f"POST: /ordered/{at}" for at in range(10)]),
    "parallel": suite(
        "parallel", "parallel: true\n", [f"POST: /parallel/{at}" for at in range(50)]
    ),
}


class Shop:
    """A service that notes what it is asked, and what it is asked meanwhile."""

    def __init__(self, extra: str) -> None:
        self.extra = extra
        self.asked: list[str] = []
        self.beside: set[tuple[str, ...]] = set()
        self._now: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, received: Received) -> Reply:
        """Answer after a moment; every seventh answer has a member of this service's own."""
        _, kind, number = received.target.split("/")
        with self._lock:
            self.asked.append(received.target)
            self._now.append(kind)
            self.beside.add(tuple(sorted(self._now)))
        time.sleep(0.005)
        with self._lock:
            self._now.remove(kind)
        text = {"text": LARGE} if kind == "large" else {}
        own = {} if int(number) % 7 else {self.extra: 1}
        return json_reply({"number": int(number), **text, **own})

    def order(self, kind: str) -> list[int]:
        """Return the numbers that were asked of a kind, in order, each once."""
        numbers = (int(target.rsplit("/", 1)[1]) for target in self.asked if kind in target)
        return list(dict.fromkeys(numbers))


def written(folder: Path) -> Path:
    """Write the suites; return their folder."""
    folder.mkdir()
    for name, text in SUITES.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def run(folder: Path, a: Service, b: Service, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run all suites of a folder on two services."""
    with serve(a) as first, serve(b) as second:
        services = ("--runtime", f"a={first}", "--runtime", f"b={second}")
        return conformance("run", ".", *services, *words, cwd=folder)


def latest(folder: Path, name: str) -> str:
    """Return a file of the latest run, without what no two runs share."""
    text = (folder / "reports/runs/latest" / name).read_text()
    text = re.sub(r"127\.0\.0\.1:[0-9]+", "HOST", text)
    text = re.sub(r"[0-9]{8}T[0-9]{9}Z-[0-9a-f]{4}", "RUN", text)
    text = re.sub(r"[0-9-]{10}T[0-9:.]{8,}(\+00:00|Z)?", "TIME", text)
    text = re.sub(r" --jobs [0-9]", "", text)
    text = re.sub(r"\b[0-9.]+ s for|(?<= time=\")[0-9.]+", "TIME", text)
    return re.sub(r'("elapsed_m?s": ?)[0-9.]+', r"\g<1>0", text)


def test_the_report_is_that_of_one_process(tmp_path: Path) -> None:
    """Record and report are the same, case by case in the order of the suites."""
    one, many = written(tmp_path / "one"), written(tmp_path / "many")
    for folder, jobs in ((one, "1"), (many, "3")):
        done = run(folder, Shop("mine"), Shop("yours"), "--jobs", jobs)
        assert done.returncode == 1, done.stderr

    for name in ("run.ndjson", "report.json", "report.md", "report.html", "junit.xml"):
        assert latest(many, name) == latest(one, name), name
    assert json.loads(latest(many, "report.json"))["counts"]["failed"] == 25


def test_what_runs_beside_what(tmp_path: Path) -> None:
    """Isolated cases and a parallel suite run side by side; an ordered suite runs alone.

    Cases of one suite that are not isolated are asked in order.
    """
    shop = Shop("mine")
    run(written(tmp_path / "cases"), shop, Shop("mine"), "--jobs", "4")

    assert shop.order("/ordered/") == list(range(10))
    assert shop.order("/parallel/") == list(range(50))
    assert {kinds for kinds in shop.beside if "ordered" in kinds} == {("ordered",)}
    assert not any(kinds.count("parallel") > 1 for kinds in shop.beside)


def test_more_is_asked_at_a_time(tmp_path: Path) -> None:
    """Two parallel suites run side by side: each service waits until both have asked it."""
    for name in ("x", "y"):
        requests = [f"GET: /{name}/{at}" for at in range(3)]
        (tmp_path / f"{name}.yaml").write_text(suite(name, "parallel: true\n", requests))

    def both() -> Service:
        barrier = threading.Barrier(2, timeout=60)

        def answer(_: Received) -> Reply:
            barrier.wait()
            return json_reply({})

        return answer

    assert run(tmp_path, both(), both(), "--jobs", "2").returncode == 0


def test_a_runtime_that_goes_down(tmp_path: Path) -> None:
    """The run starts it again, names the case, and all other cases are judged."""
    words = f'"{sys.executable}", "{FRAIL}", "${{port}}"'
    (tmp_path / "runtimes.yaml").write_text(
        f'runtimes:\n  frail: {{command: [{words}, "."], ready: /}}\n'
        f"  steady: {{command: [{words}], ready: /}}\n"
    )
    requests = [f"GET: /{at}" for at in range(70)]
    requests[40] = "GET: /dies"
    (tmp_path / "s.yaml").write_text(suite("frail", "isolate: names\n", requests))

    done = conformance("run", "s.yaml", "--jobs", "2", cwd=tmp_path)

    report = json.loads(latest(tmp_path, "report.json"))
    assert (report["counts"]["passed"], report["counts"]["errored"]) == (69, 1), done.stdout
    (group,) = report["groups"]
    assert group["title"] == "no answer from frail: faulted runtime_crashed"
    assert group["examples"][0]["case_id"] == "shop/frail/n40"


def test_a_login_is_made_once(tmp_path: Path) -> None:
    """Workers go on with what the login of the run has captured, and its value is kept out."""
    logins: list[str] = []

    def service(received: Received) -> Reply:
        if received.target == "/login":
            logins.append(received.target)
            return json_reply({"token": f"token-of-login-{len(logins)}"})
        return json_reply({"seen": received.headers.get("authorization", "")})

    requests = [f"GET: /{at}" for at in range(70)]
    (tmp_path / "s.yaml").write_text(suite("login", "isolate: names\n", requests))
    with serve(service) as url:
        (tmp_path / "runtimes.yaml").write_text(
            f"runtimes:\n  a:\n    url: {url}\n"
            "    login: [{request: {POST: /login}, capture: {token: $.token}}]\n"
            '    headers: {authorization: "Bearer ${login:token}"}\n'
            f"  b: {{url: {url}}}\n"
        )
        conformance("run", "s.yaml", "--jobs", "2", cwd=tmp_path)

    assert logins == ["/login"]
    record = latest(tmp_path, "run.ndjson")
    assert "token-of-login" not in record
    assert record.count("[secret:login:token") == 70


@pytest.mark.parametrize("jobs", ["0", "-1", "many", "1000"])
def test_jobs_are_a_number_or_auto(tmp_path: Path, jobs: str) -> None:
    """Anything else is refused with what is wanted."""
    done = conformance("run", "--jobs", jobs, cwd=tmp_path)
    assert done.returncode == 2
    assert f"wanted auto or a number from 1 to 999, got '{jobs}'" in done.stderr


def test_a_runtime_that_cannot_be_reached(tmp_path: Path) -> None:
    """The run says so and ends, though its workers were never given anything."""
    requests = [f"GET: /{at}" for at in range(4)]
    (tmp_path / "s.yaml").write_text(suite("nobody", "isolate: names\n", requests))
    with serve(always({})) as url:
        there = ("--runtime", f"a={url}")
    done = conformance(
        "run", "s.yaml", "--jobs", "2", *there, "--runtime", f"b={url}", cwd=tmp_path
    )
    assert done.returncode == 4
    assert "cannot be reached: connect_refused" in done.stderr
    assert "Traceback" not in done.stderr


def children(process: int) -> list[int]:
    """Return the processes that a process has started."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]


def is_alive(process: int) -> bool:
    """Return whether a process has not ended; it may still be listed until somebody asks."""
    try:
        return ") Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


class Held:
    """A service that answers from the tenth request on only when it is let go on."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_busy, self.go_on = threading.Event(), threading.Event()

    def __call__(self, _: Received) -> Reply:
        """Answer."""
        self.asked += 1
        if self.asked >= 10:
            self.is_busy.set()
            self.go_on.wait(60)
        return json_reply({})


def ended(tmp_path: Path, end: Callable[[int], None]) -> tuple[int, str]:
    """End something of a run that is amid its cases; return its exit code, and its errors."""
    requests = [f"GET: /{at}" for at in range(100)]
    (tmp_path / "s.yaml").write_text(suite("held", "isolate: names\n", requests))
    held = Held()
    with serve(held) as url:
        words = ("run", "s.yaml", "--jobs", "2", "--runtime", f"a={url}", "--runtime", f"b={url}")
        run = subprocess.Popen(
            [sys.executable, "-m", "conformance", *words],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert held.is_busy.wait(60)
        workers = children(run.pid)
        assert len(workers) == 2
        end(run.pid)
        held.go_on.set()
        _, errors = run.communicate(timeout=60)
    end_s = time.monotonic() + 30
    while any(map(is_alive, workers)) and time.monotonic() < end_s:
        time.sleep(0.05)
    assert not any(map(is_alive, workers))
    return run.returncode, errors


def test_a_run_that_is_interrupted(tmp_path: Path) -> None:
    """Its workers end with it, and the record says that it did not finish."""
    code, errors = ended(tmp_path, lambda run: os.kill(run, signal.SIGINT))
    assert code == 130
    assert "Traceback" not in errors
    assert '"line":"footer"' not in latest(tmp_path, "run.ndjson")


def test_a_worker_that_is_killed(tmp_path: Path) -> None:
    """The run ends with an error that says so."""
    code, errors = ended(tmp_path, lambda run: os.kill(children(run)[0], signal.SIGKILL))
    assert code == 3
    assert "error: a worker process ended with -9\n" in errors


def test_workers_of_a_run_that_is_killed(tmp_path: Path) -> None:
    """They end by themselves."""
    code, _ = ended(tmp_path, lambda run: os.kill(run, signal.SIGKILL))
    assert code == -signal.SIGKILL


@pytest.mark.parametrize("killed_by", [signal.SIGTERM, signal.SIGKILL])
def test_workers_that_are_about_to_send(tmp_path: Path, killed_by: signal.Signals) -> None:
    """They hold cases that nobody takes any more, and end without a word."""
    requests = [f"GET: /orders/{at}" for at in range(8_000)]
    (tmp_path / "s.yaml").write_text(suite("many", "isolate: names\n", requests))
    record = tmp_path / "reports/runs/latest/run.ndjson"
    with fast_server() as url:
        services = ("--runtime", f"a={url}/one", "--runtime", f"b={url}/one")
        run = subprocess.Popen(
            [sys.executable, "-m", "conformance", "run", "s.yaml", "--jobs", "2", *services],
            cwd=tmp_path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        until = time.monotonic() + 60
        while not (record.exists() and record.stat().st_size > 2_000_000):
            assert time.monotonic() < until, run.poll()
            time.sleep(0.01)
        run.send_signal(killed_by)
        _, errors = run.communicate(timeout=60)  # they have ended, too, when nobody writes here
    assert "Traceback" not in errors
    assert "Broken pipe" not in errors
