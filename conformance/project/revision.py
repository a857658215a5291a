"""The commit that a revision names, if the name is not ambiguous.

If several references have the same name, git takes the first: a tag `origin/main` precedes the
branch of the remote. A verdict must not depend on that order, which is the one of gitrevisions(7).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from conformance.errors import UsageError
from conformance.project.git import git
from conformance.safe_text import visible

_FULL_HASH: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT_HASH: Final = re.compile(r"[0-9a-f]{4,64}")
_STEP: Final = re.compile(r"[~^:]|@\{")
"""The start of a suffix that leads to another commit: `main~3`, `main^`, `main@{1}`."""
_NEVER_SEVERAL: Final = frozenset({"", "HEAD", "@"})
_PLACES: Final = (
    "{}",
    "refs/{}",
    "refs/tags/{}",
    "refs/heads/{}",
    "refs/remotes/{}",
    "refs/remotes/{}/HEAD",
)


def commit_of(top: Path, revision: str, option: str) -> str:
    """Return the full id of the commit that a revision names.

    Raises UsageError if git knows no such commit, or if the name could mean several.
    """
    step = _STEP.search(revision)
    name = revision[: step.start()] if step else revision
    candidates = dict(_candidates(top, name))
    is_ambiguous = len(set(candidates.values())) > 1
    if is_ambiguous:
        raise UsageError(
            f"{option} {visible(revision)}: this could be {' or '.join(map(visible, candidates))}",
            hint="write the whole name of a reference, or the whole id of a commit",
        )
    whole = next(iter(candidates), name) + revision[len(name) :]
    commit = _commit(top, whole)
    if not commit:
        raise UsageError(
            f"{option} {visible(revision)}: git knows no such revision here",
            hint="fetch it first; a clone of one commit has no other: `fetch-depth: 0`",
        )
    return commit


def _candidates(top: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield the references and ids that a name could mean, in git's order, with their commits."""
    # For a full id, git takes the object and not a reference
    if name in _NEVER_SEVERAL or _FULL_HASH.fullmatch(name):
        return
    for reference in _references(top, name):
        commit = _commit(top, reference)
        if commit:
            yield reference, commit
    if _SHORT_HASH.fullmatch(name):
        for commit in _commits_with_id(top, name):
            yield commit, commit


def _commits_with_id(top: Path, start: str) -> Iterator[str]:
    """Yield the ids of the commits that begin with the given digits."""
    listed = git(top, "rev-parse", f"--disambiguate={start}") or ""
    for object_id in listed.split():
        commit = _commit(top, object_id)
        # Other kinds of objects may begin with the same digits
        if commit == object_id:
            yield commit


def _references(top: Path, name: str) -> Iterator[str]:
    """Yield the references with a name, in git's order."""
    if (top / _git_path(top, name)).is_file():
        yield name
    for place in _PLACES:
        reference = place.format(name)
        if git(top, "show-ref", "--verify", "--quiet", "--", reference) is not None:
            yield reference


def _git_path(top: Path, name: str) -> str:
    """Return the path of the file that git looks for first for a name."""
    return git(top, "rev-parse", "--git-path", name) or name


def _commit(top: Path, name: str) -> str:
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return git(top, *words) or ""
