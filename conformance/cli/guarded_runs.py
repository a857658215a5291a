"""The guard of `conformance gate`: saved runs, and the files they depend on, against a revision."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from conformance.cli.asked_again import asked_for
from conformance.cli.run import guarded_files, plan_of
from conformance.model.decision import Ledger
from conformance.model.guard import Guard
from conformance.project.cases import load_cases
from conformance.project.guard import guarded
from conformance.project.guarded_record import case_failures, header_failures, unasked_ids
from conformance.project.request import RunRequest
from conformance.project.runtimes import runtimes_path
from conformance.records.read import read_start
from conformance.suites.read_files import noted_files


def guarded_runs(
    revision: str, folders: Sequence[Path], ledger_file: Path | None
) -> tuple[Guard, Ledger]:
    """Return the guard of some runs, and the ledger of the checkout to judge them by.

    Raises RunRecordError for a run of another command than `conformance run`.
    """
    headers = [read_start(folder).header for folder in folders]
    request, given = asked_for(headers[0])
    request = RunRequest(paths=request.paths, ledger_file=ledger_file, runs=request.runs)
    declared = runtimes_path(request) is not None
    if not declared:
        request = replace(request, runtime_options=given["runtime_options"])
    with noted_files() as read:
        plan = plan_of(request, given["baseline"], None, at_least=1)
        cases = load_cases(request)
    guard = guarded(revision, guarded_files(request, plan, read))
    run_id = " + ".join(header.run_id for header in headers)
    wrong = [
        failure
        for each in headers
        for failure in header_failures(each, asked_for(each)[1], declared=declared)
    ]
    unasked = unasked_ids(request, cases.selected, plan.header.unselected)
    wrong += case_failures(folders, run_id, replace(cases, unselected=unasked))
    return replace(guard, failures=(*guard.failures, *wrong)), plan.ledger
