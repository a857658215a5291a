"""The append log: nothing acknowledged is lost, nothing torn is read, whatever kills the writer."""

from __future__ import annotations

import asyncio
import random
import resource
import signal
import subprocess
import sys
import textwrap
import time
from typing import TYPE_CHECKING

import msgspec
import pytest

from reference_impl.kit.append_log import AppendLog, LogBrokenError
from reference_impl.kit.settings import StartError
from tests.reference_impl.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

KILL_ROUNDS = 20


class Record(msgspec.Struct, frozen=True):
    """One record."""

    n: int
    text: str = ""


def with_log(
    path: Path, use: Callable[[AppendLog[Record]], Awaitable[None]] | None = None
) -> tuple[list[int], int]:
    """Open a log, use it, close it.

    Give the numbers that were in it and how many torn lines were set aside.
    """
    found: list[Record] = []

    async def main() -> int:
        log = AppendLog.open(path, Record, found.append)
        if use is not None:
            await use(log)
        await log.close()
        return log.torn_lines

    torn_lines = asyncio.run(main())
    return [record.n for record in found], torn_lines


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give a place for a log."""
    return tmp_path / "log.ndjson"


def test_what_was_appended_comes_back_in_order(path: Path) -> None:
    """Concurrent appends keep the order of the calls."""

    async def fill(log: AppendLog[Record]) -> None:
        await asyncio.gather(*(log.append(Record(n)) for n in range(500)))
        await log.append(Record(500), Record(501, "two\nlines"))

    with_log(path, fill)

    assert with_log(path) == (list(range(502)), 0)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_rewrite_replaces_what_was_handed_over_before_it(path: Path) -> None:
    """Also what was still waiting; what comes after it is appended."""

    async def fill(log: AppendLog[Record]) -> None:
        await log.append(Record(1))
        waits = log.append(Record(2)), log.rewrite([Record(20)]), log.append(Record(3))
        await asyncio.gather(*waits)
        sizes.append(log.size_bytes)

    sizes: list[int] = []
    with_log(path, fill)

    assert sizes == [path.stat().st_size]
    assert with_log(path) == ([20, 3], 0)
    assert [entry.name for entry in path.parent.iterdir()] == ["log.ndjson"]


@pytest.mark.parametrize("tail", [b'{"n":', b'{"n":3}', b'{"n":3,"te\x00\n', b"\x00\x00\x00\n"])
def test_a_torn_line_is_set_aside(path: Path, tail: bytes) -> None:
    """It is counted and kept, not read; the next record does not stick to it."""
    path.write_bytes(b'{"n":1}\n\n{"n":2}\n' + tail)

    async def fill(log: AppendLog[Record]) -> None:
        await log.append(Record(4))

    assert with_log(path, fill) == ([1, 2], 1)
    assert with_log(path) == ([1, 2, 4], 0)
    assert path.with_name("log.ndjson.torn").read_bytes() == tail.rstrip(b"\n") + b"\n"


def test_a_whole_line_that_is_no_record_keeps_it_from_opening(path: Path) -> None:
    """A file of something else is left alone."""
    path.write_bytes(b'{"n":1}\n{"name":"x"}\n')

    with pytest.raises(StartError, match=r"log.ndjson, line 2: no record of this daemon"):
        with_log(path)
    assert path.read_bytes() == b'{"n":1}\n{"name":"x"}\n'


def test_a_full_disk_breaks_the_log_and_loses_nothing_acknowledged(path: Path) -> None:
    """A part of a record is taken back; then everything is refused until the next start."""
    program = f"""
        import asyncio, resource, signal
        from pathlib import Path
        from reference_impl.kit.append_log import AppendLog, LogBrokenError
        from tests.reference_impl.test_kit_append_log import Record

        async def main():
            log = AppendLog.open(Path({str(path)!r}), Record, print)
            await log.append(Record(1))
            for n in (2, 3):
                try:
                    await log.append(Record(n, "x" * 5000))
                except LogBrokenError as error:
                    print(error.status)
            await log.close()

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, ({resource.getpagesize()}, {resource.getpagesize()}))
        asyncio.run(main())
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["503", "503"]
    assert with_log(path) == ([1], 0)


def test_an_append_after_a_failed_one_is_refused_at_once(path: Path) -> None:
    """The failure reaches whoever waits, also those whose records came later."""

    async def fill(log: AppendLog[Record]) -> None:
        unwritable = log.rewrite([object()])  # type: ignore[list-item]
        later = log.append(Record(2))
        for waits in (unwritable, later, log.append(Record(3))):
            with pytest.raises(LogBrokenError):
                await waits

    with_log(path, fill)

    assert with_log(path) == ([], 0)


WRITER = """
    import asyncio, sys
    from pathlib import Path
    from reference_impl.kit.append_log import AppendLog
    from tests.reference_impl.test_kit_append_log import Record

    async def main(path, first):
        log = AppendLog.open(Path(path), Record, lambda _: None)
        async def write(lane):
            for n in range(first + lane, first + 1_000_000, 8):
                await log.append(Record(n, "x" * (n * 37 % 9000)))
                sys.stdout.write(f"{n}\\n")
                sys.stdout.flush()
        if first % 3 == 0:
            log.rewrite([])
        await asyncio.gather(*(write(lane) for lane in range(8)))

    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def test_kill_9_loses_nothing_that_was_acknowledged(path: Path) -> None:
    """A writer is killed at a random moment, again and again, and reads its log at each start."""
    chance = random.Random(7)  # noqa: S311  # a seeded test
    acknowledged: set[int] = set()
    for round_number in range(KILL_ROUNDS):
        first = (round_number + 1) * 1_000_000
        if first % 3 == 0:
            acknowledged.clear()  # the writer begins with an empty rewrite
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(path), str(first)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline()]
            time.sleep(chance.random() * 0.05)
            writer.send_signal(signal.SIGKILL)
            lines += writer.stdout.read().splitlines(keepends=True)
        acknowledged |= {int(line) for line in lines if line.endswith("\n")}
        found, _ = with_log(path)

        assert acknowledged <= set(found)
        assert len(found) == len(set(found))
    assert acknowledged
