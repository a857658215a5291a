"""`conformance demo`: the walk from red to green, as a user with a new install sees it.

The user has just installed the package.
"""

import re
from pathlib import Path

from tests.cli.command import conformance, settled


def test_the_walk(tmp_path: Path) -> None:
    """The walk is six steps and ends with a green run and its report.

    It has three causes, of which one is explained, one decided, and two fixed.
    """
    done = conformance("demo", cwd=tmp_path)

    assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
    steps = re.split(r"^== Step [1-6] of 6: ", settled(done.stdout), flags=re.MULTILINE)[1:]
    assert len(steps) == 6
    assert "RED: 4 failed" in steps[1]
    assert {line[3:9] for line in steps[1].splitlines() if re.match(r"[0-9]\. ", line)} == {
        "[s3cr]",
        "[v7v7]",
        "[i27c]",
    }
    assert "older: 404 Not Found" in steps[2]
    assert "curl --include" in steps[2]
    assert "D-001 is open in cases/decisions.yaml: null vs absent, in 2 cases" in steps[3]
    assert '+    "1": {"id": 1, "total": 19.90, "note": "gift"},' in steps[4]
    assert "PARITY, with 2 cases that differ as decided" in steps[5]
    assert (tmp_path / "conformance-demo/reports/runs/latest/report.html").is_file()


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    """The walk never writes into a folder that somebody has."""
    (tmp_path / "mine").mkdir()
    done = conformance("demo", "mine", cwd=tmp_path)

    assert (
        done.stderr == "error: mine is there already\n  hint: remove it, or name another folder\n"
    )
    assert (done.returncode, list((tmp_path / "mine").iterdir())) == (2, [])
