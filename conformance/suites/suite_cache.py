"""A cache of suites, so that an unchanged suite is not parsed again.

An entry is for the bytes of a suite, the name and the folder by which it is read, and the version
of the reader.  It holds the cases, and a digest of each other file that the suite names.  If
anything is wrong with an entry, the suite is read without it.
"""

import contextlib
import hashlib
import io
import pickle
import sys
from collections.abc import Mapping
from enum import Enum
from functools import cache
from pathlib import Path, PosixPath
from typing import Any, Final

from conformance import __version__, errors, model, user_cache
from conformance.model.case import Case
from conformance.suites.sent_files import Files, UnusableFileError

_OTHER_CLASSES: Final = frozenset(
    {("builtins", "frozenset"), ("decimal", "Decimal"), ("pathlib", PosixPath.__name__)}
)
"""Classes in cases, in addition to our own; no other class is ever loaded."""
_LIBRARY, _MAKES_STRUCT = "msgspec.", "rebuild"
"""The library of the model, and its function that makes a struct from its members."""


_MEMBER_OF_ENUM: Final = ("builtins", "getattr")
"""How Python 3.11.0 to 3.11.3, as in Debian 12, pickles a member of an enum."""


class SuiteEntry:
    """The cache entry for the current state of a suite."""

    def __init__(self, raw: bytes, name: str, files: Files) -> None:
        self._files = files
        place = f"{name}\0{files.folder}\0{files.name(files.folder)}"
        self._key = user_cache.entry_key(f"suite\0{_reader_version()}\0{place}", raw)

    def cases(self) -> tuple[Case, ...] | None:
        """Return the cases, or None if the suite has to be read."""
        content = user_cache.kept(self._key)
        if content is None:
            return None
        try:
            named, cases = _Unpickler(io.BytesIO(content)).load()
            is_current = named == _digests(self._files, named)
        except Exception:  # noqa: BLE001 - a damaged entry may raise anything
            return None
        if not is_current:
            return None
        return tuple(cases)

    def keep(self, cases: tuple[Case, ...]) -> None:
        """Write the entry; the suite must have been read without a problem."""
        # The files in a folder may change without a change of any digest
        if self._files.lists_folders:
            return
        with contextlib.suppress(OSError, UnusableFileError):
            named = _digests(self._files, self._files.named)
            content = pickle.dumps((named, cases), pickle.HIGHEST_PROTOCOL)
            user_cache.keep(self._key, content)


@cache
def _reader_version() -> str:
    """Return a text that identifies this reader: releases of it and Python, state of its code."""
    packages = (Path(__file__).parent, Path(model.__path__[0]))
    code = [Path(str(errors.__file__))]
    for package in packages:
        code += package.glob("*.py")
    return f"{__version__} {sys.version} {user_cache.state_of(code)}"


def _digests(files: Files, named: Mapping[str, object]) -> dict[str, bytes]:
    """Return a digest of the current content of each named file; raise UnusableFileError."""
    digests = {}
    for name in sorted(named):
        content = files.path(name).read_bytes()
        digests[name] = hashlib.sha256(content).digest()
    return digests


class _Unpickler(pickle.Unpickler):
    """An unpickler that loads only the values of which cases consist."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of the model or the function that makes structs, or raise an error."""
        if (module, name) == _MEMBER_OF_ENUM:
            return _enum_member
        makes_struct = module.startswith(_LIBRARY) and name == _MAKES_STRUCT
        is_known = makes_struct or _is_ours(module) or (module, name) in _OTHER_CLASSES
        if not is_known:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a case")
        named = super().find_class(module, name)
        # A function of our own could do anything
        if not makes_struct and not isinstance(named, type):
            raise pickle.UnpicklingError(f"{module}.{name} is no class")
        return named


def _is_ours(module: str) -> bool:
    return module.startswith(f"{model.__name__}.") or module == errors.__name__


def _enum_member(kind: type[Enum], name: str) -> Enum:
    """Return a member of an enum; raise UnpicklingError for any other class."""
    if not issubclass(kind, Enum):
        raise pickle.UnpicklingError(f"{kind.__name__} is no enum")
    return kind[name]
