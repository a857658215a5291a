"""The worked example of `conformance next`: a script closes ten planted causes of a small port."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tracker.shop import git

EXAMPLE = Path(__file__).parents[2] / "docs/examples/closing-causes"


@pytest.fixture(name="folder")
def committed_copy(tmp_path: Path) -> Path:
    """Copy the example into a repository, with the command of this environment beside it."""
    folder = tmp_path / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__", "reports"))
    (folder / ".gitignore").write_text("reports/\n__pycache__/\n")
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "base")
    git(folder, "tag", "base")
    command = tmp_path / "bin/conformance"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m conformance "$@"\n')
    command.chmod(0o755)
    return folder


def closed_by_script(folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run the script as the page says."""
    path = f"{folder.parent / 'bin'}:{os.environ['PATH']}"
    return subprocess.run(
        [sys.executable, "close_causes.py", "base"],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_ten_causes_are_closed(folder: Path) -> None:
    """One after the other; a change that does not help is undone, and only the port has changed."""
    done = closed_by_script(folder)

    assert (done.returncode, done.stderr) == (0, "")
    assert len(re.findall(r"is closed$", done.stdout, re.MULTILINE)) == 10
    assert len(re.findall(r"is still open$", done.stdout, re.MULTILINE)) == 1
    assert re.findall(r"^([0-9]+) left", done.stdout, re.MULTILINE) == [*map(str, range(10, 0, -1))]
    assert done.stdout.endswith("stop: done\n  PARITY\n")
    assert git(folder, "diff", "--name-only", "base").split() == ["port.py"]


def test_what_the_table_lacks_is_left_to_a_person(folder: Path) -> None:
    """A cause without a change is skipped, and the end says so; a changed case is no way out."""
    script = (folder / "close_causes.py").read_text()
    lines = [line for line in script.splitlines(keepends=True) if "timestamp form" not in line]
    (folder / "close_causes.py").write_text("".join(lines))
    suite = folder / "cases/shop.yaml"
    suite.write_text(suite.read_text().replace("compare: value", "compare: shape"))

    done = closed_by_script(folder)

    assert (done.returncode, done.stderr) == (1, "")
    assert "stop: person\n  [" in done.stdout
    assert "timestamp form was skipped\n" in done.stdout
