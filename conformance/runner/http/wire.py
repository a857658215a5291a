"""The wire client: sends the exact bytes of a request, and returns one observation.

It adds nothing but `host`, the declared headers of its runtime and `content-length`; it follows no
redirect, uses no proxy, keeps no cookie and rewrites no path.

After an exchange that leaves no doubt where the next message starts, the connection is kept.  It
is used again while it is young and quiet.  If unasked bytes arrive on it, or the peer closes it,
no connection is kept any more.  A request that may have been acted on is never sent again unless
its method is idempotent (docs/adr/0012).
"""

import time
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from conformance.model.observation import Answer, Fault, FaultKind
from conformance.model.own_url import DEFAULT_PORTS
from conformance.model.request import HeaderList, Request
from conformance.model.runtime import TlsSettings
from conformance.model.waiting import StopAfter
from conformance.runner.http.connection import SMALL_PAYLOAD, Connection, Payload
from conformance.runner.http.dialer import connect
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.limits import ExchangeLimits
from conformance.runner.http.response_reader import EXCESS, ResponseReader
from conformance.runner.http.stream_cut import budget_ms
from conformance.runner.http.timing import timing_notes
from conformance.runner.http.tls import ClientTls, client_tls

_STALE: Final = frozenset({FaultKind.CLOSED_BEFORE_RESPONSE, FaultKind.RESET})
_METHODS_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
_IDEMPOTENT: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
_FRAMING: Final = ("content-length", "transfer-encoding")
_DOUBTFUL: Final = frozenset({*_FRAMING, "expect", "upgrade"})
_FIRST_ERROR_STATUS: Final = 400
_FIRST_SERVER_ERROR: Final = 500
# A service that speaks TLS answers a handshake on loopback in a few ms
_TLS_PROBE_MS: Final = 200
UNASKED: Final = "unasked_bytes"


class _Asked(Struct, frozen=True):
    """A request, its start in seconds of the monotonic clock, and how its answer is read."""

    request: Request
    started: float
    stop_after: StopAfter | None
    timing: bool

    def reader(self, limits: ExchangeLimits) -> ResponseReader:
        """Return a new reader for the answer."""
        reader = ResponseReader(self.request.method, limits, self.stop_after)
        reader.arrivals = [] if self.timing else None
        return reader

    def budget_ms(self, limits: ExchangeLimits) -> int:
        """Return how long the exchange may take, in milliseconds."""
        return budget_ms(limits.total_ms, self.stop_after)


class WireClient:
    """A client that sends requests to one base URL, one at a time."""

    def __init__(
        self,
        url: str,
        headers: HeaderList = (),
        limits: ExchangeLimits | None = None,
        tls: ClientTls | None = None,
    ) -> None:
        parts = urlsplit(url)
        self.base_url = url
        self.host = parts.hostname or ""
        self.port = parts.port or DEFAULT_PORTS[parts.scheme]
        self._authority = parts.netloc
        self._base_path = parts.path.rstrip("/")
        self._headers = headers
        self._limits = limits or ExchangeLimits()
        self._tls = (tls or client_tls(url, TlsSettings())) if parts.scheme == "https" else None
        self._kept: Connection | None = None
        self._kept_since = 0.0
        self.keeps = True
        self._unasked = False
        self._speaks_plainly = self._tls is not None

    async def exchange(
        self,
        request: Request,
        timeout_ms: int,
        stop_after: StopAfter | None = None,
        *,
        timing: bool = False,
    ) -> Answer | Fault:
        """Make one exchange within a budget in milliseconds.

        Never raises for what the runtime does.
        `stop_after` says where an answer that need not end is cut.  With `timing` the answer says
        when its parts came.
        """
        started = time.monotonic()
        if timeout_ms != self._limits.total_ms:
            self._limits = replace(self._limits, total_ms=timeout_ms)
        try:
            asked = _Asked(request, started, stop_after, timing)
            reader, retried = await self._ask(asked)
            body, notes = reader.decoded()
        except ExchangeFaultError as fault:
            seen = Fault(
                kind=fault.kind, phase=fault.phase, detail=fault.detail, elapsed_ms=_since(started)
            )
            return await self._explained(seen)
        self._speaks_plainly = True
        arrivals = _arrivals(reader, started)
        return Answer(
            status=reader.head.status,
            reason=reader.head.reason,
            headers=tuple(reader.head.headers),
            body=body,
            notes=(*self._take_unasked(), *reader.notes, *notes, *timing_notes(arrivals)),
            retried=retried,
            arrivals=arrivals,
            elapsed_ms=_since(started),
        )

    async def reach(self) -> Fault | None:
        """Open a connection and keep it; return why that cannot be done, or None."""
        try:
            self._keep(await connect(self.host, self.port, self._tls, self._limits.connect_ms))
        except ExchangeFaultError as fault:
            return Fault(kind=fault.kind, phase=fault.phase, detail=fault.detail, elapsed_ms=0.0)
        return None

    async def finish(self, bound_s: float) -> bool:
        """End the kept connection; wait up to `bound_s` seconds for the peer to close it.

        Return whether the peer ever sent bytes that belong to no answer.
        """
        if self._kept is not None:
            await self._kept.finish(bound_s)
            self._unasked = self._unasked or self._kept.unasked
            self._kept = None
        return self._unasked

    def close(self) -> None:
        """Drop the kept connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    async def _ask(self, asked: "_Asked") -> tuple[ResponseReader, bool]:
        """Send over the kept connection if it can be trusted, else over a new one.

        Return the reader of the answer, and whether the request was sent twice.
        """
        request, started = asked.request, asked.started
        deadline = started + asked.budget_ms(self._limits) / 1000
        payload, doubt = self._payload(request), None
        kept = await self._take_kept()
        if kept is not None:
            reader = asked.reader(self._limits)
            doubt = await self._ask_over(kept, payload, reader, deadline)
            if doubt is None:
                self._keep_after(kept, request, reader)
                return reader, False
            self.keeps = False
            if request.method not in _IDEMPOTENT:
                raise _not_sent_again(doubt)
        reader = asked.reader(self._limits)
        connection = await self._connect_for(asked, doubt)
        await connection.exchange(payload, reader, self._limits, deadline)
        self._keep_after(connection, request, reader)
        return reader, doubt is not None

    async def _connect_for(self, asked: "_Asked", doubt: ExchangeFaultError | None) -> Connection:
        """Open a new connection within what is left of the budget.

        If a kept connection ended after the request was sent, and no other can be opened, raise the
        first fault: the peer went down during the request.
        """
        left_ms = self._limits.total_ms - _since(asked.started)
        try:
            return await connect(
                self.host, self.port, self._tls, max(0.0, min(self._limits.connect_ms, left_ms))
            )
        except ExchangeFaultError as again:
            if doubt is None or doubt.kind not in _STALE:
                raise
            detail = (
                f"{doubt.detail}; it was sent again over a fresh connection: {again.kind.value}"
            )
            raise ExchangeFaultError(doubt.kind, doubt.phase, detail) from again

    async def _ask_over(
        self, kept: Connection, payload: Payload, reader: ResponseReader, deadline: float
    ) -> ExchangeFaultError | None:
        """Send over a kept connection.

        Return None, or the fault if it is not certain that the answer belongs to this request.
        """
        proven = kept.exchanges > 0
        try:
            await kept.exchange(payload, reader, self._limits, deadline)
        except ExchangeFaultError as fault:
            if not proven or fault.kind not in _STALE or reader.received:
                raise
            return ExchangeFaultError(
                fault.kind, fault.phase, f"{fault.detail}, on a kept connection"
            )
        if proven and EXCESS in reader.notes:
            detail = (
                "more than one answer came over a kept connection: it is unclear which one "
                "belongs to this request"
            )
            return ExchangeFaultError(FaultKind.OUT_OF_STEP, "done", detail)
        return None

    async def _take_kept(self) -> Connection | None:
        """Return the kept connection if it is young and nothing arrived since its last answer."""
        kept, self._kept = self._kept, None
        if kept is None:
            return None
        young = self.keeps and time.monotonic() - self._kept_since < self._limits.kept_ms / 1000
        if young and await kept.quiet():
            return kept
        kept.close()
        if kept.unasked:
            self._unasked, self.keeps = True, False
        return None

    def _keep_after(self, connection: Connection, request: Request, reader: ResponseReader) -> None:
        """Keep the connection if both sides must agree where the exchange ended, else close it."""
        if EXCESS in reader.notes:
            self.keeps = False
        if connection.usable and self.keeps and _leaves_no_doubt(request, reader.head.status):
            self._keep(connection)
        else:
            connection.close()

    def _keep(self, connection: Connection) -> None:
        self._kept, self._kept_since = connection, time.monotonic()

    def _take_unasked(self) -> tuple[str, ...]:
        """Return a note if bytes came that belong to no answer; they are reported once."""
        unasked, self._unasked = self._unasked, False
        return (UNASKED,) if unasked else ()

    async def _explained(self, fault: Fault) -> Fault:
        """Return the fault, or a clearer one if the port speaks TLS.

        Many such servers end a plain connection without an answer.  The port is tested only once.
        """
        if self._speaks_plainly or fault.kind not in _STALE:
            return fault
        self._speaks_plainly = True
        anyone = client_tls(self.host, TlsSettings(insecure=True))
        try:
            (await connect(self.host, self.port, anyone, _TLS_PROBE_MS)).close()
        except ExchangeFaultError:
            return fault
        return replace(
            fault,
            kind=FaultKind.TLS_SPOKEN,
            detail=f"the port speaks TLS, the URL says http; {fault.detail}",
        )

    def _payload(self, request: Request) -> Payload:
        """Return the request as bytes: in one piece, or the head and a large body.

        The caller's header fields keep their case, order and duplicates.
        """
        given = {name.lower() for name, _ in request.headers}
        hosted = "host" in given
        fields = [*request.headers]
        for name, value in self._headers:
            key = name.lower()
            if not (hosted and key == "host"):
                fields.append((name, value))
                given.add(key)
        if "host" not in given:
            fields.insert(0, ("Host", self._authority))
        body = request.body
        if (body is not None or request.method in _METHODS_WITH_BODY) and given.isdisjoint(
            _FRAMING
        ):
            fields.append(("Content-Length", str(len(body or b""))))
        head = "".join(
            [f"{name}: {value}\r\n" if value else f"{name}:\r\n" for name, value in fields]
        )
        as_it_is = request.from_root or request.target == "*"
        target = request.target if as_it_is else self._base_path + request.target
        start = f"{request.method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1")
        if body is not None and len(body) > SMALL_PAYLOAD:
            return (start, body)
        return (start + (body or b""),)


def _not_sent_again(doubt: ExchangeFaultError) -> ExchangeFaultError:
    """Return the fault of a request that is not repeated, because it may have been acted on."""
    if doubt.kind not in _STALE:
        return doubt
    detail = f"{doubt.detail}; what is not idempotent is not sent twice"
    return ExchangeFaultError(doubt.kind, doubt.phase, detail)


def _leaves_no_doubt(request: Request, status: int) -> bool:
    """Return whether the peer goes on, and agrees with the harness where the request ended.

    A peer that failed may be about to close the connection.  If the case frames its own body, if
    the method normally has no body, or if the body is refused, servers differ in how much of it
    they read.  The rest would be read as another request.
    """
    doubtful = [name for name, _ in request.headers if name.lower() in _DOUBTFUL]
    if doubtful or request.method == "CONNECT" or status >= _FIRST_SERVER_ERROR:
        return False
    return not request.body or (
        request.method in _METHODS_WITH_BODY and status < _FIRST_ERROR_STATUS
    )


def _arrivals(reader: ResponseReader, started: float) -> tuple[tuple[float, int], ...]:
    """Return pairs: milliseconds since the request, and bytes of the body that had come by then."""
    came = reader.arrivals or ()
    return tuple((round((at - started) * 1000, 3), size) for at, size in came if size)


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 3)
