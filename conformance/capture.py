"""Capture of the answers of runtimes to cases, without a comparison.

`record` makes recordings from it, and an OpenAPI document is fetched from a runtime with it.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.case import Case, Cases
from conformance.model.observation import Observation
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import Runtime
from conformance.runner import event_loop
from conformance.runner.open_session import open_session
from conformance.runner.recording import RecordingRow, rows_of


class Captured(Struct, frozen=True, kw_only=True):
    """The answers of one runtime to the captured cases."""

    facts: RuntimeFacts
    rows: tuple[RecordingRow, ...]


def capture(runtimes: Sequence[Runtime], cases: Cases, logs: Path) -> tuple[Captured, ...]:
    """Send every case to each live runtime that it concerns, and return the answers.

    Raises RuntimeUnavailableError for a runtime that cannot be started or reached.
    """
    return event_loop.run(
        _capture([replace(runtime, fallback=None) for runtime in runtimes], cases, logs)
    )


async def _capture(runtimes: Sequence[Runtime], cases: Cases, logs: Path) -> tuple[Captured, ...]:
    rows: dict[str, list[RecordingRow]] = {runtime.name: [] for runtime in runtimes}
    async with open_session(runtimes, logs, cases=cases, run_id=os.urandom(8).hex()) as session:
        for case in cases:
            for cell in await session.observe(case):
                rows[cell.runtime].extend(rows_of(case, cell))
        return tuple(Captured(facts=facts, rows=tuple(rows[facts.name])) for facts in session.facts)


def ask(runtime: Runtime, case: Case) -> Observation:
    """Return what one runtime answers to the first step of a case; no log is kept.

    Raises RuntimeUnavailableError.
    """
    return event_loop.run(_ask(runtime, case))


async def _ask(runtime: Runtime, case: Case) -> Observation:
    with tempfile.TemporaryDirectory(prefix="conformance-") as logs:
        async with open_session([runtime], Path(logs)) as session:
            (cell,) = await session.observe(case)
            return cell.observations[0]
