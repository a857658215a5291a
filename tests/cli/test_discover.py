"""`conformance discover`: from two URLs to one report, in one command."""

import re
from pathlib import Path

import yaml

from tests.cli.command import conformance
from tests.miniatures.notes import Notes
from tests.miniatures.server import serve

SOON = ("--for", "4s", "--seed", "1")
LONGER = ("--for", "10s", "--seed", "1")
"""Time for the systematic probes, on a slow machine too."""


def test_what_no_first_case_shows_is_found(tmp_path: Path) -> None:
    """First cases, what is found by fuzzing, and one report with the causes of both.

    The folder can be run again.
    """
    with serve(Notes()) as a, serve(Notes("no stars")) as b:
        done = conformance("discover", f"a={a}", f"b={b}", "--disposable", *LONGER, cwd=tmp_path)
    folder = tmp_path / "cases"
    suites = {
        yaml.safe_load(file.read_text())["suite"]
        for file in (folder / "first.yaml", folder / "found.yaml")
    }

    assert done.stdout.startswith("cases/first.yaml: 11 cases, operations of a's /openapi.json\n")
    assert "seed 1 ·" in done.stdout
    assert "status differs (bad_stars)" in done.stdout
    assert "/report.html" in done.stdout
    assert suites == {"first", "fuzz/found"}
    counted = re.search(r"1/2 suites green · (\d+) cases: 11 passed \+ (\d+) failed", done.stdout)
    assert counted is not None, done.stdout
    assert int(counted[1]) == 11 + int(counted[2])
    assert (tmp_path / "reports/runs/latest/report.html").is_file()
    assert done.returncode == 1


def test_two_that_agree_are_green(tmp_path: Path) -> None:
    """Nothing is found between two services that only have ids and times of their own."""
    with serve(Notes()) as a, serve(Notes()) as b:
        done = conformance("discover", f"a={a}", f"b={b}", *SOON, cwd=tmp_path)

    assert "PARITY" in done.stdout
    assert not (tmp_path / "cases/found.yaml").exists()
    assert done.returncode == 0


def test_one_is_not_enough(tmp_path: Path) -> None:
    """Bad usage is one message, and nothing is written."""
    done = conformance("discover", "a=http://127.0.0.1:9", cwd=tmp_path)

    assert done.stderr.startswith("error: two runtimes are needed, got a=http://127.0.0.1:9\n")
    assert not (tmp_path / "cases").exists()
    assert done.returncode == 2
