"""The change from a base revision to HEAD, as a diff that shows every changed file.

In: a folder of a checkout and a revision. Out: the diff in git's format, or whether there is any
change. No setting or attribute of git can hide a file or a line: the diff is made with `diff-tree
--text`, which reads neither, and the number of its files is checked. A base without files stands
for the state before the first commit.
"""

import re
from pathlib import Path
from typing import Final

from conformance.errors import UsageError
from conformance.project.git import git, git_bytes, no_files

_DIFF: Final = (
    *("diff-tree", "-r", "-p", "--text", "--find-renames", "--unified=3", "--no-color"),
    *("--no-ext-diff", "--no-textconv", "--no-relative", "--ignore-submodules=none"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
_LISTING: Final = ("diff-tree", "-r", "--raw", "--find-renames", "--no-relative")
_FILE: Final = re.compile(rb"^(?=diff --git )", re.MULTILINE)
_HUNK: Final = b"\n@@ "


def has_change(folder: Path, base: str) -> bool | None:
    """Return whether HEAD differs from the merge base with a revision; None if git fails."""
    start = _start(folder, base)
    if not start:
        return None
    before = _tree(folder, start)
    now = _tree(folder, "HEAD")
    if before is None or now is None:
        return None
    return before != now


def _tree(folder: Path, revision: str) -> str | None:
    return git(folder, "rev-parse", "--verify", f"{revision}^{{tree}}")


def change_diff(folder: Path, base: str) -> bytes | None:
    """Return the diff from the merge base with a revision to HEAD; None if git fails.

    Renames are detected. A binary file is named, and its content left out. Raises UsageError if the
    diff shows fewer files than changed.
    """
    start = _start(folder, base)
    if not start:
        return None
    words = ("--end-of-options", start, "HEAD")
    listed = git_bytes(folder, *_LISTING, *words)
    diff = git_bytes(folder, "-c", "core.quotepath=off", *_DIFF, *words)
    if listed is None or diff is None:
        return None
    files = list(filter(None, _FILE.split(diff)))
    changed = listed.count(b"\n")
    if len(files) < changed:
        raise UsageError(
            f"the diff shows {len(files)} of {changed} changed files",
            hint="`git diff-tree -r -p --text` should show them all: look at the settings of git",
        )
    return b"".join(map(_without_binary, files))


def _start(folder: Path, base: str) -> str:
    """Return the merge base of a revision and HEAD, where the change starts; empty if none."""
    if base == no_files(folder):
        return base
    return git(folder, "merge-base", "--end-of-options", base, "HEAD") or ""


def _without_binary(part: bytes) -> bytes:
    """Return the part of a diff for one file, without hunks if the file is binary.

    A file is binary if it contains a NUL byte and is not UTF-8: a NUL byte alone must not hide
    source.
    """
    header, _, hunks = part.partition(_HUNK)
    if b"\0" not in hunks or _is_utf8(hunks):
        return part
    *kept, old, new = header.split(b"\n")
    names = tuple(line[4:].rstrip(b"\t") for line in (old, new))
    return b"\n".join([*kept, b"Binary files %b and %b differ\n" % names])


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
