"""What was made before and can be made again, in the user's cache folder.

The folder is that of the XDG base directory specification (0.8).  It is bounded, and may be deleted
at any time.  An entry that is broken, or that somebody else could have written, is no entry.
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
"""An environment variable: while it has a value, nothing is kept and nothing that was kept is used.
"""
_UNUSED: Final[ContextVar[bool]] = ContextVar("nothing that was kept is used", default=False)
_MOST_BYTES: Final = 64 << 20
"""All entries together; the ones that were used last are kept."""
_CHECK_BYTES: Final = 4 << 20
"""To look at all entries takes time for each, so a process does it once for so many new bytes."""
_DIGEST_BYTES: Final = hashlib.sha256().digest_size


def entry_key(about: str, raw: bytes = b"") -> str:
    """Return the key of an entry that is about these."""
    hasher = hashlib.sha256(hashlib.sha256(about.encode("utf-8", "surrogateescape")).digest())
    hasher.update(raw)
    return hasher.hexdigest()


@contextlib.contextmanager
def unused() -> Iterator[None]:
    """Keep nothing and use nothing that was kept: who runs a command could have written it."""
    before = _UNUSED.set(True)
    try:
        yield
    finally:
        _UNUSED.reset(before)


def kept(key: str) -> bytes | None:
    """Return the content of an entry, or None where there is none."""
    try:
        file = _folder() / key
        content = _own_bytes(file)
        os.utime(file)
    except OSError:
        return None
    digest, content = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
    return content if hashlib.sha256(content).digest() == digest else None


def keep(key: str, content: bytes) -> None:
    """Write an entry whole, where that can be done."""
    with contextlib.suppress(OSError):
        folder = _folder()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        entry = hashlib.sha256(content).digest() + content
        if cleaned(entry) == entry:  # what holds a secret is not kept
            _write(folder / key, entry)
            _BOUND.count(folder, len(entry))


def _write(file: Path, entry: bytes) -> None:
    """Write an entry, to be read by its user alone.

    It is not forced to the disk: one that a crash cut short has another digest.
    """
    descriptor, unfinished = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(descriptor, "wb") as out:
        out.write(entry)
    Path(unfinished).replace(file)


def state_of(files: Iterable[Path]) -> str:
    """Return what tells the state of some files from a later one; raises OSError."""
    states = ((str(file), file.stat()) for file in sorted(files))
    return repr([(name, state.st_mtime_ns, state.st_size) for name, state in states])


def _folder() -> Path:
    """Return the folder of the entries; raises OSError where there is none to be used."""
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
    """Return the bytes of a file that nobody else could write; raises OSError."""
    with file.open("rb") as opened:
        state = os.fstat(opened.fileno())
        if state.st_uid != os.geteuid() or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError(str(file))
        return opened.read()


class _Bound:
    """Keeps all entries together within their bound, give or take what is written meanwhile."""

    def __init__(self) -> None:
        self._unchecked = _CHECK_BYTES

    def count(self, folder: Path, size: int) -> None:
        """Count bytes that were written; the first, and once they are many, the oldest go."""
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
