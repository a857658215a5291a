"""What a run adds up to: judged cases in, one by one, and a report out; memory does not grow with their number."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from typing import Final

from conformance.comparison.grouping import Grouping
from conformance.comparison.rules.tally import RuleTally
from conformance.model.case import CompareLevel, suite_of
from conformance.model.decision import Ledger
from conformance.model.finding import Facet
from conformance.model.report import CaseLine, Headline, RunReport, SuiteCounts
from conformance.model.run import RunFooter, RunHeader
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.verdicts.rows import RowTally, review_warnings

CASES_IN_A_REPORT: Final = 1_000
WARNINGS_IN_A_REPORT: Final = 100


class Tally:
    """Adds up judged cases into a report."""

    def __init__(self, header: RunHeader, ledger: Ledger) -> None:
        self._header = header
        self._ledger = ledger
        self._headline: Counter[str] = Counter()
        self._counts: Counter[Verdict] = Counter()
        self._suites: dict[str, Verdict] = {}
        self._grouping = Grouping({facts.name: facts.language for facts in header.runtimes})
        self._rows = RowTally(ledger)
        self._unselected = set(header.unselected)
        self._rules = RuleTally()
        self._lines: list[CaseLine] = []
        self._more = 0
        self._case_warnings: list[str] = []
        self._more_warnings = 0

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one judged case."""
        self._counts[judgement.verdict] += 1
        self._add_to_suite(suite_of(result.case_id), judgement.verdict)
        self._unselected.discard(result.case_id)
        for name in headline_counters(result):
            self._headline[name] += 1
        self._grouping.add(result.case_id, result.comparison.findings, judgement.decisions)
        self._rows.add(result, judgement)
        self._warn(result)
        self._rules.add(result.comparison.rule_uses)
        if judgement.verdict is Verdict.PASSED:
            return
        if len(self._lines) == CASES_IN_A_REPORT:
            self._more += 1
            return
        line = CaseLine(
            case_id=result.case_id,
            place=result.place,
            verdict=judgement.verdict,
            reason=judgement.reason,
            decisions=tuple(sorted({decision for decision in judgement.decisions if decision})),
            classes=result.comparison.classes,
        )
        self._lines.append(line)

    def _add_to_suite(self, suite: str, verdict: Verdict) -> None:
        """Keep a red verdict of a suite, else one of a case that was not skipped."""
        held = self._suites.get(suite)
        if held is None or verdict.red or held is Verdict.SKIPPED:
            self._suites[suite] = verdict

    def _warn(self, result: CaseResult) -> None:
        found = [f"{result.case_id}: {cell.runtime} {warning}" for cell in result.cells for warning in cell.warnings]
        room = WARNINGS_IN_A_REPORT - len(self._case_warnings)
        self._case_warnings += found[:room]
        self._more_warnings += len(found[room:])

    def report(self, footer: RunFooter | None) -> RunReport:
        """Return the report; without a footer the run did not finish."""
        return RunReport(
            header=self._header,
            footer=footer,
            headline=Headline(**self._headline),
            counts={verdict: self._counts[verdict] for verdict in Verdict},
            suites=_suite_counts(self._suites.values()),
            groups=self._grouping.groups(),
            rows=self._rows.verdicts(frozenset(self._unselected), finished=footer is not None),
            decisions=self._ledger.decisions,
            cases=tuple(self._lines),
            more_cases=self._more,
            warnings=tuple(self._warnings(footer)),
        )

    def _warnings(self, footer: RunFooter | None) -> Iterable[str]:
        if footer is None:
            done, of = sum(self._counts.values()), self._header.selected
            yield f"the run is incomplete: its record ends after {done} of {of} cases"
        if self._header.shard is not None:
            yield f"this is shard {self._header.shard} of the selection: `conformance gate` judges all of them as one"
        for facts in self._header.runtimes:
            if facts.in_place_of:
                yield f"{facts.name} is {facts.provenance}: {facts.in_place_of}"
        yield from footer.remarks if footer else ()
        yield from self._case_warnings
        if self._more_warnings:
            yield f"{self._more_warnings} more warnings about cases; the record holds them"
        yield from self._rules.warnings()
        yield from review_warnings(self._ledger, dt.date.fromisoformat(self._header.started[:10]))


def _suite_counts(verdicts: Iterable[Verdict]) -> SuiteCounts:
    counted = Counter(
        "red" if verdict.red else "skipped" if verdict is Verdict.SKIPPED else "green" for verdict in verdicts
    )
    return SuiteCounts(**counted)


def headline_counters(result: CaseResult) -> Iterable[str]:
    """Yield the names of the headline's counters that a case adds one to."""
    if not result.comparison.compared:
        return
    facets = {finding.facet for finding in result.comparison.findings}
    yield "compared"
    if Facet.STATUS in facets:
        return
    yield "status_equal"
    if result.level is CompareLevel.STATUS:
        return
    yield "shapes_compared"
    if Facet.SHAPE in facets:
        yield "shapes_diverge"
    if Facet.HEADERS in facets:
        yield "headers_diverge"
    if result.level is CompareLevel.VALUE:
        yield "values_compared"
        if Facet.VALUE in facets:
            yield "values_diverge"
