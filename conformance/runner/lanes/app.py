"""An ASGI application asked in process, without a port: for services that are quicker to import than to start.

httpx drives it.  httpx rewrites some targets (dot segments, characters it would encode); a step with such a target is
not asked, and the cell says why, because a rewritten request proves nothing about the written one.
"""

import asyncio
import importlib
import sys
import time
from dataclasses import dataclass
from typing import Final

import httpx

from conformance.errors import RuntimeUnavailableError
from conformance.model.case import Case
from conformance.model.observation import Answer, Fault, FaultKind, NotAsked
from conformance.model.request import HeaderList, Request
from conformance.model.run import RuntimeFacts
from conformance.model.runtime import AppRuntime, Runtime
from conformance.runner.http.stream_cut import cut_answer

_ORIGIN: Final = "http://127.0.0.1"


@dataclass(slots=True)
class AppLane:
    """Answers of an application in this process."""

    facts: RuntimeFacts
    client: httpx.AsyncClient
    headers: HeaderList

    @property
    def base_url(self) -> str:
        """Return the origin that the application is told it has."""
        return _ORIGIN

    async def ask(self, case: Case, step: int, request: Request) -> Answer | Fault | NotAsked:
        """Call the application with a step; its answer comes whole, and is cut where the step says so."""
        seen = await self.send(request, case.timeout_ms)
        return cut_answer(seen, case.steps[step].until) if isinstance(seen, Answer) else seen

    def fresh_names(self, case: Case) -> None:
        """Leave it to the session to name things."""

    def reconnect(self, *, always: bool) -> None:
        """Nothing is connected."""

    async def send(self, request: Request, timeout_ms: int) -> Answer | Fault | NotAsked:
        """Call the application."""
        url = httpx.URL(_ORIGIN + request.target)
        if url.raw_path != request.target.encode("latin-1"):
            return NotAsked(reason=f"an `app` runtime cannot be sent the target {request.target}", unsupported=True)
        started = time.monotonic()
        fields = [("host", url.host), *request.headers, *self.headers]
        sent = httpx.Request(request.method, url, headers=fields, content=request.body)
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                response = await self.client.send(sent)
        except TimeoutError:
            detail = f"no complete answer in {timeout_ms} ms"
            return Fault(kind=FaultKind.TIMEOUT_TOTAL, phase="app", detail=detail, elapsed_ms=_since(started))
        except Exception as error:  # noqa: BLE001 - whatever the application raises is what it did
            detail = f"{type(error).__name__}: {error}"
            return Fault(kind=FaultKind.RUNTIME_CRASHED, phase="app", detail=detail, elapsed_ms=_since(started))
        return Answer(
            status=response.status_code,
            reason=response.reason_phrase,
            headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw),
            body=response.content,
            elapsed_ms=_since(started),
        )

    async def close(self) -> tuple[str, ...]:
        """Close the client."""
        await self.client.aclose()
        return ()


def open_app(runtime: Runtime, reach: AppRuntime) -> AppLane:
    """Import an application; raises RuntimeUnavailableError when that fails."""
    module, _, attribute = reach.target.partition(":")
    sys.path.insert(0, str(reach.directory))
    try:
        application = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        detail = f"{type(error).__name__}: {error}"
        raise RuntimeUnavailableError(
            f"runtime {runtime.name}: cannot import {reach.target}: {detail}",
            hint=f"`app` is module:attribute, found from {reach.directory}; `directory` says from where",
        ) from error
    finally:
        sys.path.remove(str(reach.directory))
    transport = httpx.ASGITransport(app=application, raise_app_exceptions=True)
    client = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
    client.headers.clear()
    facts = RuntimeFacts(name=runtime.name, live=True, reached=f"in process: {reach.target}", language=runtime.language)
    return AppLane(facts, client, runtime.headers)


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 3)
