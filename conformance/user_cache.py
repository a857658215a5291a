"""A cache in the user's cache folder, of results that can be computed again.

The folder follows the XDG base directory specification (0.8). Its size is bounded, and it may be
deleted at any time. An entry that is broken, or that another user could have written, is ignored.
"""

import contextlib
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

from conformance.outgoing import cleaned

NO_CACHE: Final = "CONFORMANCE_NO_CACHE"
"""An environment variable; if it has a value, no entry is written and none is read."""
_UNUSED: Final[ContextVar[bool]] = ContextVar("nothing that was kept is used", default=False)
_MOST_BYTES: Final = 64 << 20
"""The bound on all entries together; the most recently used ones stay."""
_CHECK_BYTES: Final = 4 << 20
"""How many bytes a process writes between two checks: a check has to stat every entry."""
_DIGEST_BYTES: Final = hashlib.sha256().digest_size


def entry_key(about: str, raw: bytes = b"") -> str:
    """Return the key of the entry about a text and bytes, a SHA-256 as hex."""
    hasher = hashlib.sha256(hashlib.sha256(about.encode("utf-8", "surrogateescape")).digest())
    hasher.update(raw)
    return hasher.hexdigest()


@contextlib.contextmanager
def unused() -> Iterator[None]:
    """Disable the cache within a block: a command that it starts could have written entries."""
    before = _UNUSED.set(True)
    try:
        yield
    finally:
        _UNUSED.reset(before)


def kept(key: str) -> bytes | None:
    """Return the content of an entry, or None if there is no such entry."""
    try:
        file = _folder() / key
        content = _own_bytes(file)
        os.utime(file)
    except OSError:
        return None
    digest, content = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return content if hashlib.sha256(content).digest() == digest else None


def keep(key: str, content: bytes) -> None:
    """Write an entry; errors of the file system are ignored."""
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        entry = hashlib.sha256(content).digest() + content
        if cleaned(entry) == entry:  # an entry with a secret is not written
            _write(folder / key, entry)
            _BOUND.count(folder, len(entry))


def _write(file: Path, entry: bytes) -> None:
    """Write an entry that only its user may read.

    The bytes are not forced to the disk: after a crash, the digest of a torn entry does not match.
    """
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "wb") as out:
        out.write(entry)
    Path(unfinished).replace(file)


def state_of(files: Iterable[Path]) -> str:
    """Return a text that changes when one of the files changes; raises OSError.

    The text holds the names, times of modification and sizes.
    """
    states = ((str(file), file.stat()) for file in sorted(files))
    return repr([(name, state.st_mtime_ns, state.st_size) for name, state in states])


def _folder() -> Path:
    """Return the folder of the entries; raises OSError if the cache cannot be used."""
    if _UNUSED.get() or os.environ.get(NO_CACHE):
        raise FileNotFoundError(NO_CACHE)
    return _of_user()


@cache
def _of_user() -> Path:
    home = Path(os.environ.get("HOME", ""))
    bases = (Path(os.environ.get("XDG_CACHE_HOME", "")), home / ".cache")
    base = next(filter(Path.is_absolute, bases), None)
    if base is None:
        raise FileNotFoundError("neither XDG_CACHE_HOME nor HOME is an absolute path")
    return base / "conformance"


def _own_bytes(file: Path) -> bytes:
    """Return the bytes of a file that only its user can write; raises OSError for any other."""
    with file.open("rb") as opened:
        state = os.fstat(opened.fileno())
        if state.st_uid != os.geteuid() or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError(str(file))
        return opened.read()


class _Bound:
    """Keeps the total size of the entries near its bound."""

    def __init__(self) -> None:
        self._unchecked = _CHECK_BYTES

    def count(self, folder: Path, size: int) -> None:
        """Count bytes written; at the first call, then every 4 MiB, delete the oldest entries."""
        self._unchecked += size
        if self._unchecked >= _CHECK_BYTES:
            self._unchecked = 0
            _drop_oldest(folder)


_BOUND: Final = _Bound()


def _drop_oldest(folder: Path) -> None:
    left = _MOST_BYTES
    entries = ((file.stat(), file) for file in folder.iterdir())
    for state, file in sorted(entries, key=lambda entry: -entry[0].st_mtime_ns):
        left -= state.st_size
        if left < 0:
            file.unlink(missing_ok=True)
