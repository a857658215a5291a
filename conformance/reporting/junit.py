"""The report as JUnit XML, for GitLab, Jenkins, Azure and whoever else shows tests.

No schema is agreed on, so it keeps to what all readers share: name, classname, time, failure, skipped.  Every case is a
test case, every ledger row that was looked at is one of the class `ledger`.  Text is made visible first: XML has no way
to hold most control characters.
"""

from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree import ElementTree as ET

from conformance.model.report import RunReport
from conformance.model.verdict import RowState, Verdict
from conformance.records.outline import CaseOutline
from conformance.safe_text import visible

_SKIPPED: Final = frozenset({Verdict.KNOWN, Verdict.SKIPPED})
_NOT_SHOWN: Final = frozenset({RowState.NOT_EXERCISED, RowState.SUSPENDED})


def junit_pieces(report: RunReport, outlines: Iterable[CaseOutline]) -> Iterator[bytes]:
    """Yield the document piece by piece; the outlines are those of the run's record."""
    rows = [row for row in report.rows if row.state not in _NOT_SHOWN]
    failures = sum(count for verdict, count in report.counts.items() if verdict.red) + sum(row.red for row in rows)
    suite = ET.Element(
        "testsuite",
        name="conformance",
        tests=str(sum(report.counts.values()) + len(rows)),
        failures=str(failures),
        skipped=str(sum(report.counts[verdict] for verdict in _SKIPPED)),
        timestamp=report.header.started.removesuffix("+00:00"),
        time=str(report.footer.elapsed_s if report.footer else 0),
    )
    opening = ET.tostring(suite, encoding="unicode").removesuffix(" />")
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{opening}>\n'.encode()
    yield from (_line(_case(outline)) for outline in outlines)
    titles = {decision.id: decision.title for decision in report.decisions}
    for row in rows:
        element = ET.Element(
            "testcase", classname="ledger", name=visible(f"{row.decision_id} {titles[row.decision_id]}")
        )
        if row.red:
            _add(element, "failure", f"{row.decision_id} {row.state.value}: {row.reason}", row.state.value)
        yield _line(element)
    yield b"</testsuite>\n</testsuites>\n"


def _case(outline: CaseOutline) -> ET.Element:
    suite, _, name = outline.case.partition("[")[0].rpartition("/")
    name = outline.case[len(suite) + 1 :]
    element = ET.Element(
        "testcase", classname=visible(suite.replace("/", ".")), name=visible(name), time=f"{outline.seconds:.3f}"
    )
    verdict = Verdict(outline.verdict)
    if verdict in _SKIPPED:
        _add(element, "skipped", outline.reason)
    elif verdict.red:
        _add(element, "failure", outline.reason, outline.verdict).text = visible(f"{outline.place}: {outline.reason}")
    return element


def _add(element: ET.Element, tag: str, message: str, kind: str = "") -> ET.Element:
    given = {"message": visible(message), **({"type": kind} if kind else {})}
    return ET.SubElement(element, tag, given)


def _line(element: ET.Element) -> bytes:
    return ET.tostring(element, encoding="unicode").encode() + b"\n"
