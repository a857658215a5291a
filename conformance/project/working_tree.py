"""Comparison of a working tree with its commit, without asking git what changed.

Git can be configured not to see a change: by its index, a hook, a filter, a replaced object, or a
setting for submodules. So each committed file is hashed here and compared with its id in the tree.
In: the top of a checkout. Out: the paths, from the top, that differ from the commit, each with a
reason.
"""

import contextlib
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct

from conformance.project.git import git, git_bytes, git_lines

_LINK: Final = "120000"
_SUBMODULE: Final = "160000"
# The length of an id in a SHA-1 repository; SHA-256 ids have 64 digits
_SHA1_DIGITS: Final = 40
_LARGE_FILE: Final = b"version https://git-lfs.github.com/spec/v1\n"


class CommittedFile(Struct, frozen=True):
    """A file of a commit: its mode, its id (both as git writes them), its path from the top."""

    mode: str
    id: str
    path: str


def entries_of(top: Path, commit: str = "HEAD") -> tuple[CommittedFile, ...]:
    """Return the files of a commit, by default of HEAD; empty if there is no such commit.

    Raises UsageError if git fails.
    """
    if git(top, "rev-parse", "--verify", "--quiet", commit) is None:
        return ()
    lines = git_lines(top, "ls-tree", "-r", "--full-tree", commit)
    return tuple(map(_entry, lines))


def _entry(line: str) -> CommittedFile:
    """Return a row of `git ls-tree`, parsed: `MODE TYPE ID<tab>PATH`."""
    words, _, path = line.partition("\t")
    mode, _, content_id = words.split()
    return CommittedFile(mode, content_id, path)


def difference_from_commit(file: Path) -> str:
    """Return how a file differs from HEAD; empty if it does not.

    The text is `is not committed` or `was edited since it was committed`.
    """
    words = ("ls-tree", "HEAD", "--", file.name)
    row = git(file.parent, *words) if file.is_file() else None
    if not row:
        return "is not committed"
    mode, _, content_id = row.partition("\t")[0].split()
    entry = CommittedFile(mode, content_id, file.name)
    if not is_as_committed(file.parent, file, entry):
        return "was edited since it was committed"
    return ""


def changed_files(top: Path) -> Iterator[tuple[str, str]]:
    """Yield committed files that are missing or changed, and links that leave the commit.

    Each path comes with a reason.
    """
    entries = entries_of(top)
    # A link may lead to an ignored file, whose changes no commit shows
    kept = set(map(attrgetter("path"), entries))
    for entry in entries:
        at = top / entry.path
        if entry.mode == _SUBMODULE:
            yield from _changed_in_submodule(at, entry)
        elif not is_as_committed(top, at, entry):
            yield entry.path, "other than committed"
        elif entry.mode == _LINK and leads_out(top, at, kept):
            yield entry.path, "leads to what git does not keep"


def _changed_in_submodule(at: Path, entry: CommittedFile) -> Iterator[tuple[str, str]]:
    """Yield the differences in a submodule; one that is not checked out must be empty."""
    is_checked_out = (at / ".git").exists()
    if not is_checked_out:
        if at.is_dir() and any(at.iterdir()):
            yield entry.path, "other than committed"
        return
    if git(at, "rev-parse", "HEAD") != entry.id:
        yield entry.path, "another commit"
    for path, why in changed_files(at):
        yield f"{entry.path}/{path}", why


def leads_out(top: Path, link: Path, kept: Iterable[str]) -> bool:
    """Return whether a link leads to something that is not in the commit.

    A link that leads nowhere does not.
    """
    target = link.resolve()
    root = top.resolve()
    if not target.exists():
        return False
    if not target.is_relative_to(root):
        return True
    if target == root:
        # A link to the top leads to all committed files
        return not list(kept)
    inside = target.relative_to(root).as_posix()
    return not any(is_below(path, inside) for path in kept)


def is_as_committed(top: Path, at: Path, entry: CommittedFile) -> bool:
    """Return whether a file equals the commit, except for CRLF line ends and git LFS.

    For git LFS, the commit contains a pointer with the digest of the content.
    """
    try:
        status = os.lstat(at)
        if stat.S_ISLNK(status.st_mode):
            target = os.fsencode(at.readlink())
            return entry.mode == _LINK and blob_id(target, entry) == entry.id
        if not stat.S_ISREG(status.st_mode):
            return False
        content = at.read_bytes()
    except OSError:
        return False
    if entry.mode == _LINK:  # a checkout without links has the target as the content
        return blob_id(content, entry) == entry.id
    # A checkout with `core.autocrlf` has other line ends than the commit
    lines = content.replace(b"\r\n", b"\n")
    if entry.id in {blob_id(content, entry), blob_id(lines, entry)}:
        return True
    # Of a git LFS file, the commit contains only a pointer
    return is_large(git_bytes(top, "cat-file", "blob", entry.id) or b"", content)


def is_below(path: str, folder: str) -> bool:
    """Return whether a path is a folder itself or below it; every path is below the top, `.`."""
    if folder in {".", path}:
        return True
    return path.startswith(f"{folder}/")


def blob_id(content: bytes, entry: CommittedFile) -> str:
    """Return the git id of a content, with the hash that the entry's id uses."""
    return object_id("blob", content, len(entry.id))


def object_id(kind: str, content: bytes, digits: int) -> str:
    """Return the git id of a blob, tree or commit; 40 digits mean SHA-1."""
    algorithm = "sha1" if digits == _SHA1_DIGITS else "sha256"
    whole = b"%b %d\0%b" % (kind.encode(), len(content), content)
    return hashlib.new(algorithm, whole, usedforsecurity=False).hexdigest()


def is_large(pointer: bytes, content: bytes) -> bool:
    """Return whether a committed blob is a git LFS pointer to this content (by its SHA-256)."""
    name = f"oid sha256:{hashlib.sha256(content).hexdigest()}".encode()
    return pointer.startswith(_LARGE_FILE) and name in pointer


def touched(files: Iterable[Path]) -> dict[Path, tuple[int, int, int]]:
    """Return inode, mtime and ctime of each file: a mark for its last write.

    No program can set the ctime, so a reverted change shows.
    """
    written = {}
    for file in files:
        with contextlib.suppress(OSError):
            status = os.lstat(file)
            written[file] = (status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
    return written
