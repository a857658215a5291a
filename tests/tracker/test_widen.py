"""A further runtime: what it leaves of the rows that are there, and `conformance tracker widen`."""

import contextlib
from pathlib import Path

import pytest

from conformance.ledger.file import read_ledger
from tests.cli.command import conformance
from tests.miniatures.server import Received, Reply, Service, always, json_reply, serve

SUITE = """suite: shop/items
cases:
  - {name: one, request: {GET: /one}}
  - {name: two, request: {GET: /two}}
"""
NUMBERS, TEXTS, NULLS = always({"n": 1}), always({"n": "1"}), always({"n": None})
GIVEN = ("--owner", "me", "--reason", "so it is")


def text_in_one(request: Received) -> Reply:
    """Answer a number as text to one of the two requests."""
    return json_reply({"n": "1" if request.target == "/one" else 1})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder whose ledger has decided what b does otherwise than a: b is to be changed."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/shop.yaml").write_text(SUITE)
    (tmp_path / "cases/decisions.yaml").write_text("decisions: []\n")
    run(tmp_path, a=NUMBERS, b=TEXTS)
    done = conformance("decide", "--all", "--fix", "b", *GIVEN, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


def run(folder: Path, **services: Service) -> str:
    """Run the suite against services, and return what was said."""
    words: list[str] = []
    with contextlib.ExitStack() as stack:
        for name, service in services.items():
            words += ["--runtime", f"{name}={stack.enter_context(serve(service))}"]
        return conformance("run", "cases", *words, cwd=folder).stdout


def sides(folder: Path) -> list[dict[str, tuple[str, ...]]]:
    """Return the sides of each row."""
    rows = read_ledger(folder / "cases/decisions.yaml").decisions
    return [{side.name: side.runtimes for side in row.sides} for row in rows]


def test_one_that_is_right_changes_nothing(folder: Path) -> None:
    """A third runtime that agrees with the side that stays is known by the row as it is."""
    said = run(folder, a=NUMBERS, b=TEXTS, c=NUMBERS)
    assert "D-001 matched: covers 2 cases\n" in said
    assert "PARITY, with 2 cases that differ as decided" in said
    refused = conformance("tracker", "widen", "D-001", cwd=folder)
    assert refused.stderr == "error: nothing to widen: no further runtime is left out by D-001\n"


def test_one_that_is_wrong_in_the_same_way(folder: Path) -> None:
    """It is red, with the row named, which stays matched; widened, the row knows it, too."""
    said = run(folder, a=NUMBERS, b=TEXTS, c=TEXTS)
    assert "D-001 matched: covers 2 cases; in one more runtime: c\n" in said
    done = conformance("tracker", "widen", "D-001", cwd=folder)
    sync = "`conformance tracker sync` brings the document up to date\n"
    assert (done.returncode, done.stdout) == (0, f"D-001 now also covers c\n{sync}")
    assert sides(folder) == [{"string": ("b", "c"), "number": ("a",)}]
    assert "PARITY" in run(folder, a=NUMBERS, b=TEXTS, c=TEXTS)
    assert "PARITY" in run(folder, a=NUMBERS, b=TEXTS)


def test_all_rows_at_once(folder: Path) -> None:
    """All rows that leave a runtime out are widened by it; the options are checked."""
    run(folder, a=NUMBERS, b=TEXTS, c=TEXTS)
    refused = conformance("tracker", "widen", "--all", cwd=folder)
    assert refused.stderr == (
        "error: wanted the id of one row, or --all with --runtime NAME\n"
        "  hint: tracker widen ID, or tracker widen --all --runtime NAME\n"
    )
    done = conformance("tracker", "widen", "--all", "--runtime", "c", cwd=folder)
    assert done.stdout.startswith("D-001 now also covers c\n")


def test_one_that_is_wrong_in_a_part_only(folder: Path) -> None:
    """The row would cover more than was seen, so it is not widened.

    The cause of that runtime has a row of its own.
    """
    run(folder, a=NUMBERS, b=TEXTS, c=text_in_one)
    refused = conformance("tracker", "widen", "D-001", cwd=folder)
    assert refused.returncode == 2
    assert refused.stderr == (
        "error: D-001: c shows it in 1 of its 2 places\n"
        "  hint: a row covers what was seen, and no more: decide the cause of this runtime as a "
        "row of its own\n"
    )
    done = conformance("decide", "--all", "--fix", "c", *GIVEN, cwd=folder)
    assert done.returncode == 0, done.stderr + done.stdout
    assert sides(folder)[1] == {"string": ("c",), "number": ("a",)}
    assert "PARITY" in run(folder, a=NUMBERS, b=TEXTS, c=text_in_one)
    assert "RED: 1 failed" in run(folder, a=NUMBERS, b=TEXTS, c=TEXTS)


def test_one_that_shows_something_else(folder: Path) -> None:
    """A runtime that shows something else is on no side of the row.

    Its cause has a row of its own, and both rows decide the case together.
    """
    said = run(folder, a=NUMBERS, b=TEXTS, c=NULLS)
    assert "D-001 matched: covers 2 cases; c shows something else\n" in said
    assert (
        "shows it in 0 of its 2 places"
        in conformance("tracker", "widen", "D-001", cwd=folder).stderr
    )
    done = conformance("decide", "--all", *GIVEN, cwd=folder)
    assert done.returncode == 0, done.stderr + done.stdout
    assert len(sides(folder)) == 2
    said = run(folder, a=NUMBERS, b=TEXTS, c=NULLS)
    assert "PARITY, with 2 cases that differ as decided" in said
    assert said.count(" matched: covers 2 cases") == 2
