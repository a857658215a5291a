"""The report files of a run, which are written next to its record."""

from collections.abc import Sequence
from pathlib import Path

from conformance.atomic_file import replace_file, replace_file_by_pieces
from conformance.model.report import RunReport
from conformance.model.run import RunHeader
from conformance.model.verdict import CaseResult, Judgement
from conformance.reporting.badge import badge_json
from conformance.reporting.html.past_run import PastRun
from conformance.reporting.html.report import HtmlFold
from conformance.reporting.json_report import json_report
from conformance.reporting.junit import JunitFold
from conformance.reporting.markdown import markdown_report


class ReportFiles:
    """A fold that takes the judged cases of a run and writes its report files."""

    def __init__(self, header: RunHeader) -> None:
        self._junit = JunitFold()
        self._html = HtmlFold(header)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one judged case."""
        self._junit.add(result, judgement)
        self._html.add(result, judgement)

    def write(self, report: RunReport, folder: Path, past: Sequence[PastRun]) -> None:
        """Write the files of a run into a folder; `past` are earlier runs, the oldest first."""
        replace_file(folder / "report.md", markdown_report(report).encode("utf-8"))
        replace_file(folder / "report.json", json_report(report))
        replace_file(folder / "badge.json", badge_json(report))
        replace_file_by_pieces(folder / "junit.xml", self._junit.pieces(report))
        replace_file_by_pieces(folder / "report.html", self._html.pieces(report, past))
