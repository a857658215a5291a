"""The five stages composed: observe, compare, judge and record each case, then report.

The report is made from the record.

`replay` makes a run and its record while the runtimes are up.  `judge_record` reads a record once
and feeds all that is wanted of it: no runtime is asked, so that any ledger can judge a saved run.
`run` is the two.
"""

import contextlib
import datetime as dt
import itertools
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from conformance.comparison.case_result import asked_twice, compared
from conformance.comparison.evidence.gathering import EvidenceTally
from conformance.model.case import Case, Cases
from conformance.model.decision import Ledger
from conformance.model.evidence import FixEvidence
from conformance.model.fold import Fold
from conformance.model.gap import CaseGap, GapKind
from conformance.model.guard import Guard
from conformance.model.report import RunReport
from conformance.model.run import Demands, RunFooter, RunHeader
from conformance.model.runtime import Runtime
from conformance.model.verdict import CaseResult, Judgement
from conformance.records.read import read_record, read_start
from conformance.records.write import RecordWriter
from conformance.runner import event_loop
from conformance.runner.fitting_runtimes import concerns
from conformance.runner.scheduler import in_suite_order
from conformance.runner.session import Session, open_session
from conformance.verdicts.fold import ReportFold
from conformance.verdicts.judgement import judge, undecided
from conformance.verdicts.ledger_check import check_ledger
from conformance.verdicts.shards import refuse_twice, united_footer, united_header

Progress = Callable[[int, int, CaseResult, Judgement], None]
"""Called after each case with how many are done, how many there are, and the case with its verdict.
"""


class Plan(Struct, frozen=True, kw_only=True):
    """All that a run needs to know before it starts.

    The header's runtimes are filled in once they are open.
    """

    header: RunHeader
    cases: Cases
    runtimes: tuple[Runtime, ...]
    ledger: Ledger
    folder: Path


def run(
    plan: Plan, progress: Progress | None = None, environment: Mapping[str, str] = os.environ
) -> RunReport:
    """Make a run, and return what its record says by the ledger of the plan."""
    replay(plan, progress, environment)
    return judge_record(plan.folder)


def replay(
    plan: Plan, progress: Progress | None = None, environment: Mapping[str, str] = os.environ
) -> RunHeader:
    """Open the runtimes, replay every case and write the record while the run goes on.

    Return the run's header.

    The environment says whether live runtimes are required (`CONFORMANCE_REQUIRE_LIVE`).
    """
    known = itertools.chain((case.id for case in plan.cases), plan.header.unselected)
    check_ledger(plan.ledger, known, {runtime.name for runtime in plan.runtimes})
    return event_loop.run(_replay(plan, progress or _untold, environment))


def _untold(_done: int, _of: int, _result: CaseResult, _judgement: Judgement) -> None:
    """Tell nobody."""


async def _replay(plan: Plan, progress: Progress, environment: Mapping[str, str]) -> RunHeader:
    wanted = [
        runtime for runtime in plan.runtimes if any(concerns(case, runtime) for case in plan.cases)
    ]
    logs = plan.folder / "logs"
    opened = open_session(wanted, logs, environment, cases=plan.cases, run_id=plan.header.run_id)
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(opened)
        header = replace(plan.header, runtimes=session.facts, selected=len(plan.cases))
        started, done = time.monotonic(), itertools.count(1)
        with RecordWriter(plan.folder) as record:
            record.header(header, plan.ledger)
            replayed = in_suite_order(
                plan.cases, lambda case: replay_case(case, session, header.baseline, plan.ledger)
            )
            evidence = EvidenceTally()
            async with contextlib.aclosing(replayed) as results:
                async for result in results:
                    await session.made_of(result.cells, partial(evidence.add, result))
                    judgement = judge(result, plan.ledger)
                    record.case(result, judgement)
                    progress(next(done), len(plan.cases), result, judgement)
            elapsed_s = round(time.monotonic() - started, 3)
            await stack.aclose()  # what a runtime leaves behind is known once it has been stopped
            record.footer(
                RunFooter(
                    finished=time_now(),
                    cases=len(plan.cases),
                    elapsed_s=elapsed_s,
                    remarks=session.remarks,
                    evidence=evidence.evidence(),
                )
            )
    return header


async def replay_case(
    case: Case, session: Session, baseline: str | None, ledger: Ledger
) -> CaseResult:
    """Observe and compare a case, and report a requested label that no runtime has."""
    result = await _observed(case, session, baseline, ledger)
    if not result.cells or session.knows_label(case.against):
        return result
    gap = CaseGap(GapKind.UNKNOWN_LABEL, str(case.against))
    return replace(
        result, comparison=replace(result.comparison, gaps=(*result.comparison.gaps, gap))
    )


async def _observed(
    case: Case, session: Session, baseline: str | None, ledger: Ledger
) -> CaseResult:
    """Observe and compare a case.

    Where a finding is undecided, once more, to tell difference from noise.
    """
    result = await _compared(case, session, baseline)
    live = any(cell.live for cell in result.cells)
    if not live or not undecided(result, ledger):
        return result
    again = await _compared(case, session, baseline, attempt=2)
    if again.comparison.over_budget or any(cell.faults for cell in again.cells):
        return replace(again, repeated=True)
    twice = await session.made_of(result.cells, partial(asked_twice, case, result, again, baseline))
    if twice.unstable:
        session.reconnect(
            always=True
        )  # a kept connection may have been out of step, and would be again
    return twice


async def _compared(
    case: Case, session: Session, baseline: str | None, attempt: int = 1
) -> CaseResult:
    cells = await session.observe(case, attempt)
    return await session.made_of(cells, partial(compared, case, cells, baseline))


def join_records(folders: Sequence[Path], header: RunHeader, into: Path) -> RunHeader:
    """Write one record of the cases of several, by the ledger of the first; return its header.

    `header` says what the new run is called.  The records are of the same runtimes, and share no
    case.
    """
    starts = [read_start(folder) for folder in folders]
    ledger = starts[0].ledger
    selected = sum(start.header.selected for start in starts)
    header = replace(header, runtimes=starts[0].header.runtimes, selected=selected)
    footers: list[RunFooter] = []
    with RecordWriter(into) as record:
        record.header(header, ledger)
        for line in itertools.chain.from_iterable(map(read_record, folders)):
            if isinstance(line, RunFooter):
                footers.append(line)
            elif isinstance(line, CaseResult):
                record.case(line, judge(line, ledger))
        if len(footers) == len(folders):
            record.footer(united_footer(footers))
    return header


def judge_record(
    folder: Path, ledger: Ledger | None = None, folds: Sequence[Fold] = ()
) -> RunReport:
    """Judge a saved run by the ledger it was made with, or by another one."""
    return judge_records([folder], ledger, folds)


def judge_records(
    folders: Sequence[Path],
    ledger: Ledger | None = None,
    folds: Sequence[Fold] = (),
    demands: Demands | None = None,
    guard: Guard | None = None,
) -> RunReport:
    """Judge saved runs as one, in one pass that feeds the report and every other fold.

    The pass goes over the cases of all runs.

    `demands` and `guard` replace those that the runs were made with.  Raises ShardError where they
    cannot be one, or where two of them hold one case.
    """
    starts = [read_start(folder) for folder in folders]
    ledger = ledger or starts[0].ledger
    header = united_header([start.header for start in starts])
    header = replace(header, demands=demands or header.demands, guard=guard or header.guard)
    report = ReportFold(
        replace(header, ledger_file=ledger.file, ledger_digest=ledger.digest), ledger
    )
    footers: list[RunFooter] = []
    run_of: dict[str, str] = {}
    for folder, start in zip(folders, starts, strict=True):
        for line in read_record(folder):
            if isinstance(line, RunFooter):
                footers.append(line)
            elif isinstance(line, CaseResult):
                if len(folders) > 1:
                    refuse_twice(line.case_id, start.header.run_id, run_of)
                judgement = judge(line, ledger)
                for fold in (report, *folds):
                    fold.add(line, judgement)
    return report.report(united_footer(footers) if len(footers) == len(folders) else None)


def judged_cases(folder: Path) -> Iterator[tuple[CaseResult, Judgement]]:
    """Yield the cases of a saved run, judged by the ledger it was made with."""
    ledger = read_start(folder).ledger
    for line in read_record(folder):
        if isinstance(line, CaseResult):
            yield line, judge(line, ledger)


def evidence_of(folder: Path) -> FixEvidence:
    """Return the evidence that the cases of a record hold, whether it has a footer yet or not."""
    tally = EvidenceTally()
    for line in read_record(folder):
        if isinstance(line, CaseResult):
            tally.add(line)
    return tally.evidence()


def time_now() -> str:
    """Return the time as records have it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
