"""The events on the disk, and an index of their positions.

In: events in their order. Out: a log of lines, and parts of it unchanged. Memory grows by 8 bytes
for every 64 events only. Readers see only events that are on the disk.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import msgspec

from reference_impl.kit.append_log import AppendLog
from reference_impl.observerd.wire import Witnessed

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable
    from pathlib import Path

# Every 64th event has its offset kept: a page skips fewer than 64 lines, and a million events
# take 16,000 offsets.
_STRIDE = 64
# Without it, a page of the largest events would have 64 MB.
_PAGE_BYTES = 4 * 1024 * 1024
_EMPTY_LINE = b"\n"


class EventStore:
    """The log of events and a sparse index of it; open it inside a running loop."""

    def __init__(self, path: Path, take: Callable[[Witnessed], None]) -> None:
        """Open or create the log, and call `take` with each of its events, in order."""
        self.count = 0
        self._path = path
        self._end = 0
        self._offsets = array(
            "Q"
        )  # of every event whose seq is 1 more than a multiple of the stride
        self._log = AppendLog.open(path, Witnessed, take)
        with path.open("rb") as lines:
            for line in lines:
                self._index(len(line), is_event=line != _EMPTY_LINE)

    def append(self, witnessed: Witnessed) -> asyncio.Future[None]:
        """Queue the next event; the future is done when it is on the disk."""
        self._index(len(msgspec.json.encode(witnessed)) + 1, is_event=True)
        return self._log.append(witnessed)

    def read(self, after: int, limit: int) -> tuple[list[bytes], bool]:
        """Return event lines after a seq, at least one if any exists, and whether more exist."""
        if after >= self.count:
            return [], False
        left_bytes = self._log.size_bytes - self._offsets[after // _STRIDE]
        skipped, page_bytes, page = 0, 0, list[bytes]()
        with self._path.open("rb") as lines:
            lines.seek(self._offsets[after // _STRIDE])
            for line in lines:
                left_bytes -= len(line)
                if left_bytes < 0:  # it is still being written
                    return page, False
                if line == _EMPTY_LINE:
                    continue
                skipped += 1
                if skipped <= after % _STRIDE:
                    continue
                page_bytes += len(line)
                if page and (len(page) == limit or page_bytes > _PAGE_BYTES):
                    return page, True
                page.append(line)
        return page, False

    async def settled(self) -> None:
        """Wait until all events so far are on the disk.

        Raises LogBrokenError.
        """
        await self._log.settled()

    async def close(self) -> None:
        """Wait for the disk, and close the log."""
        await self._log.close()

    def _index(self, line_bytes: int, *, is_event: bool) -> None:
        if is_event:
            if self.count % _STRIDE == 0:
                self._offsets.append(self._end)
            self.count += 1
        self._end += line_bytes
