"""What git knows of a folder, asked with fixed words; no answer where there is no git or no repository."""

import subprocess
from pathlib import Path
from typing import Final

from conformance.errors import UsageError

_TIMEOUT_S: Final = 10
_OWN_OUTPUT: Final = "reports"
"""Where runs, gauntlets and reviews are kept, from the working folder."""
_DIFF_TIMEOUT_S: Final = 60
"""A diff, or the listing of a large checkout, takes seconds on a slow disk."""


def git(folder: Path, *words: str) -> str | None:
    """Return what git prints, without the space around it, or None where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - the words are the caller's, and no shell reads them
            ["git", "-C", str(folder), *words],  # noqa: S607 - git is looked up as everywhere
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()


def git_lines(folder: Path, *words: str) -> tuple[str, ...]:
    """Return the entries that git prints with `-z`, which no path can break; raises UsageError where it fails.

    An answer that is missing must never look like one that is empty: the state of a checkout rests on it.
    """
    whole = ("git", "-C", str(folder), "--no-optional-locks", words[0], "-z", *words[1:])
    try:
        printed = subprocess.run(whole, capture_output=True, timeout=_DIFF_TIMEOUT_S, check=True).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise UsageError(f"{folder}: git {words[0]} failed", hint="the state of the checkout is not known") from error
    return tuple(entry for entry in printed.decode("utf-8", "surrogateescape").split("\0") if entry)


def git_diff(folder: Path, base: str) -> bytes | None:
    """Return what HEAD has and a base has not, as a diff, or None where git cannot say; renames are followed."""
    words = (
        *("git", "-C", str(folder), "-c", "core.quotepath=off", "diff", "--no-color", "--no-ext-diff", "--no-textconv"),
        *("--find-renames", "--end-of-options", f"{base}...HEAD", "--"),
    )
    try:
        return subprocess.run(words, capture_output=True, timeout=_DIFF_TIMEOUT_S, check=True).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None


def head_commit(folder: Path) -> str:
    """Return the commit that a folder is at, `-dirty` where the commit does not hold all, or nothing without one.

    A new file counts as much as a change: what ran may have been in it.  The harness's own output does not.
    """
    commit = git(folder, "rev-parse", "--short=12", "HEAD")
    if not commit:
        return ""
    changed = git(folder, "status", "--porcelain", "--untracked-files=no")
    new = git(folder, "ls-files", "--others", "--exclude-standard", "--", ":(top)", f":(exclude){_OWN_OUTPUT}")
    return commit if changed == new == "" else f"{commit}-dirty"
