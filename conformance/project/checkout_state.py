"""The state of a checkout: all that a piece of evidence is bound to.

This prevents any other state from borrowing it.

In: a folder of cases and the files that steer a command. Out: the commit, what differs from it, and
digests of cases, ledger and configuration. A file counts as changed if it is not as the commit has
it, if it is new, or if it is read from the folder of cases and git does not keep it. What git
ignores elsewhere is bound to nothing.
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
"""Digits of a commit that people are shown, as everywhere in the reports."""
NO_COMMIT: Final = "no commit"
_CONFIGURATION: Final = (GAUNTLET_NAME, RUNTIMES_NAME, REVIEW_NAME)
_NOT_READ: Final = re.compile(r"(?:.*/)?(?:\.git(?:/.*)?|__pycache__/[^/]*\.pyc|\.DS_Store)")
"""What no run reads: the folder of git, compiled modules, what a file manager leaves."""
_OWN_NAME: Final = re.compile(r"[0-9]{8}T[0-9]{9}Z-[0-9a-f]{4}(?:\.md|\.json)?")
"""What a gauntlet makes in its folder: a folder and two reports that bear its id."""
_FIELDS: Final = {
    "commit": "commit",
    "tree": "state of the tree",
    "cases": "cases",
    "ledger": "ledger",
    "configuration": "configuration",
    "harness": "version of the harness",
}


class CheckoutState(Struct, frozen=True, kw_only=True):
    """What is checked out.

    `commit` is the whole id, empty outside a repository. `changed` are the paths that are not as
    the commit has them, and `tree` a digest of what they hold, empty where there are none. The
    other digests are SHA-256 in hexadecimal. `hidden` are files that only a setting of this clone
    ignores.
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
        differing: list[str] = []
        for field, words in _FIELDS.items():
            if getattr(self, field) != getattr(now, field):
                differing.append(words)
        if not differing:
            return ""
        return f"it is of another {' and '.join(differing)} than this"


class _OwnOutput(Struct, frozen=True, kw_only=True):
    """What the command itself makes: entries of a folder that bear the id of a gauntlet."""

    folder: Path

    def holds(self, file: Path) -> bool:
        if file == self.folder or not file.is_relative_to(self.folder):
            return False
        entry = file.relative_to(self.folder).parts[0]
        return _OWN_NAME.fullmatch(entry) is not None


def checkout_state(folder: Path, steering: Path, own_output: Path, baseline: Path) -> CheckoutState:
    """Return the state of the checkout that a folder lies in.

    `steering` is the file that decides what is done; the files beside and below it are the cases.
    What bears the id of a gauntlet in `own_output` is made by the command itself, and left out
    unless git keeps it. The `baseline` lies there too, and counts: no verdict may rest on one that
    reviewers do not see.
    """
    cases = steering.parent
    own = _OwnOutput(folder=own_output.resolve())
    files = sorted(_read_files(cases, own))
    top = top_of(folder)
    changed: dict[str, str] = {}
    if top is not None:
        changed |= _changes(top, own)
        changed |= _not_kept_digests(top, (steering, baseline, *files))
    # Each file counts once, by what it decides
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
    """Return those of some files that git does not keep, from the top, each with a digest."""
    digests: dict[str, str] = {}
    for file in _not_kept(top, filter(Path.exists, files)):
        digests[_named(top, file)] = f"not kept {_content_digest(file)}"
    return digests


def checkout_touched(
    folder: Path, steering: Path, own_output: Path
) -> dict[Path, tuple[int, int, int]]:
    """Return when each file that a verdict rests on was last written.

    Two answers show a change that was taken back.
    """
    own = _OwnOutput(folder=own_output.resolve())
    read = list(_read_files(steering.parent, own))
    top = top_of(folder)
    if top is None:
        return touched(read)
    committed = [top / entry.path for entry in entries_of(top)]
    return touched([*committed, *read])


def top_of(folder: Path) -> Path | None:
    """Return the top of the checkout that a folder lies in, None outside a repository.

    Raises UsageError where git has been set to take another folder for the checkout.
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
    """Yield the files below a folder that a run can read, hidden ones too.

    Links are followed, each folder once.
    """
    seen: set[Path] = set()
    for name, folders, files in os.walk(cases, followlinks=True):
        at = Path(name)
        end = at.resolve()
        # Links may lead around in a circle
        if end in seen:
            folders.clear()
            continue
        seen.add(end)
        for file in filter(Path.is_file, map(at.joinpath, files)):
            is_read = not _NOT_READ.fullmatch(file.relative_to(cases).as_posix())
            if is_read and not own.holds(file.resolve()):
                yield file


def _not_kept(top: Path, files: Iterable[Path]) -> Iterator[Path]:
    """Yield the files that git does not keep, and will not list as new ones.

    A link counts as what it leads to.
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
    """Return a file from the top of the checkout, or as it was given where it lies elsewhere."""
    at = file.parent.resolve() / file.name
    root = top.resolve()
    if not at.is_relative_to(root):
        return str(file)
    return at.relative_to(root).as_posix()


def _changes(top: Path, own: _OwnOutput) -> Iterator[tuple[str, str]]:
    """Yield the paths, from the top, that differ from the commit, each with a content digest."""
    words = (
        "status",
        "--porcelain=v1",
        "--untracked-files=all",
        "--no-renames",
        "--ignore-submodules=none",
    )
    states = dict(changed_files(top))
    # git's own state of a file goes before what its content shows
    states |= {line[3:]: line[:2] for line in git_lines(top, *words)}
    root = top.resolve()
    for path, state in states.items():
        is_new = state == "??"
        if is_new and own.holds(root / path):
            continue
        digest = _digest_of_files(_all_files(top / path), top)
        yield path, f"{state} {digest}"


def _hidden(top: Path, known: Collection[str]) -> Iterator[str]:
    """Yield the new files that no committed file ignores, but a setting of this clone does.

    Hidden files and folders are left out: editors and file managers keep their own there.
    """
    words = ("ls-files", "--others", "--exclude-per-directory=.gitignore")
    for path in filterfalse(_NOT_READ.fullmatch, git_lines(top, *words)):
        # Editors and file managers keep their own there
        is_dotted = "/." in f"/{path}"
        if is_dotted or path in known:
            continue
        if _ignored(top, top / path):
            yield path


def _all_files(path: Path) -> Iterator[Path]:
    """Yield a file, or all below a folder, such as one that a link leads to."""
    if path.is_dir():
        yield from sorted(filter(Path.is_file, path.resolve().rglob("*")))
    else:
        yield path


def _digest_of_files(files: Iterable[Path], folder: Path) -> str:
    """Return one digest of the names, from a folder, and contents of files.

    One that is gone counts as such.
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
