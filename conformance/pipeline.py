"""The five stages composed: cases are observed, compared, judged, tallied and written down, one after the other.

`run` reads top to bottom like the stages.  `judge_record` is the same from stage 4 on, over a saved run: no runtime is
asked.
"""

import asyncio
import datetime as dt
import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from conformance.comparison.expectations import expectation_failures
from conformance.comparison.grouping import Grouping
from conformance.comparison.parity import compare_case
from conformance.comparison.rule_tally import RuleTally
from conformance.errors import RunRecordError
from conformance.model.case import Case, CompareLevel
from conformance.model.decision import Ledger
from conformance.model.finding import Facet, Finding
from conformance.model.observation import Cell
from conformance.model.report import CaseLine, Headline, RunReport
from conformance.model.run import RunFooter, RunHeader, RuntimeFacts
from conformance.model.runtime import Runtime
from conformance.model.verdict import CaseResult, Judgement, Verdict
from conformance.reporting.record import RecordStart, RecordWriter, read_record
from conformance.runner.recording import RecordingRow, rows_of
from conformance.runner.session import Session, concerns, open_session
from conformance.verdicts.judgement import judge, undecided
from conformance.verdicts.matching import check_ledger
from conformance.verdicts.rows import RowTally, review_warnings

CASES_IN_A_REPORT: Final = 1_000
Progress = Callable[[int, int, Judgement], None]
"""Called after each case with how many are done, how many there are, and the verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a run needs to know before it starts; the header's runtimes are filled in once they are open."""

    header: RunHeader
    cases: tuple[Case, ...]
    runtimes: tuple[Runtime, ...]
    ledger: Ledger
    folder: Path


def run(plan: Plan, progress: Progress | None = None, environment: Mapping[str, str] = os.environ) -> RunReport:
    """Make a run: open the runtimes, replay every case, write the record, and return the judged report.

    The environment says whether live runtimes are required (`CONFORMANCE_REQUIRE_LIVE`).
    """
    known = {case.id for case in plan.cases} | plan.header.unselected
    check_ledger(plan.ledger, known, {runtime.name for runtime in plan.runtimes})
    return asyncio.run(_run(plan, progress, environment))


async def _run(plan: Plan, progress: Progress | None, environment: Mapping[str, str]) -> RunReport:
    wanted = [runtime for runtime in plan.runtimes if any(concerns(case, runtime) for case in plan.cases)]
    async with open_session(wanted, plan.folder / "logs", environment) as session:
        header = replace(plan.header, runtimes=session.facts, selected=len(plan.cases))
        tally, started = Tally(header, plan.ledger), time.monotonic()
        with RecordWriter(plan.folder) as record:
            record.header(header, plan.ledger)
            for done, case in enumerate(plan.cases, start=1):
                result = await _replay(case, session, header.baseline, plan.ledger)
                judgement = judge(result, plan.ledger)
                record.case(result, judgement)
                tally.add(result, judgement)
                if progress is not None:
                    progress(done, len(plan.cases), judgement)
            elapsed_s = round(time.monotonic() - started, 3)
            footer = RunFooter(finished=_now(), cases=len(plan.cases), elapsed_s=elapsed_s)
            record.footer(footer)
    return tally.report(footer)


async def _replay(case: Case, session: Session, baseline: str | None, ledger: Ledger) -> CaseResult:
    """Observe and compare a case; where a finding is in no decision, once more, to tell difference from noise."""
    result = _compare(case, await session.observe(case), baseline)
    live = any(cell.live for cell in result.cells)
    if not live or not undecided(result, ledger):
        return result
    again = _compare(case, await session.observe(case), baseline)
    if any(cell.faults for cell in again.cells):
        return replace(again, repeated=True)
    return replace(result, repeated=True, unstable=_unstable(result, again))


def _compare(case: Case, cells: Sequence[Cell], baseline: str | None) -> CaseResult:
    return CaseResult(
        case_id=case.id,
        place=str(case.place),
        requests=tuple(step.request for step in case.steps),
        cells=tuple(cells),
        level=case.compare,
        comparison=compare_case(case, cells, baseline),
        expected=any(step.expectation.statuses for step in case.steps),
        expectation_failures=tuple(expectation_failures(case, cells)),
    )


def _unstable(first: CaseResult, second: CaseResult) -> tuple[Finding, ...]:
    """Return the findings that only one of two replays shows."""
    shown = [{finding.identity: finding for finding in result.comparison.findings} for result in (first, second)]
    return tuple(
        shown[0].get(identity) or shown[1][identity] for identity in sorted(shown[0].keys() ^ shown[1].keys(), key=str)
    )


class Tally:
    """Adds up judged cases into a report, in memory that does not grow with their number."""

    def __init__(self, header: RunHeader, ledger: Ledger) -> None:
        self._header = header
        self._ledger = ledger
        self._headline: Counter[str] = Counter()
        self._counts: Counter[Verdict] = Counter()
        self._grouping = Grouping({facts.name: facts.language for facts in header.runtimes})
        self._rows = RowTally(ledger)
        self._rules = RuleTally()
        self._lines: list[CaseLine] = []
        self._more = 0

    def add(self, result: CaseResult, judgement: Judgement) -> None:
        """Take one judged case."""
        self._counts[judgement.verdict] += 1
        self._headline.update(_headline_of(result))
        self._grouping.add(result.case_id, result.comparison.findings, judgement.decisions)
        self._rows.add(result, judgement)
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

    def report(self, footer: RunFooter | None) -> RunReport:
        """Return the report; without a footer the run did not finish."""
        return RunReport(
            header=self._header,
            footer=footer,
            headline=Headline(**self._headline),
            counts={verdict: self._counts[verdict] for verdict in Verdict},
            groups=self._grouping.groups(),
            rows=self._rows.verdicts(self._header.unselected, finished=footer is not None),
            decisions=self._ledger.decisions,
            cases=tuple(self._lines),
            more_cases=self._more,
            warnings=tuple(self._warnings(footer)),
        )

    def _warnings(self, footer: RunFooter | None) -> Iterable[str]:
        if footer is None:
            done, of = sum(self._counts.values()), self._header.selected
            yield f"the run is incomplete: its record ends after {done} of {of} cases"
        for facts in self._header.runtimes:
            if facts.in_place_of:
                yield f"{facts.name} is {facts.provenance}: {facts.in_place_of}"
        yield from self._rules.warnings()
        yield from review_warnings(self._ledger, dt.date.fromisoformat(self._header.started[:10]))


def _headline_of(result: CaseResult) -> Iterable[str]:
    """Name the counters of the headline that a case adds one to."""
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


def judge_record(folder: Path, ledger: Ledger | None = None) -> RunReport:
    """Judge a saved run by the ledger it was made with, or by another one."""
    tally: Tally | None = None
    footer: RunFooter | None = None
    for line in read_record(folder):
        if isinstance(line, RecordStart):
            ledger = ledger or line.ledger
            tally = Tally(_judged_by(line.header, ledger), ledger)
        elif isinstance(line, RunFooter):
            footer = line
        elif tally is not None and ledger is not None:
            tally.add(line, judge(line, ledger))
    if tally is None:
        raise RunRecordError(f"{folder}: its record has no header", hint="run it again")
    return tally.report(footer)


def _judged_by(header: RunHeader, ledger: Ledger) -> RunHeader:
    return replace(header, ledger_file=ledger.file, ledger_digest=ledger.digest)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def judged_cases(folder: Path) -> Iterator[tuple[CaseResult, Judgement]]:
    """Yield the cases of a saved run, judged by the ledger it was made with."""
    ledger = Ledger()
    for line in read_record(folder):
        if isinstance(line, RecordStart):
            ledger = line.ledger
        elif isinstance(line, CaseResult):
            yield line, judge(line, ledger)


def red_cases(folder: Path) -> frozenset[str]:
    """Return the ids of the cases that were red in a saved run."""
    return frozenset(case.case_id for case, judgement in judged_cases(folder) if judgement.verdict.red)


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What one runtime answered to the cases that were recorded."""

    facts: RuntimeFacts
    rows: tuple[RecordingRow, ...]


def capture(runtimes: Sequence[Runtime], cases: Sequence[Case], logs: Path) -> tuple[Captured, ...]:
    """Ask live runtimes every case that is for them; raises RuntimeUnavailableError where one gives no answer."""
    return asyncio.run(_capture([replace(runtime, fallback=None) for runtime in runtimes], cases, logs))


async def _capture(runtimes: Sequence[Runtime], cases: Sequence[Case], logs: Path) -> tuple[Captured, ...]:
    rows: dict[str, list[RecordingRow]] = {runtime.name: [] for runtime in runtimes}
    async with open_session(runtimes, logs) as session:
        for case in cases:
            for cell in await session.observe(case):
                rows[cell.runtime].extend(rows_of(case, cell))
        return tuple(Captured(facts=facts, rows=tuple(rows[facts.name])) for facts in session.facts)
