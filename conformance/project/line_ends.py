"""Files that git itself checks out with other line ends than it keeps.

By `core.autocrlf` or an attribute of the commit, a text has CRLF on disk and LF in git. Any other
CRLF is a change: the harness may send it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from conformance.project.git import git_bytes
from conformance.project.working_tree import Entry, blob_id

_ATTRIBUTES: Final = ".gitattributes"


def checked_out_with_crlf(
    top: Path, content: bytes, entry: Entry, committed: Mapping[str, Entry]
) -> bool:
    """Return whether a content is what git checks out for a file, with CRLF for each LF.

    The attributes have to be those of the commit, too: who changes them changes what is sent.
    """
    lines = content.replace(b"\r\n", b"\n")
    if lines.replace(b"\n", b"\r\n") != content or blob_id(lines, entry) != entry.id:
        return False
    words = ("cat-file", "--filters", f"--path={entry.path}", entry.id)
    return _attributes_hold(top, entry.path, committed) and git_bytes(top, *words) == content


def _attributes_hold(top: Path, path: str, committed: Mapping[str, Entry]) -> bool:
    for folder in Path(path).parents:
        name = (folder / _ATTRIBUTES).as_posix()
        entry, at = committed.get(name), top / name
        is_file = at.is_file() and not at.is_symlink()
        if entry is None and (is_file or at.is_symlink()):
            return False
        if entry is not None and not (is_file and blob_id(at.read_bytes(), entry) == entry.id):
            return False
    return True
