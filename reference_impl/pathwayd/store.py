"""The traces: every version of each, and the log from which they are read.

In: new versions, perhaps with the key under which they were added. Out: versions by uid, the uid of
a key, and a future that is done when a version is on the disk. Readers see a version at once; an
answer to its writer waits for the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from reference_impl.kit.append_log import AppendLog
from reference_impl.pathwayd.wire import Entry

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reference_impl.pathwayd.wire import Trace


class TraceStore:
    """All traces of a daemon; open it inside a running loop."""

    def __init__(self, path: Path, note: Callable[[Trace], None]) -> None:
        """Open or create the log; `note` is called with every version, also those of the log."""
        self._note = note
        self._versions: dict[str, list[Trace]] = {}
        self._uids: dict[str, str] = {}
        self._log = AppendLog.open(path, Entry, self._take)

    def __len__(self) -> int:
        return len(self._versions)

    def versions(self, uid: str) -> Sequence[Trace]:
        """Return all versions of a trace, oldest first; none if there is no such trace."""
        return self._versions.get(uid, ())

    def uid_of(self, key: str) -> str | None:
        """Return the uid of the trace that was added under a key, or None."""
        return self._uids.get(key)

    def put(self, trace: Trace, key: str | UnsetType = UNSET) -> asyncio.Future[None]:
        """Add a new version; the future is done when it is on the disk."""
        entry = Entry(trace=trace, key=key)
        is_on_disk = self._log.append(entry)
        self._take(entry)
        return is_on_disk

    async def settled(self) -> None:
        """Wait until everything that was put so far is on the disk.

        Raises LogBrokenError.
        """
        await self._log.settled()

    async def close(self) -> None:
        """Wait for the disk, and close the log."""
        await self._log.close()

    def _take(self, entry: Entry) -> None:
        trace = entry.trace
        self._versions.setdefault(trace.uid, []).append(trace)
        if entry.key is not UNSET:
            self._uids[str(entry.key)] = trace.uid
        self._note(trace)
