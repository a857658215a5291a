"""The files that a suite sends or names: inside its repository or folder, each read once."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from conformance.suites.nodes import shown
from conformance.suites.read_files import note

# A body is held in memory, once for the suite and once for each runtime
MAX_FILE_BYTES: Final = 16 << 20


class UnusableFileError(ValueError):
    """A file that a suite may not send, or that cannot be read."""


class Files:
    """A reader of the files that a suite sends; it reads each file once.

    It reads no file outside the suite's repository or folder.  `named` holds the paths of the files
    that it found, as they are written; `lists_folders` says whether it listed a folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        within = (self.folder, *self.folder.parents)
        self._root = next((each for each in within if (each / ".git").exists()), self.folder)
        self._read: dict[str, bytes] = {}
        self.named: dict[str, None] = {}
        self.lists_folders = False

    def read(self, written: str) -> bytes:
        """Return the bytes of a file; raises UnusableFileError."""
        if written not in self._read:
            self._read[written] = self._bytes_of(written)
        return self._read[written]

    def path(self, written: str) -> Path:
        """Return the absolute path of a readable file; raise UnusableFileError."""
        with _unusable(written):
            file = self._within(written)
            if not file.is_file():
                raise UnusableFileError(f"{shown(written)}: no such file beside this suite")
            file.open("rb").close()
            note(self.folder / written)
            self.named.setdefault(written)
            return file

    def name(self, file: Path) -> str:
        """Return a file's path relative to the root, which is the repository or the folder.

        The file must be inside that root.
        """
        return file.relative_to(self._root).as_posix()

    def below(self, written: str) -> tuple[tuple[str, Path], ...]:
        """Return pairs of relative and absolute path of all files below a folder, sorted; no links.

        Raises UnusableFileError.
        """
        self.lists_folders = True
        with _unusable(written):
            folder = self._within(written)
            if not folder.is_dir():
                raise UnusableFileError(f"{shown(written)}: no such folder beside this suite")
            note(self.folder / written)
            below: list[tuple[str, Path]] = []
            for file in sorted(folder.rglob("*")):
                if file.is_symlink() or not file.is_file():
                    continue
                note(file)
                below.append((file.relative_to(folder).as_posix(), file))
            return tuple(below)

    def _within(self, written: str) -> Path:
        file = (self.folder / written).resolve()
        if not file.is_relative_to(self._root):
            raise UnusableFileError(
                f"{shown(written)} leads out of {self._root.name or self._root}"
            )
        return file

    def _bytes_of(self, written: str) -> bytes:
        file = self.path(written)
        with _unusable(written), file.open("rb") as opened:
            found = opened.read(MAX_FILE_BYTES + 1)
        if len(found) > MAX_FILE_BYTES:
            raise UnusableFileError(f"{shown(written)} has more than {MAX_FILE_BYTES} bytes")
        return found


@contextlib.contextmanager
def _unusable(written: str) -> Iterator[None]:
    """Raise UnusableFileError for an error of the system within the block."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        detail = getattr(error, "strerror", None) or "a path that cannot be followed"
        raise UnusableFileError(f"{shown(written)} cannot be read: {detail}") from error
