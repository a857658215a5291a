"""One TCP or TLS connection: sends a payload, gives a reader what arrives, and keeps deadlines.

A peer shows that it is alive when it takes our bytes or sends its own.  Bytes that arrive between
two requests belong to no answer: they end the connection and are reported (`unasked`).  A peer
may also send first on a new connection.  Its bytes wait for the first reader, so that the result
does not depend on whether they or our request were faster.
"""

import asyncio
import contextlib
import fcntl
import select
import ssl
import struct
import termios
import time
from collections.abc import Sequence
from typing import Final

from conformance.model.observation import FaultKind
from conformance.runner.http.exchange_fault import ExchangeFaultError
from conformance.runner.http.limits import ExchangeLimits
from conformance.runner.http.response_reader import ResponseReader
from conformance.runner.http.stream_cut import time_is_up
from conformance.runner.http.tls import handshake_fault
from conformance.wording import plural

_MS: Final = 1000
_ROUNDS_TO_READ: Final = 3
Payload = Sequence[bytes]
"""The bytes of a request in pieces, so that a large body is not copied."""
SMALL_PAYLOAD: Final = 64 << 10  # taken at once by any peer: its sending is no sign of life
STOOD_STILL_S: Final = 0.2
"""A timer that is so late shows that this process stood still: it was stopped, or the machine was
too busy.  Otherwise a timer is late by milliseconds.
"""
_TIMED_OUT_WHILE_IDLE: Final = (b"HTTP/1.1 408", b"HTTP/1.0 408")


class Connection(asyncio.Protocol):
    """A connection for one exchange at a time; `usable` says whether another may follow."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._poll = select.poll()
        self._reader: ResponseReader | None = None
        self._done: asyncio.Future[None] | None = None
        self._last_sign = 0.0
        self._unsent = 0
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._limits = ExchangeLimits()
        self._deadline = self._silence_s = self._last_deadline = 0.0
        self.usable = True
        self.unasked = False
        self._early = b""
        self.exchanges = 0
        self.lost = asyncio.Event()

    async def exchange(
        self, payload: Payload, reader: ResponseReader, limits: ExchangeLimits, deadline: float
    ) -> None:
        """Send a payload and wait until the reader is done.

        Raises ExchangeFaultError when there is no answer.
        """
        if self._transport is None or not self.usable:
            raise ExchangeFaultError(
                FaultKind.CLOSED_BEFORE_RESPONSE, "connect", "closed before the request was sent"
            )
        self._reader, self._done = reader, self._loop.create_future()
        self._last_sign = time.monotonic()
        size = sum(map(len, payload))
        self._unsent = size if size > SMALL_PAYLOAD else 0
        self.exchanges += 1
        self._limits, self._deadline = limits, deadline
        self._last_deadline = max(deadline, time.monotonic()) + limits.total_ms / _MS
        self._silence_s = limits.silence_ms / _MS if reader.ends_in_time else limits.total_ms / _MS
        self._transport.writelines(payload)
        self._watch()
        self._take_early(self._transport)
        try:
            await self._done
        finally:
            self._reader = None
            if self._transport.get_write_buffer_size():
                self._answered_early(reader)
            self.usable = self.usable and reader.reusable
            if not self.usable:
                self.close()

    async def quiet(self) -> bool:
        """Return whether nothing arrived since the last answer, and the connection can be used.

        Bytes that did arrive are read first; they end the connection.
        """
        for _ in range(_ROUNDS_TO_READ):
            if self._early:
                self.close()
            if not self.usable or not self._poll.poll(0):
                return self.usable
            await asyncio.sleep(0)
        return False

    def close(self) -> None:
        """Drop the connection at once."""
        self.usable = False
        if self._timer is not None:
            self._timer.cancel()
        if self._transport is not None:
            self._transport.abort()

    async def finish(self, bound_s: float) -> None:
        """Half-close, wait up to `bound_s` seconds for the peer to close, and drop the connection.

        Bytes that the peer still sends are unasked.
        """
        if (
            self.usable
            and not self._early
            and self._transport is not None
            and self._transport.can_write_eof()
        ):
            self._transport.write_eof()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.lost.wait(), bound_s)
        self.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]
        self._poll.register(transport.get_extra_info("socket"), select.POLLIN)

    def data_received(self, data: bytes) -> None:
        """Give bytes to the reader; bytes that belong to no request end the connection.

        A 408 between requests is not reported: servers send it when they close an idle connection
        (RFC 9110, section 15.5.9).
        """
        if self._reader is None and not self.exchanges and self._transport is not None:
            self._early += data
            self._transport.pause_reading()
            return
        if self._reader is None:
            self.unasked = self.unasked or not data.startswith(_TIMED_OUT_WHILE_IDLE)
            self.close()
            return
        self._last_sign = time.monotonic()
        try:
            self._reader.feed(data)
        except ExchangeFaultError as fault:
            self._fail(fault)
        else:
            if self._reader.arrivals is not None:
                self._reader.arrivals.append((self._last_sign, self._reader.body_bytes))
            if self._reader.phase == "done":
                self._succeed()

    def eof_received(self) -> bool:
        """Take the peer's half-close; the connection is not used again."""
        self.usable = False
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """Take the end of the connection, which may be the end of a body."""
        self.usable = False
        self.lost.set()
        if self._reader is None:
            return
        try:
            if error is not None and self._reader.phase != "done":
                raise _loss(error, self._phase(self._reader))
            self._reader.end()
        except ExchangeFaultError as fault:
            self._fail(fault)
        else:
            self._succeed()

    def _take_early(self, transport: asyncio.Transport) -> None:
        """Read what the peer sent before the first request."""
        if self._early:
            early, self._early = self._early, b""
            transport.resume_reading()
            self.data_received(early)

    def _answered_early(self, reader: ResponseReader) -> None:
        """Note that the answer came before the request was sent as a whole.

        The connection cannot be used again: the peer would read the rest as the next request.
        """
        self.usable = False
        if reader.phase == "done":
            reader.notes.append("answered_before_request_end")

    def _watch(self) -> None:
        """Set a timer for the next deadline, unless an earlier timer is set."""
        at = min(self._deadline, self._last_sign + self._silence_s)
        if self._timer is None or self._due > at:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_later(at - time.monotonic(), self._check_time)
            self._due = at

    def _check_time(self) -> None:
        self._timer = None
        if self._reader is None:
            return
        now, limits = time.monotonic(), self._limits
        if (unsent := self._not_taken()) < self._unsent:
            self._unsent, self._last_sign = unsent, now
        self._leave_out_standing_still(now)
        if now >= self._deadline:
            self._give_up(
                FaultKind.TIMEOUT_TOTAL, time_is_up(limits.total_ms, self._reader.stop_after)
            )
        elif now >= self._last_sign + self._silence_s:
            self._give_up(FaultKind.TIMEOUT_IDLE, f"no byte for {limits.silence_ms} ms")
        else:
            self._watch()

    def _leave_out_standing_still(self, now: float) -> None:
        """Extend the deadlines by the time in which this process stood still.

        Bytes that arrived in that time are not read yet.  The extension is limited to one more
        budget, so that the exchange always ends.
        """
        late_s = now - self._due
        if late_s > STOOD_STILL_S:
            more_s = late_s + STOOD_STILL_S
            self._deadline = max(self._deadline, min(self._deadline + more_s, self._last_deadline))
            self._last_sign += more_s

    def _give_up(self, kind: FaultKind, detail: str) -> None:
        if self._reader is not None and self._reader.stop():
            self._succeed()
        elif self._reader is not None:
            rest = (
                f", {plural(self._unsent, 'byte')} of the request not taken" if self._unsent else ""
            )
            self._fail(ExchangeFaultError(kind, self._phase(self._reader), detail + rest))

    def _phase(self, reader: ResponseReader) -> str:
        return "request" if self._not_taken() and not reader.received else reader.phase

    def _not_taken(self) -> int:
        """Return how many bytes of the request the peer's machine has not taken.

        They are in our buffer, or in the kernel's where it reports them.
        """
        if self._transport is None or self._transport.is_closing():
            return 0
        queued = bytes(4)
        with contextlib.suppress(OSError):
            queued = fcntl.ioctl(
                self._transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, queued
            )
        return self._transport.get_write_buffer_size() + int(struct.unpack("i", queued)[0])

    def _succeed(self) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result(None)

    def _fail(self, fault: ExchangeFaultError) -> None:
        self.usable = False
        if self._done is not None and not self._done.done():
            self._done.set_exception(fault)


def _loss(error: Exception, phase: str) -> ExchangeFaultError:
    if isinstance(error, ssl.SSLError):
        return handshake_fault(error, phase)
    return ExchangeFaultError(FaultKind.RESET, phase, str(error) or type(error).__name__)
