"""Reads suites from text, as a file on disk would hold them."""

from pathlib import Path

from conformance.errors import BadFileError
from conformance.model.case import Case
from conformance.model.request import Request
from conformance.suites.request_fields import REQUEST
from conformance.suites.suite_file import CASE, SUITE, read_suite

SUITE_FIELDS, CASE_FIELDS, REQUEST_FIELDS = (
    ", ".join(table.fields) for table in (SUITE, CASE, REQUEST)
)


def cases_in(folder: Path, written: str | bytes) -> tuple[Case, ...]:
    """Write a suite file and read it."""
    file = folder / "suite.yaml"
    file.write_bytes(written if isinstance(written, bytes) else written.encode())
    return read_suite(file, "suite.yaml")


def request_in(folder: Path, request: str) -> Request:
    """Read the request of a suite of one case; `request` is a flow mapping."""
    (case,) = cases_in(folder, f"suite: a/b\ncases:\n  - name: x\n    request: {request}\n")
    return case.steps[0].request


def problems_of(folder: Path, written: str | bytes) -> str:
    """Return what is wrong with a suite file, one `line:col: message` a line."""
    try:
        cases_in(folder, written)
    except BadFileError as error:
        return "\n".join(str(problem).removeprefix("suite.yaml:") for problem in error.problems)
    return ""
