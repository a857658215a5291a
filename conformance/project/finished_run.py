"""The end of every run: its record is judged, its reports are written, it becomes the latest."""

from pathlib import Path

from conformance.errors import Place
from conformance.judging import CaseJudge
from conformance.model.report import RunReport
from conformance.model.run import RunFooter
from conformance.model.verdict import CaseResult
from conformance.project.history import past_runs
from conformance.project.runs import point_latest
from conformance.records.read import RecordStart, read_line, read_record, read_start
from conformance.reporting.report_files import ReportFiles


class RunReports:
    """Takes the parts of a run's record in order, and makes the reports."""

    def __init__(self, start: RecordStart) -> None:
        self._header = start.header
        self._files = ReportFiles(start.header)
        self._cases = CaseJudge(start.header, start.ledger, [self._files])
        self._footer: RunFooter | None = None

    def take(self, part: RecordStart | CaseResult | RunFooter) -> None:
        """Take the next part after the start."""
        if isinstance(part, CaseResult):
            self._cases.add(part)
        elif isinstance(part, RunFooter):
            self._footer = part

    def take_line(self, line: bytes, place: Place) -> None:
        """Parse and take the next line of the record, with its place in the file."""
        self.take(read_line(line, place))

    def finish(self, folder: Path, runs: Path) -> RunReport:
        """Write the reports into the folder of the run, and make `latest` in `runs` point to it."""
        report = self._cases.report(self._footer)
        self._files.write(report, folder, past_runs(folder, self._header))
        point_latest(runs, self._header.run_id)
        return report


def finish_run(folder: Path, runs: Path) -> RunReport:
    """Write the reports of a run, make it the latest in `runs`, and return its report."""
    reports = RunReports(read_start(folder))
    for part in read_record(folder):
        reports.take(part)
    return reports.finish(folder, runs)
