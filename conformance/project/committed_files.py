"""The files of a commit, read object by object, with every hash checked here.

Git does not hash what it reads from its store, so a forged tree could hide a file of the commit.
The id of a commit covers all of its trees, and those of its submodules. The index, settings and
attributes have no influence. File names are bytes; those that are not UTF-8 are decoded with
surrogates, as by `os.fsdecode`.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from conformance.errors import UsageError
from conformance.project.git import git_bytes
from conformance.project.working_tree import CommittedFile, object_id

LINK: Final = "120000"
SUBMODULE: Final = "160000"
_FOLDER: Final = "40000"


class CommittedFiles(Struct, frozen=True, kw_only=True):
    """The files of a commit by path from the top, and the submodules that are checked out.

    Their files are included; a submodule that is not checked out is an entry itself.
    """

    files: dict[str, CommittedFile]
    submodules: frozenset[str]


def committed_files(top: Path, commit: str) -> CommittedFiles:
    """Return the files of a commit; raises UsageError if git lacks one of its objects."""
    files: dict[str, CommittedFile] = {}
    submodules: set[str] = set()
    for entry in _entries(top, commit):
        at = top / entry.path
        if entry.mode != SUBMODULE or not os.path.lexists(at / ".git"):
            files[entry.path] = entry
            continue
        inside = committed_files(at, entry.id)
        submodules |= {entry.path, *(f"{entry.path}/{path}" for path in inside.submodules)}
        for path, each in inside.files.items():
            whole = f"{entry.path}/{path}"
            files[whole] = CommittedFile(each.mode, each.id, whole)
    return CommittedFiles(files=files, submodules=frozenset(submodules))


def _entries(top: Path, commit: str) -> Iterator[CommittedFile]:
    """Yield the files, links and submodules of a commit, one level of folders after another."""
    raw = objects(top, [commit], "commit")[commit]
    tree = raw.partition(b"\n")[0].removeprefix(b"tree ").decode("ascii")
    folders = [("", tree)]
    while folders:
        trees = objects(top, {each for _, each in folders}, "tree")
        below = []
        for folder, each in folders:
            for entry in _rows(trees[each], len(each) // 2, folder):
                if entry.mode == _FOLDER:
                    below.append((f"{entry.path}/", entry.id))
                else:
                    yield entry
        folders = below


def _rows(tree: bytes, digest_bytes: int, folder: str) -> Iterator[CommittedFile]:
    """Yield the entries of a tree: each has a mode, a name, and an id in bytes."""
    at = 0
    while at < len(tree):
        end = tree.index(b"\0", at)
        mode, _, name = tree[at:end].partition(b" ")
        at = end + 1 + digest_bytes
        yield CommittedFile(
            mode.decode("ascii"), tree[end + 1 : at].hex(), folder + os.fsdecode(name)
        )


def objects(top: Path, ids: Iterable[str], kind: str) -> dict[str, bytes]:
    """Return the content of git objects by id.

    Raises UsageError for an object that is missing or whose content has another id.
    """
    wanted = sorted(ids)
    given = "".join(f"{id_}\n" for id_ in wanted).encode()
    printed = git_bytes(top, "cat-file", "--batch", given=given) or b""
    found: dict[str, bytes] = {}
    at = 0
    for id_ in wanted:
        head, _, _ = printed[at : at + 200].partition(b"\n")
        words = head.decode("ascii", "replace").split()
        if words[:2] != [id_, kind]:
            raise UsageError(
                f"{top}: git does not have the {kind} {id_}", hint="fetch it; `git fsck` says more"
            )
        start = at + len(head) + 1
        found[id_] = printed[start : start + int(words[2])]
        at = start + len(found[id_]) + 1
        if object_id(kind, found[id_], len(id_)) != id_:
            raise UsageError(
                f"{top}: the {kind} {id_} of git was forged: its content has another id",
                hint="clone again; `git fsck` says more",
            )
    return found
