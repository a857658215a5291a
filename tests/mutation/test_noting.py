"""Which tests run a line is known of any process that does."""

import os
import subprocess
import sys
from pathlib import Path

from tests.mutation.noting import noted, noting

SOURCE = '''\
"""A file."""

from __future__ import annotations


def least(values: list[int]) -> int:
    """Return the least value."""
    found = 9
    for value in values:
        if value > 8:
            continue
        elif value < found:
            found = value
    return (
        found
    )
'''


def _run(file: Path, test: str, values: str) -> None:
    environment = {**os.environ, "PYTEST_CURRENT_TEST": test}
    asked = f"import code_of as c; print(c.least({values}), c.least({values}))"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=file.parent,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "1 1\n"


def test_the_tests_of_a_line_are_those_whose_programs_run_it(tmp_path: Path) -> None:
    """A line of a condition is run where it is asked, one in a branch where it is taken."""
    notes = tmp_path / "notes"
    notes.touch()
    file = tmp_path / "code_of.py"
    file.write_text(noting(SOURCE, "code_of.py", [8, 11, 12, 13, 15], notes))
    _run(file, "tests/a.py::test_one[x (y)] (call)", "[1]")
    _run(file, "tests/a.py::test_two (setup)", "[9, 1]")
    one, two = "tests/a.py::test_one[x (y)]", "tests/a.py::test_two"
    expected = {"8": [one, two], "11": [two], "12": [one, two], "13": [one, two], "15": [one, two]}
    assert noted(notes) == {"code_of.py": expected}


def test_a_line_that_no_test_runs_has_none(tmp_path: Path) -> None:
    """What runs outside of tests is no test's."""
    notes = tmp_path / "notes"
    notes.touch()
    file = tmp_path / "code_of.py"
    file.write_text(noting(SOURCE, "code_of.py", [8], notes))
    _run(file, "", "[1]")
    assert noted(notes) == {"code_of.py": {"8": []}}
