"""Comparison of records with the checkout: for a guarded gate, no record may be incomplete.

In: the folders of saved runs, the options of their commands, and the current cases, which `guard`
has compared with a revision. Out: what a record lacks, or contains otherwise. The answers in a
record are trusted: whether they were forged cannot be seen.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from conformance.model.case import Case
from conformance.model.case_digest import case_digest
from conformance.model.guard import Guarded, GuardFailure
from conformance.model.run import RunHeader
from conformance.project.cases import LoadedCases, ids_beside
from conformance.project.checkout_state import top_of
from conformance.project.files import LEDGER_NAME, RUNTIMES_NAME, find_above, suite_files
from conformance.project.git import NOT_OWN_OUTPUT, git_lines, head_commit
from conformance.project.request import DEFAULT_PATH, RunRequest
from conformance.project.sources import file_content
from conformance.records.read import case_rows
from conformance.wording import plural, some

_LOOSENING: Final = {
    "globs": "--case",
    "tags": "--tag",
    "last_failed": "--last-failed",
    "runtime_options": "--runtime",
    "runtimes_file": "--runtimes",
    "supports_options": "--supports",
    "ledger_file": "--ledger",
}
"""Options with which a run leaves out cases or runtimes, or uses others."""
_PATH: Final = itemgetter(slice(len("XY "), None))
"""The path in a line of `git status --porcelain`: it follows two letters for the state."""


def header_failures(
    header: RunHeader, given: Mapping[str, Any], *, declared: bool
) -> Iterator[GuardFailure]:
    """Yield the reasons why a run is not a complete run of this checkout.

    `given` are the options of its command. `declared` says whether there is a runtimes file;
    without one the command line has to name the runtimes.
    """
    how = _of_another_state(header)
    if how:
        yield _failure(header.run_id, how)
    options = _loosening(given, declared=declared)
    if options:
        yield _failure(header.run_id, f"was made with {some(options, len(options))}")


def _of_another_state(header: RunHeader) -> str:
    """Return how the state of a run differs from the checkout; empty if it does not."""
    here = Path.cwd()
    now = head_commit(here)
    if header.commit != now:
        return f"is of commit {header.commit or 'unknown'}, this is {now}"
    changed = uncommitted(here)
    if not changed:
        return ""
    # Only a guarded run records the digest of uncommitted changes
    if header.guard is None:
        return "does not say which uncommitted changes it is of; make it by `run --guard`"
    if header.guard.uncommitted != changed:
        return "is of other uncommitted changes than this checkout has"
    return ""


def _loosening(given: Mapping[str, Any], *, declared: bool) -> list[str]:
    options = dict(_LOOSENING)
    # Without a runtimes file, the command line has to name the runtimes
    if not declared:
        del options["runtime_options"]
    return [option for member, option in options.items() if given.get(member)]


def left_out(request: RunRequest, unasked: Collection[str]) -> Iterator[str]:
    """Yield sentences on what a run leaves out: its options, and the number of cases."""
    given = {name: getattr(request, name) for name in _LOOSENING}
    declared = find_above(RUNTIMES_NAME, request.suite_paths()) is not None
    options = _loosening(given, declared=declared)
    if options:
        yield f"the run is made with {some(options, len(options))}"
    # A shard is part of a complete run
    if unasked and request.shard is None:
        yield f"the run leaves out {plural(len(unasked), 'case')}: {some(sorted(unasked))}"


def unasked_ids(
    request: RunRequest, selected: Iterable[Case], unselected: frozenset[str]
) -> frozenset[str]:
    """Return the ids of the cases that a complete run would replay and this one does not.

    A complete run replays all cases in the folder of the nearest ledger, else of the nearest
    runtimes file, else in the default folder `cases`.
    """
    paths = request.suite_paths()
    nearest = find_above(LEDGER_NAME, paths) or find_above(RUNTIMES_NAME, paths)
    folder = DEFAULT_PATH if nearest is None else nearest.parent
    if not folder.is_dir():
        return unselected
    return unselected | ids_beside(folder, suite_files(paths), selected)


def uncommitted(folder: Path) -> str:
    """Return a digest of the uncommitted changes of a checkout; empty if there are none.

    The harness's own output does not count, as for `-dirty` in the name of a commit.
    """
    changed = git_lines(folder, "status", "--porcelain", "--untracked-files=no", "--no-renames")
    new = git_lines(
        folder, "ls-files", "--others", "--exclude-standard", "--full-name", *NOT_OWN_OUTPUT
    )
    top = top_of(folder) or folder
    paths = [*map(_PATH, changed), *new]
    if not paths:
        return ""
    digest = hashlib.sha256()
    for path in paths:
        content = file_content(top / path)
        # A deleted file is a different change from an empty one
        length = -1 if content is None else len(content)
        digest.update(f"{path}\0{length}\0".encode("utf-8", "surrogateescape"))
        digest.update(content or b"")
    return digest.hexdigest()


def case_failures(
    folders: Sequence[Path], run_id: str, cases: LoadedCases
) -> Iterator[GuardFailure]:
    """Yield the cases that a run lacks, has in addition, or replayed in another version."""
    recorded: dict[str, str] = {}
    for row in chain.from_iterable(map(case_rows, folders)):
        recorded[row["case"]] = row.get("digest", "")
    written = {case.id: case_digest(case) for case in cases.selected}
    # Cases that are not selected must be in the record as well
    lacking = (written.keys() | cases.unselected) - recorded.keys()
    common = written.keys() & recorded.keys()
    other = {case for case in common if written[case] != recorded[case]}
    unknown = recorded.keys() - written.keys()
    deviations = (
        ("lacks {}", "case", lacking),
        ("asked {} otherwise", "case", other),
        ("has {}", "more case", unknown),
    )
    for form, noun, ids in deviations:
        if not ids:
            continue
        what = form.format(plural(len(ids), noun))
        yield _failure(run_id, f"{what}: {some(sorted(ids))}")


def _failure(run_id: str, how: str) -> GuardFailure:
    return GuardFailure(what=Guarded.RECORD, subject=run_id, how=how)
