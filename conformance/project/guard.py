"""The guard: files that decide a verdict are compared with a revision; none may differ.

In: the arguments of a command and the files that it read. Out: each file that is changed, new,
deleted or not in the revision. Git only supplies the objects of the revision; these and the files
themselves are hashed here, so no setting of the clone hides a change.

Guarded are the files that were read (suites, files that they include and send, the runtimes file,
the ledger), recordings, the accepted baseline of the gauntlet, the declared source of the baseline
runtime, and all files below the folders of suites. The `source` of any other runtime may change,
unless the suites, the ledger or the runtimes file are in it.
"""

import itertools
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter, methodcaller
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.errors import UsageError
from conformance.model.guard import Guard, Guarded, GuardFailure
from conformance.model.runtime import Runtime
from conformance.project.checkout_state import top_of
from conformance.project.committed_files import committed_files
from conformance.project.files import LEDGER_NAME, RUNTIMES_NAME
from conformance.project.git import OWN_OUTPUT, refusal
from conformance.project.guarded_runtimes import (
    baseline_warnings,
    look_at_links,
    look_at_programs,
    missing_baseline,
    recordings,
)
from conformance.project.held_files import (
    NOT_IN_REVISION,
    HeldFiles,
    end_of,
    followed,
)
from conformance.project.revision import commit_of
from conformance.safe_text import visible

ACCEPTED: Final = Path("reports/gauntlet/baseline.json")
_CURES: Final = {
    "dubious ownership": "`git config --global --add safe.directory {folder}`, with the top of the "
    "checkout, if you trust who owns it",
    "work tree": "`git config --unset core.bare`",
}
"""What to do, by words in git's reason."""
_STEERING: Final[Mapping[str, Guarded]] = {
    LEDGER_NAME: Guarded.LEDGER,
    RUNTIMES_NAME: Guarded.RUNTIMES,
}


class GuardedFiles(Struct, frozen=True, kw_only=True):
    """The input of a command: its suites, all files that it read, and its runtimes.

    `baseline` is the runtime that is named as the baseline, and `under_test` are all others.
    """

    suite_paths: Sequence[Path]
    read: Iterable[Path]
    ledger: Path | None
    runtimes_file: Path | None
    under_test: Sequence[Runtime]
    baseline: Runtime | None


def guarded(revision: str, files: GuardedFiles) -> Guard:
    """Return a guard with everything that differs from a revision.

    Raises UsageError if git does not know the revision, or if its name is ambiguous.
    """
    top = top_of(Path.cwd())
    if top is None:
        raise _no_checkout(revision)
    top = top.resolve()
    commit = commit_of(top, revision, "--guard")
    held = HeldFiles(
        top=top,
        commit=committed_files(top, commit),
        kind_of=_kinds(top, files),
        free=tuple(_free_sources(files)),
    )
    for file, what in _named(files):
        held.look_at(file, what)
    _look_at_suites(held, files)
    warnings = _look_at_runtimes(held, files)
    # A baseline that was made by hand counts too, because a gauntlet would use it
    accepted = ACCEPTED.as_posix()
    if held.has(accepted) or (top / accepted).exists():
        held.look_at(top / accepted, Guarded.BASELINE)
    failures = sorted(held.found.values(), key=str)
    return Guard(
        revision=revision, commit=commit, failures=tuple(failures), warnings=tuple(warnings)
    )


def _no_checkout(revision: str) -> UsageError:
    """Return the error if there is no checkout, with git's own reason if there is one."""
    reason = refusal(Path.cwd())
    if not reason:
        return UsageError(
            f"--guard {visible(revision)}: this folder is in no repository of git",
            hint="a guard compares files with a commit",
        )
    cures = [cure for word, cure in _CURES.items() if word in reason]
    hint = cures[0] if cures else "`git status` here says more"
    return UsageError(
        f"--guard {visible(revision)}: git does not look at this folder: {visible(reason)}",
        hint=hint.format(folder=shlex.quote(str(Path.cwd()))),
    )


def changed_since(before: Guard, files: GuardedFiles) -> tuple[GuardFailure, ...]:
    """Return what was changed or deleted since a guard was made, during the run.

    New files do not count: a runtime may write its data into its source folder.
    """
    # Failures from before the run are already reported
    known = {failure.subject for failure in before.failures}
    changed: list[GuardFailure] = []
    for failure in guarded(before.commit, files).failures:
        is_new_file = failure.how == NOT_IN_REVISION
        if is_new_file or failure.subject in known:
            continue
        how = f"{failure.how} during the run"
        changed.append(replace(failure, how=how))
    return tuple(changed)


def _look_at_suites(held: HeldFiles, files: GuardedFiles) -> None:
    """Check the files that were read, all files of the suite folders, and files near them."""
    for file in files.read:
        what = Guarded.CASES if file.is_dir() else None
        held.look_at(file, what)
    for path in files.suite_paths:
        held.look_at(path)
        for file in _near(path, held.top, _STEERING):
            held.look_at(file)
        for repository in _near(path, held.top, [".git"]):
            held.refuse_repository(repository)


def _look_at_runtimes(held: HeldFiles, files: GuardedFiles) -> list[str]:
    """Check the files that runtimes name, the baseline's source, and links of the others.

    Return a sentence on each thing that cannot be checked.
    """
    of_baseline = [] if files.baseline is None else list(map(end_of, files.baseline.source))
    for runtime in files.under_test:
        look_at_programs(held, runtime, is_baseline=False)
        look_at_links(held, runtime, of_baseline)
    if files.baseline is None:
        return list(missing_baseline(files.under_test))
    look_at_programs(held, files.baseline, is_baseline=True)
    own_output = end_of(Path(OWN_OUTPUT))
    for source in files.baseline.source:
        held.look_at_all(source, Guarded.BASELINE_SOURCE, own_output)
    return list(baseline_warnings(files.baseline, held))


def _kinds(top: Path, files: GuardedFiles) -> Callable[[str], Guarded]:
    """Return a function from a path, relative to the top, to the kind of the guarded file."""
    kinds: dict[Path, Guarded] = {}
    for file, what in _named(files):
        links, end = followed(file)
        kinds |= dict.fromkeys((*links, end), what)

    def kind_of(path: str) -> Guarded:
        file = top / path
        return kinds.get(file) or _STEERING.get(file.name, Guarded.CASES)

    return kind_of


def _free_sources(files: GuardedFiles) -> Iterator[Path]:
    """Yield the sources of runtimes under test that contain no suite and no steering file."""
    steering = (*files.suite_paths, files.ledger, files.runtimes_file)
    deciding = list(map(end_of, filter(None, steering)))
    sources = itertools.chain.from_iterable(map(attrgetter("source"), files.under_test))
    for source in map(end_of, sources):
        holds = methodcaller("is_relative_to", source)
        if not any(map(holds, deciding)):
            yield source


def _named(files: GuardedFiles) -> Iterator[tuple[Path, Guarded]]:
    """Yield the ledger, the runtimes file and the recordings that a command uses."""
    if files.ledger is not None:
        yield files.ledger, Guarded.LEDGER
    if files.runtimes_file is not None:
        yield files.runtimes_file, Guarded.RUNTIMES
    runtimes = filter(None, (files.baseline, *files.under_test))
    for file in itertools.chain.from_iterable(map(recordings, runtimes)):
        yield file, Guarded.RECORDING


def _near(path: Path, top: Path, names: Iterable[str]) -> Iterator[Path]:
    """Yield the paths below or above a suite path at which files of some names matter.

    Below, only existing files are included, as one of them could hide suites. Above, all paths up
    to the top are included, so that a deleted file is noticed.
    """
    folder = path if path.is_dir() else path.parent
    above = [folder.resolve(), *folder.resolve().parents]
    inside = [each for each in above if each.is_relative_to(top)]
    for name in names:
        if path.is_dir():
            yield from path.rglob(name)
        yield from map(Path.joinpath, inside, itertools.repeat(name))
