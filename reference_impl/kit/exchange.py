"""The outermost layer: one request and its answer, from the first header to the log line.

In: ASGI requests for an inner application. Out: its answers with a request id, or a problem
document for an exception; one log line and one metrics record each. Invariants: an answer that has
started is never replaced; a stack trace only goes to the log; if much of a request is still unread,
its connection is closed after a moment in which the caller can read the answer.
"""

from __future__ import annotations

import asyncio
import secrets
from time import perf_counter
from typing import TYPE_CHECKING

from reference_impl.kit import metrics as metrics_text
from reference_impl.kit.byte_stream import ClientGoneError
from reference_impl.kit.log import logger, note
from reference_impl.kit.problem import ProblemError, problem_response
from reference_impl.kit.request_id import CURRENT, HEADER, request_id_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from reference_impl.kit.metrics import Metrics

GONE = 499  # noted in logs and metrics when the caller left before an answer; never sent

_WORTH_READING_BYTES = 64 * 1024  # up to it, the rest is read and the connection kept
# A caller that is still sending has this time to read the answer.
_LINGER_S = 0.5
# Up to this size, a caller that writes everything before it reads gets its answer.
_LINGER_BYTES = 8 * 1024 * 1024
_LOGGED_PATH_CHARACTERS = 256  # a caller chooses the path, and must not choose the log's size
_REQUEST_ID = HEADER.encode()
_NO_SNIFFING = (b"x-content-type-options", b"nosniff")


class ExchangeLayer:
    """ASGI layer around everything a daemon answers."""

    def __init__(self, inner: ASGIApp, metrics: Metrics) -> None:
        self._inner = inner
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, also if the inner application fails."""
        exchange = Exchange(scope, receive, send)
        CURRENT.set(exchange.request_id)
        started_s = perf_counter()
        try:
            await self._answer(exchange)
        finally:
            self._note(exchange, perf_counter() - started_s)

    async def _answer(self, exchange: Exchange) -> None:
        try:
            await self._inner(exchange.scope, exchange.receive, exchange.send)
        except ProblemError as error:
            await exchange.refuse(error)
        except ClientGoneError:
            exchange.status = GONE
        except asyncio.CancelledError:
            await exchange.refuse(
                ProblemError(503, "the daemon is stopping", headers={"connection": "close"})
            )
        except Exception:
            defect = secrets.token_hex(8)
            members = {
                "service": self._metrics.service,
                "defect": defect,
                "request_id": exchange.request_id,
            }
            logger.exception("defect", extra={"members": members})
            if exchange.status:
                raise
            await exchange.refuse(ProblemError(500, f"an unexpected error, logged as {defect}"))

    def _note(self, exchange: Exchange, seconds: float) -> None:
        route = exchange.scope["state"].get("route", metrics_text.UNKNOWN)
        method = exchange.scope["method"]
        self._metrics.record(route=route, method=method, status=exchange.status, seconds=seconds)
        members = {
            "service": self._metrics.service,
            "request_id": exchange.request_id,
            "method": method,
            "path": exchange.path[:_LOGGED_PATH_CHARACTERS],
            "route": route,
            "status": exchange.status,
            "duration_ms": round(seconds * 1000, 3),
        }
        note("request", members)


class Exchange:
    """One request and its answer.

    It is between the server and the application and watches both directions.
    """

    __slots__ = (
        "_closing",
        "_left_bytes",
        "_receive",
        "_send",
        "path",
        "request_id",
        "scope",
        "status",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self.status = 0
        self.request_id = request_id_of(scope["headers"])
        self.path: str = scope.get("raw_path", b"").decode("ascii", "backslashreplace")
        scope.setdefault("state", {})["request_id"] = self.request_id
        self._receive = receive
        self._send = send
        self._left_bytes = _declared_bytes(scope)
        self._closing = False

    async def receive(self) -> Message:
        """Receive from the server, and note when the request is complete."""
        message = await self._receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            self._left_bytes = 0.0
        return message

    async def send(self, message: Message) -> None:
        """Send to the server, with the headers that every answer has."""
        if message["type"] == "http.response.start":
            message = self._start(message)
        elif self._closing and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._linger()
            message = {"type": "http.response.body", "body": b"", "more_body": False}
        await self._send(message)

    async def refuse(self, error: ProblemError) -> None:
        """Answer with a problem document, unless an answer has begun."""
        if self.status:
            raise error
        await problem_response(error, self.path)(self.scope, self.receive, self.send)

    def _start(self, message: Message) -> Message:
        self.status = message["status"]
        headers = [
            *message.get("headers", ()),
            (_REQUEST_ID, self.request_id.encode()),
            _NO_SNIFFING,
        ]
        says_close = (b"connection", b"close") in headers
        self._closing = self._left_bytes > 0 and (
            says_close or self._left_bytes > _WORTH_READING_BYTES
        )
        if self._closing and not says_close:
            headers.append((b"connection", b"close"))
        return {**message, "headers": headers}

    async def _linger(self) -> None:
        """Drop some late input: closing at once would reset the connection and lose the answer."""
        dropped_bytes = 0
        try:
            async with asyncio.timeout(_LINGER_S):
                while self._left_bytes > 0 and dropped_bytes < _LINGER_BYTES:
                    message = await self.receive()
                    if message["type"] == "http.disconnect":
                        return
                    dropped_bytes += len(message.get("body", b""))
                if self._left_bytes > 0:
                    await asyncio.sleep(_LINGER_S)
        except TimeoutError:
            return


def _declared_bytes(scope: Scope) -> float:
    """Return the declared length of the body: infinite if chunked, 0 if there is none."""
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return float("inf")
        if name == b"content-length":
            return float(value)
    return 0.0
