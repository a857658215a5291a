"""The kit and the stores close what they open, on good and bad paths.

These are logs, files that are replaced, locks and objects.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import pytest

from reference_impl.kit.append_log import AppendLog, LogBrokenError
from reference_impl.kit.atomic_file import replace_file, replacing
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.settings import StartError
from reference_impl.kit.worker_pool import WorkerLostError, WorkerPool
from reference_impl.replay.errors import LogError
from reference_impl.replay.store import RUNS, append_run
from reference_impl.replay.wire import ReplayRun
from reference_impl.stack.state_file import StackState, read_state, write_state
from reference_impl.storaged.errors import NoSuchObjectError
from reference_impl.storaged.store.object_file import DamagedFileError
from reference_impl.storaged.store.objects import Objects
from tests.descriptors import needs_proc, nothing_left_open, open_in, wait_until_closed
from tests.reference_impl.test_kit_append_log import Record

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

pytestmark = needs_proc
ROUNDS = 20
RUN = ReplayRun(
    schema="replay_run.v1", run_id="r", task="t", task_hash="h", retrieved=(), bundle_chars=0,
        model="m",
    escalation_path=(), passed=True, reasons=(), prompt_tokens=0, completion_tokens=0, latency_ms=0,
        recorded_at="now",
)  # fmt: skip


def in_a_loop(once: Callable[[], Awaitable[None]]) -> None:
    """Do something many times inside one loop, in which nothing may be left open.

    The first time makes threads.
    """

    async def main() -> None:
        await once()
        with nothing_left_open():
            for _ in range(ROUNDS):
                await once()

    asyncio.run(main())


def opened(path: Path) -> AppendLog[Record]:
    """Open a log."""
    return AppendLog.open(path, Record, lambda _: None)


def test_a_log_that_is_opened_and_closed(tmp_path: Path) -> None:
    """A log has one descriptor from opening to closing, whatever is appended or replaced."""

    async def once() -> None:
        with nothing_left_open():
            log = opened(tmp_path / "log.ndjson")
            await log.append(Record(1))
            await asyncio.gather(
                log.append(Record(2)), log.rewrite([Record(3)]), log.append(Record(4))
            )
            for _ in range(3):
                await log.rewrite([Record(5)])
            await log.close()

    in_a_loop(once)


def test_a_log_with_torn_lines(tmp_path: Path) -> None:
    """What is set aside is written, replaced and opened again, and none of that stays open."""
    path = tmp_path / "log.ndjson"

    async def once() -> None:
        path.write_bytes(b'{"n":1}\n{"n":')
        log = opened(path)
        assert log.torn_lines == 1
        await log.close()

    in_a_loop(once)


def test_a_log_that_cannot_be_opened(tmp_path: Path) -> None:
    """A file of something else, a refusing consumer and a missing folder leave nothing open."""
    path = tmp_path / "log.ndjson"

    def refuse(record: Record) -> None:
        raise StartError(str(record))

    async def once() -> None:
        path.write_bytes(b'{"n":1}\n{"name":"x"}\n')
        with pytest.raises(StartError):
            opened(path)
        path.write_bytes(b'{"n":1}\n')
        with pytest.raises(StartError):
            AppendLog.open(path, Record, refuse)
        with pytest.raises(FileNotFoundError):
            opened(tmp_path / "missing" / "log.ndjson")

    in_a_loop(once)


def test_a_log_that_broke(tmp_path: Path) -> None:
    """A record that cannot be written breaks the log, which still closes its file."""

    async def once() -> None:
        log = opened(tmp_path / "log.ndjson")
        with pytest.raises(LogBrokenError):
            await log.rewrite([object()])  # type: ignore[list-item]
        with pytest.raises(LogBrokenError):
            await log.append(Record(1))
        await log.close()

    in_a_loop(once)


class Given(Exception):  # noqa: N818 - it is no error of anybody's
    """What a test raises."""


def test_files_that_are_replaced(tmp_path: Path) -> None:
    """A file that is written whole, one that is given up, and one whose place is taken."""
    (tmp_path / "taken").mkdir()
    with nothing_left_open():
        for number in range(ROUNDS):
            replace_file(tmp_path / "file", b"%d" % number)
            with pytest.raises(Given), replacing(tmp_path / "file") as out:
                raise Given
            with pytest.raises(OSError, match="directory"):
                replace_file(tmp_path / "taken", b"x")
            assert out.closed


def test_folders_that_are_locked(tmp_path: Path) -> None:
    """A lock is closed with its block, and one that another process holds is not kept.

    Nor is one of a stack that is looked for.
    """
    (tmp_path / "file").write_bytes(b"")
    with nothing_left_open():
        for _ in range(ROUNDS):
            with open_data_directory(str(tmp_path), "one"):
                with (
                    pytest.raises(StartError, match="in use"),
                    open_data_directory(str(tmp_path), "one"),
                ):
                    pass
                write_state(tmp_path / "one", StackState(pid=1, is_ready=True, daemons=()))
                assert read_state(tmp_path / "one") is not None
            assert read_state(tmp_path / "one") is None
            assert read_state(tmp_path / "nowhere") is None
            with pytest.raises(StartError), open_data_directory(str(tmp_path / "file"), "one"):
                pass


def test_the_shared_log(tmp_path: Path) -> None:
    """A record that is appended and one that cannot be leave the log closed."""
    (tmp_path / "full" / RUNS).parent.mkdir(parents=True)
    (tmp_path / "full" / RUNS).symlink_to("/dev/full")
    with nothing_left_open():
        for _ in range(ROUNDS):
            append_run(tmp_path / "good", RUN)
            with pytest.raises(LogError, match="No space left"):
                append_run(tmp_path / "full", RUN)


def test_objects_that_are_stored_and_read(tmp_path: Path) -> None:
    """An upload, one that is given up, a reading, and a file that is no object."""
    with open_data_directory(str(tmp_path), "storaged") as data, nothing_left_open():
        objects = Objects.open(data)
        for number in range(ROUNDS):
            with objects.upload("b", f"k{number}", "text/plain") as upload:
                upload.write(b"x" * 100)
                objects.store(upload, b"rest", lambda _: True)
            with pytest.raises(Given), objects.upload("b", "given-up", "text/plain") as upload:
                raise Given
            found = objects.open_object("b", f"k{number}")
            assert found.read(98, 4) == b"xxre"
            found.close()
            with pytest.raises(NoSuchObjectError):
                objects.open_object("b", "nobody")
        assert Objects.open(data).permits("b", "k0", lambda digest: digest is not None)
        (file,) = [path for path in data.path.glob("objects/*/*") if path.stat().st_size][:1]
        for damage in (b"", b"\0\0\0\1", file.read_bytes()[:-1], b"\0" + file.read_bytes()):
            file.write_bytes(damage)
            with pytest.raises(StartError, match="no object of this store"):
                Objects.open(data)
            for number in range(ROUNDS):
                with contextlib.suppress(DamagedFileError):
                    objects.open_object("b", f"k{number}").close()


def test_workers() -> None:
    """Pipes to a worker close with it: when it is ended with its pool, dies or takes too long."""

    async def main() -> None:
        before = open_in()
        for _ in range(5):
            pool = WorkerPool(2, "tests.reference_impl.miniature_worker")
            async with pool.lease(5) as one, pool.lease(5) as other:
                assert (await one.ask(b"a"), await other.ask(b"b")) == (b"a", b"b")
            for fault in (b"die", b"hang"):
                with pytest.raises(WorkerLostError):
                    async with pool.lease(5) as worker:
                        await worker.ask(fault)
            await pool.close()
            await wait_until_closed(before)

    asyncio.run(main())
