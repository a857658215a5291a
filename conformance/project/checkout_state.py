"""The state of a checkout, to which evidence is bound, so that it is not valid for another state.

In: a folder of cases and the files that control a command. Out: the commit, what differs from it,
and digests of cases, ledger and configuration. A file counts as changed if it differs from the
commit, if it is new, or if it is in the folder of cases and untracked. Other files that git ignores
are not part of the state.
"""

import hashlib
import os
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import filterfalse
from pathlib import Path
from typing import Final

from msgspec import Struct

from conformance import __version__
from conformance.errors import UsageError
from conformance.project.files import GAUNTLET_NAME, LEDGER_NAME, REVIEW_NAME, RUNTIMES_NAME
from conformance.project.git import git, git_lines
from conformance.project.working_tree import changed_files, entries_of, touched
from conformance.safe_text import visible

SHORT_COMMIT: Final = 12
"""How many digits of a commit reports show."""
NO_COMMIT: Final = "no commit"
_CONFIGURATION: Final = (GAUNTLET_NAME, RUNTIMES_NAME, REVIEW_NAME)
_NOT_READ: Final = re.compile(r"(?:.*/)?(?:\.git(?:/.*)?|__pycache__/[^/]*\.pyc|\.DS_Store)")
"""Files that no run reads: those of git, compiled modules, and those of a file manager."""
_OWN_NAME: Final = re.compile(r"[0-9]{8}T[0-9]{9}Z-[0-9a-f]{4}(?:\.md|\.json)?")
"""The names that a gauntlet gives to its folder and its two reports: its id."""
_FIELDS: Final = {
    "commit": "commit",
    "tree": "state of the tree",
    "cases": "cases",
    "ledger": "ledger",
    "configuration": "configuration",
    "harness": "version of the harness",
}


class CheckoutState(Struct, frozen=True, kw_only=True):
    """The state of a checkout.

    `commit` is the whole id, empty outside a repository. `changed` are the paths that differ from
    the commit, and `tree` is a digest of their content, empty if there are none. The other digests
    are SHA-256 as hex. `hidden` are files that only a setting of this clone ignores.
    """

    commit: str
    changed: tuple[str, ...]
    tree: str
    cases: str
    ledger: str
    configuration: str
    harness: str = __version__
    hidden: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Return whether there is a commit and no file differs from it."""
        return bool(self.commit) and not self.changed

    @property
    def short_commit(self) -> str:
        """Return the first digits of the commit, for reports."""
        return self.commit[:SHORT_COMMIT] or NO_COMMIT

    def mismatch(self, now: "CheckoutState") -> str:
        """Return in words what differs in a later state; empty if nothing differs."""
        if self.commit != now.commit:
            return f"it is of commit {self.short_commit}, and this is {now.short_commit}"
        differing: list[str] = []
        for field, words in _FIELDS.items():
            if getattr(self, field) != getattr(now, field):
                differing.append(words)
        if not differing:
            return ""
        return f"it is of another {' and '.join(differing)} than this"


class _OwnOutput(Struct, frozen=True, kw_only=True):
    """The output of the gauntlet command: entries of a folder that are named after a gauntlet."""

    folder: Path

    def holds(self, file: Path) -> bool:
        if file == self.folder or not file.is_relative_to(self.folder):
            return False
        entry = file.relative_to(self.folder).parts[0]
        return _OWN_NAME.fullmatch(entry) is not None


def checkout_state(folder: Path, steering: Path, own_output: Path, baseline: Path) -> CheckoutState:
    """Return the state of the checkout that contains a folder.

    `steering` is the gauntlet file; the files next to it and below are the cases. New files of
    gauntlets in `own_output` are left out. The `baseline` counts, although it is in the same
    folder: a verdict must not depend on a baseline that reviewers do not see.
    """
    cases = steering.parent
    own = _OwnOutput(folder=own_output.resolve())
    files = sorted(_read_files(cases, own))
    top = top_of(folder)
    changed: dict[str, str] = {}
    if top is not None:
        changed |= _changes(top, own)
        changed |= _not_kept_digests(top, (steering, baseline, *files))
    # Each file is part of one digest, according to its purpose
    ledger = {file for file in files if file.name == LEDGER_NAME}
    configuration = {file for file in files if file.name in _CONFIGURATION} - {steering}
    others = set(files) - ledger - configuration - {steering}
    return CheckoutState(
        commit=git(folder, "rev-parse", "HEAD") or "",
        changed=tuple(sorted(map(visible, changed))),
        tree=_digest(sorted(changed.items())) if changed else "",
        cases=_digest_of_files(sorted(others), cases),
        ledger=_digest_of_files(sorted(ledger), cases),
        configuration=_digest_of_files([steering, *sorted(configuration)], cases),
        hidden=tuple(map(visible, _hidden(top, changed))) if top is not None else (),
    )


def _not_kept_digests(top: Path, files: Iterable[Path]) -> dict[str, str]:
    """Return the untracked ones of some files by path from the top, each with a digest."""
    digests: dict[str, str] = {}
    for file in _not_kept(top, filter(Path.exists, files)):
        digests[_named(top, file)] = f"not kept {_content_digest(file)}"
    return digests


def checkout_touched(
    folder: Path, steering: Path, own_output: Path
) -> dict[Path, tuple[int, int, int]]:
    """Return a mark for the last write of each file that a verdict depends on.

    Two results differ even if a change in between was reverted.
    """
    own = _OwnOutput(folder=own_output.resolve())
    read = list(_read_files(steering.parent, own))
    top = top_of(folder)
    if top is None:
        return touched(read)
    committed = [top / entry.path for entry in entries_of(top)]
    return touched([*committed, *read])


def top_of(folder: Path) -> Path | None:
    """Return the top folder of the checkout that contains a folder; None outside a repository.

    Raises UsageError if git is configured to use another folder as the checkout.
    """
    name = git(folder, "rev-parse", "--show-toplevel")
    if name is None:
        return None
    if not folder.resolve().is_relative_to(Path(name).resolve()):
        raise UsageError(
            f"git takes {name} for the checkout, and {folder.resolve()} is not in it",
            hint="`git config --unset core.worktree`",
        )
    return Path(name)


def _read_files(cases: Path, own: _OwnOutput) -> Iterator[Path]:
    """Yield the files below a folder that a run can read, including hidden ones.

    Links are followed, and each folder is visited once.
    """
    seen: set[Path] = set()
    for name, folders, files in os.walk(cases, followlinks=True):
        at = Path(name)
        end = at.resolve()
        # Links may form a circle
        if end in seen:
            folders.clear()
            continue
        seen.add(end)
        for file in filter(Path.is_file, map(at.joinpath, files)):
            is_read = not _NOT_READ.fullmatch(file.relative_to(cases).as_posix())
            if is_read and not own.holds(file.resolve()):
                yield file


def _not_kept(top: Path, files: Iterable[Path]) -> Iterator[Path]:
    """Yield the files that are neither tracked by git nor listed as new, because git ignores them.

    A link is resolved first. Files outside the checkout are included.
    """
    root = top.resolve()
    kept = {entry.path for entry in entries_of(top)}
    for file in files:
        at = file.resolve()
        if not at.is_relative_to(root):
            yield file
            continue
        is_kept = at.relative_to(root).as_posix() in kept
        if not is_kept and _ignored(top, at):
            yield file


def _ignored(top: Path, file: Path) -> bool:
    return git(top, "check-ignore", "--quiet", str(file)) is not None


def _named(top: Path, file: Path) -> str:
    """Return the path of a file from the top of the checkout; unchanged if it is not in there."""
    at = file.parent.resolve() / file.name
    root = top.resolve()
    if not at.is_relative_to(root):
        return str(file)
    return at.relative_to(root).as_posix()


def _changes(top: Path, own: _OwnOutput) -> Iterator[tuple[str, str]]:
    """Yield the paths, from the top, that differ from the commit, with a state and a digest."""
    words = (
        "status",
        "--porcelain=v1",
        "--untracked-files=all",
        "--no-renames",
        "--ignore-submodules=none",
    )
    states = dict(changed_files(top))
    # The state that git reports takes precedence over the one from the content
    states |= {line[3:]: line[:2] for line in git_lines(top, *words)}
    root = top.resolve()
    for path, state in states.items():
        is_new = state == "??"
        if is_new and own.holds(root / path):
            continue
        digest = _digest_of_files(_all_files(top / path), top)
        yield path, f"{state} {digest}"


def _hidden(top: Path, known: Collection[str]) -> Iterator[str]:
    """Yield the new files that a setting of this clone ignores, and no committed file does.

    Hidden files and folders are left out: editors and file managers keep their own files there.
    """
    words = ("ls-files", "--others", "--exclude-per-directory=.gitignore")
    for path in filterfalse(_NOT_READ.fullmatch, git_lines(top, *words)):
        # Editors and file managers keep their own files there
        is_dotted = "/." in f"/{path}"
        if is_dotted or path in known:
            continue
        if _ignored(top, top / path):
            yield path


def _all_files(path: Path) -> Iterator[Path]:
    """Yield the file, or all files below if the path is a folder or a link to one."""
    if path.is_dir():
        yield from sorted(filter(Path.is_file, path.resolve().rglob("*")))
    else:
        yield path


def _digest_of_files(files: Iterable[Path], folder: Path) -> str:
    """Return one digest of the names, relative to a folder, and contents of files.

    A file that does not exist is included as deleted.
    """
    pairs = ((os.path.relpath(file, folder), _content_digest(file)) for file in files)
    return _digest(pairs)


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
