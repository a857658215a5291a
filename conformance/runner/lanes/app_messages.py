"""The answer of an ASGI application, taken message by message (ASGI 3.0).

An answer without an end can therefore be cut.

The limits of the wire hold here too: a body is read no further than a step says, and never past
its limit.
"""

import asyncio
import io
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from conformance.model.observation import FaultKind
from conformance.model.waiting import StopAfter
from conformance.runner.http.content_coding import BodyDecoder, decode_body
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.limits import ExchangeLimits
from conformance.runner.http.stream_cut import StreamCut
from conformance.wording import plural

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class WatchedApplication:
    """An application and its only answer, which is kept as it is sent.

    `ended` is set when no more of the answer is read.

    `fault` is why it can give no answer.
    """

    def __init__(self, application: Application, method: str, stop_after: StopAfter | None) -> None:
        self.ended = asyncio.Event()
        self.status = 0
        self.headers: tuple[tuple[str, str], ...] = ()
        self.arrivals: list[tuple[float, int]] = []
        self.fault: ExchangeFaultError | None = None
        self._application = application
        self._has_body = method != "HEAD"
        self._stop_after = stop_after
        self._limits = ExchangeLimits()
        self._cut: StreamCut | None = None
        self._body = io.BytesIO()
        self._body_bytes = 0
        self._since = time.monotonic()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Run the application; keep what it sends, and pass it on without the body."""

        async def watched(message: Message) -> None:
            self._take(message)
            if self.ended.is_set():
                await (
                    asyncio.Event().wait()
                )  # no more is read: the application waits here until it is cancelled
            await send(
                {**message, "body": b""} if message["type"] == "http.response.body" else message
            )
            await asyncio.sleep(0)  # so that the deadline is checked even if it never waits

        await self._application(scope, receive, watched)

    @property
    def keeps_what_came(self) -> bool:
        """Return whether an incomplete answer is kept.

        It is kept if it is to be cut and has begun, or if it is a fault.
        """
        return self._cut is not None or self.fault is not None

    def body(self, *, whole: bool) -> tuple[bytes, tuple[str, ...]]:
        """Return the decoded body and notes; `whole` says that the answer ended by itself.

        Raises ExchangeFaultError.
        """
        if self.fault is not None:
            raise self.fault
        if self._cut is None:
            coding = self._joined("content-encoding")
            return decode_body(self._body.getvalue(), coding, self._limits.decoded_bytes)
        return self._cut.whole() if whole else (self._cut.kept(), self._cut.notes)

    def _take(self, message: Message) -> None:
        try:
            if message["type"] == "http.response.start":
                self._start(message)
            elif message["type"] == "http.response.body" and self._has_body:
                self._append(bytes(message.get("body", b"")))
        except ExchangeFaultError as fault:
            self.fault = fault
            self.ended.set()

    def _start(self, message: Message) -> None:
        self.status = message["status"]
        sent = message.get("headers", ())
        self.headers = tuple(
            (bytes(name).decode("latin-1"), bytes(value).decode("latin-1")) for name, value in sent
        )
        if self._stop_after is not None:
            decoder = BodyDecoder(self._joined("content-encoding"), self._limits.decoded_bytes)
            self._cut = StreamCut(self._stop_after, self._joined("content-type"), decoder)

    def _append(self, piece: bytes) -> None:
        self._body_bytes += len(piece)
        if piece:
            self.arrivals.append(
                (round((time.monotonic() - self._since) * 1000, 3), self._body_bytes)
            )
        if self._body_bytes > self._limits.body_bytes:
            detail = (
                f"a body of {plural(self._body_bytes, 'byte')} or more, at most "
                f"{self._limits.body_bytes} are read"
            )
            raise ExchangeFaultError(FaultKind.BODY_TOO_LARGE, "body", detail)
        if self._cut is None:
            self._body.write(piece)
            return
        self._cut.feed(piece)
        if self._cut.reached:
            self.ended.set()

    def _joined(self, name: str) -> str:
        """Return the values of a header field, joined with commas and in lower case."""
        return ", ".join(value for field, value in self.headers if field.lower() == name).lower()
