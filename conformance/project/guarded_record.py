"""Records held against the checkout: of a guarded gate, none may leave anything out.

In: the folders of saved runs, what their commands asked for, and the cases as they are now, which
`guard` has held against a revision. Out: what a record lacks, or holds otherwise. What a record
says of answers is taken as it is: no one can see whether it was written by hand.
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
"""Options by which a run leaves cases or runtimes out, or takes others."""
_PATH: Final = itemgetter(slice(len("XY "), None))
"""The path in a line of `git status --porcelain`, which two letters of its state precede."""


def header_failures(
    header: RunHeader, given: Mapping[str, Any], *, declared: bool
) -> Iterator[GuardFailure]:
    """Yield what keeps a run from being the whole run of this checkout.

    `given` are the options of its command. `declared` says whether a runtimes file says who is
    asked; without one the command line has to.
    """
    how = _of_another_state(header)
    if how:
        yield _failure(header.run_id, how)
    options = _loosening(given, declared=declared)
    if options:
        yield _failure(header.run_id, f"was made with {some(options, len(options))}")


def _of_another_state(header: RunHeader) -> str:
    """Return how a run is of another state than that of the checkout; empty where it is of it."""
    here = Path.cwd()
    now = head_commit(here)
    if header.commit != now:
        return f"is of commit {header.commit or 'unknown'}, this is {now}"
    changed = uncommitted(here)
    if not changed:
        return ""
    # Only a guarded run keeps the digest of what was not committed
    if header.guard is None:
        return "does not say which uncommitted changes it is of; make it by `run --guard`"
    if header.guard.uncommitted != changed:
        return "is of other uncommitted changes than this checkout has"
    return ""


def _loosening(given: Mapping[str, Any], *, declared: bool) -> list[str]:
    options = dict(_LOOSENING)
    # Without a runtimes file the command line has to say who is asked
    if not declared:
        del options["runtime_options"]
    return [option for member, option in options.items() if given.get(member)]


def left_out(request: RunRequest, unasked: Collection[str]) -> Iterator[str]:
    """Yield a sentence on what a run leaves out: by its options, and how many cases."""
    given = {name: getattr(request, name) for name in _LOOSENING}
    declared = find_above(RUNTIMES_NAME, request.suite_paths()) is not None
    options = _loosening(given, declared=declared)
    if options:
        yield f"the run is made with {some(options, len(options))}"
    # A shard is a part of a whole run
    if unasked and request.shard is None:
        yield f"the run leaves out {plural(len(unasked), 'case')}: {some(sorted(unasked))}"


def unasked_ids(
    request: RunRequest, selected: Iterable[Case], unselected: frozenset[str]
) -> frozenset[str]:
    """Return the ids of the cases that a whole run would ask, besides those that are selected.

    A whole run asks all in the folder of the nearest ledger, or else of the nearest runtimes file,
    or else in the folder that a run without paths asks.
    """
    paths = request.suite_paths()
    nearest = find_above(LEDGER_NAME, paths) or find_above(RUNTIMES_NAME, paths)
    folder = DEFAULT_PATH if nearest is None else nearest.parent
    if not folder.is_dir():
        return unselected
    return unselected | ids_beside(folder, suite_files(paths), selected)


def uncommitted(folder: Path) -> str:
    """Return a digest of what a checkout has besides its commit, empty where that is nothing.

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
        # A file that is gone is another change than an empty one
        length = -1 if content is None else len(content)
        digest.update(f"{path}\0{length}\0".encode("utf-8", "surrogateescape"))
        digest.update(content or b"")
    return digest.hexdigest()


def case_failures(
    folders: Sequence[Path], run_id: str, cases: LoadedCases
) -> Iterator[GuardFailure]:
    """Yield which cases a run lacks, and which it asked otherwise than they are written."""
    recorded: dict[str, str] = {}
    for row in chain.from_iterable(map(case_rows, folders)):
        recorded[row["case"]] = row.get("digest", "")
    written = {case.id: case_digest(case) for case in cases.selected}
    # What a selection leaves out is lacking as well
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
