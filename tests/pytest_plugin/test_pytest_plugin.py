"""Suites under pytest, in projects of their own: outcomes, messages, positions, files.

With and without xdist.
"""

import json
import re
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.miniatures.server import Received, Reply, json_reply, serve

pytest_plugins = ["pytester"]

SUITE = """\
suite: shop/items
tags: [smoke]
cases:
  - {name: alike, request: {GET: /alike}, expect: {status: 200}}
  - {name: differs, request: {GET: /differs}}
  - {name: decided, request: {GET: /decided}}
  - {name: silent, request: {GET: /silent}}
  - {name: now-and-then, request: {GET: /now-and-then}}
  - {name: fixed, request: {GET: /fixed}}
  - {name: two-ways, matrix: {way: [a, b]}, request: {GET: "/alike?${way}"}}
  - {name: for-one-only, requires: [search], request: {GET: /alike}}
"""
ROW = """\
  - id: D-00{number}
    title: b answers {case} ids as floats
    state: {state}
    kind: must_match
    where: [shop/items/{case}]
    cause: type
    at: ["$.id"]
    sides: {{number: [b], integer: [a]}}
    fix: number
    reason: a client reads both
    owner: shop team
    opened: "2026-11-01"
"""
WAYS = pytest.mark.parametrize("way", [(), ("-n2",)], ids=["one process", "xdist"])


def shop(*, other: bool) -> "Shop":
    """Return one of two shops that differ."""
    return Shop(other=other)


class Shop:
    """A service that does what a target says, and knows how many requests it answers at a time."""

    def __init__(self, *, other: bool) -> None:
        self.other = other
        self.now = self.most = 0
        self.asked: Counter[str] = Counter()
        self.lock = threading.Lock()

    def __call__(self, request: Received) -> Reply:
        """Answer."""
        with self.lock:
            self.asked[request.target] += 1
            self.now += 1
            self.most = max(self.most, self.now)
            count = self.asked[request.target]
        threading.Event().wait(0.01)
        with self.lock:
            self.now -= 1
        if request.target == "/silent" and self.other:
            return Reply(status=99)
        odd = self.other and (
            request.target in {"/differs", "/decided"}
            or (request.target == "/now-and-then" and count % 2)
        )
        return json_reply({"id": 1.5 if odd else 1})


@pytest.fixture(name="project")
def write_project(pytester: pytest.Pytester) -> Iterator[pytest.Pytester]:
    """Write a suite, its runtimes and its ledger into a project, with both shops running.

    The project asks for them.
    """
    with serve(shop(other=False)) as a, serve(shop(other=True)) as b:
        folder = pytester.mkdir("cases")
        (folder / "items.yaml").write_text(SUITE)
        (folder / "runtimes.yaml").write_text(
            f"runtimes:\n  a: {{url: '{a}', supports: [search]}}\n  b: {{url: '{b}', supports: "
            "[]}\n"
        )
        (folder / "decisions.yaml").write_text(
            "decisions:\n" + ROW.format(number=1, state="open", case="decided")
        )
        pytester.makeini("[pytest]\nconformance_suites = cases\n")
        yield pytester


def run(project: pytest.Pytester, *words: str) -> pytest.RunResult:
    """Run pytest in a process of its own, where a warning is an error."""
    return project.runpytest_subprocess("-W", "error", "-p", "no:schemathesis", *words)


def junit_cases(project: pytest.Pytester) -> dict[str, ET.Element]:
    """Return the test cases of the JUnit file by name."""
    root = ET.parse(project.path / "junit.xml")  # noqa: S314 - written by pytest
    return {each.get("name", ""): each for each in root.iter("testcase")}


def properties(case: ET.Element) -> list[tuple[str, str]]:
    """Return what JUnit holds besides the outcome."""
    return [(each.get("name", ""), each.get("value", "")) for each in case.iter("property")]


@WAYS
def test_each_verdict_has_its_outcome(project: pytest.Pytester, way: tuple[str, ...]) -> None:
    """Parity passes, a decided difference is a strict xfail, the rest is red or skipped.

    The xfail names the decision.
    """
    done = run(project, "cases", "-rA", "--junitxml=junit.xml", *way)

    done.assert_outcomes(passed=4, xfailed=1, failed=3, skipped=1)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.fnmatch_lines_random(
        [
            "PASSED cases/items.yaml::two-ways?way=b?",
            "XFAIL cases/items.yaml::decided - D-001: b answers decided ids as floats",
            "*type of $.id differs: a integer · b number; undecided",
            "*errored: b: bad_status: *",
            "*nondeterministic: differs by itself: *",
            "*curl --include --path-as-is --request GET http://127.0.0.1:*/differs*",
            "  undecided: `conformance decide ???????????? --owner WHO --reason WHY`",
            "SKIPPED ?1? cases/items.yaml:11: b does not support search",
            "1. ?????? no answer from b: faulted bad_status*",
            "2. ?????? type of $.id differs*",
            "RED: 1 failed, 1 errored, 1 nondeterministic",
        ]
    )
    assert "Traceback" not in str(done.stdout)
    cases = junit_cases(project)
    assert properties(cases["decided"]) == [
        ("case", "shop/items/decided"),
        ("verdict", "known"),
        ("decision", "D-001"),
        ("signature", "type@$.id (integer | number)"),
    ]
    skipped = cases["decided"].find("skipped")
    assert skipped is not None
    assert (skipped.get("type"), skipped.get("message")) == (
        "pytest.xfail",
        "D-001: b answers decided ids as floats",
    )


def test_the_record_of_a_run(project: pytest.Pytester) -> None:
    """The run is recorded as that of the command is, in the order of the suite.

    It does not matter who replayed what.
    """
    orders = []
    for way in ((), ("-n2",)):
        run(project, "cases", *way)
        lines = (project.path / "reports/runs/latest/run.ndjson").read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        assert (rows[0]["run"]["selected"], rows[-1]["run"]["cases"]) == (9, 9)
        orders.append([(row["case"], row["verdict"]) for row in rows[1:-1]])
        assert (project.path / "reports/runs/latest/report.md").exists()
    assert orders[0] == orders[1]
    assert orders[0][0] == ("shop/items/alike", "passed")


@WAYS
def test_a_row_whose_difference_is_gone(project: pytest.Pytester, way: tuple[str, ...]) -> None:
    """It fails by itself, as a strict xfail that passes does, at its line.

    A filter keeps it from being judged.
    """
    with (project.path / "cases/decisions.yaml").open("a") as ledger:
        ledger.write(ROW.format(number=2, state="open", case="fixed"))

    done = run(project, "cases", "-k", "alike or fixed or decided", "--junitxml=junit.xml", *way)
    done.assert_outcomes(passed=2, xfailed=1, failed=1)
    done.stdout.fnmatch_lines(
        [
            (
                "*XPASS(strict)* D-002 stale: no longer seen in its one case: mark it done, or fix "
                "the row"
            )
        ]
    )
    done.stdout.fnmatch_lines(["FAILED cases/decisions.yaml::D-002*"])
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    assert properties(junit_cases(project)["D-002"]) == [("decision", "D-002"), ("row", "stale")]

    filtered = run(project, "cases", "-k", "alike", *way)
    filtered.assert_outcomes(passed=1, deselected=0 if way else 8)
    assert filtered.ret == pytest.ExitCode.OK


def test_a_difference_that_is_back(project: pytest.Pytester) -> None:
    """A done row whose difference shows again makes its case fail, and itself."""
    ledger = project.path / "cases/decisions.yaml"
    ledger.write_text(
        ledger.read_text().replace("state: open", "state: done\n    commit: shop@1a2b3c4")
    )

    done = run(project, "cases", "-k", "decided")

    done.assert_outcomes(failed=2, deselected=8)
    done.stdout.fnmatch_lines(
        ["*D-001 is done (shop@1a2b3c4), and the difference is back", "*D-001 regressed: *"]
    )


def test_selecting(project: pytest.Pytester) -> None:
    """Node ids, names, tags, the last failures; positions are those of the YAML."""
    assert run(project, "cases/items.yaml::two-ways[way=b]").parseoutcomes() == {"passed": 1}
    assert run(project, "cases", "-k", "smoke and alike").parseoutcomes() == {
        "passed": 1,
        "deselected": 8,
    }
    assert run(project, "cases").parseoutcomes()["failed"] == 3
    assert run(project, "cases", "--lf").parseoutcomes() == {"failed": 3}
    revealed = run(project, "cases", "--runxfail", "-k", "decided")
    revealed.assert_outcomes(failed=1, deselected=8)
    revealed.stdout.fnmatch_lines(["*decided in D-001*"])
    listed = run(project, "cases", "--collect-only", "-q")
    assert str(listed.stdout).count("cases/items.yaml::") == 9
    assert not (project.path / "reports/runs/latest/turns").exists()


@WAYS
def test_a_run_that_is_cut_off(project: pytest.Pytester, way: tuple[str, ...]) -> None:
    """What was seen before the end is kept, and the record says that it is not all."""
    done = run(project, "cases", "-x", *way)

    assert done.ret in {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}
    done.stdout.fnmatch_lines(
        ["warning: the run is incomplete: its record ends after * of 9 cases"]
    )
    lines = (project.path / "reports/runs/latest/run.ndjson").read_text().splitlines()
    assert json.loads(lines[-1])["line"] == "case"


@pytest.mark.parametrize("words", [(), ("--conformance-runtime", "a=http://127.0.0.1:9")])
def test_another_project_is_left_alone(pytester: pytest.Pytester, words: tuple[str, ...]) -> None:
    """Where nobody asks for it, no YAML file is a test and nothing of the harness is loaded."""
    pytester.makefile(".yaml", items=SUITE, test_other="a: b")
    pytester.makepyfile(
        "import sys\ndef test_one(): assert 'conformance.pipeline' not in sys.modules"
    )

    done = run(pytester, *words)

    done.assert_outcomes(passed=1)
    done.stdout.no_fnmatch_line("*= conformance =*")
    assert not (pytester.path / "reports").exists()


def test_asked_by_an_option(pytester: pytest.Pytester) -> None:
    """`--conformance` takes the suites below what pytest is given.

    Runtimes and baseline can be given too.
    """
    pytester.makefile(".yaml", items=SUITE, other="a: b")
    with serve(shop(other=False)) as a, serve(shop(other=True)) as b:
        runtimes = ("--conformance-runtime", f"a={a}", "--conformance-runtime", f"b={b}")
        done = run(
            pytester, "--conformance", "-k", "differs", *runtimes, "--conformance-baseline", "b"
        )
        wrong = run(pytester, "--conformance", *runtimes, "--conformance-baseline", "c")

    done.assert_outcomes(failed=1, deselected=8)
    done.stdout.fnmatch_lines(["failed: * a is the odd one out (integer); b: number; undecided"])
    assert wrong.ret == pytest.ExitCode.USAGE_ERROR
    wrong.stderr.fnmatch_lines(["ERROR: --baseline c: no such runtime*"])


@WAYS
def test_what_cannot_be_asked(project: pytest.Pytester, way: tuple[str, ...]) -> None:
    """A runtime that is not there ends pytest with its message.

    A bad suite is one error that names each problem.
    """
    gone = run(project, "cases", "--conformance-runtime", "a=http://127.0.0.1:9", *way)
    (project.path / "cases/bad.yaml").write_text(
        "suite: bad\ncases: [{nam: x, request: {GET: /}}]\n"
    )
    bad = run(project, "cases", *way)

    assert gone.ret == pytest.ExitCode.USAGE_ERROR
    gone.stderr.fnmatch_lines(
        ["ERROR: runtime a: http://127.0.0.1:9 cannot be reached: connect_refused*"]
    )
    assert bad.ret in {pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR}
    assert re.search(r"bad\.yaml:2:10: unknown field 'nam'", str(bad.stdout) + str(bad.stderr))
    assert "Traceback" not in str(bad.stdout) + str(bad.stderr)


STARTED = """\
import http.server, os, sys
open("started", "a").write(f"{os.getpid()}\\n")
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(204)
        self.end_headers()
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
"""


@WAYS
def test_a_command_is_started_once(pytester: pytest.Pytester, way: tuple[str, ...]) -> None:
    """One process answers all workers, and is gone at the end."""
    (pytester.path / "started.py").write_text(STARTED)
    cases = "".join(f"  - {{name: case-{n}, request: {{GET: /{n}}}}}\n" for n in range(10))
    pytester.makefile(".yaml", items=f"suite: a\ncases:\n{cases}")
    pytester.makefile(
        ".yaml",
        runtimes="runtimes:\n  one: &COMMAND\n  two: &COMMAND\n".replace(
            "&COMMAND", '{command: ["${python}", started.py, "${port}"]}'
        ),
    )

    done = run(pytester, "--conformance", *way)

    done.assert_outcomes(passed=10)
    pids = (pytester.path / "started").read_text().split()
    assert len(pids) == 2
    assert [pid for pid in pids if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.parametrize("isolated", [True, False])
def test_cases_of_several_workers(pytester: pytest.Pytester, *, isolated: bool) -> None:
    """Cases that are not isolated are alone with the runtimes, whichever worker replays them."""
    cases = "".join(f"  - {{name: case-{n}, request: {{GET: /{n}}}}}\n" for n in range(30))
    head = "suite: a\nisolate: names\ncases:\n" if isolated else "suite: a\ncases:\n"
    pytester.makefile(".yaml", items=head + cases)
    first, second = shop(other=False), shop(other=False)
    with serve(first) as a, serve(second) as b:
        runtimes = ("--conformance-runtime", f"a={a}", "--conformance-runtime", f"b={b}")
        done = run(pytester, "--conformance", "-n3", *runtimes)

    done.assert_outcomes(passed=30)
    assert first.most == 1 or isolated
