"""The folder in which a command runs, held by descriptor.

Whatever the command does, no path leads out of it.

Files are written at paths relative to the folder, and what is there afterwards is listed.  A
command may replace any file by a link, a pipe or a device, and any folder by a link.  So no path
of several names is opened: each name is opened below the folder that holds it, never as a link
(`O_NOFOLLOW`), without waiting (`O_NONBLOCK`), and only regular files are read.
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
"""Nested folders; each stays open while its subfolders are read."""
MAX_NAMES: Final = 100_000
"""Names in one folder, including those that were given."""
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_READ: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_WRITE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class UnreadableOutcomeError(Exception):
    """The outcome of a command cannot be read.

    The command replaced its folder, or left something that cannot be opened.
    """


class OutcomeTooLargeError(Exception):
    """The outcome of a command is larger than a limit, or takes too long to read."""


class FolderEntry(Struct, frozen=True, kw_only=True):
    """A name in a folder, and the status of what it names.

    `path` starts at the held folder; `parent` is the descriptor of the folder that holds the name.
    """

    path: str
    parent: int
    name: str
    status: os.stat_result

    @property
    def is_regular(self) -> bool:
        """Return whether the entry is a regular file."""
        return stat.S_ISREG(self.status.st_mode)

    @property
    def is_folder(self) -> bool:
        """Return whether the entry is a folder."""
        return stat.S_ISDIR(self.status.st_mode)

    def link_target(self) -> str | None:
        """Return the target of a link, or None if the entry is no link."""
        return (
            os.readlink(self.name, dir_fd=self.parent)
            if stat.S_ISLNK(self.status.st_mode)
            else None
        )

    @contextmanager
    def opened(self) -> Iterator[int]:
        """Open the file and yield its descriptor.

        Raises UnreadableOutcomeError if it is no longer a regular file, or may not be read.
        """
        with open_regular(self.name, self.parent, self.path) as descriptor:
            yield descriptor


class HeldFolder(Struct, frozen=True):
    """A folder that is held by its descriptor, so that it cannot be replaced."""

    path: Path
    descriptor: int

    @classmethod
    def make(cls, path: Path) -> "HeldFolder":
        """Make a folder and hold it."""
        path.mkdir()
        return cls(path, os.open(path, _FOLDER))

    def is_in_place(self) -> bool:
        """Return whether the path still leads to this folder."""
        try:
            now = self.path.stat(follow_symlinks=False)
        except OSError:
            return False
        held = os.fstat(self.descriptor)
        return (now.st_dev, now.st_ino) == (held.st_dev, held.st_ino)

    def close(self) -> None:
        """Close the descriptor."""
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
        """Yield the entries of the folder: in each folder first the files, then the subfolders.

        Each subfolder is followed by its own entries.

        All is sorted by name. Raises UnreadableOutcomeError and OutcomeTooLargeError.
        """
        yield from _entries(self.descriptor, "", 0)


@contextmanager
def open_regular(name: str, parent: int, path: str) -> Iterator[int]:
    """Open a file in a folder for reading, and yield its descriptor.

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
    """Return the descriptor of a subfolder; a missing one, a link or a file is replaced."""
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
        raise OutcomeTooLargeError(f"it left nested folders, more than {MAX_DEPTH} deep")
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
    """Return the names in a folder; raise OutcomeTooLargeError if they are more than MAX_NAMES."""
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
