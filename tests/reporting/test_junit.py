"""The JUnit XML report: any number of cases by suite and name, with time, verdict and reason."""

import xml.etree.ElementTree as ET

from msgspec.structs import replace

from conformance.model.decision import Ledger
from conformance.model.run import RunFooter
from conformance.model.verdict import CaseResult
from conformance.reporting.junit import JunitFold
from conformance.verdicts.fold import ReportFold
from conformance.verdicts.judgement import judge
from tests.comparison.live_runs import header
from tests.verdicts.ledger_rows import (
    ANSWER,
    FAULT,
    UNSUPPORTED,
    cell,
    finding,
    ledger,
    result,
    row,
)


def suite_of_tests(rows: Ledger, *results: CaseResult) -> ET.Element:
    """Return the one test suite of a run's document."""
    report, junit = ReportFold(header(), rows), JunitFold()
    for seen in results:
        for fold in (report, junit):
            fold.add(seen, judge(seen, rows))
    footer = RunFooter(finished="", cases=len(results), elapsed_s=1.5)
    document = ET.fromstring(b"".join(junit.pieces(report.report(footer))))  # noqa: S314 - written by us
    (suite,) = document
    return suite


def test_a_case_takes_as_long_as_its_slowest_runtime() -> None:
    """The time of a case is that of all steps of one runtime, answered or not.

    What was not asked took none.
    """
    slow = replace(ANSWER, elapsed_ms=300.0)
    alike = result("order", cell("a", slow, slow), cell("b", ANSWER, slow))
    broken = result("refund", cell("a"), cell("b", replace(FAULT, elapsed_ms=2_000.0)))
    nobody = result("list", cell("a", UNSUPPORTED))
    cases = suite_of_tests(ledger(), alike, broken, nobody)

    assert [case.get("time") for case in cases] == ["0.600", "2.000", "0.000"]
    assert [[child.tag for child in case] for case in cases] == [[], ["failure"], ["skipped"]]


def test_cases_and_rows_are_named_and_counted() -> None:
    """What a matrix adds belongs to the name.

    A known difference is skipped, a red row fails as a case of its own.
    """
    known = replace(result(findings=(finding(),)), case_id="shop/inn/order[path=a/b]")
    rows = ledger(row(where=("shop/inn/*",)), row("D-002", where=("shop/gone",)))
    suite = suite_of_tests(rows, known, result("gone"), result("new", findings=(finding(),)))
    told = {
        case.get("name"): (case.get("classname"), [child.tag for child in case]) for case in suite
    }

    assert told == {
        "order[path=a/b]": ("shop.inn", ["skipped"]),
        "gone": ("shop", []),
        "new": ("shop", ["failure"]),
        "D-001 b leaves it out": ("ledger", []),
        "D-002 b leaves it out": ("ledger", ["failure"]),
    }
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped", "time")} == {
        "tests": "5", "failures": "2", "skipped": "1", "time": "1.5",
    }  # fmt: skip


def test_a_document_larger_than_is_kept_in_memory() -> None:
    """Every case is in it, in order."""
    names = [f"{'long' * 50}-{number}" for number in range(6_000)]
    assert [case.get("name") for case in suite_of_tests(ledger(), *map(result, names))] == names
