"""What both doors do with a finished run: judge its record, write its reports.

They also call it the latest.
"""

from collections.abc import Sequence
from pathlib import Path

from conformance.judging import judge_record
from conformance.model.fold import Fold
from conformance.model.report import RunReport
from conformance.model.run import RunHeader
from conformance.project.history import past_runs
from conformance.project.runs import point_latest
from conformance.reporting.report_files import ReportFiles


def finish_run(
    header: RunHeader, folder: Path, runs: Path, folds: Sequence[Fold] = ()
) -> RunReport:
    """Return the report of a run, whose files are then in its folder, under `latest` in `runs`.

    `latest` among `runs` points to that folder.

    What else is wanted of its cases is fed in the same pass.
    """
    files = ReportFiles(header)
    report = judge_record(folder, folds=(files, *folds))
    files.write(report, folder, past_runs(folder, header))
    point_latest(runs, header.run_id)
    return report
