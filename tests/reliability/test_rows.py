"""The table of rows is whole, and what the command writes is what was measured."""

import inspect
import json
import time
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from tests.reliability.__main__ import PAGE, main
from tests.reliability.measurement import read_figures
from tests.reliability.page import BEGIN, END, with_table
from tests.reliability.row import Row
from tests.reliability.rows import ROWS

PROGRAM: Final = """\
import json, subprocess, sys, time
row, form = sys.argv[1:]
if row == "hangs":
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    open(sys.argv[0] + ".pid", "w").write(str(child.pid))
    time.sleep(60)
if row == "crashes":
    raise SystemExit("it fell over | badly")
print("on the way")
met = {"good": True, "bad": False, "better": form == "full"}[row]
print(json.dumps({"text": f"{form} a|b", "is_met": met, "numbers": {"n": 1}}))
"""


def row(name: str) -> Row:
    """Return a row that the program above measures."""
    limit_s = 1 if name == "hangs" else 60
    return Row(
        id=name,
        what="w",
        bound="b",
        measure="x:y",
        full_limit_s=limit_s,
        quick_limit_s=limit_s,
    )


FAKES: Final = tuple(map(row, ("good", "bad", "crashes", "hangs", "better")))


@pytest.fixture(name="page")
def page_of_test(tmp_path: Path) -> Path:
    """Make a page with the markers, and the program beside it."""
    (tmp_path / "program.py").write_text(PROGRAM)
    (tmp_path / "reliability.md").write_text(f"before\n{BEGIN}\n{END}\nafter\n")
    return tmp_path / "reliability.md"


def measure(page: Path, *words: str) -> int:
    """Run the command on the rows above."""
    return main(words, FAKES, page, (str(page.with_name("program.py")),))


def line_of(page: Path, name: str) -> str:
    """Return the line of a row in the first table."""
    return next(line for line in page.read_text().splitlines() if line.startswith(f"| {name} |"))


def test_there_are_all_rows_in_order() -> None:
    """R1 to R22, and none twice."""
    assert [each.id for each in ROWS] == [f"R{number}" for number in range(1, 23)]


@pytest.mark.parametrize("each", ROWS, ids=[each.id for each in ROWS])
def test_a_row_can_be_measured_in_both_forms(each: Row) -> None:
    """Its function exists and takes what the table says."""
    module, _, name = each.measure.partition(":")
    function = getattr(import_module(f"tests.reliability.{module}"), name)
    for arguments in (each.full, each.quick):
        inspect.signature(function).bind(**arguments)


def test_the_committed_page_is_that_of_the_figures() -> None:
    """No figure of the table is written by hand."""
    page = PAGE.read_text()
    assert page == with_table(page, ROWS, read_figures(PAGE.with_suffix(".json")))


def test_a_row_that_meets_its_bound(page: Path) -> None:
    """The figure, how it was made, and that the others were not run."""
    assert measure(page, "good") == 0
    assert line_of(page, "good") == "| good | w | b | full a\\|b | met, full |"
    assert line_of(page, "bad") == "| bad | w | b | not run | |"
    assert "1 of 5 rows meet their bound, 0 miss it, 4 were not run." in page.read_text()
    assert "| good | `python -m tests.reliability good` | 20261129 |" in page.read_text()
    assert page.read_text().startswith("before\n")
    assert page.read_text().endswith(f"{END}\nafter\n")
    assert json.loads(page.with_suffix(".json").read_text())["good"]["numbers"] == {"n": 1}


def test_a_row_that_misses_its_bound(page: Path) -> None:
    """It fails the command, and the table says so."""
    assert measure(page, "good", "bad") == 1
    assert line_of(page, "bad").endswith("| **missed**, full |")


def test_a_program_that_gives_no_figure(page: Path) -> None:
    """Its exit code and its last words are the figure."""
    assert measure(page, "crashes") == 1
    assert "no figure, exit code 1: it fell over \\| badly" in line_of(page, "crashes")


def test_a_row_that_does_not_end(page: Path) -> None:
    """It is ended at its limit, with all that it has started."""
    started_s = time.monotonic()
    assert measure(page, "hangs") == 1
    assert time.monotonic() - started_s < 30
    assert "not done after 1 s" in line_of(page, "hangs")
    child = int(page.with_name("program.py.pid").read_text())
    assert not _runs(child)


def _runs(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2][:3]
    except FileNotFoundError:
        return False


def test_a_quick_figure_does_not_replace_a_full_one(page: Path) -> None:
    """Unless it misses the bound."""
    measure(page, "good")
    measure(page, "--quick", "good")
    assert line_of(page, "good").endswith("| met, full |")
    measure(page, "better")
    assert measure(page, "--quick", "better") == 1
    assert line_of(page, "better").endswith("| **missed**, quick |")


def test_a_row_that_there_is_not(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rows that there are stand in the message."""
    with pytest.raises(SystemExit) as ended:
        measure(page, "R99")
    assert ended.value.code == 2
    assert "no row R99; there are good, bad, crashes" in capsys.readouterr().err
