"""The first four stages composed: observe, compare, judge and record each case.

`replay` makes a run and its record while the runtimes are up; the report is made from the record
(`judging`).  `run` is the two.

What compares and judges is loaded once the first answers are there: that takes about as long as all
the rest of a start, and no request waits for it.
"""

import contextlib
import datetime as dt
import itertools
import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.case import Case, Cases
from conformance.model.decision import Ledger
from conformance.model.evidence import FixEvidence
from conformance.model.gap import CaseGap, GapKind
from conformance.model.guard import GuardFailure
from conformance.model.report import RunReport
from conformance.model.run import RunFooter, RunHeader
from conformance.model.runtime import Runtime
from conformance.model.verdict import CaseResult, Judgement
from conformance.records.write import RecordWriter
from conformance.runner import event_loop
from conformance.runner.fitting_runtimes import concerns
from conformance.runner.scheduler import in_suite_order
from conformance.runner.session import Session, open_session
from conformance.runner.work_on_cells import are_very_large

if TYPE_CHECKING:
    from conformance.comparison.evidence.gathering import EvidenceTally

Progress = Callable[[int, int, CaseResult, Judgement], None]
"""Called after each case with how many are done, how many there are, and the case with its verdict.
"""


def _nothing_guarded() -> tuple[GuardFailure, ...]:
    return ()


class RunPlan(Struct, frozen=True, kw_only=True):
    """All that a run needs to know before it starts.

    The header's runtimes are filled in once they are open. `look_again` returns what was guarded
    and changed since the run began; it is called once all runtimes have been stopped.
    """

    header: RunHeader
    cases: Cases
    runtimes: tuple[Runtime, ...]
    ledger: Ledger
    folder: Path
    look_again: Callable[[], tuple[GuardFailure, ...]] = _nothing_guarded


def run(
    plan: RunPlan, progress: Progress | None = None, environment: Mapping[str, str] = os.environ
) -> RunReport:
    """Make a run, and return what its record says by the ledger of the plan."""
    replay(plan, progress, environment)
    from conformance.judging import judge_record  # noqa: PLC0415 - loaded after the first answers

    return judge_record(plan.folder)


def replay(
    plan: RunPlan, progress: Progress | None = None, environment: Mapping[str, str] = os.environ
) -> RunHeader:
    """Open the runtimes, replay every case and write the record while the run goes on.

    Return the run's header.

    The environment says whether live runtimes are required (`CONFORMANCE_REQUIRE_LIVE`).
    """
    if plan.ledger.differences:
        _check_ledger(plan)
    return event_loop.run(_replay(plan, progress or _untold, environment))


def _check_ledger(plan: RunPlan) -> None:
    from conformance.verdicts.ledger_check import check_ledger  # noqa: PLC0415 - as said above

    known = itertools.chain((case.id for case in plan.cases), plan.header.unselected)
    check_ledger(plan.ledger, known, {runtime.name for runtime in plan.runtimes})


def _untold(_done: int, _of: int, _result: CaseResult, _judgement: Judgement) -> None:
    """Tell nobody."""


async def _replay(plan: RunPlan, progress: Progress, environment: Mapping[str, str]) -> RunHeader:
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
            evidence = None
            async with contextlib.aclosing(replayed) as results:
                async for result in results:
                    from conformance.comparison.evidence.gathering import EvidenceTally  # noqa: PLC0415 - as said above
                    from conformance.verdicts.judgement import judge  # noqa: PLC0415

                    evidence = evidence or EvidenceTally()
                    await _gather(result, session, evidence)
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
                    evidence=evidence.evidence() if evidence else FixEvidence(),
                    guard_failures=plan.look_again(),
                )
            )
        if header.guard is not None:  # a runtime is a program, and may write any file of its user
            record.refuse_others()
    return header


async def _gather(result: CaseResult, session: Session, evidence: "EvidenceTally") -> None:
    """Add the evidence of a case."""
    if are_very_large(result.cells):
        evidence.join(await session.work.on(result.cells, partial(_evidence_of_case, result)))
    else:
        await session.work.on(result.cells, partial(evidence.add, result))


def _evidence_of_case(result: CaseResult) -> FixEvidence:
    from conformance.comparison.evidence.gathering import EvidenceTally  # noqa: PLC0415 - as said above

    tally = EvidenceTally()
    tally.add(result)
    return tally.evidence()


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
    cells = await session.observe(case)
    from conformance.comparison.case_result import asked_again, compared  # noqa: PLC0415 - as said above
    from conformance.verdicts.judgement import undecided  # noqa: PLC0415

    result = await session.work.on(cells, partial(compared, case, cells, baseline))
    live = any(cell.live for cell in result.cells)
    if not live or not undecided(result, ledger):
        return result
    cells = await session.observe(case, attempt=2)
    again = partial(asked_again, case, result, cells, baseline)
    twice = await session.work.on((*result.cells, *cells), again)
    if twice.unstable:
        session.reconnect(
            always=True
        )  # a kept connection may have been out of step, and would be again
    return twice


def time_now() -> str:
    """Return the time as records have it."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
