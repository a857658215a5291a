"""A durable index: every change is logged before it is acknowledged, and saves shorten the log.

In: changes and searches. Out: their results, once they would survive a kill. A save takes a
snapshot of the rows and starts a new segment of the log in the same step, then writes the snapshot
while changes continue. A request for a save during a save waits for it, and starts another one only
if something changed since then: many requests, few saves.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from reference_impl.kit.append_log import AppendLog
from reference_impl.kit.log import logger
from reference_impl.kit.settings import StartError
from reference_impl.vectord.errors import SaveFailedError, UnknownIndexError
from reference_impl.vectord.service.index import Index
from reference_impl.vectord.service.search import EXACT_ROWS
from reference_impl.vectord.store.changes import Change, apply
from reference_impl.vectord.store.generations import (
    DamagedError,
    forget_before,
    generations_in,
    numbers_in,
    read_generation,
    take_snapshot,
    write_generation,
)
from reference_impl.vectord.store.graph import GraphFileError
from reference_impl.vectord.store.rows import Rows
from reference_impl.vectord.store.vectors import Vectors
from reference_impl.vectord.wire import IndexState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reference_impl.vectord.service.search import Found, Query
    from reference_impl.vectord.wire import IndexSettings

# A restart reads the log: this limits its time.
_LONG_LOG_BYTES = 32 * 1024 * 1024
_SHAPE: Any = Change


class DurableIndex:
    """One index with its folder."""

    def __init__(
        self, index: Index, folder: Path, log: AppendLog[Change], generation: int, segment: int
    ) -> None:
        self.generation = generation
        self._index = index
        self._folder = folder
        self._log = log
        self._finished: AppendLog[Change] | None = (
            None  # the previous segment, while it may still be written
        )
        self._segment = segment
        self._unsaved = int(segment != generation or log.size_bytes > 0)
        self._saved_rebuilds = 0
        self._saving = asyncio.Lock()
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._index)

    @property
    def settings(self) -> IndexSettings:
        """Return the settings with which it was created."""
        return self._index.settings

    def state(self) -> IndexState:
        """Return its description as of now."""
        settings = self.settings
        return IndexState(
            name=settings.name,
            dim=settings.dim,
            metric=settings.metric,
            m=settings.m,
            ef_construction=settings.ef_construction,
            count=len(self),
            searched="exactly" if self._index.vectors.graph is None else "by graph",
            generation=self.generation,
            is_saved=self._unsaved == 0,
        )

    def __contains__(self, item_id: str) -> bool:
        return item_id in self._index

    async def change(self, change: Change) -> int:
        """Apply a change.

        Returns how many of its items existed before, once the change is on the disk.
        """
        if self._is_closed:
            raise UnknownIndexError(self.settings.name)
        stored = self._log.append(
            change
        )  # before any await, so that the log has the order of the rows
        before = self._index.change(change)
        self._unsaved += 1
        await stored
        return before

    async def search(self, query: Query) -> tuple[Found, ...]:
        """Return the nearest items, computed in a thread if it would block the event loop.

        Raises LogBrokenError.
        """
        if self._index.is_quick(query):
            found = self._index.search(query)
        else:
            found = await asyncio.to_thread(self._index.search, query)
        await self.settled()
        return found

    async def settled(self) -> None:
        """Wait until all changes that searches may have found are on the disk.

        Raises LogBrokenError.
        """
        log, finished = self._log, self._finished
        if finished is not None:
            await finished.settled()
        await log.settled()

    def is_save_due(self) -> bool:
        """Return whether the log is long, or a graph was rebuilt since the last save."""
        size = 2 * len(self) * self.settings.dim  # half the vectors' bytes
        return self._index.rebuilds != self._saved_rebuilds or self._log.size_bytes > max(
            _LONG_LOG_BYTES, size
        )

    async def save(self) -> int:
        """Save all acknowledged changes, and return the number of the save that has them.

        Raises SaveFailedError; then the log still has all changes, and the previous save is still
        valid.
        """
        async with self._saving:
            if not self._is_closed and (
                self._unsaved or self._index.rebuilds != self._saved_rebuilds
            ):
                try:
                    await self._save()
                except (OSError, GraphFileError) as error:
                    members = {"index": self.settings.name, "reason": str(error)}
                    logger.error("a save failed", extra={"members": members})
                    raise SaveFailedError(self.settings.name) from None
            return self.generation

    async def close(self, *, is_saved: bool) -> None:
        """Stop its thread, save it if wanted, and close its log; no more changes are accepted."""
        await asyncio.to_thread(self._index.close)
        if is_saved:
            with suppress(SaveFailedError):
                await self.save()
        async with self._saving:
            self._is_closed = True
            await self._log.close()

    async def _save(self) -> None:
        """Take a snapshot and switch to a new segment without an await, then write the snapshot."""
        number, previous = self._segment + 1, self.generation
        unsaved, rebuilds = self._unsaved, self._index.rebuilds
        finished = log = _open_segment(self._folder, number, _refuse)
        try:
            with self._index.lock:
                snapshot = take_snapshot(self._index.vectors, self._folder, number)
            finished = self._finished = self._log
            self._log, self._segment, self._unsaved = log, number, 0
            await asyncio.to_thread(write_generation, self._folder, number, snapshot)
        except BaseException:
            self._unsaved += unsaved
            raise
        finally:
            await finished.close()
            self._finished = None
        self.generation, self._saved_rebuilds = number, rebuilds
        await asyncio.to_thread(forget_before, self._folder, previous)


async def open_index(folder: Path, settings: IndexSettings) -> DurableIndex:
    """Return an index from its newest valid generation and the log after it.

    Raises StartError if no generation is valid: acknowledged changes would be missing.
    """
    generation, vectors = _newest(folder, settings)
    segments = sorted(number for number in numbers_in(folder, "log") if number >= generation) or [
        generation
    ]
    if segments[0] != generation:
        raise StartError(f"{folder}: log.{generation} of index {settings.name} is missing")
    for segment in segments:
        log = _open_segment(folder, segment, lambda change: _replay(change, vectors))
        if segment != segments[-1]:
            await log.close()
    index = Index(settings, vectors)
    index.tend()
    return DurableIndex(index, folder, log, generation, segments[-1])


def _newest(folder: Path, settings: IndexSettings) -> tuple[int, Vectors]:
    numbers = generations_in(folder)
    for number in numbers:
        try:
            return number, read_generation(folder, number, settings)
        except DamagedError as error:
            members = {"index": settings.name, "generation": number, "reason": str(error)}
            logger.error("a generation does not hold", extra={"members": members})
    if numbers:
        raise StartError(
            f"{folder}: no save of index {settings.name} holds: restore the folder, or remove it"
        )
    return 0, Vectors(rows=Rows(settings.dim))


def _open_segment(folder: Path, number: int, take: Callable[[Change], None]) -> AppendLog[Change]:
    return AppendLog.open(folder / f"log.{number}", _SHAPE, take)


def _replay(change: Change, vectors: Vectors) -> None:
    """Apply a change again; repeated updates of few items would otherwise leave many dead rows."""
    apply(change, vectors)
    rows = vectors.rows
    if vectors.graph is None and rows.count > 2 * rows.live_count + EXACT_ROWS:
        vectors.rows = vectors.compacted().rows


def _refuse(change: Change) -> None:
    raise StartError(f"a new segment of a log holds {type(change).__name__}")
