"""The state of a checkout: all that a piece of evidence is bound to, so that no other state can borrow it.

In: a folder of cases and the files that steer a command. Out: the commit, what differs from it, and digests of cases,
ledger and configuration. A file counts as changed if git says so, if git was told to overlook it, or if it is read
from the folder of cases and git does not keep it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from conformance import __version__
from conformance.project.files import GAUNTLET_NAME, LEDGER_NAME, REVIEW_NAME, RUNTIMES_NAME
from conformance.project.git import git, git_lines
from conformance.safe_text import visible

SHORT_COMMIT: Final = 12
"""Digits of a commit that people are shown, as everywhere in the reports."""
NO_COMMIT: Final = "no commit"
_CONFIGURATION: Final = (GAUNTLET_NAME, RUNTIMES_NAME, REVIEW_NAME)
_CACHE_FOLDER: Final = "__pycache__"
_FIELDS: Final = {
    "commit": "commit",
    "tree": "state of the tree",
    "cases": "cases",
    "ledger": "ledger",
    "configuration": "configuration",
    "harness": "version of the harness",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutState:
    """What is checked out.

    `commit` is the whole id, empty outside a repository. `changed` are the paths that are not as the commit has them,
    and `tree` a digest of what they hold, empty where there are none. The other digests are SHA-256 in hexadecimal.
    """

    commit: str
    changed: tuple[str, ...]
    tree: str
    cases: str
    ledger: str
    configuration: str
    harness: str = __version__

    @property
    def clean(self) -> bool:
        """Return whether the commit alone says what is checked out."""
        return bool(self.commit) and not self.changed

    @property
    def short_commit(self) -> str:
        """Return the commit as people are shown it."""
        return self.commit[:SHORT_COMMIT] or NO_COMMIT

    def mismatch(self, now: "CheckoutState") -> str:
        """Return what differs in a later state, in words; empty where nothing does."""
        if self.commit != now.commit:
            return f"it is of commit {self.short_commit}, and this is {now.short_commit}"
        differing = [words for name, words in _FIELDS.items() if getattr(self, name) != getattr(now, name)]
        if not differing:
            return ""
        return f"it is of another {' and '.join(differing)} than this"


@dataclass(frozen=True, slots=True, kw_only=True)
class _OwnOutput:
    """What the command itself makes: all below a folder but for one file."""

    folder: Path
    but: Path

    def holds(self, file: Path) -> bool:
        return file.is_relative_to(self.folder) and file != self.but


def checkout_state(folder: Path, steering: Path, own_output: Path, baseline: Path) -> CheckoutState:
    """Return the state of the checkout that a folder lies in.

    `steering` is the file that decides what is done; the files beside and below it are the cases. What lies below
    `own_output` is made by the command itself, and left out unless git keeps it. The `baseline` lies there too, and
    counts: no verdict may rest on one that reviewers do not see.
    """
    cases = steering.parent
    top_name = git(folder, "rev-parse", "--show-toplevel")
    top = Path(top_name) if top_name else None
    found: dict[str, str] = {}
    if top is not None:
        own = _OwnOutput(folder=own_output.resolve(), but=baseline.resolve())
        found |= _changes(top, cases.resolve(), own)
        seen = [file for file in (steering, baseline) if file.exists()]
        found |= {str(file): f"not kept {_content_digest(file)}" for file in seen if not _kept(top, file)}
    files = sorted(file for file in cases.rglob("*") if _is_read(file.relative_to(cases)) and file.is_file())
    ledger = [file for file in files if file.name == LEDGER_NAME]
    configuration = [file for file in files if file.name in _CONFIGURATION and file != steering]
    others = [file for file in files if file not in ledger and file not in configuration and file != steering]
    return CheckoutState(
        commit=git(folder, "rev-parse", "HEAD") or "",
        changed=tuple(sorted(map(visible, found))),
        tree=_digest(sorted(found.items())) if found else "",
        cases=_digest_of_files(others),
        ledger=_digest_of_files(ledger),
        configuration=_digest_of_files([steering, *configuration]),
    )


def _is_read(path: Path) -> bool:
    """Return whether a file can be part of a run: neither hidden nor a compiled module."""
    return not any(part.startswith(".") or part == _CACHE_FOLDER for part in path.parts)


def _kept(top: Path, file: Path) -> bool:
    """Return whether git keeps a file, or will list it as a new one."""
    at = file.resolve()
    return at.is_relative_to(top.resolve()) and git(top, "check-ignore", "--quiet", str(at)) is None


def _changes(top: Path, cases: Path, own: _OwnOutput) -> Iterator[tuple[str, str]]:
    """Yield the paths that are not as the commit has them, from the top, each with a digest of what it holds."""
    status = git_lines(top, "status", "--porcelain=v1", "--untracked-files=all", "--no-renames")
    paths = {line[3:]: line[:2] for line in status}
    # `git update-index --assume-unchanged` and `--skip-worktree` make git overlook a file: it proves nothing then.
    overlooked = (line for line in git_lines(top, "ls-files", "-v") if line[0].islower() or line[0] == "S")
    paths |= {line[2:]: "overlooked" for line in overlooked}
    inside = cases.is_relative_to(top.resolve())
    listed = ("ls-files", "--others", "--ignored", "--exclude-standard", "--", str(cases))
    ignored = git_lines(top, *listed) if inside else ()
    paths |= {path: "not kept" for path in ignored if _is_read(Path(path))}
    for path, state in paths.items():
        made_here = state in {"??", "not kept"} and own.holds(top.resolve() / path)
        if not made_here:
            yield path, f"{state} {_digest_of_files([top / path])}"


def _digest_of_files(files: Iterable[Path]) -> str:
    """Return one digest of the names and contents of files; one that is gone counts as such."""
    return _digest((str(file), _content_digest(file)) for file in files)


def _content_digest(file: Path) -> str:
    if not file.is_file():
        return "gone"
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _digest(pairs: Iterable[tuple[str, str]]) -> str:
    whole = hashlib.sha256()
    for name, content in pairs:
        whole.update(f"{name}\0{content}\n".encode("utf-8", "surrogateescape"))
    return whole.hexdigest()
