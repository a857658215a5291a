"""An append log: records are on the disk before they are acknowledged.

In: records of one type. Out: a file of JSON lines, and at the next start the same records in the
same order. Invariants: `append` queues a record at once, in the order of the calls, and returns a
future that is done when the record is on the disk. A caller that applies a record when it appends
it, and answers when the future is done, loses nothing in a crash. Records queued while the disk is
busy share its next flush. A line that a crash cut short was never acknowledged: it is moved to
`<name>.torn`, counted, and never read as a record. After a failed write the log accepts nothing
more, since the content of the disk is unknown: the daemon answers 503 until it is restarted.

The file has one writer: the process that holds the lock of the data directory.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import msgspec

from reference_impl.kit.atomic_file import replacing, sync_folder
from reference_impl.kit.log import logger
from reference_impl.kit.problem import ProblemError
from reference_impl.kit.settings import StartError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

R = TypeVar("R")

_PRIVATE = 0o600


class LogBrokenError(ProblemError):
    """A write failed: queued records may be lost, and no more are accepted."""

    def __init__(self) -> None:
        super().__init__(503, "the daemon cannot store anything until it is started again")


@dataclass(slots=True, kw_only=True)
class _Handed:
    """An entry of the write queue: lines to append, or records that replace all earlier ones."""

    lines: bytes
    replacement: tuple[object, ...] | None
    done: asyncio.Future[None]


class AppendLog(Generic[R]):
    """One log file; open it with `AppendLog.open` inside a running loop."""

    def __init__(self, path: Path, descriptor: int, torn_lines: int) -> None:
        self.torn_lines = torn_lines
        self.size_bytes = os.fstat(descriptor).st_size
        self._path = path
        self._descriptor = descriptor
        self._encoder = msgspec.json.Encoder()
        self._handed: list[_Handed] = []
        self._writer: asyncio.Task[None] | None = None
        self._disk = ThreadPoolExecutor(1, thread_name_prefix=path.name)
        self._is_broken = False

    @classmethod
    def open(cls, path: Path, shape: type[R], take: Callable[[R], None]) -> AppendLog[R]:
        """Open or create a log and call `take` with each of its records, in order.

        Raises StartError when a whole line is no record: the file is not what this daemon wrote.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, _PRIVATE)
        try:
            sync_folder(path.parent)
            torn_lines = _replay(path, shape, take)
        except BaseException:
            os.close(descriptor)
            raise
        if torn_lines:
            logger.warning(
                "torn lines set aside", extra={"members": {"log": path.name, "lines": torn_lines}}
            )
            os.close(descriptor)
            descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        return cls(path, descriptor, torn_lines)

    def append(self, *records: R) -> asyncio.Future[None]:
        """Queue records, one line each; the future is done when they are all on the disk.

        The future raises LogBrokenError. Only a single record is written as a whole or not at all.
        """
        return self._hand(
            b"".join(self._encoder.encode(record) + b"\n" for record in records), None
        )

    def rewrite(self, records: Iterable[R]) -> asyncio.Future[None]:
        """Replace everything queued so far by `records`; done when they are on the disk.

        The future raises LogBrokenError.
        """
        return self._hand(b"", tuple(records))

    async def settled(self) -> None:
        """Wait until all queued records are on the disk: then an answer holds after a crash.

        Raises LogBrokenError.
        """
        if self._writer is not None:
            await self.append()

    async def close(self) -> None:
        """Wait for all queued records, then close the file."""
        while self._writer is not None:
            await asyncio.wait([self._writer])
        self._disk.shutdown()
        os.close(self._descriptor)

    def _hand(self, lines: bytes, replacement: tuple[R, ...] | None) -> asyncio.Future[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.add_done_callback(_retrieve)
        if self._is_broken:
            done.set_exception(LogBrokenError())
            return done
        self._handed.append(_Handed(lines=lines, replacement=replacement, done=done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        return done

    async def _write(self) -> None:
        """Write until the queue is empty; entries queued meanwhile are written together."""
        loop = asyncio.get_running_loop()
        while self._handed:
            batch, self._handed = self._handed, []
            try:
                await loop.run_in_executor(self._disk, self._store, batch)
            # any failure is logged, and no more records are accepted
            except Exception:  # noqa: BLE001
                self._is_broken = True
                logger.exception("the log is broken", extra={"members": {"log": self._path.name}})
            for handed in (*batch, *(self._handed if self._is_broken else ())):
                self._settle(handed.done)
            if self._is_broken:
                self._handed.clear()
        self._writer = None

    def _settle(self, done: asyncio.Future[None]) -> None:
        if done.done():  # the request that waited was cancelled
            return
        if self._is_broken:
            done.set_exception(LogBrokenError())
        else:
            done.set_result(None)

    def _store(self, batch: list[_Handed]) -> None:
        """Write a batch to the disk, without the entries before a replacement."""
        newest = max(
            (index for index, handed in enumerate(batch) if handed.replacement is not None),
            default=-1,
        )
        if newest >= 0:
            self._replace(batch[newest].replacement or ())
        lines = b"".join(handed.lines for handed in batch[newest + 1 :])
        if lines:
            self._append(lines)

    def _append(self, lines: bytes) -> None:
        """Append in one write; a partial write, as on a full disk, is cut off again."""
        written = os.write(self._descriptor, lines)
        while written < len(lines):
            try:
                written += os.write(self._descriptor, lines[written:])
            except OSError:
                os.ftruncate(self._descriptor, self.size_bytes)
                raise
        os.fdatasync(self._descriptor)
        self.size_bytes += len(lines)

    def _replace(self, records: tuple[object, ...]) -> None:
        with replacing(self._path) as out:
            os.fchmod(out.fileno(), _PRIVATE)
            for record in records:
                out.write(self._encoder.encode(record) + b"\n")
        os.close(self._descriptor)
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        self.size_bytes = os.fstat(self._descriptor).st_size


def _replay(path: Path, shape: type[R], take: Callable[[R], None]) -> int:
    """Call `take` with each whole line's record; move other lines away and return their number."""
    decoder = msgspec.json.Decoder(shape)
    torn: list[bytes] = []
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            record = _decoded(decoder, line, f"{path}, line {number}")
            if record is not None:
                take(record)
            elif line.strip():
                torn.append(line)
    if torn:
        _set_aside(path, torn)
    return len(torn)


def _decoded(decoder: msgspec.json.Decoder[R], line: bytes, place: str) -> R | None:
    if not line.endswith(b"\n"):
        return None
    try:
        return decoder.decode(line)
    except msgspec.ValidationError as error:
        raise StartError(f"{place}: no record of this daemon ({error})") from None
    except msgspec.DecodeError:
        return None


def _set_aside(path: Path, torn: list[bytes]) -> None:
    """Move lines to `<name>.torn`; they are on the disk there before they are removed here."""
    with path.with_name(f"{path.name}.torn").open("ab") as aside:
        aside.writelines(line.rstrip(b"\n") + b"\n" for line in torn)
        aside.flush()
        os.fsync(aside.fileno())
    unwanted = set(torn)
    with path.open("rb") as lines, replacing(path) as out:
        os.fchmod(out.fileno(), _PRIVATE)
        out.writelines(line for line in lines if line not in unwanted and line.strip())


def _retrieve(done: asyncio.Future[None]) -> None:
    """Read the outcome, so that asyncio does not warn about a failure that no caller awaits."""
    if not done.cancelled():
        done.exception()
