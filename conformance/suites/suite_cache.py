"""Suites that were read before, in the user's cache folder, so that YAML is not read again.

An entry stands for the bytes of a suite, the name and the folder that it is read by, and the
version of the reader.  It holds the cases, and a digest of each other file that the suite names.
An entry that is broken, or that somebody else may have written, is no entry: the suite is read.
The folder is bounded, and may be deleted at any time.
"""

import contextlib
import hashlib
import io
import os
import pickle
import stat
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PosixPath
from typing import Any, Final

import yaml

from conformance import __version__, errors, model
from conformance.atomic_file import replace_file
from conformance.model.case import Case
from conformance.suites.request_fields import Files, UnusableFileError

_WORTH_BYTES: Final = 4_096
"""Smaller suites are read in less time than an entry takes."""
_MOST_BYTES: Final = 64 << 20
"""All entries together; the ones that were used last are kept."""
_DIGEST_BYTES: Final = hashlib.sha256().digest_size
_SUFFIX: Final = ".cases"
_OTHER_CLASSES: Final = frozenset(
    {("builtins", "frozenset"), ("decimal", "Decimal"), ("pathlib", PosixPath.__name__)}
)
"""Classes besides our own that cases are made of; nothing else is ever loaded."""
_MAKES_STRUCTS: Final = ("msgspec.", "rebuild")
"""The library that values are made by, and its function that makes one from its members."""
_OUR_MODULES: Final = f"{model.__name__}."


class SuiteEntry:
    """The place in the cache of a suite as it is now."""

    def __init__(self, raw: bytes, name: str, files: Files) -> None:
        self._files = files
        about = f"{_reader_version()}\0{name}\0{files.folder}\0{files.name(files.folder)}\0"
        key = hashlib.sha256(about.encode("utf-8", "surrogateescape") + raw).hexdigest()
        folder = _folder() if len(raw) >= _WORTH_BYTES else None
        self._file = None if folder is None else folder / f"{key}{_SUFFIX}"

    def cases(self) -> tuple[Case, ...] | None:
        """Return the cases, or None where the suite has to be read."""
        if self._file is None:
            return None
        try:
            content = _own_bytes(self._file)
            if hashlib.sha256(content[_DIGEST_BYTES:]).digest() != content[:_DIGEST_BYTES]:
                return None
            named, cases = _Unpickler(io.BytesIO(content[_DIGEST_BYTES:])).load()
            if named != _digests(self._files, named):
                return None
            os.utime(self._file)
        except Exception:  # noqa: BLE001 - whatever a broken entry leads to
            return None
        return tuple(cases)

    def keep(self, cases: tuple[Case, ...]) -> None:
        """Write the entry, where that can be done; the suite has been read without a problem."""
        if self._file is None or self._files.lists_folders:
            return
        with contextlib.suppress(OSError, UnusableFileError):
            named = _digests(self._files, self._files.named)
            content = pickle.dumps((named, cases), pickle.HIGHEST_PROTOCOL)
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            replace_file(self._file, hashlib.sha256(content).digest() + content)
            self._file.chmod(0o600)
            _drop_oldest(self._file.parent)


def _folder() -> Path | None:
    """Return the folder of the entries: that of the XDG base directory specification, 0.8."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    if not Path(base).is_absolute():
        home = os.environ.get("HOME", "")
        base = f"{home}/.cache" if Path(home).is_absolute() else ""
    return Path(base) / "conformance" / "suites" if base else None


@cache
def _reader_version() -> str:
    """Return what tells this reader from any other: its release, and the state of its code."""
    here = Path(__file__).parent
    code = [*here.glob("*.py"), *Path(model.__path__[0]).glob("*.py"), Path(str(errors.__file__))]
    states = sorted((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in code)
    return repr((__version__, sys.version, yaml.__version__, states))


def _own_bytes(file: Path) -> bytes:
    """Return the bytes of a file that nobody else could write; raises OSError."""
    with file.open("rb") as opened:
        state = os.fstat(opened.fileno())
        if state.st_uid != os.geteuid() or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError(str(file))
        return opened.read()


def _digests(files: Files, named: Mapping[str, object]) -> dict[str, bytes]:
    """Return a digest of each file that a suite names, as it is now; raises UnusableFileError."""
    return {name: hashlib.sha256(files.path(name).read_bytes()).digest() for name in sorted(named)}


def _drop_oldest(folder: Path) -> None:
    """Keep all entries together within their bound."""
    entries = [(file.stat(), file) for file in folder.glob(f"*{_SUFFIX}")]
    total = sum(state.st_size for state, _ in entries)
    for state, file in sorted(entries, key=lambda entry: entry[0].st_mtime_ns):
        if total <= _MOST_BYTES:
            return
        file.unlink(missing_ok=True)
        total -= state.st_size


class _Unpickler(pickle.Unpickler):
    """Loads the values that cases are made of, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class, or the function by which structs are made."""
        library, function = _MAKES_STRUCTS
        if module.startswith(library) and name == function:
            return super().find_class(module, name)
        found = super().find_class(module, name) if self._is_known(module, name) else None
        if not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a case")
        return found

    @staticmethod
    def _is_known(module: str, name: str) -> bool:
        ours = module.startswith(_OUR_MODULES) or module == errors.__name__
        return ours or (module, name) in _OTHER_CLASSES
