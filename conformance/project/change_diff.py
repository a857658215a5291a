"""What HEAD has and a base has not, as a diff that shows every changed file.

In: a folder of a checkout and a revision. Out: the diff in git's form, or whether there is any
change. No setting and no attribute of git hides a file or a line: the diff is made with `diff-tree
--text`, which reads neither, and its files are counted. A base without files stands for what was
before the first commit.
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
    """Return whether HEAD has another tree than a base, or None where git cannot say."""
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
    """Return the diff from a base to HEAD, or None where git cannot say; renames are followed.

    A binary file is named, and not shown. Raises UsageError where the diff shows fewer files than
    changed.
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
    """Return where the change starts: the last commit that a base and HEAD share, or nothing."""
    if base == no_files(folder):
        return base
    return git(folder, "merge-base", "--end-of-options", base, "HEAD") or ""


def _without_binary(part: bytes) -> bytes:
    """Return a file of a diff, without its hunks where it is binary.

    Binary is what holds a NUL byte and is not UTF-8. A NUL byte alone hides no source.
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
