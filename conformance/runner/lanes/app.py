"""An ASGI application that is called in this process, without a port.

This is for services that are quicker to import than to start.

httpx drives it.  httpx rewrites some targets (dot segments, characters it would encode); a step
with such a target is not sent, and the cell says why, because a rewritten request proves nothing
about the written one.
"""

import asyncio
import importlib
import sys
import time
from typing import Final

import httpx
from msgspec import Struct

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, FaultKind, NotAsked
from conformance.model.request import HeaderList, Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import AppRuntime, Runtime
from conformance.model.waiting import StopAfter
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.stream_cut import budget_ms, time_is_up
from conformance.runner.http.timing import timing_notes
from conformance.runner.lanes.app_messages import Application, WatchedApplication

_ORIGIN: Final = "http://127.0.0.1"
_CANCEL_S: Final = 1.0
"""An application that ignores its cancellation is abandoned after so many seconds."""


class AppLane(Struct):
    """The lane of an application in this process."""

    facts: RuntimeFacts
    application: Application
    headers: HeaderList
    login_headers: HeaderList = ()

    @property
    def base_url(self) -> str:
        """Return the origin that the application is given."""
        return _ORIGIN

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault | NotAsked:
        """Call the application with a step; its answer is cut where the step says so."""
        asked = case.step(step)
        return await self._exchange(
            request, case.timeout_ms_of(step), asked.stop_after, timing=asked.timing
        )

    def made_names(self, case: Case) -> None:
        """Return None: the session makes the fresh names."""

    def let_in(self, headers: HeaderList) -> None:
        """Add these header fields to each request from now on."""
        self.login_headers = headers

    def reconnect(self, *, always: bool) -> None:
        """Do nothing: there is no connection."""

    async def send(self, request: Request, timeout_ms: int) -> Answer | Fault | NotAsked:
        """Call the application."""
        return await self._exchange(request, timeout_ms)

    async def _exchange(
        self,
        request: Request,
        timeout_ms: int,
        stop_after: StopAfter | None = None,
        *,
        timing: bool = False,
    ) -> Answer | Fault | NotAsked:
        url = httpx.URL(_ORIGIN + request.target)
        if url.raw_path != request.target.encode("latin-1"):
            return NotAsked(
                reason=f"an `app` runtime cannot be sent the target {request.target}",
                unsupported=True,
            )
        started = time.monotonic()
        fields = [("host", url.host), *request.headers, *self.headers, *self.login_headers]
        sent = httpx.Request(request.method, url, headers=fields, content=request.body)
        watched = WatchedApplication(self.application, request.method, stop_after)
        try:
            whole = await _run(watched, sent, budget_ms(timeout_ms, stop_after) / 1000)
            body, notes = watched.body(whole=whole)
        except Exception as error:  # noqa: BLE001 - whatever the application raises is what it did
            return _fault_of(error, time_is_up(timeout_ms, stop_after), started)
        arrivals = tuple(watched.arrivals) if timing else ()
        return Answer(
            status=watched.status,
            reason=httpx.codes.get_reason_phrase(watched.status),
            headers=watched.headers,
            body=body,
            notes=(*notes, *timing_notes(arrivals)),
            arrivals=arrivals,
            elapsed_ms=_since(started),
        )

    async def close(self) -> tuple[str, ...]:
        """Do nothing: the application stays imported."""
        return ()


def _fault_of(error: Exception, too_late: str, started: float) -> Fault:
    """Return the fault for the error that ended a call."""
    if isinstance(error, ExchangeFaultError):
        kind, phase, detail = error.kind, error.phase, error.detail
    elif isinstance(error, TimeoutError):
        kind, phase, detail = FaultKind.TIMEOUT_TOTAL, "app", too_late
    else:
        kind, phase = FaultKind.RUNTIME_CRASHED, "app"
        detail = f"{type(error).__name__}: {error}"
    return Fault(kind=kind, phase=phase, detail=detail, elapsed_ms=_since(started))


async def _run(watched: WatchedApplication, sent: httpx.Request, budget_s: float) -> bool:
    """Run an application until its answer is whole or cut, or the time is up.

    Return whether the answer is whole.

    Raises what the application raises, and TimeoutError if time is up and nothing can be kept.
    """
    transport = httpx.ASGITransport(app=watched, raise_app_exceptions=True)
    asked = asyncio.ensure_future(transport.handle_async_request(sent))
    cut = asyncio.ensure_future(watched.ended.wait())
    try:
        await asyncio.wait((asked, cut), timeout=budget_s, return_when=asyncio.FIRST_COMPLETED)
        if asked.done():
            asked.result()
            return True
        if not watched.keeps_what_came:
            raise TimeoutError
        return False
    finally:
        for task in (asked, cut):
            task.cancel()
        await asyncio.wait((asked, cut), timeout=_CANCEL_S)
        if asked.done() and not asked.cancelled():
            asked.exception()  # what it raises when it is cancelled is no part of its answer


def open_app(runtime: Runtime, reach: AppRuntime) -> AppLane:
    """Import an application; raise RuntimeUnavailableError if that fails."""
    module, _, attribute = reach.target.partition(":")
    sys.path.insert(0, str(reach.directory))
    try:
        application = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        raise RuntimeUnavailableError(
            f"runtime {runtime.name}: cannot import {reach.target}: {detail}",
            hint=f"`app` is module:attribute, found from {reach.directory}; `directory` says from "
            "where",
        ) from error
    finally:
        sys.path.remove(str(reach.directory))
    facts = RuntimeFacts(
        name=runtime.name,
        live=True,
        reached=f"in process: {reach.target}",
        language=runtime.language,
    )
    return AppLane(facts, application, runtime.headers)


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 3)
