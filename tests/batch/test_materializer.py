"""The materializer's files from outside: what a run may touch.

It also covers what a run must not touch, for every tool.
"""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.batch.tools import COMMANDS, DATA, are_built, environment, every_tool, marks, run, tree

pytestmark = are_built

SOURCES = sorted(file.stem for file in (DATA / "data/_kb").glob("*.jsonl"))
AUDITS = "data/_kb/audits.jsonl"
SKIPS = "data/_kb/distillation_skips.jsonl"
ROW = b'{"audit_id":"%s","created_at":"2026-11-%sT10:00:00Z","check":"lint","severity":"info","evidence":"e"}\n'
ROWS_AT_ONCE = 4_000


def audits(root: Path, *rows: tuple[bytes, bytes], then: bytes = b"") -> None:
    """Append rows of ids and days to a source, and what else stands behind them."""
    (root / AUDITS).parent.mkdir(parents=True, exist_ok=True)
    with (root / AUDITS).open("ab") as file:
        file.write(b"".join(ROW % row for row in rows) + then)


def evidence(root: Path) -> dict[str, bytes]:
    """Return the day files."""
    return {path: raw for path, raw in tree(root).items() if path.startswith("data/evidence/")}


@every_tool
def test_an_appended_line_touches_one_day(tool: str, tmp_path: Path) -> None:
    """Its day's file gets the record behind the others.

    Every other file stays the file it was, unwritten.
    """
    audits(tmp_path, (b"u-1", b"14"), (b"u-2", b"15"), (b"u-3", b"16"), then=b"[]\n")
    assert run(tool, "materializer", "--run-id", "first", root=tmp_path).returncode == 0
    before, old = marks(tmp_path), evidence(tmp_path)
    audits(tmp_path, (b"u-4", b"15"))
    assert run(tool, "materializer", "--run-id", "second", root=tmp_path).returncode == 0

    day = "data/evidence/2026/11/15/audits.jsonl"
    files = {path: mark for path, mark in marks(tmp_path).items() if (tmp_path / path).is_file()}
    changed = {path for path, mark in files.items() if before.get(path) != mark}
    assert changed == {day, AUDITS, "reports/distillation/second/receipt.json"}
    assert evidence(tmp_path)[day].startswith(old[day])
    assert [json.loads(line)["task_id"] for line in evidence(tmp_path)[day].splitlines()] == [
        "u-2",
        "u-4",
    ]


@every_tool
def test_a_torn_last_line_waits_for_its_end(tool: str, tmp_path: Path) -> None:
    """Half of a row is no row and no skip; with its end it is one record, once."""
    half = ROW % (b"u-2", b"15")
    audits(tmp_path, (b"u-1", b"14"), then=half[:50])
    first = run(tool, "materializer", root=tmp_path)
    assert (
        first.stdout
        == b"audits: 1 read, 1 written, 0 deduplicated, 0 skipped, last line torn\n1 records in 1 "
        b"files\n"
    )
    assert not (tmp_path / SKIPS).exists()
    audits(tmp_path, then=half[50:])
    second = run(tool, "materializer", root=tmp_path)
    assert (
        second.stdout
        == b"audits: 2 read, 1 written, 1 deduplicated, 0 skipped\n1 records in 1 files\n"
    )


@every_tool
def test_a_dry_run_touches_nothing(tool: str, tmp_path: Path) -> None:
    """Not a byte, not a time, not a folder, and it says what the run then says."""
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    before, files = marks(tmp_path), tree(tmp_path)
    dry = run(tool, "materializer", "--dry-run", "--json", root=tmp_path)
    assert (marks(tmp_path), tree(tmp_path)) == (before, files)
    assert run(tool, "materializer", "--json", root=tmp_path).stdout == dry.stdout


@every_tool
def test_the_order_of_sources_says_nothing(tool: str, tmp_path: Path) -> None:
    """However they are named, the tree is the same, receipt and skips included."""
    trees = []
    for seed in range(3):
        root = tmp_path / str(seed)
        shutil.copytree(DATA, root)
        named = random.Random(seed).sample(SOURCES, len(SOURCES))  # noqa: S311 - an order, no secret
        words = [word for source in named for word in ("--source", source)]
        assert run(tool, "materializer", *words, root=root).returncode == 0
        trees.append(tree(root))
    assert trees[0] == trees[1] == trees[2]


def test_all_tools_leave_one_tree_behind_what_is_damaged(tmp_path: Path) -> None:
    """A day file and a file of skips that a crash cut short keep what they have.

    They get new lines of their own.
    """
    trees = []
    for tool in COMMANDS:
        root = tmp_path / tool
        audits(root, (b"u-1", b"14"), (b"u-2", b"14"), then=b"[]\n{}\n")
        day = root / "data/evidence/2026/11/14/audits.jsonl"
        day.parent.mkdir(parents=True)
        day.write_bytes(b'{"no":"record"}\n{"provenance":{"sig_ha')
        known = hashlib.sha256(b"[]").hexdigest()
        (root / SKIPS).write_bytes(
            b'{"source":"audits","line_hash":"%s"}\n{"source":"au' % known.encode()
        )
        done = run(tool, "materializer", root=root)
        assert done.returncode == 0, done.stderr
        trees.append(tree(root))
        lines = trees[-1]["data/evidence/2026/11/14/audits.jsonl"].splitlines()
        assert lines[:2] == [b'{"no":"record"}', b'{"provenance":{"sig_ha']
        assert [json.loads(line)["task_id"] for line in lines[2:]] == ["u-1", "u-2"]
        assert trees[-1][SKIPS].count(b"\n") == 3
    assert trees[0] == trees[1] == trees[2]


@pytest.mark.parametrize(
    "pair", [("python", "python"), ("python", "go"), ("go", "typescript"), ("typescript", "python")]
)
def test_two_at_once_do_no_harm(pair: tuple[str, str], tmp_path: Path) -> None:
    """Each file is one run's or the other's, whole.

    What lacks the next run adds, and nothing is there twice.
    """
    rows = [(b"u-%d" % number, b"%02d" % (1 + number % 28)) for number in range(ROWS_AT_ONCE)]
    audits(tmp_path, *rows[:100], then=b"[0]\n")
    assert run(pair[0], "materializer", "--run-id", "before", root=tmp_path).returncode == 0
    audits(tmp_path, *rows[100:], then=b"[1]\n[2]\n")
    both = [
        subprocess.Popen(
            [*COMMANDS[tool], "materializer", "--run-id", f"run-{number}"],
            cwd=tmp_path,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for number, tool in enumerate(pair)
    ]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert run(pair[0], "materializer", "--run-id", "last", root=tmp_path).returncode == 0

    tasks = [
        json.loads(line)["task_id"]
        for raw in evidence(tmp_path).values()
        for line in raw.splitlines()
    ]
    assert sorted(tasks) == sorted(name.decode() for name, _ in rows)
    assert (tmp_path / SKIPS).read_bytes().count(b"\n") == 3
    assert [path for path in tree(tmp_path) if path.endswith(".tmp")] == []


@every_tool
def test_what_a_living_process_writes_is_left_to_it(tool: str, tmp_path: Path) -> None:
    """A run removes unfinished files of dead processes, at whatever depth.

    It removes nothing that is no unfinished file.
    """
    audits(tmp_path, (b"u-1", b"14"))
    with subprocess.Popen([sys.executable, "-c", ""]) as dead:
        pass
    folder = tmp_path / "data/evidence/2026/11/14"
    folder.mkdir(parents=True)
    names = [f".audits.jsonl.{pid:08x}01234567.tmp" for pid in (os.getpid(), dead.pid)]
    for name in (*names, ".audits.jsonl.00.tmp", ".hidden", "kept.tmp"):
        (folder / name).write_bytes(b"half")
    assert run(tool, "materializer", root=tmp_path).returncode == 0
    assert {file.name for file in folder.iterdir()} == {
        names[0],
        ".hidden",
        "kept.tmp",
        "audits.jsonl",
    }


@every_tool
@pytest.mark.parametrize(
    "words",
    [
        ("materializer", "--source"),
        ("materializer", "--source", ""),
        ("materializer", "--source", "audits,outcomes"),
        ("materializer", "--root", AUDITS),
        ("materializer", "--root", "\n"),
        ("materializer", "--root", b"\xff"),
        ("materializer", "--run-id", "a/b"),
        ("materializer", "--run-id", ".."),
        ("materializer", "--run-id", "x" * 100),
        ("materializer", "--dry-run=maybe"),
        ("materializer", "--js"),
        ("replay", "--task"),
        ("replay", "--task", "x", "--budget", "1e3"),
        ("replay", "--task", "x", "--budget", ""),
        ("replay", "--task", "x", "--gateway", "nowhere"),
        ("replay", "--task", "x", "--gateway", "http://"),
        ("replay", "--task", "x", "--root", AUDITS),
        ("replay", "more", "--task", "x"),
    ],
    ids=repr,
)
def test_a_wrong_command_line_is_one_line(
    tool: str, words: tuple[str, ...], tmp_path: Path
) -> None:
    """It exits with 2, says so in a line with the tool's name in front, and touches nothing."""
    audits(tmp_path, (b"u-1", b"14"))
    before = marks(tmp_path)
    done = run(tool, *words, root=tmp_path)
    assert (done.returncode, done.stdout, marks(tmp_path)) == (2, b"", before)
    assert done.stderr.startswith(os.fsencode(f"{words[0]!s}: ")), done.stderr
    assert done.stderr.count(b"\n") <= 2, done.stderr


@every_tool
@pytest.mark.parametrize("clock", ["", "noon", "2026-11-25"])
def test_a_wrong_clock_is_told(tool: str, clock: str, tmp_path: Path) -> None:
    """A tool that is told no time does not take another."""
    for words in (("materializer",), ("replay", "--task", "x", "--dry-run")):
        done = run(tool, *words, root=tmp_path, clock=clock)
        assert (done.returncode, done.stdout, tree(tmp_path)) == (2, b"", {})
        assert b"CONFORMANCE_CLOCK" in done.stderr
