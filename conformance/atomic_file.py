"""Atomic file replacement: a reader sees the old content or the new content, never a mixture.

This holds even if the process or the machine fails in between.
"""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from conformance.outgoing import cleaned_pieces


def replace_file(file: Path, content: bytes) -> None:
    """Replace the content of a file atomically."""
    replace_file_by_pieces(file, (content,))


def replace_file_by_pieces(file: Path, pieces: Iterable[bytes]) -> None:
    """Replace the content of a file atomically, with one piece at a time in memory.

    The content goes to a temporary file in the same folder, is flushed to the disk, and then
    replaces the file. An existing file keeps its permissions. A path that is not a regular file,
    such as a pipe or a device, is written to directly. Secrets are removed.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    pieces = cleaned_pieces(pieces)
    if file.exists() and not file.is_file():
        with naming(file), file.open("wb") as out:
            out.writelines(pieces)
        return
    with naming(file):
        _replace(file.resolve(), pieces)  # a link stays a link


class naming:  # noqa: N801 - used like a function, and for each line of a record
    """Adds the path of the file to an OSError that has no path."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, OSError):
            error.filename = error.filename or str(self._file)


def _replace(target: Path, pieces: Iterable[bytes]) -> None:
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~_umask()
    descriptor, unfinished = tempfile.mkstemp(
        dir=target.parent, prefix=f".{target.name}.", suffix=".tmp"
    )
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.writelines(pieces)
            out.flush()
            os.fchmod(out.fileno(), mode)
            os.fsync(out.fileno())
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
