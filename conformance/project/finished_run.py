"""What every door does with a finished run: judge its record, write its reports.

They also call it the latest.
"""

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
    """Takes the parts of a run's record in their order, and makes its reports of them."""

    def __init__(self, start: RecordStart) -> None:
        self._header = start.header
        self._files = ReportFiles(start.header)
        self._cases = CaseJudge(start.header, start.ledger, [self._files])
        self._footer: RunFooter | None = None

    def take(self, part: RecordStart | CaseResult | RunFooter) -> None:
        """Take the next part; the start is known."""
        if isinstance(part, CaseResult):
            self._cases.add(part)
        elif isinstance(part, RunFooter):
            self._footer = part

    def take_line(self, line: bytes, place: Place) -> None:
        """Take the next part as a line of the record, with its place there."""
        self.take(read_line(line, place))

    def finish(self, folder: Path, runs: Path) -> RunReport:
        """Write the files of the run into its folder, and point `latest` among `runs` to it."""
        report = self._cases.report(self._footer)
        self._files.write(report, folder, past_runs(folder, self._header))
        point_latest(runs, self._header.run_id)
        return report


def finish_run(folder: Path, runs: Path) -> RunReport:
    """Return the report of a run, whose files are then in its folder, under `latest` in `runs`."""
    reports = RunReports(read_start(folder))
    for part in read_record(folder):
        reports.take(part)
    return reports.finish(folder, runs)
