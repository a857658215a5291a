"""Commands that leave files nobody should open: each file is named within its time.

Nothing outside is touched.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import conformance

PROGRAM = Path(__file__).parents[1] / "miniatures" / "hostile_batch_program.py"
SUITE = """\
suite: batch/hostile
cases:
  - name: one
    timeout_ms: TIMEOUT
    run: {args: [HABIT], files: {in.jsonl: {lines: [{id: a}]}}}
"""


def prepare(folder: Path, habit: str, timeout_ms: int = 2000, suite: str = SUITE) -> None:
    """Write the suite and its one runtime."""
    (folder / "suite.yaml").write_text(
        suite.replace("TIMEOUT", str(timeout_ms)).replace("HABIT", habit)
    )
    (folder / "runtimes.yaml").write_text(
        f"runtimes:\n  a: {{batch: ['${{python}}', '{PROGRAM}']}}\n"
    )


def left(folder: Path) -> list[Path]:
    """List the folders of commands that are still there."""
    return list(folder.glob("conformance-batch-*"))


def seen(folder: Path) -> dict[str, Any]:
    """Give what the record has of the last step."""
    record = next((folder / "reports" / "runs").glob("2*/run.ndjson")).read_text().splitlines()
    answer: dict[str, Any] = json.loads(record[1])["cells"][0]["seen"][-1]
    return answer


@pytest.mark.parametrize(
    ("habit", "detail"),
    [
        ("hides", "output_unreadable: stdout is no regular file any more"),
        ("swaps", "output_unreadable: its folder was removed, or replaced by another one"),
        ("digs", "output_too_large: it left nested folders, more than 64 deep"),
        ("inflates", "output_too_large: to read what it left took more than 2000 ms"),
    ],
)
def test_what_cannot_be_read_is_a_fault(tmp_path: Path, habit: str, detail: str) -> None:
    """By name, in time, and the folder of the command is gone afterwards."""
    prepare(tmp_path, habit)
    done = conformance("run", "suite.yaml", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert detail in done.stdout
    assert "1 errored" in done.stdout
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("habit", "content"),
    [
        ("pipes", {"special": True}),
        ("links", {"link": "/etc/hostname"}),
    ],
)
def test_what_is_no_file_is_said_and_not_opened(tmp_path: Path, habit: str, content: Any) -> None:
    """A pipe would be waited for, and a link leads elsewhere."""
    prepare(tmp_path, habit)
    conformance("run", "suite.yaml", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert json.loads(seen(tmp_path)["answer"]["body"])["files"] == {"in.jsonl": content}


def test_a_given_file_that_grew_is_not_read_whole(tmp_path: Path) -> None:
    """Its size tells that it changed; its digest is made in pieces, until the time is up."""
    prepare(tmp_path, "replaces")
    done = conformance("run", "suite.yaml", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert "output_too_large: to read what it left took more than 2000 ms" in done.stdout


def test_the_files_of_a_step_go_through_no_link(tmp_path: Path) -> None:
    """What the step before left in their place is removed; nothing outside is written."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "next.txt").write_text("mine")
    steps = (
        "suite: batch/hostile\ncases:\n  - name: two\n    steps:\n"
        f"      - run: {{args: [leads, {outside}]}}\n"
        "      - run: {args: [links], files: {in.jsonl: text, next.txt: theirs, folder/file.txt: "
        "theirs}}\n"
    )
    prepare(tmp_path, "", suite=steps)
    conformance("run", "suite.yaml", cwd=tmp_path, TMPDIR=str(tmp_path))
    assert [file.name for file in outside.iterdir()] == ["next.txt"]
    assert (outside / "next.txt").read_text() == "mine"
    assert json.loads(seen(tmp_path)["answer"]["body"])["files"] == {
        "in.jsonl": {"link": "/etc/hostname"}
    }


def test_a_signal_ends_the_reading_at_once(tmp_path: Path) -> None:
    """While a terabyte is hashed, too: the work is done beside the loop that hears signals."""
    prepare(tmp_path, "inflates", timeout_ms=60_000)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "conformance", "run", "suite.yaml"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as run:
        while not list(tmp_path.rglob("large.bin")):
            time.sleep(0.05)
        time.sleep(0.5)
        run.send_signal(signal.SIGTERM)
        run.communicate(timeout=20)
    assert run.returncode == 130  # interrupted
    assert left(tmp_path) == []
