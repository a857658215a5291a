"""The files that decide a verdict, held against a revision: none may differ.

In: what a command was asked for and the files that were read for it. Out: each file that is
changed, new, deleted or not in the revision. Git is asked for the objects of the revision alone;
these and the files themselves are hashed here, so no setting of the clone hides a change.

Guarded are the files that were read (suites, what they include and send, the runtimes file, the
ledger), recordings, the accepted baseline of the gauntlet, the declared source of the baseline
runtime, and all files below the folders of suites. What another runtime declares as its `source`
may change, unless the suites, the ledger or the runtimes file lie in it.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from conformance.errors import UsageError
from conformance.model.guard import Guard, Guarded
from conformance.model.runtime import Runtime
from conformance.project.checkout_state import top_of
from conformance.project.committed_files import committed_files
from conformance.project.files import LEDGER_NAME, RUNTIMES_NAME, is_ours
from conformance.project.git import OWN_OUTPUT
from conformance.project.guarded_runtimes import (
    baseline_warnings,
    look_at_other_source,
    named_files,
    programs,
)
from conformance.project.held_files import HeldFiles, followed, is_below
from conformance.project.revision import commit_of

ACCEPTED: Final = Path("reports/gauntlet/baseline.json")
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

    @property
    def others(self) -> Sequence[Runtime]:
        """Return the runtimes that are no baseline."""
        return [runtime for runtime in self.runtimes if runtime.name != self.baseline]

    @property
    def baselines(self) -> Sequence[Runtime]:
        """Return the baseline runtime, if one is named."""
        return [runtime for runtime in self.runtimes if runtime.name == self.baseline]


def guarded(revision: str, files: GuardedFiles) -> Guard:
    """Return what is not as a revision has it.

    Raises UsageError for a revision that git lacks, or knows several of.
    """
    top = top_of(Path.cwd())
    if top is None:
        raise UsageError(
            f"--guard {revision}: this folder is in no repository of git",
            hint="a guard compares files with a commit",
        )
    top = top.resolve()
    commit = commit_of(top, revision, "--guard")
    held = HeldFiles(
        top=top, commit=committed_files(top, commit), kind_of=_kinds(top, files), is_free=_none_is
    )
    held.is_free = _free(held, files)
    _look_at_suites(held, files)
    for file, what in (*_steering(files), *named_files(files.runtimes)):
        held.look_at(file, what)
    for file, what in programs(files.runtimes, files.baseline, held):
        held.look_at(file, what)
    _look_at_sources(held, files)
    if (accepted := top / ACCEPTED).exists() or held.has(ACCEPTED.as_posix()):
        held.look_at(accepted, Guarded.BASELINE)
    return Guard(
        revision=revision,
        commit=commit,
        failures=tuple(sorted(held.found.values(), key=str)),
        warnings=tuple(baseline_warnings(files.runtimes, files.baseline, held)),
    )


def _look_at_suites(held: HeldFiles, files: GuardedFiles) -> None:
    """Look at the files that were read, at all below the folders of suites, and what is near."""
    for file in files.read:
        held.look_at(file, Guarded.CASES if file.is_dir() else None)
    for path in files.suite_paths:
        held.look_at(path)
        for file in _steering_near(path, held.top):
            held.look_at(file)
        for repository in _repositories_near(path, held):
            held.note(repository, Guarded.CASES, "are in a repository of their own")


def _look_at_sources(held: HeldFiles, files: GuardedFiles) -> None:
    """Look at the whole source of the baseline, and at links in that of the other runtimes."""
    own_output = followed(Path(OWN_OUTPUT))[1]
    of_baseline = [source for runtime in files.baselines for source in runtime.source]
    for source in of_baseline:
        held.look_at_all(source, Guarded.BASELINE_SOURCE, own_output)
    for runtime in files.others:
        look_at_other_source(held, runtime, [followed(each)[1] for each in of_baseline])


def _none_is(_path: str) -> bool:
    return False


def _kinds(top: Path, files: GuardedFiles) -> Callable[[str], Guarded]:
    """Return what says of a path from the top what it is."""
    kinds = {
        each: what
        for file, what in (*_steering(files), *named_files(files.runtimes))
        for links, end in (followed(file),)
        for each in (*links, end)
    }

    def kind_of(path: str) -> Guarded:
        file = top / path
        return kinds.get(file) or _STEERING.get(file.name, Guarded.CASES)

    return kind_of


def _free(held: HeldFiles, files: GuardedFiles) -> Callable[[str], bool]:
    """Return whether a file below the suites may change: the code of a runtime that is no baseline.

    A source that holds suites, ledger or runtimes file frees nothing, and no source frees a file of
    the harness.
    """
    steering = [*files.suite_paths, *(file for file, _ in _steering(files))]
    deciding = [followed(each)[1] for each in steering]
    sources = {followed(each)[1] for runtime in files.others for each in runtime.source}
    free = [
        path
        for source in sources
        if not any(each.is_relative_to(source) for each in deciding)
        and (path := held.path_of(source)) is not None
    ]

    def is_free(path: str) -> bool:
        is_in_source = any(is_below(path, each) for each in free)
        return is_in_source and not is_ours(Path(path), lambda: held.blob(path))

    return is_free


def _steering(files: GuardedFiles) -> Iterator[tuple[Path, Guarded]]:
    """Yield the ledger and the runtimes file that a command uses."""
    if files.ledger is not None:
        yield files.ledger, Guarded.LEDGER
    if files.runtimes_file is not None:
        yield files.runtimes_file, Guarded.RUNTIMES


def _steering_near(path: Path, top: Path) -> Iterator[Path]:
    """Yield where a ledger or a runtimes file may be: below a path of suites, or above it.

    Below a path only files that are there, so that none hides suites; above it every place up to
    the top, so that one that was deleted is missed.
    """
    for name in _STEERING:
        yield from path.rglob(name) if path.is_dir() else ()
        yield from (folder / name for folder in _folders_above(path, top))


def _folders_above(path: Path, top: Path) -> Iterator[Path]:
    """Yield the folder of a path of suites, and those above it up to the top of the checkout."""
    start = (path if path.is_dir() else path.parent).resolve()
    for folder in (start, *start.parents):
        if folder.is_relative_to(top):
            yield folder


def _repositories_near(path: Path, held: HeldFiles) -> Iterator[str]:
    """Yield the folders at, above and below a path of suites that are other repositories."""
    above = [folder / ".git" for folder in _folders_above(path, held.top)]
    for found in (*above, *(path.resolve().rglob(".git") if path.is_dir() else ())):
        folder = held.path_of(found.parent) or "."
        is_known = folder == "." or folder in held.commit.submodules
        if os.path.lexists(found) and not is_known:
            yield folder
