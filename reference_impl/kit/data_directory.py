"""The folder of a daemon's state, with a lock so that only one process uses it.

In: the setting `data_dir`, one folder per stack, and the daemon's name. Out: the daemon's own
subfolder, private to its user and locked until the block or the process ends, in any way.
Unfinished files of a crash in `scratch` are deleted before anything new is written.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reference_impl.kit.settings import StartError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOCK = "lock"
_PRIVATE = 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class DataDirectory:
    """A locked folder: `path` for lasting files, `scratch` for files that are being written."""

    path: Path
    scratch: Path


@contextmanager
def open_data_directory(data_dir: str, name: str) -> Iterator[DataDirectory]:
    """Create and lock the folder of the daemon called `name`.

    Raises StartError when it cannot be used or another process has locked it.
    """
    path = Path(data_dir) / name
    with locked_folder(path):
        scratch = path / "scratch"
        scratch.mkdir(mode=_PRIVATE, exist_ok=True)
        for unfinished in scratch.iterdir():
            unfinished.unlink()
        yield DataDirectory(path=path, scratch=scratch)


@contextmanager
def locked_folder(path: Path) -> Iterator[None]:
    """Create a folder and lock it for the block.

    Raises StartError when it cannot be used or another process has locked it.
    """
    try:
        path.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        descriptor = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StartError(f"{path}: {error.strerror}") from None
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)  # this releases the lock


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        raise StartError(
            f"{path} is in use by process {holder}: choose another data_dir, or stop it"
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
