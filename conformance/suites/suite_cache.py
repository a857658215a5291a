"""Suites that were read before, so that their YAML is not read again.

An entry stands for the bytes of a suite, the name and the folder that it is read by, and the
version of the reader.  It holds the cases, and a digest of each other file that the suite names.
Whatever is wrong with an entry, the suite is read as if there were none.
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
"""Classes besides our own that cases are made of; nothing else is ever loaded."""
_LIBRARY, _MAKES_STRUCT = "msgspec.", "rebuild"
"""The library of the model, and its function that makes a struct of its members."""


_MEMBER_OF_ENUM: Final = ("builtins", "getattr")
"""How Python 3.11.0 to 3.11.3, as in Debian 12, writes the member of an enum."""


class SuiteEntry:
    """The entry of a suite as it is now."""

    def __init__(self, raw: bytes, name: str, files: Files) -> None:
        self._files = files
        place = f"{name}\0{files.folder}\0{files.name(files.folder)}"
        self._key = user_cache.entry_key(f"suite\0{_reader_version()}\0{place}", raw)

    def cases(self) -> tuple[Case, ...] | None:
        """Return the cases, or None where the suite has to be read."""
        content = user_cache.kept(self._key)
        if content is None:
            return None
        try:
            named, cases = _Unpickler(io.BytesIO(content)).load()
            is_current = named == _digests(self._files, named)
        except Exception:  # noqa: BLE001 - whatever an entry leads to that is not as it must be
            return None
        if not is_current:
            return None
        return tuple(cases)

    def keep(self, cases: tuple[Case, ...]) -> None:
        """Write the entry; the suite has been read without a problem."""
        # Which files a folder has may change without any digest of a file
        if self._files.lists_folders:
            return
        with contextlib.suppress(OSError, UnusableFileError):
            named = _digests(self._files, self._files.named)
            content = pickle.dumps((named, cases), pickle.HIGHEST_PROTOCOL)
            user_cache.keep(self._key, content)


@cache
def _reader_version() -> str:
    """Return what tells this reader from any other: its release, and the state of its code."""
    packages = (Path(__file__).parent, Path(model.__path__[0]))
    code = [Path(str(errors.__file__))]
    for package in packages:
        code += package.glob("*.py")
    return f"{__version__} {sys.version} {user_cache.state_of(code)}"


def _digests(files: Files, named: Mapping[str, object]) -> dict[str, bytes]:
    """Return a digest of each file that a suite names, as it is now; raises UnusableFileError."""
    digests = {}
    for name in sorted(named):
        content = files.path(name).read_bytes()
        digests[name] = hashlib.sha256(content).digest()
    return digests


class _Unpickler(pickle.Unpickler):
    """Loads the values that cases are made of, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of the model, or the function that makes structs."""
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
    """Return a member of an enum, and nothing else that a class has."""
    if not issubclass(kind, Enum):
        raise pickle.UnpicklingError(f"{kind.__name__} is no enum")
    return kind[name]
