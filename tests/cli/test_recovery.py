"""A runtime that goes down in a run: named with its case and started again, and the run goes on."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import conformance
from tests.miniatures.server import always, serve
from tests.runner.starting import listens

FRAIL = Path(__file__).parents[1] / "miniatures" / "frail.py"
RUNTIMES = f"""\
runtimes:
  steady:
    command: ["{sys.executable}", "{FRAIL}", "${{port}}"]
    ready: /
  frail:
    command: ["{sys.executable}", "{FRAIL}", "${{port}}", "."]
    ready: /
"""
TITLE = "no answer from frail: faulted runtime_crashed"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Declare two runtimes in an empty folder; one of them ends at some paths."""
    (tmp_path / "runtimes.yaml").write_text(RUNTIMES)
    return tmp_path


def suite(name: str, requests: Iterable[str], settings: str = "") -> str:
    """Return a suite with a case for each request, named by its number."""
    cases = "".join(
        f"  - {{name: n{at}, request: {{{each}}}}}\n" for at, each in enumerate(requests)
    )
    return f"suite: {name}\n{settings}cases:\n{cases}"


def run(folder: Path, text: str, *more: str) -> tuple[int, str, dict[str, Any]]:
    """Run a suite; return the exit code, what is printed, and the report."""
    (folder / "shop.yaml").write_text(text)
    done = conformance(
        "run", "shop.yaml", *(more or ("--runtimes", "runtimes.yaml", "--verbose")), cwd=folder
    )
    (latest,) = (folder / "reports" / "runs").glob("2*")
    return (
        done.returncode,
        done.stdout + done.stderr,
        json.loads((latest / "report.json").read_bytes()),
    )


def verdicts(report: dict[str, Any]) -> dict[str, int]:
    """Return the verdicts of a run that occur."""
    return {verdict: count for verdict, count in report["counts"].items() if count}


def test_isolated_cases_go_on(shop: Path) -> None:
    """Of many isolated cases, the one that ends the runtime is named.

    All others are judged, in flight or not.
    """
    alive = [f"GET: /{at}" for at in range(20)]
    code, console, report = run(
        shop, suite("shop/alone", [*alive, "GET: /dies", *alive], "isolate: names\n")
    )
    assert (code, verdicts(report)) == (1, {"passed": 40, "errored": 1}), console
    (group,) = report["groups"]
    assert (group["title"], group["cases"], group["harm"]) == (TITLE, 1, 1)
    assert group["examples"][0]["case_id"] == "shop/alone/n20"
    assert re.search(
        r"frail: 1 of 41 cases differs, because of \[\w+\] no answer from frail", console
    )
    assert "exited with 3" in console
    assert "out of luck" in console
    assert "warning: frail: went down in shop/alone/n" in console


def test_an_end_over_a_kept_connection_has_its_phase(shop: Path) -> None:
    """A runtime that ends while it answers ended in that phase.

    It did not end in the connect of the second try.
    """
    _, console, report = run(shop, suite("shop/kept", ["GET: /0", "GET: /dies"]))
    assert "runtime_crashed in headers: exited with 3" in console
    assert "in connect" not in console
    assert [(each["runtime"], each["asked"]) for each in report["runtimes"]] == [
        ("steady", 2),
        ("frail", 2),
    ]
    assert report["pairs"] == [{"first": "steady", "second": "frail", "cases": 1, "asked": 2}]


def test_an_end_that_does_not_come_again_is_still_an_error(shop: Path) -> None:
    """A runtime that ends once while cases are in flight is reported with all of them.

    It ends in none of them again.
    """
    alive = [f"GET: /{at}" for at in range(7)]
    code, console, report = run(
        shop, suite("shop/alone", ["GET: /dies-once", *alive], "isolate: names\n")
    )
    assert (code, verdicts(report)) == (1, {"passed": 7, "errored": 1}), console
    assert "it did not go down" in console


def test_what_is_left_of_an_ordered_suite_is_one_line(shop: Path) -> None:
    """A suite that builds on what a runtime had done ends with it, in one line.

    The next suite goes on.
    """
    lost = ["POST: /", "GET: /dies", *(["GET: /"] * 30)]
    (shop / "other.yaml").write_text(suite("shop/other", ["GET: /"] * 3))
    code, console, report = run(
        shop, suite("shop/ordered", lost), "other.yaml", "--runtimes", "runtimes.yaml"
    )
    assert (code, verdicts(report)) == (1, {"passed": 4, "errored": 31}), console
    lines = [
        line
        for line in console.splitlines()
        if "shop/ordered/n" in line and line.startswith("errored")
    ]
    assert [line.partition("  (")[0] for line in lines] == [
        "errored   shop/ordered/n1",
        "errored   shop/ordered/n2 and 29 more cases of its suite",
    ]
    assert (
        "frail was not asked: it went down in shop/ordered/n1, and what this suite had done "
        "before is lost" in console
    )
    assert [(group["title"], group["cases"]) for group in report["groups"]] == [(TITLE, 1)]


def test_cases_that_change_nothing_are_asked_the_runtime_again(shop: Path) -> None:
    """In a suite that only reads, the next case asks the restarted runtime.

    Nothing is lost.
    """
    _, console, report = run(
        shop, suite("shop/reads", ["GET: /", "GET: /dies", "GET: /", "GET: /dies", "GET: /"])
    )
    assert verdicts(report) == {"passed": 3, "errored": 2}, console
    assert [(group["title"], group["cases"]) for group in report["groups"]] == [(TITLE, 2)]


def test_a_runtime_that_always_ends_is_given_up(shop: Path) -> None:
    """After ten new starts the runtime stays down, and what is left is one line."""
    _, console, report = run(shop, suite("shop/reads", ["GET: /dies"] * 30))
    assert verdicts(report) == {"errored": 30}, console
    assert [(group["title"], group["cases"]) for group in report["groups"]] == [(TITLE, 11)]
    assert "frail was not asked: it went down in shop/reads/n10, for the 11th time" in console
    assert "shop/reads/n11 and 18 more cases of its suite" in console


@contextlib.contextmanager
def attached(folder: Path, loop: str) -> Iterator[str]:
    """Run the frail service as somebody else would, by a shell; yields its URL once it listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = f"'{sys.executable}' '{FRAIL}' {port} ."
    shell = subprocess.Popen(["sh", "-c", loop.format(command)], cwd=folder, start_new_session=True)
    try:
        until(lambda: listens(port))
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    while not holds():
        time.sleep(0.01)


def test_an_attached_runtime_that_goes_away(tmp_path: Path) -> None:
    """An attached runtime that ends is retried once, and then left alone.

    One case names it, and the remaining cases are one line for each suite.
    """
    text = suite("shop/reads", ["GET: /", "GET: /dies", *(["GET: /"] * 12)])
    with serve(always({"ok": True})) as steady, attached(tmp_path, "{}") as frail:
        _, console, report = run(
            tmp_path, text, "--runtime", f"a={steady}", "--runtime", f"b={frail}", "--verbose"
        )
    assert verdicts(report) == {"passed": 1, "errored": 13}, console
    ((title, cases),) = [(group["title"], group["cases"]) for group in report["groups"]]
    how_it_ended = title.removeprefix("no answer from b: faulted ")
    assert how_it_ended in {"closed_before_response", "reset"}, (
        "the system decides which a client of a dead program sees"
    )
    assert cases == 1
    assert (
        "b was not asked: it went down in shop/reads/n1, and could not be started or reached "
        "again: " in console
    )
    assert "shop/reads/n2 and 11 more cases of its suite" in console


def test_an_attached_runtime_that_comes_back(tmp_path: Path) -> None:
    """One that somebody starts again within a second is asked on."""
    text = suite("shop/reads", ["GET: /", "GET: /dies", *(["GET: /"] * 12)])
    with serve(always({"ok": True})) as steady, attached(tmp_path, "while :; do {}; done") as frail:
        _, console, report = run(
            tmp_path, text, "--runtime", f"a={steady}", "--runtime", f"b={frail}"
        )
    assert verdicts(report) == {"passed": 13, "errored": 1}, console
    assert "warning: b: went down in shop/reads/n1; it could be reached again" in console
