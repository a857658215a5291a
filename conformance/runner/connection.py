"""One TCP or TLS connection: sends a payload, shovels what arrives into a reader, keeps the deadlines."""

import asyncio
import ssl
from typing import Final

from conformance.model.observation import FaultKind
from conformance.runner.limits import Limits
from conformance.runner.response_reader import ExchangeFaultError, ResponseReader

_MS: Final = 1000


class Connection(asyncio.Protocol):
    """Carries one exchange at a time; `usable` tells whether another may follow."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._reader: ResponseReader | None = None
        self._done: asyncio.Future[None] | None = None
        self._last_byte = 0.0
        self._timer: asyncio.TimerHandle
        self.usable = True
        self.exchanges = 0

    async def exchange(self, payload: bytes, reader: ResponseReader, limits: Limits, deadline: float) -> None:
        """Send a payload and wait until the reader is done; raises ExchangeFaultError when no answer comes of it."""
        if self._transport is None or not self.usable:
            raise ExchangeFaultError(FaultKind.CLOSED_BEFORE_RESPONSE, "connect", "closed before the request was sent")
        self._reader, self._done = reader, self._loop.create_future()
        self._last_byte = self._loop.time()
        self.exchanges += 1
        self._transport.write(payload)
        self._timer = self._loop.call_at(self._next_check(limits, deadline), self._check_time, limits, deadline)
        try:
            await self._done
        finally:
            self._timer.cancel()
            self._reader = None
            self.usable = self.usable and reader.reusable and self._all_is_sent()
            if not self.usable:
                self.close()

    def close(self) -> None:
        """Drop the connection at once."""
        self.usable = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Hand bytes to the reader; bytes that nobody asked for end the connection."""
        if self._reader is None:
            self.close()
            return
        self._last_byte = self._loop.time()
        try:
            self._reader.feed(data)
        except ExchangeFaultError as fault:
            self._fail(fault)
        else:
            if self._reader.phase == "done":
                self._succeed()

    def eof_received(self) -> bool:
        """Take the peer's half-close; nothing more is sent either."""
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """Take the end of the connection, which may be the end of a body."""
        self.usable = False
        if self._reader is None:
            return
        if error is not None and self._reader.phase != "done":
            kind = FaultKind.RESET if isinstance(error, ConnectionResetError) else FaultKind.CLOSED_BEFORE_RESPONSE
            self._fail(ExchangeFaultError(kind, self._reader.phase, str(error) or type(error).__name__))
            return
        try:
            self._reader.end()
        except ExchangeFaultError as fault:
            self._fail(fault)
        else:
            self._succeed()

    def _all_is_sent(self) -> bool:
        """Tell whether the payload has left; an answer can come before, and its rest would then precede the next."""
        return self._transport is not None and self._transport.get_write_buffer_size() == 0

    def _next_check(self, limits: Limits, deadline: float) -> float:
        return min(deadline, self._last_byte + limits.silence_ms / _MS)

    def _check_time(self, limits: Limits, deadline: float) -> None:
        now, phase = self._loop.time(), self._reader.phase if self._reader else "done"
        if now >= deadline:
            self._fail(
                ExchangeFaultError(FaultKind.TIMEOUT_TOTAL, phase, f"no complete answer in {limits.total_ms} ms")
            )
        elif now >= self._last_byte + limits.silence_ms / _MS:
            self._fail(ExchangeFaultError(FaultKind.TIMEOUT_IDLE, phase, f"no byte for {limits.silence_ms} ms"))
        else:
            self._timer = self._loop.call_at(self._next_check(limits, deadline), self._check_time, limits, deadline)

    def _succeed(self) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result(None)

    def _fail(self, fault: ExchangeFaultError) -> None:
        self.usable = False
        if self._done is not None and not self._done.done():
            self._done.set_exception(fault)


async def connect(host: str, port: int, tls: ssl.SSLContext | None, bound_ms: float) -> Connection:
    """Open a connection within a bound; raises ExchangeFaultError naming what went wrong."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(bound_ms / _MS):
            _, connection = await loop.create_connection(Connection, host, port, ssl=tls)
    except TimeoutError as error:
        raise ExchangeFaultError(FaultKind.CONNECT_TIMEOUT, "connect", f"no connection in {bound_ms:.0f} ms") from error
    except ConnectionRefusedError as error:
        raise ExchangeFaultError(FaultKind.CONNECT_REFUSED, "connect", f"{host}:{port} refuses connections") from error
    except ssl.SSLError as error:
        raise ExchangeFaultError(FaultKind.TLS_FAILED, "connect", str(error)) from error
    except (OSError, UnicodeError) as error:  # a host that is no name at all fails while it is encoded
        raise ExchangeFaultError(FaultKind.CONNECT_FAILED, "connect", str(error)) from error
    return connection
