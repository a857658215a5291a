"""Read access to git, with fixed commands.

Settings that make git answer from a cache or a hook, or use a replacement object, are disabled.
Commands whose output depends on settings (`diff`, `log`, `show`) are not used: the plumbing below
them (`diff-tree`, `rev-list`, `cat-file`) ignores those settings.
"""

import os
import subprocess
from pathlib import Path
from typing import Final

from conformance.errors import UsageError

_GIT: Final = (
    *("git", "--no-optional-locks", "--no-replace-objects"),
    *("-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false"),
)
_KEPT_VARIABLES: Final = ("GIT_CONFIG_", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_")
"""Prefixes of the git variables that stay: settings (such as trust in a folder) and the end of the
search for a repository. All others select another repository, index or form of a diff.
"""
# git answers at once, unless it hangs because of a lock or a network drive
_TIMEOUT_S: Final = 10
OWN_OUTPUT: Final = "reports"
"""The folder of runs, gauntlets and reviews, relative to the working folder."""
NOT_OWN_OUTPUT: Final = ("--", ":(top)", f":(exclude){OWN_OUTPUT}")
"""The last arguments of a git command about all files except those."""
_LONG_TIMEOUT_S: Final = 60
"""A diff, or the listing of a large checkout, takes seconds on a slow disk."""


def git(folder: Path, *words: str) -> str | None:
    """Return the output of git without surrounding white space; None if git fails or is missing."""
    try:
        done = subprocess.run(  # noqa: S603 - the words are the caller's, and no shell reads them
            [*_GIT, "-C", str(folder), *words],
            env=_environment(),
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()


def refusal(folder: Path) -> str:
    """Return why git refuses to use a folder; empty without git or without a repository.

    For example, git does not trust the owner, or the repository is configured as bare.
    """
    try:
        done = subprocess.run(  # noqa: S603 - the words are fixed, and no shell reads them
            [*_GIT, "-C", str(folder), "rev-parse", "--show-toplevel"],
            env={**_environment(), "LC_ALL": "C"},
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    message = done.stderr.decode("utf-8", "replace").strip()
    reason = message.partition("\n")[0].removeprefix("fatal: ")
    return "" if done.returncode == 0 or reason.startswith("not a git repository") else reason


def git_lines(folder: Path, *words: str) -> tuple[str, ...]:
    """Return the entries that git prints with `-z`, so that any path is possible.

    Raises UsageError if git fails: a failure must never look like an empty answer, because the
    state of a checkout depends on it.
    """
    printed = git_bytes(folder, words[0], "-z", *words[1:])
    if printed is None:
        raise UsageError(
            f"{folder}: git {words[0]} failed", hint="the state of the checkout is not known"
        )
    return tuple(entry for entry in printed.decode("utf-8", "surrogateescape").split("\0") if entry)


def git_bytes(folder: Path, *words: str, given: bytes = b"") -> bytes | None:
    """Return the output of git as bytes, or None if git fails; `given` is its standard input."""
    try:
        return subprocess.run(  # noqa: S603 - the words are the caller's, and no shell reads them
            [*_GIT, "-C", str(folder), *words],
            env=_environment(),
            input=given,
            capture_output=True,
            timeout=_LONG_TIMEOUT_S,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT_VARIABLES)
    }


def no_files(folder: Path) -> str:
    """Return the id of the tree without files: the state before the first commit."""
    return git(folder, "hash-object", "-t", "tree", os.devnull) or ""


def is_shallow(folder: Path) -> bool:
    """Return whether a clone lacks a part of its history."""
    return git(folder, "rev-parse", "--is-shallow-repository") == "true"


def head_commit(folder: Path) -> str:
    """Return the commit of a folder, with `-dirty` if files differ; empty without a commit.

    A new file counts as much as a change, because a runtime may use it.  The harness's own output
    does not count.
    """
    commit = git(folder, "rev-parse", "--short=12", "HEAD")
    if not commit:
        return ""
    changed = git(folder, "status", "--porcelain", "--untracked-files=no")
    new = git(folder, "ls-files", "--others", "--exclude-standard", *NOT_OWN_OUTPUT)
    return commit if changed == new == "" else f"{commit}-dirty"
