"""Sessions as context managers: all runtimes are opened at once, and always closed."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from pathlib import Path

from conformance.model.case import Case
from conformance.model.runtime import CommandRuntime, RecordedRuntime, Runtime
from conformance.runner.fitting_runtimes import refuse_missing_access
from conformance.runner.handover import Handover
from conformance.runner.lanes.lane import Lane
from conformance.runner.lanes.opening import REQUIRE_LIVE, open_lane
from conformance.runner.lanes.wire import logs_of
from conformance.runner.recovery import MAX_RESTARTS
from conformance.runner.secrets import Secrets, read_secrets
from conformance.runner.session import Session, raise_failures


@contextlib.asynccontextmanager
async def open_session(  # noqa: PLR0913 - what a run is made of
    runtimes: Sequence[Runtime],
    logs: Path,
    environment: Mapping[str, str] = os.environ,
    *,
    cases: Iterable[Case] = (),
    run_id: str = "",
    max_restarts: int = MAX_RESTARTS,
    same_names: bool = False,
) -> AsyncIterator[Session]:
    """Open all runtimes at the same time, and yield the session.

    Raises RuntimeUnavailableError that names each runtime which cannot be opened; then all are
    closed.

    The variables that the cases declare are read from the environment first, because a runtime may
    need them.  Raises BadFileError for missing variables, and for signers and logins that a runtime
    lacks.  `run_id` makes the fresh names of the run unique, and is the seed of the `values` that
    all runtimes are sent.  A runtime that has gone down more often than `max_restarts` is not
    started again.  With `same_names` every runtime is sent the same fresh names, so that a case may
    read what another case created.
    """
    refuse_missing_access(runtimes, cases)
    asked = any(not isinstance(runtime.reach, RecordedRuntime) for runtime in runtimes)
    of_runtimes = {name: value for runtime in runtimes for name, value in runtime.secrets}
    secrets = read_secrets(cases if asked else (), environment, of_runtimes).keep_out()
    lanes: dict[str, Lane] = {}
    session = Session(lanes, runtimes, secrets, run_id, max_restarts, same_names=same_names)
    async with _opened(session, lanes, runtimes, logs, environment):
        await session.log_in()
        yield session


@contextlib.asynccontextmanager
async def open_handed_over(
    handover: Handover, logs: Path, environment: Mapping[str, str], run_id: str
) -> AsyncIterator[Session]:
    """Open the runtimes of another process's session; raise RuntimeUnavailableError."""
    lanes: dict[str, Lane] = {}
    secrets = Secrets(handover.secrets).keep_out()
    session = Session(lanes, handover.runtimes, secrets, run_id)
    async with _opened(session, lanes, handover.runtimes, logs, environment):
        session.take(handover)
        yield session


@contextlib.asynccontextmanager
async def _opened(
    session: Session,
    lanes: dict[str, Lane],
    runtimes: Sequence[Runtime],
    logs: Path,
    environment: Mapping[str, str],
) -> AsyncIterator[None]:
    """Open the lanes of a session, and close it at the end."""
    require_live = environment.get(REQUIRE_LIVE, "") not in {"", "0"}

    async def open_one(runtime: Runtime) -> None:
        lanes[runtime.name] = await open_lane(runtime, logs, require_live=require_live)

    try:
        outcomes = await asyncio.gather(*map(open_one, runtimes), return_exceptions=True)
        raise_failures([failure for failure in outcomes if failure is not None])
        yield
    finally:
        await session.close()
        _clean_logs(runtimes, logs, session.secrets)


def _clean_logs(runtimes: Sequence[Runtime], logs: Path, secrets: Secrets) -> None:
    """Remove secrets from the logs of started runtimes.

    A runtime may have logged what it was sent.
    """
    for runtime in runtimes:
        if isinstance(runtime.reach, CommandRuntime):
            for log in logs_of(runtime.name, logs):
                secrets.clean_file(log)
