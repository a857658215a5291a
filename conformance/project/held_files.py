"""Comparison of files on disk with a commit: which were changed, deleted, added or linked.

In: the files of the commit, and paths as a command reads them. Out: each file that differs from the
commit. A path is followed link by link, and each link has to be as committed, too. A committed file
has to exist at its own path: if only a link leads to its content now, it counts as deleted.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, filterfalse
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from conformance.model.guard import Guarded, GuardFailure
from conformance.project.committed_files import LINK, SUBMODULE, CommittedFiles, objects
from conformance.project.files import is_ours
from conformance.project.line_ends import encoding_of, is_as_checked_out
from conformance.project.working_tree import CommittedFile, blob_id, is_below, is_large
from conformance.safe_text import visible

_NAME: Final = attrgetter("name")
NOT_IN_REVISION: Final = "is not in the revision"
_IN_ENCODING: Final = (
    "is checked out in {} by the attribute `working-tree-encoding`, which a guard cannot compare: "
    "commit it in the encoding that is sent, without the attribute"
)
_MOST_LINKS: Final = 40
"""The number of links that Linux follows in one path."""


def followed(file: Path) -> tuple[list[Path], Path]:
    """Return the links on a path in order, and the path at its end, which contains no link."""
    parts = list(reversed(file.absolute().parts))
    at = Path(parts.pop())
    links: list[Path] = []
    while parts:
        part = parts.pop()
        at = at.parent if part == ".." else at / part
        if not at.is_symlink() or len(links) == _MOST_LINKS:
            continue
        links.append(at)
        target = at.readlink()
        if target.is_absolute():
            at = Path(target.anchor)
            parts += reversed(target.parts[1:])
        else:
            at = at.parent
            parts += reversed(target.parts)
    return links, at


def end_of(file: Path) -> Path:
    """Return the path at the end of all links, which contains no link."""
    _, end = followed(file)
    return end


def is_in(file: Path, folders: Iterable[Path]) -> bool:
    """Return whether a file is one of the given paths or below one of them."""
    return any(map(file.is_relative_to, folders))


class HeldFiles(Struct):
    """Compares files with a commit; `found` has the differences by path from the top.

    `top` contains no link. `kind_of` returns the kind of a file. Files below the `free` folders may
    change if no kind is given for them, unless they are files of the harness.
    """

    top: Path
    commit: CommittedFiles
    kind_of: Callable[[str], Guarded]
    free: Sequence[Path]
    found: dict[str, GuardFailure] = field(default_factory=dict)
    _seen: set[tuple[str, Guarded | None]] = field(default_factory=set)

    def look_at(self, file: Path, what: Guarded | None = None) -> None:
        """Note a file that differs from the commit, and each link that leads to it.

        For a folder, check each committed file below it.
        """
        links, end = followed(file)
        self.look_at_links(links, what)
        path = self.path_of(end)
        leads_nowhere = links and not os.path.lexists(end)
        if leads_nowhere:
            last = self.path_of(links[-1])
            self.note(last, what, f"leads to {visible(path)}, which is not there")
        if not self.is_inside(end):
            self.note(str(file), what, "lies outside the checkout, so no revision holds it")
        elif end.is_dir() and self._has_below(path):
            self.look_below(path, what)
        else:
            self.compare(path, what)

    def look_at_links(self, links: Iterable[Path], what: Guarded | None) -> None:
        """Note links that are not in the commit, and the committed files that they replace."""
        for path in map(self.path_of, filter(self.is_inside, links)):
            self.compare(path, what)
            if not self.has(path):
                self.look_below(path, what)

    def look_below(self, folder: str, what: Guarded | None = None) -> None:
        """Note the committed files below a folder that are changed or deleted.

        Free files may change, unless `what` gives their kind.
        """
        if (folder, what) in self._seen:
            return
        self._seen.add((folder, what))
        paths: Iterable[str] = self.committed_below(folder)
        if what is None:
            paths = filterfalse(self._is_free, paths)
        for path in paths:
            self._look_where_it_was(path, what)

    def _is_free(self, path: str) -> bool:
        if not is_in(self.top / path, self.free):
            return False
        return not is_ours(Path(path), lambda: self.blob(path))

    def committed_below(self, folder: str) -> list[str]:
        """Return the committed files below a folder; for a file, the file itself."""
        return list(filter(partial(is_below, folder=folder), self.commit.files))

    def _has_below(self, folder: str) -> bool:
        if self.has(folder):
            return False
        return bool(self.committed_below(folder))

    def _look_where_it_was(self, path: str, what: Guarded | None) -> None:
        """Check a committed file; it counts as deleted if a folder of its path is a link now."""
        link = self._link_above(path)
        if link:
            self.note(path, what, f"was deleted, since {visible(link)} is a link")
        else:
            self.look_at(self.top / path, what)

    def look_at_all(self, source: Path, what: Guarded, own_output: Path) -> None:
        """Note what is changed, deleted or added at and below a path, including ignored files.

        Compiled Python modules are left out, and new files below `own_output`.
        """
        self.look_at(source, what)
        end = end_of(source)
        if not self.is_inside(end):
            return
        for new in self._new_below(end):
            if not new.is_relative_to(own_output):
                self.note(self.path_of(new), what, NOT_IN_REVISION)

    def _new_below(self, folder: Path) -> Iterator[Path]:
        """Yield the files, links and folders below a folder that are not in the commit."""
        committed = self._folders_of_commit()
        for name, folders, files in os.walk(folder):
            at = Path(name)
            # In any other folder, `.git` is a new file like others
            own = {at / ".git"} if self._is_top(at) else set()
            below = set(map(at.joinpath, folders))
            links = set(filter(Path.is_symlink, below))
            unknown = {each for each in below - links if self.path_of(each) not in committed}
            # No file below an unknown folder is in the commit, so the folder is reported as a whole
            folders[:] = map(_NAME, below - links - unknown)
            yield from filter(_has_files, unknown - own)
            for each in links.union(map(at.joinpath, files)) - own:
                if not self.has(self.path_of(each)):
                    yield each

    def _folders_of_commit(self) -> set[str]:
        """Return the folders that contain a committed file, by path from the top."""
        parents = set(map(os.path.dirname, self.commit.files))
        folders = set(parents)
        for parent in parents:
            folders.update(map(str, Path(parent).parents))
        return folders

    def _is_top(self, folder: Path) -> bool:
        """Return whether a folder is the top of the checkout or of one of its submodules."""
        if folder == self.top:
            return True
        return self.path_of(folder) in self.commit.submodules

    def is_inside(self, file: Path) -> bool:
        """Return whether a path without links is in the checkout."""
        return file.is_relative_to(self.top)

    def path_of(self, file: Path) -> str:
        """Return a path without links relative to the top; unchanged if it is outside."""
        if not self.is_inside(file):
            return str(file)
        return file.relative_to(self.top).as_posix()

    def refuse_repository(self, git_folder: Path) -> None:
        """Note a folder that is a repository of its own and not a submodule of the commit."""
        folder = end_of(git_folder.parent)
        is_known = self._is_top(folder)
        if git_folder.exists() and not is_known:
            self.note(self.path_of(folder), Guarded.CASES, "are in a repository of their own")

    def note(self, path: str, what: Guarded | None, how: str) -> None:
        """Note what is wrong with a file, unless there already is a note about it."""
        kind = what or self.kind_of(path)
        self.found.setdefault(path, GuardFailure(what=kind, subject=visible(path), how=how))

    def has(self, path: str) -> bool:
        """Return whether the commit has a file, a link or a submodule at a path."""
        return path in self.commit.files

    def blob(self, path: str) -> bytes:
        """Return the committed content of a file; raises UsageError if git lacks it."""
        id_ = self.commit.files[path].id
        return objects(self.top, [id_], "blob")[id_]

    def _link_above(self, path: str) -> str:
        """Return the first folder of a path that is a link on disk; empty if there is none."""
        # The last parent is the top itself
        folders = list(Path(path).parents)[:-1]
        for folder in reversed(folders):
            if (self.top / folder).is_symlink():
                return str(folder)
        return ""

    def compare(self, path: str, what: Guarded | None = None) -> None:
        """Note a file that differs from the commit; no folder of its path may be a link."""
        at = self.top / path
        entry = self.commit.files.get(path)
        if entry is None:
            self._note_new(at, path, what)
        elif not os.path.lexists(at):
            self.note(path, what, "was deleted")
        elif entry.mode == SUBMODULE:
            self.note(path, what, "is a submodule that is not checked out")
        elif not self._is_as_committed(entry):
            encoding = encoding_of(self.top, path)
            how = _IN_ENCODING.format(encoding) if encoding else "was changed"
            self.note(path, what, how)

    def _note_new(self, at: Path, path: str, what: Guarded | None) -> None:
        if at.is_symlink():
            self.note(path, what, "is a link that is not in the revision")
        elif at.exists():
            self.note(path, what, NOT_IN_REVISION)

    def _is_as_committed(self, entry: CommittedFile) -> bool:
        """Return whether a file equals the commit byte for byte, or as git checks it out."""
        at = self.top / entry.path
        try:
            status = os.lstat(at)
            if stat.S_ISLNK(status.st_mode):
                target = os.fsencode(at.readlink())
                return entry.mode == LINK and blob_id(target, entry) == entry.id
            if entry.mode == LINK or not stat.S_ISREG(status.st_mode):
                return False
            content = at.read_bytes()
        except OSError:
            return False
        if blob_id(content, entry) == entry.id:
            return True
        if is_as_checked_out(self.top, content, entry, self.commit.files):
            return True
        # Of a git LFS file, the commit contains only a pointer
        return is_large(self.blob(entry.path), content)


def _has_files(folder: Path) -> bool:
    """Return whether a folder contains files or links, except compiled Python modules."""
    for name, folders, files in os.walk(folder):
        at = Path(name)
        is_cache = at.name == "__pycache__"
        kept = filterfalse(_is_module, files) if is_cache else files
        links = filter(Path.is_symlink, map(at.joinpath, folders))
        if any(chain(kept, links)):
            return True
    return False


def _is_module(name: str) -> bool:
    return name.endswith(".pyc")
