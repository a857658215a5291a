"""Files that git itself checks out with other line ends than it keeps.

By `core.autocrlf` or an attribute of the commit, a text has CRLF on disk and LF in git. Any other
CRLF is a change: the harness may send it.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from conformance.project.git import git_bytes
from conformance.project.working_tree import CommittedFile, blob_id

_ATTRIBUTES: Final = ".gitattributes"


def checked_out_with_crlf(
    top: Path, content: bytes, entry: CommittedFile, committed: Mapping[str, CommittedFile]
) -> bool:
    """Return whether a content is what git checks out for a file, with CRLF for each LF.

    The attributes have to be those of the commit, too: who changes them changes what is sent.
    """
    lines = content.replace(b"\r\n", b"\n")
    if lines.replace(b"\n", b"\r\n") != content or blob_id(lines, entry) != entry.id:
        return False
    words = ("cat-file", "--filters", f"--path={entry.path}", entry.id)
    return _attributes_hold(top, entry.path, committed) and git_bytes(top, *words) == content


def _attributes_hold(top: Path, path: str, committed: Mapping[str, CommittedFile]) -> bool:
    for folder in Path(path).parents:
        name = (folder / _ATTRIBUTES).as_posix()
        if not _is_same(top / name, committed.get(name)):
            return False
    return True


def _is_same(file: Path, entry: CommittedFile | None) -> bool:
    if entry is None:
        return not os.path.lexists(file)
    is_file = file.is_file() and not file.is_symlink()
    return is_file and blob_id(file.read_bytes(), entry) == entry.id
