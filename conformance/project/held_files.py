"""Files on disk held against those of a commit: what was changed, deleted, added or linked away.

In: the files of the commit, and paths as a command reads them. Out: each file that is not as the
commit has it. A path is followed link by link, and each link on the way has to be as committed,
too. A file that the commit has is looked for where it has it: one that only a link leads to now is
gone.
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
"""As many as Linux follows in one path."""


def followed(file: Path) -> tuple[list[Path], Path]:
    """Return the links on the way of a path, and where it ends; no folder on either is a link."""
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
    """Return where a path ends; no folder on the way there is a link."""
    _, end = followed(file)
    return end


def is_in(file: Path, folders: Iterable[Path]) -> bool:
    """Return whether a file is one of some files or folders, or below one."""
    return any(map(file.is_relative_to, folders))


class HeldFiles(Struct):
    """Files held against a commit; `found` is what is not as it has it, by path from the top.

    `top` has no link in its path. `kind_of` says what a file is. Files below the `free` folders may
    change where nothing else is said of them, unless they are files of the harness.
    """

    top: Path
    commit: CommittedFiles
    kind_of: Callable[[str], Guarded]
    free: Sequence[Path]
    found: dict[str, GuardFailure] = field(default_factory=dict)
    _seen: set[tuple[str, Guarded | None]] = field(default_factory=set)

    def look_at(self, file: Path, what: Guarded | None = None) -> None:
        """Note a file that is not as the commit has it, and each link that leads to it.

        Of a folder, each file below that the commit has.
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
        """Note links that the commit does not have, and the files that it has in their place."""
        for path in map(self.path_of, filter(self.is_inside, links)):
            self.compare(path, what)
            if not self.has(path):
                self.look_below(path, what)

    def look_below(self, folder: str, what: Guarded | None = None) -> None:
        """Note what the commit has below a folder, and is changed or deleted there.

        What is free may change, unless it is said what the files are.
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
        """Return the files that the commit has below a folder, or the one that it has there."""
        return list(filter(partial(is_below, folder=folder), self.commit.files))

    def _has_below(self, folder: str) -> bool:
        if self.has(folder):
            return False
        return bool(self.committed_below(folder))

    def _look_where_it_was(self, path: str, what: Guarded | None) -> None:
        """Note a file of the commit, if a folder of its path is a link now, as a deleted one."""
        link = self._link_above(path)
        if link:
            self.note(path, what, f"was deleted, since {visible(link)} is a link")
        else:
            self.look_at(self.top / path, what)

    def look_at_all(self, source: Path, what: Guarded, own_output: Path) -> None:
        """Note what is changed, deleted or added at and below a path, whatever git ignores.

        Left out are modules that Python has compiled, and what is new below the own output.
        """
        self.look_at(source, what)
        end = end_of(source)
        if not self.is_inside(end):
            return
        for new in self._new_below(end):
            if not new.is_relative_to(own_output):
                self.note(self.path_of(new), what, NOT_IN_REVISION)

    def _new_below(self, folder: Path) -> Iterator[Path]:
        """Yield the files, links and folders below a folder of which the commit has nothing."""
        committed = self._folders_of_commit()
        for name, folders, files in os.walk(folder):
            at = Path(name)
            # Elsewhere a folder `.git` is as new as any other file
            own = {at / ".git"} if self._is_top(at) else set()
            below = set(map(at.joinpath, folders))
            links = set(filter(Path.is_symlink, below))
            unknown = {each for each in below - links if self.path_of(each) not in committed}
            # Nothing below these is of the commit: a folder stands for all that is in it
            folders[:] = map(_NAME, below - links - unknown)
            yield from filter(_has_files, unknown - own)
            for each in links.union(map(at.joinpath, files)) - own:
                if not self.has(self.path_of(each)):
                    yield each

    def _folders_of_commit(self) -> set[str]:
        """Return the folders in which the commit has something, by path from the top."""
        parents = set(map(os.path.dirname, self.commit.files))
        folders = set(parents)
        for parent in parents:
            folders.update(map(str, Path(parent).parents))
        return folders

    def _is_top(self, folder: Path) -> bool:
        """Return whether a folder is the top of the checkout, or of a submodule of it."""
        if folder == self.top:
            return True
        return self.path_of(folder) in self.commit.submodules

    def is_inside(self, file: Path) -> bool:
        """Return whether a file that `followed` gave lies in the checkout."""
        return file.is_relative_to(self.top)

    def path_of(self, file: Path) -> str:
        """Return the path from the top of what `followed` gave; outside it is the whole path."""
        if not self.is_inside(file):
            return str(file)
        return file.relative_to(self.top).as_posix()

    def refuse_repository(self, git_folder: Path) -> None:
        """Note a folder that is a repository of its own, and no submodule of the commit."""
        folder = end_of(git_folder.parent)
        is_known = self._is_top(folder)
        if git_folder.exists() and not is_known:
            self.note(self.path_of(folder), Guarded.CASES, "are in a repository of their own")

    def note(self, path: str, what: Guarded | None, how: str) -> None:
        """Note what is wrong with a file, if nothing was noted of it before."""
        kind = what or self.kind_of(path)
        self.found.setdefault(path, GuardFailure(what=kind, subject=visible(path), how=how))

    def has(self, path: str) -> bool:
        """Return whether the commit has a file, a link or a submodule at a path."""
        return path in self.commit.files

    def blob(self, path: str) -> bytes:
        """Return what the commit has in a file; raises UsageError where git does not have it."""
        id_ = self.commit.files[path].id
        return objects(self.top, [id_], "blob")[id_]

    def _link_above(self, path: str) -> str:
        """Return the first folder of a path that is a link on disk, or nothing."""
        # The last one is the top itself
        folders = list(Path(path).parents)[:-1]
        for folder in reversed(folders):
            if (self.top / folder).is_symlink():
                return str(folder)
        return ""

    def compare(self, path: str, what: Guarded | None = None) -> None:
        """Note a file that is not as committed; no folder of its path is a link."""
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
        """Return whether a file is what the commit has, byte for byte, or as git checks it out."""
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
        # Of a file of git LFS the commit has the name alone
        return is_large(self.blob(entry.path), content)


def _has_files(folder: Path) -> bool:
    """Return whether files or links are below a folder, but for modules Python has compiled."""
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
