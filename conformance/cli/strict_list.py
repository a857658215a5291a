"""The check of `conformance list --strict`: every file of the harness, without a run.

In: the files of a command, and the cases that were read. Raises BadFileError with the problems of
all files, and LedgerError for a row that fits no case.
"""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from conformance.cli.file_kinds import KINDS
from conformance.errors import BadFileError, Problem
from conformance.ledger.file import read_ledger
from conformance.project.cases import LoadedCases, unselected_ids
from conformance.project.files import yaml_below
from conformance.project.ledger import ledger_path
from conformance.project.request import RunRequest
from conformance.project.runtimes import runtimes_path
from conformance.suites.document import read_document
from conformance.suites.field_check import check
from conformance.suites.nodes import members
from conformance.suites.runtimes_file import declared_sources
from conformance.verdicts.ledger_check import check_ledger


def check_files(request: RunRequest, cases: LoadedCases) -> None:
    """Check the runtimes file, the ledger, and every other file of the harness."""
    paths = request.suite_paths()
    ledger, runtimes = ledger_path(request.ledger_file, paths), runtimes_path(request)
    folders = filter(Path.is_dir, paths)
    below = set(chain.from_iterable(map(yaml_below, folders)))
    files = below | {file for file in (ledger, runtimes) if file is not None}
    problems = [problem for file in sorted(files - set(cases.files)) for problem in _in(file)]
    if problems:
        raise BadFileError(problems)
    if ledger is not None:
        rows = read_ledger(ledger)
        known = chain((case.id for case in cases.selected), unselected_ids(cases, rows))
        names = set(declared_sources(runtimes)) if runtimes is not None else set()
        check_ledger(rows, known, names)


def _in(file: Path) -> Iterator[Problem]:
    """Yield the problems of a file by the grammar of its kind; other files have none."""
    try:
        root = read_document(file)
    except BadFileError as error:
        yield from error.problems
        return
    kinds = [table for kind, table in KINDS.items() if kind in members(root)]
    if kinds:
        yield from check(kinds[0], root)
