"""All objects: stored, read and deleted so that an answer is reliable after any crash.

In: buckets, keys, and bytes piece by piece. Out: open objects that stay unchanged while they are
read, even if their keys get other objects meanwhile. An object is written to `scratch`, flushed to
the disk, and renamed to its place. A change checks the condition, renames and updates the index
under one lock, so that of two writers with one condition the second sees the change of the first. A
file is opened under the same lock, so that a reader never sees an object that is not yet in the
index. Calls block on the disk: an event loop runs them in threads.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Self

from reference_impl.kit.atomic_file import sync_folder
from reference_impl.kit.settings import StartError
from reference_impl.storaged.errors import ConditionError, NoSuchObjectError
from reference_impl.storaged.store.key_index import KeyIndex
from reference_impl.storaged.store.object_file import (
    DamagedFileError,
    encode_footer,
    name_of,
    open_file,
)
from reference_impl.storaged.wire import ObjectInfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from reference_impl.kit.data_directory import DataDirectory
    from reference_impl.storaged.wire import Page, PageQuery

    Condition = Callable[[str | None], bool]

_PRIVATE = 0o600
# By the first byte of a digest: each folder has 1/256 of all objects.
_SHARDS = tuple(f"{number:02x}" for number in range(256))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenObject:
    """An object that is being read; the caller closes it."""

    descriptor: int
    info: ObjectInfo

    def read(self, start: int, size_bytes: int) -> bytes:
        """Return a part of the object's bytes."""
        return os.pread(self.descriptor, size_bytes, start)

    def close(self) -> None:
        """Close the file."""
        os.close(self.descriptor)


class Upload:
    """An object that is being received; leaving the block deletes it unless it was stored."""

    def __init__(self, scratch: Path, bucket: str, key: str, content_type: str) -> None:
        self.bucket = bucket
        self.key = key
        self._content_type = content_type
        self.path = scratch / secrets.token_hex(16)
        self.size_bytes = 0
        self._digest = hashlib.sha256()
        self._descriptor = os.open(
            self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        os.close(self._descriptor)
        self.path.unlink(missing_ok=True)

    def write(self, piece: bytes) -> None:
        """Add bytes."""
        self._digest.update(piece)
        self.size_bytes += len(piece)
        self._append(piece)

    def finish(self) -> ObjectInfo:
        """Flush the object to the disk, under a temporary name, and return its description."""
        info = ObjectInfo(
            key=self.key,
            size_bytes=self.size_bytes,
            sha256=self._digest.hexdigest(),
            content_type=self._content_type,
        )
        self._append(encode_footer(self.bucket, info))
        os.fsync(self._descriptor)
        return info

    def _append(self, content: bytes) -> None:
        view = memoryview(content)
        while view:
            view = view[os.write(self._descriptor, view) :]


class Objects:
    """The store; open it with `Objects.open` and let no other process write to its folder."""

    def __init__(self, folder: Path, scratch: Path, index: KeyIndex) -> None:
        self.index = index
        self._folder = folder
        self._scratch = scratch
        self._lock = Lock()

    @classmethod
    def open(cls, data: DataDirectory) -> Objects:
        """Create the folders, or read all keys from them.

        Raises StartError when a file in the store is no object.
        """
        folder = data.path / "objects"
        for shard in _SHARDS:
            (folder / shard).mkdir(parents=True, exist_ok=True)
        sync_folder(folder)
        sync_folder(data.path)
        return cls(folder, data.scratch, KeyIndex(_entries(folder)))

    def upload(self, bucket: str, key: str, content_type: str) -> Upload:
        """Return the upload for a new object."""
        return Upload(self._scratch, bucket, key, content_type)

    def store(self, upload: Upload, rest: bytes, condition: Condition) -> tuple[ObjectInfo, bool]:
        """Give an upload its key, after its `rest` is written.

        Returns the object's description, and whether the key is new.

        Raises ConditionError.
        """
        upload.write(rest)
        info = upload.finish()
        path = self._folder / name_of(upload.bucket, upload.key)
        with self._lock:
            before = self._require(upload.bucket, upload.key, condition)
            upload.path.rename(path)
            self.index.put(upload.bucket, info)
        sync_folder(path.parent)
        return info, before is None

    def open_object(self, bucket: str, key: str) -> OpenObject:
        """Open an object for reading.

        Raises NoSuchObjectError.
        """
        try:
            with self._lock:
                descriptor, footer = open_file(self._folder / name_of(bucket, key))
        except FileNotFoundError:
            raise NoSuchObjectError from None
        return OpenObject(descriptor=descriptor, info=footer.info)

    def delete(self, bucket: str, key: str, condition: Condition) -> None:
        """Delete an object.

        Raises NoSuchObjectError and ConditionError.
        """
        path = self._folder / name_of(bucket, key)
        with self._lock:
            if self.index.find(bucket, key) is None:
                raise NoSuchObjectError
            self._require(bucket, key, condition)
            path.unlink()
            self.index.remove(bucket, key)
        sync_folder(path.parent)

    def permits(self, bucket: str, key: str, condition: Condition) -> bool:
        """Return whether a condition holds now; it may fail later.

        No lock is needed: a change that is not in the index yet has not been answered to any
        caller.
        """
        info = self.index.find(bucket, key)
        return condition(info.sha256 if info else None)

    def page(self, bucket: str, query: PageQuery) -> Page:
        """Return a page of the objects of a bucket."""
        with self._lock:
            return self.index.page(bucket, query)

    def _require(self, bucket: str, key: str, condition: Condition) -> ObjectInfo | None:
        info = self.index.find(bucket, key)
        if not condition(info.sha256 if info else None):
            raise ConditionError
        return info


def _entries(folder: Path) -> Iterator[tuple[str, ObjectInfo]]:
    """Yield `(bucket, description)` of each object in the store."""
    for shard in _SHARDS:
        with os.scandir(folder / shard) as entries:
            for entry in entries:
                yield _entry(folder, f"{shard}/{entry.name}")


def _entry(folder: Path, name: str) -> tuple[str, ObjectInfo]:
    try:
        descriptor, footer = open_file(folder / name)
        os.close(descriptor)
    except (OSError, DamagedFileError):
        raise StartError(f"{folder / name}: no object of this store; move it away") from None
    if name_of(footer.bucket, footer.info.key) != name:
        raise StartError(f"{folder / name}: an object of another name; move it away")
    return footer.bucket, footer.info
