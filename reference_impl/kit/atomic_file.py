"""Replacing a file so that readers find old or new content, never a part, even after a crash.

In: content, and the target path. Out: a file whose content and name are on the disk when the call
returns. An unfinished file has the name `.NAME.`, 16 hex digits, `.tmp`; the first 8 digits are the
id of the process that writes it. It is never read.
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

    It is in `scratch`, a folder on the same file system, or in the folder of the target.
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
    """Return whether an unfinished file of this name has no process that will finish it.

    The caller must not have unfinished files of its own.
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
    """Write the whole content of a file."""
    with replacing(target) as out:
        out.write(content)


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
