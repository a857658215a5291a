"""What both doors do with a run that has ended: write its reports beside its record, and call it the latest."""

from pathlib import Path

from conformance.model.report import RunReport
from conformance.pipeline import judged_cases
from conformance.project.history import past_runs
from conformance.project.runs import point_latest
from conformance.records.outline import case_outlines
from conformance.reporting.report_files import write_reports


def finish_run(report: RunReport, folder: Path, runs: Path) -> None:
    """Write the report files of a run into its folder, and make `latest` among `runs` point to it."""
    past = past_runs(folder, report.header)
    write_reports(report, folder, judged_cases(folder), case_outlines(folder), past)
    point_latest(runs, report.header.run_id)
