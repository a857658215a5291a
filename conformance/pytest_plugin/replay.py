"""The runtimes of a pytest session: opened once, used for case after case, closed at its end.

Under xdist the controller starts the runtimes, and each worker attaches to them: a runtime is one
process, however many workers send requests to it.
"""

import asyncio
import contextlib
import fcntl
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from conformance.model.case import Case
from conformance.model.decision import Ledger
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import AttachedRuntime, CommandRuntime, Runtime
from conformance.model.verdict import CaseResult
from conformance.replay.cases import replay_case
from conformance.runner.fitting_runtimes import concerns
from conformance.runner.open_session import open_session


class Replay:
    """An open session with an event loop of its own, for callers that have none."""

    def __init__(
        self, runtimes: Sequence[Runtime], logs: Path, cases: Sequence[Case], run_id: str
    ) -> None:
        wanted = [runtime for runtime in runtimes if any(concerns(case, runtime) for case in cases)]
        self._loop = asyncio.Runner()
        self._stack = contextlib.AsyncExitStack()
        try:
            opened = open_session(wanted, logs, cases=cases, run_id=run_id)
            self._session = self._loop.run(self._stack.enter_async_context(opened))
        except BaseException:
            self._loop.close()
            raise

    @property
    def facts(self) -> tuple[RuntimeFacts, ...]:
        """Return the facts of each runtime for the record."""
        return self._session.facts

    @property
    def urls(self) -> dict[str, str]:
        """Return the URLs at which another process can reach the live runtimes."""
        return self._session.urls

    def result(self, case: Case, baseline: str | None, ledger: Ledger) -> CaseResult:
        """Observe and compare a case."""
        return self._loop.run(replay_case(case, self._session, baseline, ledger))

    def close(self) -> tuple[str, ...]:
        """Close the runtimes; return remarks about them that are not about their answers."""
        try:
            self._loop.run(self._stack.aclose())
        finally:
            self._loop.close()
        return self._session.remarks


def attached_to(runtimes: Sequence[Runtime], urls: Mapping[str, str]) -> tuple[Runtime, ...]:
    """Return the runtimes, with those that have a URL here as runtimes to attach to."""
    return tuple(
        replace(runtime, reach=AttachedRuntime(url=urls[runtime.name]))
        if isinstance(runtime.reach, CommandRuntime) and runtime.name in urls
        else runtime
        for runtime in runtimes
    )


class Turns:
    """Turns at the runtimes, across processes: parallel cases share a turn, other cases do not."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._file = file

    @contextlib.contextmanager
    def one(self, *, beside_others: bool) -> Iterator[None]:
        """Wait for a turn, and hold it for the block."""
        with self._file.open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH if beside_others else fcntl.LOCK_EX)
            yield
