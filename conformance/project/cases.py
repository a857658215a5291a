"""The cases that a command selects, and those that it leaves out."""

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.api_document import ApiDocument
from conformance.model.case import Case
from conformance.model.decision import Ledger
from conformance.project.files import read_suites, suite_files
from conformance.project.request import RunRequest
from conformance.project.runs import LATEST, find_run
from conformance.suites.case_spool import CaseSpool
from conformance.suites.selection import Selection

_ID: Final = attrgetter("id")


class LoadedCases(Struct, frozen=True, kw_only=True):
    """The selected cases, the ids of the others, the suite files, and their API documents."""

    selected: CaseSpool
    unselected: frozenset[str]
    files: tuple[Path, ...]
    documents: tuple[ApiDocument, ...] = ()


def load_cases(request: RunRequest, *, at_least: int = 1) -> LoadedCases:
    """Read the suites of a request and select cases.

    A shard does not count as a filter: `at_least` applies to the whole selection, and a shard may
    be empty.
    """
    files = suite_files(request.suite_paths())
    # Without --last-failed any case may be selected
    ids = _red_cases(find_run(request.runs, LATEST)) if request.last_failed else None
    selection = Selection(globs=request.globs, tags=request.tags, ids=ids)
    selected = CaseSpool()
    unselected: set[str] = set()
    suites_of: dict[ApiDocument, set[str]] = defaultdict(set)
    for case, is_selected in selection.split(read_suites(files), at_least=at_least):
        if is_selected and case.api is not None:
            suites_of[case.api].add(case.suite)
        is_in_shard = request.shard is None or request.shard.takes(case.id)
        if is_selected and is_in_shard:
            selected.add(case)
        else:
            unselected.add(case.id)
    documents = (replace(api, suites=tuple(sorted(names))) for api, names in suites_of.items())
    return LoadedCases(
        selected=selected,
        unselected=frozenset(unselected),
        files=files,
        documents=tuple(documents),
    )


def _red_cases(folder: Path) -> frozenset[str]:
    """Return the ids of the cases that were red in a saved run."""
    from conformance.judging import judged_cases  # noqa: PLC0415 - for --last-failed only

    judged = judged_cases(folder)
    return frozenset(case.case_id for case, judgement in judged if judgement.verdict.red)


def unselected_ids(cases: LoadedCases, ledger: Ledger) -> frozenset[str]:
    """Return the ids of the cases that a run leaves out, including those of other suites.

    The other suites are those in the folder of the ledger.
    """
    if ledger.file is None:
        return cases.unselected
    folder = Path(ledger.file).parent
    return cases.unselected | ids_beside(folder, cases.files, cases.selected)


def ids_beside(folder: Path, files: Iterable[Path], selected: Iterable[Case]) -> frozenset[str]:
    """Return the ids of the cases in a folder's suites, except some files and some cases."""
    read = set(map(Path.resolve, files))
    others = [file for file in suite_files([folder]) if file.resolve() not in read]
    beside = frozenset(map(_ID, read_suites(others)))
    # An iteration over the selected cases takes time, and most folders have no other cases
    if not beside:
        return frozenset()
    # The folder may contain a copy of a suite that was read
    return beside.difference(map(_ID, selected))
