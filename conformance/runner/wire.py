"""The wire client: the exact bytes of a request out, one observation back.

It adds nothing but `host`, the declared headers of its runtime and `content-length`; it follows no redirect, uses no
proxy, keeps no cookie and rewrites no path.  One connection is kept and reused; where a reused one turns out to be
closed before the first byte of an answer, the exchange is made once more on a fresh one and the answer says so.
"""

import asyncio
import ssl
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.request import HeaderList, Request
from conformance.runner.connection import Connection, connect
from conformance.runner.content_coding import decode_body
from conformance.runner.limits import Limits
from conformance.runner.response_reader import ExchangeFaultError, ResponseReader

_STALE: Final = frozenset({FaultKind.CLOSED_BEFORE_RESPONSE, FaultKind.RESET})
_METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class WireClient:
    """Sends requests to one base URL, one at a time."""

    def __init__(self, url: str, headers: HeaderList = (), limits: Limits | None = None) -> None:
        parts = urlsplit(url)
        self.base_url = url
        self.host = parts.hostname or ""
        self.port = parts.port or _DEFAULT_PORTS[parts.scheme]
        self._authority = parts.netloc
        self._base_path = parts.path.rstrip("/")
        self._headers = headers
        self._limits = limits or Limits()
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        self._idle: Connection | None = None

    async def exchange(self, request: Request, timeout_ms: int) -> Answer | Fault:
        """Make one exchange within a budget in milliseconds; never raises for what the runtime does."""
        loop = asyncio.get_running_loop()
        limits = replace(self._limits, total_ms=timeout_ms)
        started = loop.time()
        reader = ResponseReader(request.method, limits)
        retried = False
        try:
            if not await self._send(request, reader, limits, started):
                retried, reader = True, ResponseReader(request.method, limits)
                await self._send(request, reader, limits, started)
            coding = ",".join(reader.head.values("content-encoding"))
            body, notes = decode_body(bytes(reader.body), coding, limits.decoded_bytes)
        except ExchangeFaultError as fault:
            return Fault(kind=fault.kind, phase=fault.phase, detail=fault.detail, elapsed_ms=_since(started))
        return Answer(
            status=reader.head.status,
            reason=reader.head.reason,
            headers=tuple(reader.head.headers),
            body=body,
            notes=(*reader.notes, *notes),
            retried=retried,
            elapsed_ms=_since(started),
        )

    async def reach(self) -> Fault | None:
        """Open a connection and keep it; return why that cannot be done, or None."""
        try:
            self._idle = await connect(self.host, self.port, self._tls, self._limits.connect_ms)
        except ExchangeFaultError as fault:
            return Fault(kind=fault.kind, phase=fault.phase, detail=fault.detail, elapsed_ms=0.0)
        return None

    def close(self) -> None:
        """Drop the kept connection."""
        if self._idle is not None:
            self._idle.close()
            self._idle = None

    async def _send(self, request: Request, reader: ResponseReader, limits: Limits, started: float) -> bool:
        """Make one attempt; False when the kept connection was stale, so that nothing can have been read from it."""
        kept, self._idle = self._idle, None
        reused = kept is not None and kept.usable
        connection = kept if kept is not None and reused else await self._connect(limits, started)
        first_use = connection.exchanges == 0
        try:
            await connection.exchange(self._payload(request), reader, limits, started + limits.total_ms / 1000)
        except ExchangeFaultError as fault:
            if not first_use and fault.kind in _STALE and not reader.received:
                return False
            raise
        if connection.usable:
            self._idle = connection
        return True

    async def _connect(self, limits: Limits, started: float) -> Connection:
        """Open a connection within what is left of the budget."""
        left_ms = limits.total_ms - _since(started)
        return await connect(self.host, self.port, self._tls, max(0.0, min(limits.connect_ms, left_ms)))

    def _payload(self, request: Request) -> bytes:
        """Write the request as bytes; the caller's header fields keep their case, order and duplicates."""
        hosted = any(name.lower() == "host" for name, _ in request.headers)
        own = [(name, value) for name, value in self._headers if not (hosted and name.lower() == "host")]
        fields = [*request.headers, *own]
        given = {name.lower() for name, _ in fields}
        if "host" not in given:
            fields.insert(0, ("host", self._authority))
        body = request.body
        framed = not given.isdisjoint({"content-length", "transfer-encoding"})
        if not framed and (body is not None or request.method in _METHODS_WITH_BODY):
            fields.append(("content-length", str(len(body or b""))))
        head = "".join(f"{name}: {value}\r\n" for name, value in fields)
        target = request.target if request.target == "*" else self._base_path + request.target
        return f"{request.method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + (body or b"")


def _since(started: float) -> float:
    return round((asyncio.get_running_loop().time() - started) * 1000, 3)
