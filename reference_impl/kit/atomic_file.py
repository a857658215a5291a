"""Replacing a file so that readers find old or new content, never a part, even after a crash.

In: content, and the place it is for. Out: a file that is on the disk, content and name, when the
call returns. What is unfinished is `.NAME.` with 16 hex digits, the first 8 of them the process
that writes it, and `.tmp`; it is never read.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNFINISHED_SUFFIX = ".tmp"
_OWNER = re.compile(r"\.([0-7][0-9a-f]{7})[0-9a-f]{8}\.tmp\Z")


@contextmanager
def replacing(target: Path, scratch: Path | None = None) -> Iterator[IO[bytes]]:
    """Open an unfinished file that replaces `target` if the block succeeds, else is deleted.

    It stands in `scratch`, a folder on the same file system, or beside the target.
    """
    name = f".{target.name}.{os.getpid():08x}{secrets.token_hex(4)}{UNFINISHED_SUFFIX}"
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


def is_abandoned(name: str) -> bool:
    """Return whether nobody will finish a file of this name.

    For a process that has begun none itself.
    """
    if not (name.startswith(".") and name.endswith(UNFINISHED_SUFFIX)):
        return False
    found = _OWNER.search(name)
    owner = int(found[1], 16) if found else 0
    if owner in {0, os.getpid()}:
        return True
    try:
        os.kill(owner, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return False


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
