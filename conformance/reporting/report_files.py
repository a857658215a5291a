"""The report files that a run gets beside its record, each written whole."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from conformance.atomic_file import replace_file, replace_file_by_pieces
from conformance.model.report import RunReport
from conformance.model.verdict import CaseResult, Judgement
from conformance.records.outline import CaseOutline
from conformance.reporting.badge import badge_json
from conformance.reporting.html.past_run import PastRun
from conformance.reporting.html.report import html_pieces
from conformance.reporting.json_report import json_report
from conformance.reporting.junit import junit_pieces
from conformance.reporting.markdown import markdown_report


def write_reports(
    report: RunReport,
    folder: Path,
    cases: Iterable[tuple[CaseResult, Judgement]],
    outlines: Iterable[CaseOutline],
    past: Sequence[PastRun],
) -> None:
    """Write the report files of a run beside its record."""
    replace_file(folder / "report.md", markdown_report(report).encode("utf-8"))
    replace_file(folder / "report.json", json_report(report))
    replace_file(folder / "badge.json", badge_json(report))
    replace_file_by_pieces(folder / "junit.xml", junit_pieces(report, outlines))
    replace_file_by_pieces(folder / "report.html", html_pieces(report, cases, past))
