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
from conformance.suites.request_fields import Files, UnusableFileError

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
            same = named == _digests(self._files, named)
        except Exception:  # noqa: BLE001 - whatever an entry leads to that is not as it must be
            return None
        return tuple(cases) if same else None

    def keep(self, cases: tuple[Case, ...]) -> None:
        """Write the entry; the suite has been read without a problem."""
        if self._files.lists_folders:
            return
        with contextlib.suppress(OSError, UnusableFileError):
            named = _digests(self._files, self._files.named)
            user_cache.keep(self._key, pickle.dumps((named, cases), pickle.HIGHEST_PROTOCOL))


@cache
def _reader_version() -> str:
    """Return what tells this reader from any other: its release, and the state of its code."""
    packages = (Path(__file__).parent, Path(model.__path__[0]))
    code = [file for package in packages for file in package.glob("*.py")]
    state = user_cache.state_of([*code, Path(str(errors.__file__))])
    return f"{__version__} {sys.version} {state}"


def _digests(files: Files, named: Mapping[str, object]) -> dict[str, bytes]:
    """Return a digest of each file that a suite names, as it is now; raises UnusableFileError."""
    return {name: hashlib.sha256(files.path(name).read_bytes()).digest() for name in sorted(named)}


class _Unpickler(pickle.Unpickler):
    """Loads the values that cases are made of, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of the model, or the function that makes structs."""
        if (module, name) == _MEMBER_OF_ENUM:
            return _enum_member
        ours = module.startswith(f"{model.__name__}.") or module == errors.__name__
        makes_struct = module.startswith(_LIBRARY) and name == _MAKES_STRUCT
        if not (ours or makes_struct or (module, name) in _OTHER_CLASSES):
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a case")
        found = super().find_class(module, name)
        if not makes_struct and not isinstance(found, type):
            raise pickle.UnpicklingError(f"{module}.{name} is no class")
        return found


def _enum_member(kind: type[Enum], name: str) -> Enum:
    """Return a member of an enum, and nothing else that a class has."""
    if not issubclass(kind, Enum):
        raise pickle.UnpicklingError(f"{kind.__name__} is no enum")
    return kind[name]
