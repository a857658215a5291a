"""Reports of judged cases that no server answered: findings in, a report out."""

from collections.abc import Sequence
from dataclasses import replace

from conformance.model.decision import Ledger
from conformance.model.finding import Finding
from conformance.model.report import RunReport
from conformance.model.run import RunFooter, RuntimeFacts
from conformance.model.verdict import CaseResult
from conformance.reporting.console import report_lines
from conformance.reporting.terminal import View
from conformance.verdicts.fold import ReportFold
from conformance.verdicts.judgement import judge
from tests.comparison.live_runs import header
from tests.verdicts.ledger_rows import cell, result


def case_with(name: str, runtimes: Sequence[str], *findings: Finding) -> CaseResult:
    """Return a case of the shop that some runtimes answered, with its findings."""
    plain = result(name, *map(cell, runtimes), findings=findings)
    return replace(plain, comparison=replace(plain.comparison, classes=tuple((name,) for name in runtimes)))


def report_of(runtimes: Sequence[str], rows: Ledger, *results: CaseResult) -> RunReport:
    """Judge cases by a ledger and add them up."""
    facts = tuple(RuntimeFacts(name=name, live=True, reached="attached", language="go") for name in runtimes)
    fold = ReportFold(replace(header(), runtimes=facts), rows)
    for seen in results:
        fold.add(seen, judge(seen, rows))
    return fold.report(RunFooter(finished="", cases=len(results), elapsed_s=1.0))


def printed(report: RunReport, **view: int | bool) -> list[str]:
    """Return the lines of the console, on a screen of 80 columns unless said otherwise."""
    return [text for text, _ in report_lines(report, View(**{"columns": 80, **view}))]  # type: ignore[arg-type]
