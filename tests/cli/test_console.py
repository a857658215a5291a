"""How much a run says, where, and in which colours."""

import io
import itertools
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.cli.progress import now_and_then
from conformance.model.verdict import Judgement, Verdict
from conformance.replay.replayed import Replayed
from tests.cli.command import conformance
from tests.miniatures.server import always, serve

SUITE = (
    "suite: a/b\ncases:\n  - {name: one, request: {GET: /}}\n  - {name: two, request: {GET: /}}\n"
)


@pytest.fixture(name="suite")
def write_suite(tmp_path: Path) -> Path:
    """Write a suite of two cases."""
    (tmp_path / "s.yaml").write_text(SUITE)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "out", "errors"),
    [
        (("--quiet",), "RED: 2 failed\n", ""),
        (("-q", "-v"), "RED: 2 failed\n", ""),
        (
            ("--verbose",),
            None,
            "failed    a/b/one  (s.yaml:3:5)\nfailed    a/b/two  (s.yaml:4:5)\n",
        ),
        ((), None, ""),
    ],
)
def test_how_much_is_said(
    suite: Path, words: tuple[str, ...], out: str | None, errors: str
) -> None:
    """Quiet is one sentence; verbose adds a line for each case on standard error.

    A pipe never sees a colour.
    """
    with serve(always({"a": 1})) as a, serve(always({"a": "1"})) as b:
        done = conformance(
            "run", "s.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}", *words, cwd=suite
        )

    assert (done.returncode, done.stderr) == (1, errors)
    assert "\x1b" not in done.stdout
    if out is None:
        cases = (
            "\nfailed    a/b/one  (s.yaml:3:5)\n"
            if errors
            else "\n2 cases failed because of these causes: a/b/one, a/b/two\n"
        )
        assert done.stdout.index("] number as string") < done.stdout.index(cases)
    else:
        assert done.stdout == out


def test_json_stays_json(suite: Path) -> None:
    """What is said beside the JSON is on standard error."""
    with serve(always({"a": 1})) as a, serve(always({"a": "1"})) as b:
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}")
        done = conformance(
            "run", "s.yaml", *runtimes, "-v", "--json", cwd=suite, GITHUB_ACTIONS="true"
        )

    assert json.loads(done.stdout)["red"] is True
    assert done.stderr.count("::error file=s.yaml,line=") == 2


def test_a_terminal_sees_colours(suite: Path) -> None:
    """The report is in colour on a terminal, and not where NO_COLOR asks for none."""
    shown = []
    for no_color in ({}, {"NO_COLOR": "1"}):
        environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        ours, theirs = pty.openpty()
        with serve(always({"a": 1})) as a, serve(always({"a": "1"})) as b:
            words = ("run", "s.yaml", "--runtime", f"a={a}", "--runtime", f"b={b}")
            with subprocess.Popen(
                [sys.executable, "-m", "conformance", *words],
                cwd=suite,
                env={**environment, "TERM": "xterm-256color", **no_color},
                stdout=theirs,
                stderr=subprocess.DEVNULL,
            ):
                os.close(theirs)
                shown.append(read_all(ours))

    assert "\x1b[1;31m1. [" in shown[0]
    assert "\x1b[1;31m" not in shown[1].replace("\x1b[1m", "")
    assert "\x1b[31m" not in shown[1]


def read_all(terminal: int) -> str:
    """Read a terminal until nobody writes to it any more."""
    pieces = []
    try:
        while piece := os.read(terminal, 65_536):
            pieces.append(piece)
    except OSError:  # how Linux says that the other side has been closed
        pass
    os.close(terminal)
    return b"".join(pieces).decode()


def test_progress_in_a_log() -> None:
    """A long run says every ten seconds how far it is and how long the rest takes.

    Nothing at its end.
    """
    judgements = [
        Judgement(verdict=Verdict.FAILED, reason=""),
        Judgement(verdict=Verdict.PASSED, reason=""),
    ]
    out, ticks = io.StringIO(), itertools.count(step=4)

    show = now_and_then(out, lambda: float(next(ticks)))
    for done in range(1, 11):
        show(done, 10, Replayed("a/b", "s.yaml:1:1", judgements[done > 1]))

    assert out.getvalue() == (
        "3 of 10 cases, 1 red, about 28 s left\n"
        "6 of 10 cases, 1 red, about 16 s left\n"
        "9 of 10 cases, 1 red, about 4 s left\n"
    )


def test_a_screen_of_causes_and_more_by_key(suite: Path) -> None:
    """A report fills a screen and counts the rest; `--top` and `-v` show more.

    Any cause is explained by its key.
    """
    wide = {f"m{number}": "text" for number in range(40)}
    with serve(always(wide)) as a, serve(always({})) as b, serve(always({})) as c:
        runtimes = ("--runtime", f"a={a}", "--runtime", f"b={b}", "--runtime", f"c={c}")
        short = conformance("run", "s.yaml", *runtimes, cwd=suite).stdout
    top = conformance("report", "--top", "2", cwd=suite).stdout
    top_whole = conformance("report", "--top", "2", "--verbose", cwd=suite).stdout
    whole = conformance("report", "--verbose", cwd=suite).stdout
    groups = json.loads(conformance("report", "--json", cwd=suite).stdout)["groups"]

    assert "  a: 2 of 2 cases differ, for 40 causes\n" in short
    assert "more causes (--verbose shows all, --top N shows N)" in short
    assert (top.count(" — 2 of 2 cases"), whole.count(" — 2 of 2 cases")) == (2, 40)
    assert "… and 38 more causes (--verbose shows all, --top N shows N)" in top
    assert "… and 38 more causes (without --top: all)" in top_whole
    assert top_whole.count("\nfailed ") == whole.count("\nfailed ") > top.count("\nfailed ")
    assert conformance("report", "-q", cwd=suite).stdout == "RED: 2 failed\n"
    assert conformance("explain", groups[5]["key"][:6], cwd=suite).stdout.count("GET /\n") == 1
    assert (
        conformance("explain", groups[5]["key"][:6], "--all", cwd=suite).stdout.count("GET /\n")
        == 2
    )
