"""The files that decide a verdict, held against a revision: none may differ.

In: what a command was asked for and the files that were read for it. Out: each file that is
changed, new, deleted or not in the revision. Git is asked for the tree of the revision alone; the
files themselves are hashed here, so no setting of the clone hides a change.

Guarded are the files that were read (suites, what they include and send, the runtimes file, the
ledger), recordings, the accepted baseline of the gauntlet, the declared source of the baseline
runtime, and all files below the folders of suites. What another runtime declares as its `source`
may change.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from conformance.errors import UsageError
from conformance.model.guard import Guard, Guarded, GuardFailure
from conformance.model.runtime import RecordedRuntime, Runtime
from conformance.project.checkout_state import top_of
from conformance.project.files import LEDGER_NAME, RUNTIMES_NAME
from conformance.project.git import git
from conformance.project.working_tree import Entry, entries_of, is_as_committed

ACCEPTED: Final = Path("reports/gauntlet/baseline.json")
_LISTED: Final = (
    *("ls-files", "-z", "--full-name", "--cached", "--others", "--exclude-standard", "--"),
)
_STEERING: Final[Mapping[str, Guarded]] = {
    LEDGER_NAME: Guarded.LEDGER,
    RUNTIMES_NAME: Guarded.RUNTIMES,
}


class GuardedFiles(Struct, frozen=True, kw_only=True):
    """What a command reads: the suites it was given, all files it read, and its runtimes."""

    suite_paths: Sequence[Path]
    read: Iterable[Path]
    ledger: Path | None
    runtimes_file: Path | None
    runtimes: Sequence[Runtime]
    baseline: str | None


class _Held(Struct):
    """Files held against a revision: its commit's files by path, and what is not as it has it."""

    top: Path
    base: Mapping[str, Entry]
    found: dict[str, GuardFailure] = field(default_factory=dict)

    def look_at(self, file: Path, what: Guarded) -> None:
        """Note a file that is not as the revision has it."""
        path = self.path_of(file)
        entry = self.base.get(path or "")
        if path is None:
            self._note(str(file), what, "lies outside the checkout, so no revision holds it")
        elif entry is None:
            if os.path.lexists(file):
                self._note(path, what, "is not in the revision")
        elif not os.path.lexists(self.top / path):
            self._note(path, what, "was deleted")
        elif not is_as_committed(self.top, self.top / path, entry):
            self._note(path, what, "was changed")

    def look_below(
        self, folder: Path, kind_of: Callable[[Path], Guarded], free: Sequence[str]
    ) -> None:
        """Note what the revision holds below a folder and is changed or deleted there.

        What is below one of the `free` paths may change.
        """
        at = self.path_of(folder)
        for path in self.base if at is not None else ():
            if _is_below(path, at or "") and not any(_is_below(path, each) for each in free):
                self.look_at(self.top / path, kind_of(self.top / path))

    def look_at_source(self, source: Path) -> None:
        """Note what was changed, deleted or added in the source of the baseline runtime."""
        what = Guarded.BASELINE_SOURCE
        self.look_below(source, lambda _: what, ())
        listed = git(source if source.is_dir() else source.parent, *_LISTED, str(source.resolve()))
        for name in filter(None, (listed or "").split("\0")):
            self.look_at(self.top / name, what)

    def path_of(self, file: Path) -> str | None:
        """Return the path of a file from the top; None outside. Only its folder is followed."""
        at = file.parent.resolve() / file.name if file.name not in {"", ".."} else file.resolve()
        root = self.top.resolve()
        return at.relative_to(root).as_posix() if at.is_relative_to(root) else None

    def _note(self, path: str, what: Guarded, how: str) -> None:
        self.found.setdefault(path, GuardFailure(what=what, subject=path, how=how))


def _is_below(path: str, folder: str) -> bool:
    return folder in {".", path} or path.startswith(f"{folder}/")


def guarded(revision: str, files: GuardedFiles) -> Guard:
    """Return what is not as a revision has it; raises UsageError for a revision git lacks."""
    top, commit = _base(revision)
    held = _Held(top=top, base={entry.path: entry for entry in entries_of(top, commit)})
    named = dict(_named(files))
    kinds = {held.path_of(file): what for file, what in named.items()}

    def kind_of(file: Path) -> Guarded:
        return kinds.get(held.path_of(file)) or _STEERING.get(file.name, Guarded.CASES)

    for file in (*named, *files.read):
        held.look_at(file, kind_of(file))
    free = [held.path_of(source) or "" for source in _sources(files, of_baseline=False)]
    for path in files.suite_paths:
        if path.is_dir():
            held.look_below(path, kind_of, [each for each in free if each])
        for file in _steering_near(path, top):
            held.look_at(file, kind_of(file))
    for source in _sources(files, of_baseline=True):
        held.look_at_source(source)
    if (accepted := top / ACCEPTED).exists() or str(ACCEPTED) in held.base:
        held.look_at(accepted, Guarded.BASELINE)
    failures = sorted(held.found.values(), key=str)
    return Guard(revision=revision, commit=commit, failures=tuple(failures))


def _base(revision: str) -> tuple[Path, str]:
    """Return the top of the checkout, and the commit of a revision; raises UsageError."""
    top = top_of(Path.cwd())
    if top is None:
        raise UsageError(
            f"--guard {revision}: this folder is in no repository of git",
            hint="a guard compares files with a commit",
        )
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    commit = git(top, *words)
    if not commit:
        raise UsageError(
            f"--guard {revision}: git knows no such revision here",
            hint="fetch it first; a clone of one commit has no other: `fetch-depth: 0`",
        )
    return top, commit


def _named(files: GuardedFiles) -> Iterator[tuple[Path, Guarded]]:
    """Yield the files that a command names by an option or a runtime, and what they are."""
    if files.ledger is not None:
        yield files.ledger, Guarded.LEDGER
    if files.runtimes_file is not None:
        yield files.runtimes_file, Guarded.RUNTIMES
    for runtime in files.runtimes:
        reach = runtime.reach
        if isinstance(reach, RecordedRuntime):
            yield reach.file, Guarded.RECORDING
        if runtime.fallback is not None:
            yield runtime.fallback, Guarded.RECORDING


def _sources(files: GuardedFiles, *, of_baseline: bool) -> Iterator[Path]:
    """Yield the declared sources of the baseline runtime, or those of all others."""
    for runtime in files.runtimes:
        if (runtime.name == files.baseline) is of_baseline:
            yield from runtime.source


def _steering_near(path: Path, top: Path) -> Iterator[Path]:
    """Yield where a ledger or a runtimes file may be: below a path of suites, or above it.

    Below a path only files that are there, so that none hides suites; above it every place up to
    the top, so that one that was deleted is missed.
    """
    start = path if path.is_dir() else path.parent
    for name in _STEERING:
        yield from start.rglob(name) if path.is_dir() else ()
        for folder in (start.resolve(), *start.resolve().parents):
            if not folder.is_relative_to(top.resolve()):
                break
            yield folder / name
