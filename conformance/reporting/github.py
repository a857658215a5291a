"""The output of a run in GitHub Actions: a step summary and annotations."""

import os
from pathlib import Path
from typing import Final, TextIO

from conformance.atomic_file import naming
from conformance.model.report import RunReport
from conformance.reporting.annotations import annotation_lines
from conformance.reporting.markdown import MAX_BYTES, markdown_report

SUMMARY: Final = "GITHUB_STEP_SUMMARY"
ACTIONS: Final = "GITHUB_ACTIONS"


def append_summary(text: str) -> None:
    """Append Markdown to the step summary, cut to the room left; do nothing elsewhere."""
    if name := os.environ.get(SUMMARY):
        file = Path(name)
        held = file.stat().st_size if file.exists() else 0
        room = max(0, MAX_BYTES - held)
        with naming(file), file.open("ab") as summary:
            summary.write(text.encode()[:room])


def on_actions() -> bool:
    """Return whether this process runs in GitHub Actions."""
    return os.environ.get(ACTIONS) == "true"


def tell_github(report: RunReport, out: TextIO) -> None:
    """Append the report to the step summary, cut to the room left, and print annotations.

    Outside GitHub Actions, nothing is done.
    """
    if name := os.environ.get(SUMMARY):
        file = Path(name)
        held = file.stat().st_size if file.exists() else 0
        text = markdown_report(report, MAX_BYTES - held)
        with naming(file), file.open("a", encoding="utf-8") as summary:
            summary.write(text)
    if on_actions():
        for line in annotation_lines(report):
            print(line, file=out)
