"""`conformance decide` where the difference of a row has changed: the row is brought up to date.

The ledger holds.
"""

import contextlib
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from conformance.ledger.file import read_ledger
from conformance.model.decision import Decision
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

SUITE = """suite: shop
compare: value
cases:
  - {name: one, request: {GET: /one}}
  - {name: two, request: {GET: /two}}
"""
GIVEN = ("--owner", "me", "--reason", "so it is")
AGAIN = ("--owner", "another", "--reason", "it has changed")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a suite and a ledger without rows."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/shop.yaml").write_text(SUITE)
    (tmp_path / "cases/decisions.yaml").write_text("decisions: []\n")
    return tmp_path


def run(folder: Path, **services: Service) -> str:
    """Run the suite against services, and return what was said."""
    words: list[str] = []
    with contextlib.ExitStack() as stack:
        for name, service in services.items():
            words += ["--runtime", f"{name}={stack.enter_context(serve(service))}"]
        done = conformance("run", "cases", *words, cwd=folder)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def decide(folder: Path, *words: str) -> str:
    """Decide what the last run shows, and return what was said."""
    done = conformance("decide", *words, cwd=folder)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def rows(folder: Path) -> tuple[Decision, ...]:
    """Return the rows that are there."""
    return read_ledger(folder / "cases/decisions.yaml").decisions


def both(one: object, two: object) -> Service:
    """Return a service with an answer of its own to each of the two requests."""

    def answer(request: Received) -> Reply:
        return json_reply(one if request.target == "/one" else two)

    return answer


def test_the_printed_command_brings_a_row_up_to_date(folder: Path) -> None:
    """Another value reopens the row.

    The command of the report, as it stands there, makes the next run green.
    """
    run(folder, go=both({"v": 1}, {}), rust=both({"v": 2}, {}))
    decide(folder, "--all", "--kind", "intentional", *GIVEN)
    changed = {"go": both({"v": 1}, {}), "rust": both({"v": 3}, {})}
    said = run(folder, **changed)
    command = re.search(
        r"1 case undecided; reopens D-001: conformance (decide \w+) --owner WHO --reason WHY", said
    )
    assert command, said
    first, second = sorted((folder / "reports/runs").glob("20*/report.html"))
    assert "the row that this writes" in first.read_text()
    assert "the row that this writes" not in second.read_text(), (
        "such a row would be the second about one difference"
    )

    said = decide(folder, *shlex.split(command[1])[1:], *AGAIN)
    assert (
        said == "D-001 is decided again in cases/decisions.yaml: value of $.v differs, in 1 case\n"
    )
    assert "PARITY, with 1 case that differs as decided" in run(folder, **changed)
    (row,) = rows(folder)
    assert (row.id, row.kind.value, row.reason, row.owner) == (
        "D-001",
        "intentional",
        "it has changed",
        "another",
    )
    assert row.pin is not None
    assert row.pin.values == ((("a", ("1",)), ("b", ("3",))),)


def test_one_case_of_several(folder: Path) -> None:
    """Only what has changed leaves the row: the other case stays decided as it was."""
    run(folder, go=always({"v": True}), rust=always({"v": None}))
    decide(folder, "--all", *GIVEN)
    (before,) = rows(folder)
    changed = {"go": always({"v": True}), "rust": both({"v": "x"}, {"v": None})}
    assert "D-001 reopened: " in run(folder, **changed)
    said = decide(folder, "--all", *AGAIN)
    assert said.startswith("D-002 is open in cases/decisions.yaml: type of $.v")
    assert "D-001 no longer covers $.v in shop/one\n" in said
    kept, new = rows(folder)
    assert (kept.where, new.where, kept.sides) == (("shop/two",), ("shop/one",), before.sides)
    assert "PARITY, with 2 cases that differ as decided" in run(folder, **changed)


def test_a_runtime_that_has_changed_sides(folder: Path) -> None:
    """The row of three sides becomes one of two, under its id.

    The estimate and the title are those of the new one.
    """
    answers = {"a": both({"v": 1}, {}), "b": both({"v": None}, {}), "c": both({"v": "x"}, {})}
    run(folder, **answers)
    decide(folder, "--all", *GIVEN)
    changed = {**answers, "c": both({"v": 1}, {})}
    said = run(folder, **changed)
    assert (
        "D-001 reopened: in shop/one c has moved to the side of a, and a, b still differ: fix the "
        "row" in said
    )
    assert "is decided again in" in decide(folder, "--all", *AGAIN)
    (row,) = rows(folder)
    assert {side.name: side.runtimes for side in row.sides} == {
        "null": ("b",),
        "integer": ("a", "c"),
    }
    assert "PARITY, with 1 case that differs as decided" in run(folder, **changed)


def test_several_rows_that_become_one(folder: Path) -> None:
    """Rows that have nothing left, and whose place a new row takes, are removed.

    The new row is one of three runtimes.
    """
    answers = {"a": both({"v": 1}, {}), "b": both({"v": "1"}, {}), "c": both({}, {})}
    run(folder, **answers)
    decide(folder, "--all", *GIVEN)
    assert len(rows(folder)) == 2
    changed = {"a": both({"v": 1}, {}), "b": both({"v": 2}, {}), "c": both({"v": 3}, {})}
    run(folder, **changed)
    assert " is removed: other rows say what is there now\n" in decide(folder, "--all", *AGAIN)
    (row,) = rows(folder)
    assert (row.cause, len(row.sides)) == ("value", 3)
    assert "PARITY, with 1 case that differs as decided" in run(folder, **changed)


def test_a_row_with_patterns_is_left_to_people(folder: Path) -> None:
    """No case can be taken out of a glob: the command says so, and writes nothing."""
    run(folder, go=always({"v": 1}), rust=always({"v": 2}))
    decide(folder, "--all", "--pin", "{within: {absolute: 1}}", *GIVEN)
    file = folder / "cases/decisions.yaml"
    head, _, _ = file.read_text().partition("  - id: D-002")
    written = head.replace("where: [shop/one]", "where: [shop/*]").replace(
        "    reason", "    grows: true\n    reason", 1
    )
    file.write_text(written)
    run(folder, go=always({"v": 1}), rust=both({"v": 9}, {"v": 2}))
    key = next(str(group["key"]) for group in groups(folder) if group["undecided"])
    done = conformance("decide", key, *AGAIN, cwd=folder)
    assert done.returncode == 2
    assert (
        "D-001 covers $.v in shop/one by a pattern, so it cannot be taken out of it\n  hint: "
        "change D-001 by hand" in (done.stderr)
    )
    assert file.read_text() == written


def groups(folder: Path) -> list[dict[str, object]]:
    """Return the causes of the last run."""
    found: list[dict[str, object]] = json.loads(conformance("report", "--json", cwd=folder).stdout)[
        "groups"
    ]
    return found


THREE = {"a": both({"v": 1}, {}), "b": both({"v": 1}, {}), "c": both({"v": 7}, {})}


@pytest.mark.parametrize(("fix", "changed"), [("a", {"a", "b"}), ("b", {"a", "b"}), ("c", {"c"})])
def test_a_fix_is_a_runtime_whatever_the_sides_are_called(
    folder: Path, fix: str, changed: set[str]
) -> None:
    """The side to be changed is the one that the runtime is on, whatever sides are called.

    Sides of values have names that no runtime has.
    """
    run(folder, **THREE)
    decide(folder, "--all", "--fix", fix, *GIVEN)
    (row,) = rows(folder)
    assert {*row.to_fix} == changed
    assert {side.name for side in row.sides} == {"v1", "v2"}


def test_a_name_that_is_a_runtime_and_a_side_is_refused(folder: Path) -> None:
    """A name that is both a runtime and a side is refused.

    The runtime has the name of the fact that another one shows, and the command does not guess
    which side is meant.
    """
    run(folder, null=both({"v": 1}, {}), rust=both({"v": None}, {}))
    done = conformance("decide", "--all", "--fix", "null", *GIVEN, cwd=folder)
    assert done.returncode == 1
    assert (
        "--fix null: null is a runtime, and also the name of a side that it is not on"
        in done.stdout
    )
    assert rows(folder) == ()


def asked(folder: Path, answers: str) -> subprocess.CompletedProcess[str]:
    """Run the interactive command with answers on its input."""
    words = ("-m", "conformance", "decide", "--interactive", *GIVEN)
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        input=answers,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("answers", "end"), [("y\n", "\n"), ("y\nq\n", "")], ids=["end-of-input", "q"]
)
def test_what_was_answered_is_kept(folder: Path, answers: str, end: str) -> None:
    """Each row is written before the next question.

    Stopping there loses nothing, and says how many are left.
    """
    run(folder, go=both({"v": 1, "w": True}, {"x": 1}), rust=both({"v": 2, "w": None}, {}))
    done = asked(folder, answers)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{end}stopped: 2 causes not decided; all before is written\n" in done.stdout
    (row,) = rows(folder)
    assert row.reason == "so it is"


def test_a_cause_that_is_refused_is_named_and_the_next_one_asked(folder: Path) -> None:
    """One cause has too many values to list; the others are decided all the same."""
    many = {"l": [*range(30)], "w": True}
    run(folder, go=both(many, {}), rust=both({"l": [*range(100, 130)], "w": None}, {}))
    done = asked(folder, "y\ny\n")
    assert "not decided: there are more than 20 distinct values: choose a bound" in done.stdout
    assert [row.cause for row in rows(folder)] == ["type"]


def test_a_difference_that_is_back(folder: Path) -> None:
    """Its row says that it is fixed, so it is not called decided.

    `decide` says what to do with the row.
    """
    services = {"go": both({"v": 1}, {}), "rust": both({"v": None}, {})}
    run(folder, **services)
    decide(folder, "--all", "--fix", "rust", *GIVEN)
    file = folder / "cases/decisions.yaml"
    file.write_text(
        re.sub(
            r"state: open((.|\n)*)$", r"state: done\1    commit: go@1a2b3c4d\n", file.read_text()
        )
    )
    said = run(folder, **services)
    title = "type of $.v: null instead of integer" if "instead" in said else "type of $.v differs"
    assert (
        "D-001 says that this is fixed, and it is back (done in go@1a2b3c4d, must_match): "
        f"{title}\n" in said
    )
    page = next((folder / "reports/runs/latest").glob("report.md")).read_text()
    assert "Standing: D-001 done, and it is back." in page
    key = str(groups(folder)[0]["key"])
    done = conformance("decide", key, *GIVEN, cwd=folder)
    assert (
        "D-001 is done, and the difference is back: fix it, or `conformance tracker reopen D-001`\n"
        in done.stderr
    )
