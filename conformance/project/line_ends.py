"""Files that git itself checks out with other bytes than it stores.

Through `core.autocrlf` or a committed attribute, a text has CRLF on disk and LF in git; with the
attribute `ident`, it has its id in place of `$Id$`. Any other CRLF is a change, because the harness
may send it. A file that is checked out in another encoding cannot be compared and is reported.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from conformance.project.git import git, git_bytes
from conformance.project.working_tree import CommittedFile, blob_id

_ATTRIBUTES: Final = ".gitattributes"
_ENCODING: Final = "working-tree-encoding"
_NO_ENCODING: Final = ("", "unspecified", "unset")


def is_as_checked_out(
    top: Path, content: bytes, entry: CommittedFile, committed: Mapping[str, CommittedFile]
) -> bool:
    """Return whether a content is what git checks out for a file: with CRLF, or its id.

    The attributes must also equal those of the commit, because they change what is sent.
    """
    lines = content.replace(b"\r\n", b"\n")
    has_crlf_alone = lines.replace(b"\n", b"\r\n") == content
    if lines != content and not has_crlf_alone:
        return False
    # With the attribute `ident`, git writes the id of the content into the file
    kept = lines.replace(b"$Id: %b $" % entry.id.encode(), b"$Id$")
    if entry.id not in {blob_id(lines, entry), blob_id(kept, entry)}:
        return False
    if not _attributes_hold(top, entry.path, committed):
        return False
    words = ("cat-file", "--filters", f"--path={entry.path}", entry.id)
    return git_bytes(top, *words) == content


def encoding_of(top: Path, path: str) -> str:
    """Return the encoding in which git checks a file out; empty if it keeps the bytes."""
    printed = git(top, "check-attr", _ENCODING, "--", path) or ""
    value = printed.rpartition(": ")[2]
    if value in _NO_ENCODING:
        return ""
    return value


def _attributes_hold(top: Path, path: str, committed: Mapping[str, CommittedFile]) -> bool:
    for folder in Path(path).parents:
        name = (folder / _ATTRIBUTES).as_posix()
        if not _is_same(top / name, committed.get(name)):
            return False
    return True


def _is_same(file: Path, entry: CommittedFile | None) -> bool:
    """Return whether attributes equal those of the commit; git ignores a CR before LF in them."""
    if entry is None:
        return not os.path.lexists(file)
    # The target of a link may be outside the commit
    if file.is_symlink() or not file.is_file():
        return False
    content = file.read_bytes()
    lines = content.replace(b"\r\n", b"\n")
    return entry.id in {blob_id(content, entry), blob_id(lines, entry)}
