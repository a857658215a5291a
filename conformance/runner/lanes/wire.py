"""The lane of a service that is reached over the network.

The service runs already, or was started for the run.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from msgspec import Struct, field

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.request import HeaderList, Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import (
    AttachedRuntime,
    CommandRuntime,
    Runtime,
)
from conformance.model.waiting import StopAfter
from conformance.runner.http.tls import client_tls
from conformance.runner.http.wire import UNASKED, WireClient
from conformance.runner.lanes.lane import Lane
from conformance.runner.lanes.toolchain import toolchain_of
from conformance.runner.process.launcher import end_of, launch
from conformance.runner.process.program import Program

_CRASH_LOOKS: Final = 20


_CRASH_LOOK_S: Final = 0.005


# Unasked bytes come at once, or with the next answer
_LAST_WORDS_S: Final = 0.1


_UNASKED_MEANS: Final = (
    "it sent bytes that belong to no answer, so that an answer may have been taken for another's"
)


_NO_CONNECTION: Final = frozenset(
    {FaultKind.CONNECT_REFUSED, FaultKind.CONNECT_TIMEOUT, FaultKind.CONNECT_FAILED}
)
_CLOSED: Final = frozenset(
    {
        FaultKind.RESET,
        FaultKind.CLOSED_BEFORE_RESPONSE,
        FaultKind.CLOSED_IN_HEADERS,
        FaultKind.TRUNCATED_BODY,
    }
)
_SECOND_TRY_S: Final = 1.0
"""How long an attached service that went away may take to be started again by its owner."""


_WHILE_ALIVE: Final = frozenset(
    {FaultKind.TIMEOUT_IDLE, FaultKind.TIMEOUT_TOTAL, FaultKind.BODY_TOO_LARGE}
)


class WireLane(Struct):
    """The lane of a started program, or of a service that runs already (`program` is None).

    A client makes one exchange at a time; each case in flight borrows the first free client.
    """

    facts: RuntimeFacts
    client_for: Callable[[str, HeaderList], WireClient]
    start: Callable[[int], Awaitable[Program]] | None = None
    program: Program | None = None
    idle: list[WireClient] = field(default_factory=list)
    base_url: str = ""
    keeps: bool = True
    starts: int = 1
    remarks: list[str] = field(default_factory=list)
    login_headers: HeaderList = ()

    def new_client(self, url: str) -> WireClient:
        """Return a client that sends the header fields which a login has captured."""
        return self.client_for(url, self.login_headers)

    def let_in(self, headers: HeaderList) -> None:
        """Add these header fields to each request from now on."""
        self.login_headers = headers
        for client in self.idle:
            client.close()
        self.idle = []

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault:
        """Send the step."""
        asked = case.step(step)
        return await self._exchange(
            request, case.timeout_ms_of(step), asked.stop_after, timing=asked.timing
        )

    async def send(self, request: Request, timeout_ms: int) -> Answer | Fault:
        """Send a request."""
        return await self._exchange(request, timeout_ms)

    async def _exchange(
        self,
        request: Request,
        timeout_ms: int,
        stop_after: StopAfter | None = None,
        *,
        timing: bool = False,
    ) -> Answer | Fault:
        """Make an exchange.

        If a started program has ended, return its end as the fault.
        """
        client = self.idle.pop() if self.idle else self.new_client(self.base_url)
        client.keeps = client.keeps and self.keeps
        try:
            seen = await client.exchange(request, timeout_ms, stop_after, timing=timing)
        finally:
            self.idle.append(client)
        if self.program is None or isinstance(seen, Answer):
            return seen
        for _ in range(1 if seen.kind in _WHILE_ALIVE else _CRASH_LOOKS):
            if (end := end_of(self.program, seen)) is not None:
                return end
            await asyncio.sleep(_CRASH_LOOK_S)
        return seen

    def made_names(self, case: Case) -> None:
        """Return None: the session makes the fresh names."""

    def reconnect(self, *, always: bool) -> None:
        """Drop the kept connections, because they may be out of step."""
        self.keeps = self.keeps and not always
        for client in self.idle:
            client.close()

    async def is_gone(self, fault: FaultKind) -> bool:
        """Return whether the service has ended, or cannot be reached any more.

        `fault` is the kind of the last fault.
        """
        if self.program is not None:
            return self.program.ended() is not None
        if fault in _NO_CONNECTION:
            return True
        return fault in _CLOSED and await self._unreachable() is not None

    async def restart(self) -> str:
        """Start the service again, or try once more to reach it; return what was done.

        Raises RuntimeUnavailableError if it does not become ready, or cannot be reached.
        """
        if self.program is None or self.start is None:
            await asyncio.sleep(_SECOND_TRY_S)
            if (fault := await self._unreachable()) is not None:
                raise RuntimeUnavailableError(f"{fault.kind.value}: {fault.detail}")
            return "it could be reached again"
        await self._stop(self.program)
        self.starts += 1
        self.program = await self.start(self.starts)
        self.base_url, self.idle = self.program.url, []
        return "it was started again"

    async def _unreachable(self) -> Fault | None:
        client = self.new_client(self.base_url)
        try:
            return await client.reach()
        finally:
            client.close()

    async def _stop(self, program: Program) -> None:
        await program.stop()
        self.remarks += program.remarks

    async def close(self) -> tuple[str, ...]:
        """Drop the connections and stop the program.

        Return notes on the runtime that belong to no answer.
        """
        unasked = any(await asyncio.gather(*(client.finish(_LAST_WORDS_S) for client in self.idle)))
        if self.program is not None:
            await self._stop(self.program)
        remark = (f"{UNASKED}: {_UNASKED_MEANS}",) if unasked else ()
        return (*dict.fromkeys(self.remarks), *remark)


async def open_attached(runtime: Runtime, reach: AttachedRuntime) -> Lane:
    """Return the lane of a service that runs already.

    Raises RuntimeUnavailableError if it cannot be reached.
    """
    tls = client_tls(runtime.name, reach.tls) if reach.url.startswith("https:") else None

    def client_for(url: str, headers: HeaderList) -> WireClient:
        return WireClient(url, (*runtime.headers, *headers), tls=tls)

    client = client_for(reach.url, ())
    fault = await client.reach()
    if fault is not None:
        raise RuntimeUnavailableError(
            f"runtime {runtime.name}: {reach.url} cannot be reached: {fault.kind.value}: "
            f"{fault.detail}",
            hint="start it, or correct its URL",
        )
    reached = f"attached at {reach.url}"
    facts = RuntimeFacts(
        name=runtime.name,
        live=True,
        reached=reached,
        url=reach.url,
        language=runtime.language,
        headers=runtime.written_headers,
    )
    return WireLane(facts, client_for, idle=[client], base_url=reach.url)


async def open_started(runtime: Runtime, reach: CommandRuntime, logs: Path) -> Lane:
    """Start a service and return its lane.

    Raises RuntimeUnavailableError if it does not become ready.
    """
    made_with = toolchain_of(runtime, reach.directory)

    def start(which: int) -> Awaitable[Program]:
        return launch(runtime.name, reach, log_of(runtime.name, logs, which))

    program = await start(1)
    facts = RuntimeFacts(
        name=runtime.name,
        live=True,
        reached="started",
        provenance=made_with,
        language=runtime.language,
        headers=runtime.written_headers,
    )

    def client_for(url: str, headers: HeaderList) -> WireClient:
        return WireClient(url, (*runtime.headers, *headers))

    return WireLane(facts, client_for, start, program, base_url=program.url)


def log_of(name: str, logs: Path, which: int = 1) -> Path:
    """Return the log file of a started runtime; each further start has its own file."""
    return logs / (f"{name}.log" if which == 1 else f"{name}.{which}.log")


def logs_of(name: str, logs: Path) -> list[Path]:
    """Return the logs of all starts of a runtime."""
    return list(logs.glob(f"{name}*.log"))
