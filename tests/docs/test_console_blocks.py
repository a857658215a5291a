"""What the documents show of the command line is what it says."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.console import check_commands, commands
from tests.peers.live_peers import live

DOCS = Path(__file__).parents[2] / "docs"
PROBED = {"from-red-to-closed.md", "adding-a-runtime.md", "ci.md"}


@pytest.fixture(name="environment")
def with_commands(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Make `conformance` and `pytest` commands of this interpreter."""
    folder = tmp_path_factory.mktemp("bin")
    for name, words in {
        "conformance": "conformance",
        "pytest": "pytest -p no:schemathesis",
    }.items():
        (folder / name).write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {words} "$@"\n')
        (folder / name).chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", "NO_COLOR": "1"}


@live
def test_from_red_to_closed(tmp_path: Path, environment: dict[str, str]) -> None:
    """The life of D-001, in a copy of the cases beside links to the code."""
    shutil.copytree(DOCS.parent / "cases", tmp_path / "cases")
    for name in ("peers", "reference_impl"):
        (tmp_path / name).symlink_to(DOCS.parent / name)

    check_commands(DOCS / "from-red-to-closed.md", tmp_path, environment)


def test_adding_a_runtime_and_then_ci(tmp_path: Path, environment: dict[str, str]) -> None:
    """A service declared twice, in an empty folder; pytest then replays its suite."""
    check_commands(DOCS / "adding-a-runtime.md", tmp_path, environment)
    check_commands(DOCS / "ci.md", tmp_path, environment)


def test_no_console_block_is_left_out() -> None:
    """Every document with a console block is one of those above."""
    assert {file.name for file in DOCS.glob("*.md") if list(commands(file))} == PROBED
