"""The folder in which a command runs, held by descriptor.

Whatever the command does, no path leads out of it.

In: paths relative to the folder. Out: files that were put there, and what stands there afterwards.
A command may swap any file for a link, a pipe or a device, and any folder for a link. So nothing is
opened through a path of several names: each name is opened below the folder that holds it, never as
a link (`O_NOFOLLOW`), never waiting for anybody (`O_NONBLOCK`), and only regular files are read.
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

MAX_DEPTH: Final = 64
"""Folders in one another; each is held open while those in it are looked at."""
MAX_NAMES: Final = 100_000
"""Names in one folder, those that were given among them."""
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class UnreadableOutcomeError(Exception):
    """What a command left cannot be read.

    It changed what it was not given to change, or made it unreadable.
    """


class OutcomeTooLargeError(Exception):
    """A command left more than is looked at."""


class FolderEntry(Struct, frozen=True, kw_only=True):
    """A name in a folder: its path, the descriptor of its folder, and what stands there.

    The path is from the top, and the folder is the one that holds the name.
    """

    path: str
    parent: int
    name: str
    status: os.stat_result

    @property
    def is_regular(self) -> bool:
        """Whether it is a plain file."""
        return stat.S_ISREG(self.status.st_mode)

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.status.st_mode)

    def link_target(self) -> str | None:
        """Return where a link leads; None if it is no link."""
        return (
            os.readlink(self.name, dir_fd=self.parent)
            if stat.S_ISLNK(self.status.st_mode)
            else None
        )

    @contextmanager
    def opened(self) -> Iterator[int]:
        """Open a regular file.

        Raises UnreadableOutcomeError if it is none any more, or may not be read.
        """
        with open_regular(self.name, self.parent, self.path) as descriptor:
            yield descriptor


class HeldFolder(Struct, frozen=True):
    """A folder that stays the one it was."""

    path: Path
    descriptor: int

    @classmethod
    def make(cls, path: Path) -> "HeldFolder":
        """Make a folder and hold it."""
        path.mkdir()
        return cls(path, os.open(path, _FOLDER))

    def is_in_place(self) -> bool:
        """Return whether its path still leads to it."""
        try:
            now = self.path.stat(follow_symlinks=False)
        except OSError:
            return False
        held = os.fstat(self.descriptor)
        return (now.st_dev, now.st_ino) == (held.st_dev, held.st_ino)

    def close(self) -> None:
        """Hold it no longer."""
        os.close(self.descriptor)

    def put(self, path: str, content: bytes) -> None:
        """Write a file in place of whatever stands there.

        Raises UnreadableOutcomeError if a folder is in its way.
        """
        *folders, name = path.split("/")
        parent = os.dup(self.descriptor)
        try:
            for folder in folders:
                inner = _folder_in(parent, folder, path)
                os.close(parent)
                parent = inner
            with suppress(FileNotFoundError):
                os.unlink(name, dir_fd=parent)
            with os.fdopen(os.open(name, _WRITE, 0o644, dir_fd=parent), "wb") as file:
                file.write(content)
        except OSError as error:
            raise UnreadableOutcomeError(
                f"{path} cannot be put in its folder: {error.strerror}"
            ) from error
        finally:
            os.close(parent)

    def entries(self) -> Iterator[FolderEntry]:
        """Yield the entries of the folder, in each folder first those that are no folders.

        The folders come after them, each followed by its own entries.

        All is sorted by name. Raises UnreadableOutcomeError and OutcomeTooLargeError.
        """
        yield from _entries(self.descriptor, "", 0)


@contextmanager
def open_regular(name: str, parent: int, path: str) -> Iterator[int]:
    """Open a file in a folder for reading.

    Raises UnreadableOutcomeError unless it is a regular file.
    """
    try:
        descriptor = os.open(name, _READ, dir_fd=parent)
    except OSError as error:
        raise UnreadableOutcomeError(f"{path} cannot be read: {error.strerror}") from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise UnreadableOutcomeError(f"{path} is no regular file any more")
        yield descriptor
    finally:
        os.close(descriptor)


def _folder_in(parent: int, name: str, path: str) -> int:
    """Open a folder in a folder, made where nothing stands; a link in its place is removed."""
    for _ in range(2):
        try:
            return os.open(name, _FOLDER, dir_fd=parent)
        except FileNotFoundError:
            pass
        except OSError as error:
            if error.errno not in {errno.ELOOP, errno.ENOTDIR}:
                raise
            os.unlink(name, dir_fd=parent)
        os.mkdir(name, dir_fd=parent)
    raise UnreadableOutcomeError(f"{path} cannot be put in its folder: {name} is no folder")


def _entries(descriptor: int, above: str, depth: int) -> Iterator[FolderEntry]:
    if depth > MAX_DEPTH:
        raise OutcomeTooLargeError(f"it left folders in one another, more than {MAX_DEPTH} deep")
    folders = []
    for name in sorted(_names(descriptor, above)):
        entry = FolderEntry(
            path=above + name,
            parent=descriptor,
            name=name,
            status=os.stat(name, dir_fd=descriptor, follow_symlinks=False),
        )
        if entry.is_folder:
            folders.append(entry)
        else:
            yield entry
    for folder in folders:
        yield folder
        try:
            inner = os.open(folder.name, _FOLDER, dir_fd=descriptor)
        except OSError as error:
            raise UnreadableOutcomeError(
                f"the folder {folder.path} cannot be read: {error.strerror}"
            ) from error
        try:
            yield from _entries(inner, f"{folder.path}/", depth + 1)
        finally:
            os.close(inner)


def _names(descriptor: int, above: str) -> list[str]:
    """List the names in a folder, one more than may be there at the most."""
    try:
        with os.scandir(descriptor) as found:
            names = []
            for entry in found:
                names.append(entry.name)
                if len(names) > MAX_NAMES:
                    raise OutcomeTooLargeError(f"it left more than {MAX_NAMES} names in one folder")
            return names
    except OSError as error:
        raise UnreadableOutcomeError(
            f"the folder {above or '.'} cannot be read: {error.strerror}"
        ) from error
