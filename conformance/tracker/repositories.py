"""The repositories that done rows name.

Whether a commit exists is checked in a local clone, if one is configured.
"""

import enum
from pathlib import Path

from conformance.model.decision import Ledger
from conformance.project.git import git


class CommitState(enum.Enum):
    """Whether a commit exists; only a complete clone can show that it does not."""

    EXISTS = "exists"
    MISSING = "missing"
    UNKNOWN = "unknown"


def commit_state(commit: str, ledger: Ledger) -> tuple[CommitState, str]:
    """Return whether the commit of `repo@sha` exists, and the reason if it is not known to."""
    name, _, sha = commit.rpartition("@")
    if name not in ledger.repositories or ledger.file is None:
        return CommitState.UNKNOWN, f"repository {name!r} is not under `repositories:`"
    folder = Path(ledger.file).parent / ledger.repositories[name]
    is_clone = folder.is_dir() and git(folder, "rev-parse", "--git-dir") is not None
    if not is_clone:
        return CommitState.UNKNOWN, f"{folder} is no clone"
    if git(folder, "cat-file", "-e", f"{sha}^{{commit}}") is not None:
        return CommitState.EXISTS, ""
    # A shallow clone lacks commits that exist
    is_whole = git(folder, "rev-parse", "--is-shallow-repository") == "false"
    if not is_whole:
        return CommitState.UNKNOWN, f"{folder} is a shallow clone"
    return CommitState.MISSING, f"{folder} has no commit {sha}"
