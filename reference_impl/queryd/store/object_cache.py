"""Objects on queryd's own disk, by digest: fetched once, kept while there is room.

In: references to objects, and storaged. Out: files whose content has the digest of their name. A
file that is in use is never removed; of the others, the least recently used is removed first. The
cache starts empty.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

from reference_impl.kit.blocking import in_thread
from reference_impl.queryd.errors import DatasetBrokenError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from reference_impl.kit.client import DaemonClient
    from reference_impl.kit.data_directory import DataDirectory
    from reference_impl.queryd.wire import ObjectRef

_OK = 200


class ObjectCache:
    """Files by digest."""

    def __init__(self, data: DataDirectory, storaged: DaemonClient, limit_bytes: int) -> None:
        self._folder = data.path.absolute() / "cache"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for left in self._folder.iterdir():
            left.unlink()
        self._scratch = data.scratch
        self._storaged = storaged
        self._limit_bytes = limit_bytes
        self._sizes: dict[str, int] = {}  # in the order of their last use
        self._held: Counter[str] = Counter()
        self._fetching: dict[str, asyncio.Lock] = {}

    def size_bytes(self) -> int:
        """Return the total size of the files in bytes."""
        return sum(self._sizes.values())

    @asynccontextmanager
    async def hold(self, name: str, objects: Iterable[ObjectRef]) -> AsyncIterator[tuple[str, ...]]:
        """Yield the files of a dataset's objects, which stay until the block ends.

        Raises DatasetBrokenError, and CallError when storaged does not answer.
        """
        wanted = tuple(objects)
        self._held.update(ref.sha256 for ref in wanted)
        try:
            yield tuple([str(await self._file_of(name, ref)) for ref in wanted])
        finally:
            self._held.subtract(ref.sha256 for ref in wanted)
            self._make_room()

    async def _file_of(self, name: str, ref: ObjectRef) -> Path:
        path = self._folder / ref.sha256
        async with self._fetching.setdefault(ref.sha256, asyncio.Lock()):
            if ref.sha256 not in self._sizes:
                self._sizes[ref.sha256] = await self._fetch(name, ref, path)
            self._sizes[ref.sha256] = self._sizes.pop(ref.sha256)
        return path

    async def _fetch(self, name: str, ref: ObjectRef, path: Path) -> int:
        """Fetch an object to the disk and return its size in bytes."""
        unfinished = self._scratch / ref.sha256
        try:
            digest, size_bytes = await self._download(name, ref, unfinished)
            if digest != ref.sha256:
                raise DatasetBrokenError(name)
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
        return size_bytes

    async def _download(self, name: str, ref: ObjectRef, unfinished: Path) -> tuple[str, int]:
        digest, size_bytes = hashlib.sha256(), 0
        target = f"/storage/{quote(ref.bucket, safe='')}/{quote(ref.key, safe='/')}"
        async with self._storaged.stream("GET", target) as reply:
            if reply.status != _OK:
                raise DatasetBrokenError(name)
            with unfinished.open("wb") as out:
                async for piece in reply:
                    digest.update(piece)
                    size_bytes += len(piece)
                    await in_thread(out.write, piece)
        return digest.hexdigest(), size_bytes

    def _make_room(self) -> None:
        for digest in list(self._sizes):
            if self.size_bytes() <= self._limit_bytes:
                return
            if self._held[digest] <= 0:
                (self._folder / digest).unlink()
                del self._sizes[digest]
                self._fetching.pop(digest, None)
                del self._held[digest]
