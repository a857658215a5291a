"""Replacing a file so that a reader finds the old content or the new, never a part, whatever dies in between.

In: content, and the place it is for. Out: a file that is on the disk, content and name, when the call returns. What is
unfinished carries the suffix `.tmp` and is never read.
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNFINISHED_SUFFIX = ".tmp"


@contextmanager
def replacing(target: Path, scratch: Path | None = None) -> Iterator[IO[bytes]]:
    """Open an unfinished file that takes the place of `target` when the block ends well, and vanishes otherwise.

    It stands in `scratch`, a folder on the same file system, or beside the target.
    """
    name = f".{target.name}.{secrets.token_hex(8)}{UNFINISHED_SUFFIX}"
    unfinished = (scratch or target.parent) / name
    try:
        with unfinished.open("xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def replace_file(target: Path, content: bytes) -> None:
    """Write a file whole."""
    with replacing(target) as out:
        out.write(content)


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
