"""The harness closes what it opens besides sockets.

These are replaced files, records, suites, spools, turns and runs.
"""

import asyncio
import contextlib
import gc
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from conformance.atomic_file import replace_file, replace_file_by_pieces
from conformance.errors import BadFileError, Place, RunRecordError
from conformance.judging import judge_record
from conformance.model.case import Case, CompareLevel, Step
from conformance.model.decision import Ledger
from conformance.model.request import Request
from conformance.model.runtime import BatchRuntime, Runtime
from conformance.pytest_plugin.replay import Turns
from conformance.records.lines import RecordLines
from conformance.records.read import case_rows, read_start
from conformance.records.write import RecordWriter
from conformance.review.commands import consult
from conformance.review.endpoints import NoAnswerError
from conformance.review.plan import CommandReviewer
from conformance.suites.case_spool import CaseSpool
from conformance.suites.document import source_bytes
from tests.comparison.live_runs import header, replay
from tests.descriptors import needs_proc, nothing_left_open, open_in, wait_until_closed
from tests.miniatures.server import always
from tests.runner.starting import observed
from tests.suites.reading import cases_in

pytestmark = needs_proc
ROUNDS = 10


class Given(Exception):  # noqa: N818 - it is no error of anybody's
    """What a test raises."""


def fails_after(*pieces: bytes) -> Iterator[bytes]:
    """Give pieces, then no more."""
    yield from pieces
    raise Given


def test_files_that_are_replaced(tmp_path: Path) -> None:
    """A file is written whole, is abandoned, has its place taken, or has no folder to be in."""
    (tmp_path / "taken").mkdir()
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "null").symlink_to("/dev/null")
    with nothing_left_open():
        for number in range(ROUNDS):
            replace_file(tmp_path / "new" / str(number), b"x")
            replace_file(tmp_path / "null", b"x")
            with pytest.raises(Given):
                replace_file_by_pieces(tmp_path / "file", fails_after(b"x"))
            with pytest.raises(Given):
                replace_file_by_pieces(tmp_path / "null", fails_after(b"x"))
            with pytest.raises(OSError, match="directory"):
                replace_file(tmp_path / "taken", b"x")
            with pytest.raises(OSError, match="exists"):
                replace_file(tmp_path / "file" / "below", b"x")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "new", "null", "taken"]


def test_records(tmp_path: Path) -> None:
    """A record is closed with its block, even on failure, and so is one that is read in part."""
    writers = []
    with nothing_left_open():
        for number in range(ROUNDS):
            with RecordWriter(tmp_path / "record") as writer:
                writer.header(header(), Ledger())
            with pytest.raises(Given), RecordLines(tmp_path / str(number), "xb") as lines:
                raise Given
            writers += [writer, lines]
            with pytest.raises(FileExistsError):
                RecordLines(tmp_path / str(number), "xb")
            assert read_start(tmp_path / "record").header == header()
            assert list(case_rows(tmp_path / "record")) == []
            with pytest.raises(RunRecordError):
                list(case_rows(tmp_path / "nowhere"))
            (tmp_path / "torn").mkdir(exist_ok=True)
            (tmp_path / "torn" / "run.ndjson").write_bytes(b"{}\n")
            with pytest.raises(RunRecordError):
                read_start(tmp_path / "torn")
            gc.collect()  # what a traceback held


def case(number: int) -> Case:
    """Return a case."""
    return Case(
        suite="s", name=f"c{number}", place=Place("suite.yaml"), against=None,
            compare=CompareLevel.SHAPE,
        steps=(Step(request=Request(method="GET", target="/")),), timeout_ms=1_000,
    )  # fmt: skip


def test_spools() -> None:
    """The file without a name goes with its spool, whoever was still reading from it."""
    with nothing_left_open():
        for _ in range(ROUNDS):
            spool = CaseSpool(kept_in_memory=0)
            for number in range(600):
                spool.add(case(number))
            assert next(iter(spool)).name == "c0"
            del spool
            gc.collect()


def test_suites_and_their_files(tmp_path: Path) -> None:
    """Suites that are read, files beside them, and those that are missing or too large."""
    (tmp_path / "there").write_bytes(b"x")
    (tmp_path / "large").write_bytes(bytes((16 << 20) + 1))
    written = "suite: a/b\ncases:\n  - {{name: x, request: {{POST: /, file: {}}}}}\n"
    with nothing_left_open():
        for _ in range(ROUNDS):
            assert len(cases_in(tmp_path, written.format("there"))) == 1
            for missing in ("missing", "large", "../there"):
                with pytest.raises(BadFileError):
                    cases_in(tmp_path, written.format(missing))
            with pytest.raises(BadFileError):
                source_bytes(tmp_path / "missing", "x")


def test_turns(tmp_path: Path) -> None:
    """A turn is over with its block, however that ends, and the next one is had at once."""
    turns = Turns(tmp_path / "turns")
    with nothing_left_open():
        for beside in itertools.islice(itertools.cycle([True, False]), ROUNDS):
            with contextlib.suppress(Given), turns.one(beside_others=beside):
                raise Given


def test_whole_runs(tmp_path: Path) -> None:
    """Runs against live services, and their records judged again."""
    services = {"a": always({"x": 1}), "b": always({"x": "1"})}
    replay(tmp_path / "first", services)
    with nothing_left_open():
        for number in range(3):
            report = replay(tmp_path / str(number), services)
            assert judge_record(tmp_path / str(number)).groups == report.groups
            gc.collect()


@pytest.mark.parametrize(
    ("script", "answers"),
    [
        ("cat", True),
        ("exit 3", False),
        ("true", False),
        ("exec sleep 60", False),
        ("sleep 60 & cat", False),
    ],
)
def test_reviewers_that_are_programs(tmp_path: Path, script: str, *, answers: bool) -> None:
    """A program's three pipes close with it, even if it fails, says nothing, or is abandoned."""
    reviewer = CommandReviewer(argv=("sh", "-c", script), directory=tmp_path)

    async def main() -> None:
        before = open_in()
        for _ in range(3):
            try:
                assert (await consult(reviewer, "a prompt", [], 0.5)).text == "a prompt"
            except NoAnswerError:
                assert not answers
            else:
                assert answers
        await wait_until_closed(before)

    asyncio.run(main())


@pytest.mark.parametrize("script", ["echo x > made", "exit 3", "kill -9 $$", "exec sleep 60"])
def test_commands_that_are_runtimes(tmp_path: Path, script: str) -> None:
    """A step that runs, fails, is killed or takes too long leaves nothing open."""
    (tmp_path / "tool").write_text(f"#!/bin/sh\n{script}\n")
    (tmp_path / "tool").chmod(0o755)
    written = "suite: a/b\ntimeout_ms: 300\ncases:\n  - {name: x, run: {args: []}}\n"
    cases = cases_in(tmp_path, written)
    runtime = Runtime(
        name="t",
        reach=BatchRuntime(argv=("./tool",), directory=tmp_path),
        place=Place("r.yaml"),
        language="go",
    )
    observed([runtime], cases, tmp_path / "logs")
    with nothing_left_open():
        for _ in range(3):
            ((cell,),) = observed([runtime], cases, tmp_path / "logs")[1]
            assert len(cell.observations) == 1
