"""The report as JUnit XML, for GitLab, Jenkins, Azure and other tools that show tests.

There is no standard schema, so only what all readers support is used: name, classname, time,
failure, skipped.  Every case is a test case, and so is every checked ledger row, in the class
`ledger`.  Text is made visible first, because XML cannot contain most control characters.
"""

import tempfile
import weakref
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from conformance.atomic_file import naming
from conformance.model.case import suite_of
from conformance.model.report import RunReport
from conformance.model.verdict import CaseResult, Judgement, RowState, RowVerdict, Verdict
from conformance.reporting import run_phrases
from conformance.safe_text import visible

_SKIPPED: Final = frozenset({Verdict.KNOWN, Verdict.SKIPPED})
_NOT_SHOWN: Final = frozenset({RowState.NOT_EXERCISED, RowState.SUSPENDED})
# Small runs need no file; large ones must not fill the memory
_BYTES_IN_MEMORY: Final = 1_000_000
# Each write has a fixed cost, so several elements are written together
_ELEMENTS_AT_ONCE: Final = 100
_PIECE_BYTES: Final = 64_000


class JunitFold:
    """A fold that takes the judged cases of a run and makes the document.

    The elements are kept in an unnamed file until then.
    """

    def __init__(self) -> None:
        self._waiting: list[ET.Element] = []
        self._cases = tempfile.SpooledTemporaryFile(_BYTES_IN_MEMORY)  # noqa: SIM115 - open until the report is there
        weakref.finalize(self, self._cases.close)

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one judged case."""
        self._waiting.append(_case(result, judgement))
        if len(self._waiting) == _ELEMENTS_AT_ONCE:
            self._write_waiting()

    def _write_waiting(self) -> None:
        with naming(Path(tempfile.gettempdir())):
            self._cases.write(_lines(self._waiting))
        self._waiting = []

    def pieces(self, report: RunReport) -> Iterator[bytes]:
        """Yield the document in pieces; `report` is the report of the same cases."""
        rows = [row for row in report.rows if row.state not in _NOT_SHOWN]
        titles = {decision.id: decision.title for decision in report.decisions}
        opening = ET.tostring(_suite(report, rows), encoding="unicode").removesuffix(" />")
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{opening}>\n'.encode()
        self._write_waiting()
        self._cases.seek(0)
        yield from iter(partial(self._cases.read, _PIECE_BYTES), b"")
        yield from (_line(_row(row, titles[row.decision_id])) for row in rows)
        for failure in report.broken_guards:
            yield _line(_run_failure(f"guard: {failure.subject}", str(failure), "guard"))
        for gap in report.strict_gaps:
            reason = run_phrases.unchecked(gap)
            yield _line(_run_failure(f"not checked: {gap.kind.value}", reason, "not checked"))
        for sentence in report.strict_unguarded:
            yield _line(_run_failure("not checked: guard", sentence, "not checked"))
        if report.nothing_proved:
            name = "the run proves something"
            yield _line(_run_failure(name, report.nothing_proved, "nothing proved"))
        yield b"</testsuite>\n</testsuites>\n"


def _suite(report: RunReport, rows: list[RowVerdict]) -> ET.Element:
    failures = sum(count for verdict, count in report.counts.items() if verdict.red) + sum(
        row.red for row in rows
    )
    unchecked = len(report.strict_gaps) + len(report.strict_unguarded)
    of_the_run = len(report.broken_guards) + unchecked + bool(report.nothing_proved)
    return ET.Element(
        "testsuite",
        name="conformance",
        tests=str(sum(report.counts.values()) + len(rows) + of_the_run),
        failures=str(failures + of_the_run),
        skipped=str(sum(report.counts[verdict] for verdict in _SKIPPED)),
        timestamp=report.header.started.removesuffix("+00:00"),
        time=str(report.footer.elapsed_s if report.footer else 0),
    )


def _case(result: CaseResult, judgement: Judgement) -> ET.Element:
    """Return the element of a case; its time is that of its slowest runtime."""
    suite, verdict = suite_of(result.case_id), judgement.verdict
    seconds = max((cell.elapsed_ms for cell in result.cells), default=0.0) / 1000
    attributes = {
        "classname": visible(suite.replace("/", ".")),
        "name": visible(result.case_id[len(suite) + 1 :]),
        **_where(result.place),
        "time": f"{seconds:.3f}",
    }
    element = ET.Element("testcase", attributes)
    if verdict in _SKIPPED:
        _add(element, "skipped", judgement.reason)
    elif verdict.red:
        failure = _add(element, "failure", judgement.reason, verdict.value)
        failure.text = visible(f"{result.place}: {judgement.reason}")
    return element


def _where(place: str) -> dict[str, str]:
    """Return the file and line of a place, `file:line:column`, as attributes."""
    file, line, _ = (*place.rsplit(":", 2), "", "")[:3]
    return {"file": visible(file), "line": line} if line.isdecimal() else {"file": visible(place)}


def _row(row: RowVerdict, title: str) -> ET.Element:
    element = ET.Element("testcase", classname="ledger", name=visible(f"{row.decision_id} {title}"))
    if row.red:
        _add(
            element,
            "failure",
            f"{row.decision_id} {row.state.value}: {row.reason}",
            row.state.value,
        )
    return element


def _run_failure(name: str, reason: str, kind: str) -> ET.Element:
    element = ET.Element("testcase", classname="run", name=visible(name))
    _add(element, "failure", reason, kind)
    return element


def _add(element: ET.Element, tag: str, message: str, kind: str = "") -> ET.Element:
    given = {"message": visible(message), **({"type": kind} if kind else {})}
    return ET.SubElement(element, tag, given)


def _line(element: ET.Element) -> bytes:
    return _lines([element])


def _lines(elements: list[ET.Element]) -> bytes:
    """Return one line per element; writing many at once is faster than one by one."""
    if not elements:
        return b""
    around = ET.Element("lines")
    around.extend(elements)
    for element in elements:
        element.tail = "\n"
    written = ET.tostring(around, encoding="unicode")
    return written.removeprefix("<lines>").removesuffix("</lines>").encode()
