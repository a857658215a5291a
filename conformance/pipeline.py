"""The first four stages composed: observe, compare, judge and record each case.

`replay` makes a run and its record while the runtimes are up; `judging` makes the report from the
record. `run` does both.

The modules that compare and judge are imported after the first answers have come: the import takes
about as long as all the rest of the start, and so no request waits for it.
"""

import contextlib
import datetime as dt
import itertools
import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from conformance.distinct import distinct
from conformance.model.case import Cases
from conformance.model.decision import Ledger
from conformance.model.guard import GuardFailure
from conformance.model.report import RunReport
from conformance.model.run import RunFooter, RunHeader
from conformance.model.runtime import Runtime
from conformance.records.write import RecordWriter
from conformance.replay.cases import CaseReplay
from conformance.replay.replayed import Replayed
from conformance.runner import event_loop
from conformance.runner.fitting_runtimes import concerns
from conformance.runner.open_session import open_session

if TYPE_CHECKING:
    from conformance.replay.pool import Pool

Progress = Callable[[int, int, Replayed], None]
"""Called after each case: with the number of cases done, the number of all, and the judged case."""

Follower = Callable[[bytes], None]
"""Called with each line of the record once it is written."""


def _nothing_guarded() -> tuple[GuardFailure, ...]:
    return ()


class RunPlan(Struct, frozen=True, kw_only=True):
    """All that a run needs before it starts.

    `header` gets its runtimes once they are open. `jobs` is the number of processes for cases that
    may run in parallel. `look_again` returns what the guard finds changed since the start; it is
    called after all runtimes have been stopped. `again` is the number of earlier runs of this plan:
    each run has other fresh names.
    """

    header: RunHeader
    cases: Cases
    runtimes: tuple[Runtime, ...]
    ledger: Ledger
    folder: Path
    jobs: int = 1
    again: int = 0
    look_again: Callable[[], tuple[GuardFailure, ...]] = _nothing_guarded

    @property
    def names(self) -> str:
        """Return the seed of the fresh names."""
        return self.header.run_id if not self.again else f"{self.header.run_id} {self.again}"


def run(
    plan: RunPlan, progress: Progress | None = None, environment: Mapping[str, str] = os.environ
) -> RunReport:
    """Make a run, and return its report by the ledger of the plan."""
    replay(plan, progress, environment)
    from conformance.judging import judge_record  # noqa: PLC0415 - loaded after the first answers

    return judge_record(plan.folder)


def replay(
    plan: RunPlan,
    progress: Progress | None = None,
    environment: Mapping[str, str] = os.environ,
    follower: Follower | None = None,
) -> RunHeader:
    """Open the runtimes, replay every case, and write the record while the run goes on.

    Return the run's header. If workers replay the cases, `follower` gets each line of the record as
    it is written. The environment says whether live runtimes are required
    (`CONFORMANCE_REQUIRE_LIVE`).
    """
    if plan.ledger.differences:
        _check_ledger(plan)
    # no more workers than cases, and none for a single case
    jobs = min(plan.jobs, len(plan.cases))
    pool = _pool(plan, environment, jobs) if jobs > 1 else None
    try:
        follower = follower if pool is not None else None
        return event_loop.run(_replay(plan, progress or _untold, environment, pool, follower))
    finally:
        if pool is not None:  # if the runtimes could not be opened, it has not been ended yet
            pool.end()


def _pool(plan: RunPlan, environment: Mapping[str, str], jobs: int) -> "Pool":
    # Loaded before the workers are made, so that each of them has it
    import conformance.comparison.case_result  # noqa: PLC0415
    import conformance.verdicts.judgement  # noqa: PLC0415, F401
    from conformance.replay.pool import Pool  # noqa: PLC0415 - a run on one process needs none
    from conformance.replay.worker import Work  # noqa: PLC0415

    work = Work(
        cases=plan.cases,
        ledger=plan.ledger,
        baseline=plan.header.baseline,
        run_id=plan.names,
        folder=plan.folder,
        environment=environment,
    )
    return Pool(jobs, work)


def _check_ledger(plan: RunPlan) -> None:
    from conformance.verdicts.ledger_check import check_ledger  # noqa: PLC0415 - as said above

    known = itertools.chain((case.id for case in plan.cases), plan.header.unselected)
    check_ledger(plan.ledger, known, {runtime.name for runtime in plan.runtimes})


def _untold(_done: int, _of: int, _case: Replayed) -> None:
    """Ignore the progress."""


async def _replay(
    plan: RunPlan,
    progress: Progress,
    environment: Mapping[str, str],
    pool: "Pool | None",
    follower: Follower | None,
) -> RunHeader:
    wanted = [
        runtime for runtime in plan.runtimes if any(concerns(case, runtime) for case in plan.cases)
    ]
    logs = plan.folder / "logs"
    opened = open_session(wanted, logs, environment, cases=plan.cases, run_id=plan.names)
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(opened)
        header = replace(plan.header, runtimes=session.facts, selected=len(plan.cases))
        started, done = time.monotonic(), itertools.count(1)
        replay = CaseReplay(session, header.baseline, plan.ledger)
        with RecordWriter(plan.folder, follower) as record:
            record.header(header, plan.ledger)
            if pool is None:
                replayed = replay.replayed(plan.cases)
            else:
                pool.open(session)
                stack.push_async_callback(pool.close)
                replayed = pool.replayed(plan.cases, session, replay)
            async with contextlib.aclosing(replayed) as cases:
                async for case in cases:
                    case.write(record)
                    progress(next(done), len(plan.cases), case)
            remarks = () if pool is None else await pool.finish(replay)
            elapsed_s = round(time.monotonic() - started, 3)
            await stack.aclose()  # processes that outlive their runtime are known after its stop
            record.footer(
                RunFooter(
                    finished=time_now(),
                    cases=len(plan.cases),
                    elapsed_s=elapsed_s,
                    remarks=distinct((session.remarks, remarks)),
                    evidence=replay.evidence(),
                    guard_failures=plan.look_again(),
                )
            )
        if header.guard is not None:  # a runtime may write any file of its user, also the record
            record.refuse_others()
    return header


def time_now() -> str:
    """Return the current UTC time as records have it: ISO 8601, to the second."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
