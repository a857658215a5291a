"""Reports of judged cases that no server answered: findings in, a report out."""

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from conformance.comparison.case_result import compared
from conformance.model.decision import Ledger
from conformance.model.finding import Finding
from conformance.model.observation import Cell
from conformance.model.report import RunReport
from conformance.model.run import RunFooter, RuntimeFacts
from conformance.model.verdict import CaseResult
from conformance.reporting.console import report_lines
from conformance.reporting.report_files import ReportFiles
from conformance.reporting.terminal import View
from conformance.verdicts.fold import ReportFold
from conformance.verdicts.judgement import judge
from tests.comparison.laws import answer
from tests.comparison.live_runs import case, header
from tests.verdicts.ledger_rows import cell, result


def case_with(name: str, runtimes: Sequence[str], *findings: Finding) -> CaseResult:
    """Return a case of the shop that some runtimes answered, with its findings."""
    plain = result(name, *map(cell, runtimes), findings=findings)
    return replace(
        plain, comparison=replace(plain.comparison, classes=tuple((name,) for name in runtimes))
    )


def facts_of(runtimes: Sequence[str]) -> tuple[RuntimeFacts, ...]:
    """Return what a header says of live runtimes."""
    return tuple(
        RuntimeFacts(name=name, live=True, reached="attached", language="go") for name in runtimes
    )


def report_of(runtimes: Sequence[str], rows: Ledger, *results: CaseResult) -> RunReport:
    """Judge cases by a ledger and add them up."""
    fold = ReportFold(replace(header(), runtimes=facts_of(runtimes)), rows)
    for seen in results:
        fold.add(seen, judge(seen, rows))
    return fold.report(RunFooter(finished="", cases=len(results), elapsed_s=1.0))


def unlike_members(count: int) -> CaseResult:
    """Return a case where two runtimes answer objects of `count` members, none of them shared."""
    bodies = ({f"{who}_{number}": number for number in range(count)} for who in ("member", "other"))
    cells = [
        Cell(runtime=name, live=True, observations=(answer(body),))
        for name, body in zip("ab", bodies, strict=True)
    ]
    return compared(case(), cells, None)


def write_reports(seen: CaseResult, folder: Path) -> dict[str, int]:
    """Judge a case, write all reports of a run with no other, and return their sizes in bytes."""
    runtimes = [cell.runtime for cell in seen.cells]
    files = ReportFiles(replace(header(), runtimes=facts_of(runtimes)))
    files.add(seen, judge(seen, Ledger()))
    files.write(report_of(runtimes, Ledger(), seen), folder, ())
    return {file.name: file.stat().st_size for file in folder.iterdir()}


def printed(report: RunReport, **view: int | bool) -> list[str]:
    """Return the lines of the console, on a screen of 80 columns unless said otherwise."""
    return [text for text, _ in report_lines(report, View(**{"columns": 80, **view}))]  # type: ignore[arg-type]
