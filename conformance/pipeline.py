"""The five stages composed: cases are observed, compared, judged, tallied and written down, one after the other.

`run` reads top to bottom like the stages.  `judge_record` is the same from stage 4 on, over a saved run: no runtime is
asked.
"""

import contextlib
import datetime as dt
import itertools
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from conformance.comparison.expectations.failures import expectation_failures
from conformance.comparison.parity import compare_case
from conformance.errors import ShardError
from conformance.ledger.proposal import Difference, Proposals
from conformance.model.case import Case, Cases
from conformance.model.decision import Decision, Ledger
from conformance.model.finding import Finding
from conformance.model.observation import Cell, Observation
from conformance.model.report import RunReport
from conformance.model.run import RunFooter, RunHeader, RuntimeFacts
from conformance.model.runtime import Runtime
from conformance.model.verdict import CaseResult, Judgement
from conformance.records.read import RecordStart, read_record, read_start
from conformance.records.write import RecordWriter
from conformance.runner import event_loop
from conformance.runner.recording import RecordingRow, rows_of
from conformance.runner.scheduler import in_suite_order
from conformance.runner.session import Session, concerns, open_session
from conformance.verdicts.fold import Tally
from conformance.verdicts.judgement import judge, undecided
from conformance.verdicts.matching import check_ledger
from conformance.verdicts.shards import united_footer, united_header

Progress = Callable[[int, int, CaseResult, Judgement], None]
"""Called after each case with how many are done, how many there are, and the case with its verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that a run needs to know before it starts; the header's runtimes are filled in once they are open."""

    header: RunHeader
    cases: Cases
    runtimes: tuple[Runtime, ...]
    ledger: Ledger
    folder: Path


def run(plan: Plan, progress: Progress | None = None, environment: Mapping[str, str] = os.environ) -> RunReport:
    """Make a run: open the runtimes, replay every case, write the record, and return the judged report.

    The environment says whether live runtimes are required (`CONFORMANCE_REQUIRE_LIVE`).
    """
    known = itertools.chain((case.id for case in plan.cases), plan.header.unselected)
    check_ledger(plan.ledger, known, {runtime.name for runtime in plan.runtimes})
    return event_loop.run(_run(plan, progress, environment))


async def _run(plan: Plan, progress: Progress | None, environment: Mapping[str, str]) -> RunReport:
    wanted = [runtime for runtime in plan.runtimes if any(concerns(case, runtime) for case in plan.cases)]
    logs = plan.folder / "logs"
    opened = open_session(wanted, logs, environment, cases=plan.cases, run_id=plan.header.run_id)
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(opened)
        header = replace(plan.header, runtimes=session.facts, selected=len(plan.cases))
        tally, started = Tally(header, plan.ledger), time.monotonic()
        with RecordWriter(plan.folder) as record:
            record.header(header, plan.ledger)
            replayed = in_suite_order(plan.cases, lambda case: replay_case(case, session, header.baseline, plan.ledger))
            done = 0
            async with contextlib.aclosing(replayed) as results:
                async for result in results:
                    judgement = judge(result, plan.ledger)
                    record.case(result, judgement)
                    tally.add(result, judgement)
                    done += 1
                    if progress is not None:
                        progress(done, len(plan.cases), result, judgement)
            elapsed_s = round(time.monotonic() - started, 3)
            await stack.aclose()  # what a runtime leaves behind is known once it has been stopped
            footer = RunFooter(finished=time_now(), cases=len(plan.cases), elapsed_s=elapsed_s, remarks=session.remarks)
            record.footer(footer)
    return tally.report(footer)


async def replay_case(case: Case, session: Session, baseline: str | None, ledger: Ledger) -> CaseResult:
    """Observe and compare a case; where a finding is in no decision, once more, to tell difference from noise."""
    result = _compare(case, await session.observe(case), baseline)
    live = any(cell.live for cell in result.cells)
    if not live or not undecided(result, ledger):
        return result
    again = _compare(case, await session.observe(case, attempt=2), baseline)
    if any(cell.faults for cell in again.cells):
        return replace(again, repeated=True)
    unstable = _unstable(result, again)
    if unstable:
        session.reconnect(always=True)  # a kept connection may have been out of step, and would be again
    return replace(result, repeated=True, unstable=unstable)


def _compare(case: Case, cells: Sequence[Cell], baseline: str | None) -> CaseResult:
    return CaseResult(
        case_id=case.id,
        place=str(case.place),
        requests=tuple(step.request for step in case.steps),
        cells=tuple(cells),
        level=case.compare,
        comparison=compare_case(case, cells, baseline),
        expected=any(step.expectation for step in case.steps),
        expectation_failures=tuple(expectation_failures(case, cells)),
    )


def _unstable(first: CaseResult, second: CaseResult) -> tuple[Finding, ...]:
    """Return the findings that only one of two replays shows."""
    shown = [{finding.identity: finding for finding in result.comparison.findings} for result in (first, second)]
    return tuple(
        shown[0].get(identity) or shown[1][identity] for identity in sorted(shown[0].keys() ^ shown[1].keys(), key=str)
    )


def judge_record(folder: Path, ledger: Ledger | None = None) -> RunReport:
    """Judge a saved run by the ledger it was made with, or by another one."""
    return judge_records([folder], ledger)


def judge_records(folders: Sequence[Path], ledger: Ledger | None = None) -> RunReport:
    """Judge saved runs as one; raises ShardError where they cannot be, or where two of them hold one case."""
    starts = [read_start(folder) for folder in folders]
    ledger = ledger or starts[0].ledger
    tally = Tally(_judged_by(united_header([start.header for start in starts]), ledger), ledger)
    footers: list[RunFooter] = []
    run_of: dict[str, str] = {}
    for folder, start in zip(folders, starts, strict=True):
        for line in read_record(folder):
            if isinstance(line, RunFooter):
                footers.append(line)
            elif isinstance(line, CaseResult):
                if len(folders) > 1:
                    _refuse_twice(line.case_id, start.header.run_id, run_of)
                tally.add(line, judge(line, ledger))
    return tally.report(united_footer(footers) if len(footers) == len(folders) else None)


def _refuse_twice(case_id: str, run_id: str, run_of: dict[str, str]) -> None:
    """Raise ShardError for a case that another run holds too: which of its two verdicts counts would be chance."""
    first = run_of.setdefault(case_id, run_id)
    if first != run_id:
        raise ShardError(
            f"these runs cannot be judged as one: {case_id} is in {first} and in {run_id}",
            hint="--shard 1/2 and --shard 2/2 never share a case",
        )


def _judged_by(header: RunHeader, ledger: Ledger) -> RunHeader:
    return replace(header, ledger_file=ledger.file, ledger_digest=ledger.digest)


def time_now() -> str:
    """Return the time as records have it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def judged_cases(folder: Path, ledger: Ledger | None = None) -> Iterator[tuple[CaseResult, Judgement]]:
    """Yield the cases of a saved run, judged by the ledger it was made with, or by another one."""
    for line in read_record(folder):
        if isinstance(line, RecordStart):
            ledger = ledger or line.ledger
        elif isinstance(line, CaseResult) and ledger is not None:
            yield line, judge(line, ledger)


def proposed_rows(folder: Path) -> Mapping[Difference, Decision]:
    """Return a ledger row for each difference of a saved run that is in no decision, dated on the day of the run."""
    start, proposals = read_start(folder), Proposals()
    for case, judgement in judged_cases(folder):
        proposals.add(case, judgement)
    return proposals.rows(start.ledger, dt.date.fromisoformat(start.header.started[:10]))


def red_cases(folder: Path) -> frozenset[str]:
    """Return the ids of the cases that were red in a saved run."""
    return frozenset(case.case_id for case, judgement in judged_cases(folder) if judgement.verdict.red)


def ask(runtime: Runtime, case: Case) -> Observation:
    """Return what one runtime answers to the first step of a case; raises RuntimeUnavailableError."""
    return event_loop.run(_ask(runtime, case))


async def _ask(runtime: Runtime, case: Case) -> Observation:
    async with open_session([runtime], Path()) as session:
        (cell,) = await session.observe(case)
        return cell.observations[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What one runtime answered to the cases that were recorded."""

    facts: RuntimeFacts
    rows: tuple[RecordingRow, ...]


def capture(runtimes: Sequence[Runtime], cases: Cases, logs: Path) -> tuple[Captured, ...]:
    """Ask live runtimes every case that is for them; raises RuntimeUnavailableError where one gives no answer."""
    return event_loop.run(_capture([replace(runtime, fallback=None) for runtime in runtimes], cases, logs))


async def _capture(runtimes: Sequence[Runtime], cases: Cases, logs: Path) -> tuple[Captured, ...]:
    rows: dict[str, list[RecordingRow]] = {runtime.name: [] for runtime in runtimes}
    async with open_session(runtimes, logs, cases=cases, run_id=os.urandom(8).hex()) as session:
        for case in cases:
            for cell in await session.observe(case):
                rows[cell.runtime].extend(rows_of(case, cell))
        return tuple(Captured(facts=facts, rows=tuple(rows[facts.name])) for facts in session.facts)
