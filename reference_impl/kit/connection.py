"""One connection to another daemon: an asyncio protocol over httptools, one exchange at a time.

In: the bytes of a request, and the bytes that come back. Out: the reply's status and headers as
soon as they arrive, then its body in pieces. Invariants: a slow reader slows the sender down
(reading pauses above 256 KiB); a connection is reused only after a whole reply to a wholly sent
request, with nothing after it; invalid HTTP is a `ReplyError` and a broken connection a
`LostError`, never half a reply that looks whole.
"""

from __future__ import annotations

import asyncio
from collections import deque

import httptools

Headers = tuple[tuple[bytes, bytes], ...]
"""Headers as `(name in lower case, value)`."""

# The daemons' limit for the heads of requests (head_guard).
_HEAD_LIMIT_BYTES = 64 * 1024
# Data beyond it stays in the kernel, where it slows the sender down.
_PAUSE_ABOVE_BYTES = 256 * 1024
_FIRST_FINAL_STATUS = 200


class LostError(Exception):
    """The connection cannot be made, or broke."""


class ReplyError(Exception):
    """The data received is no HTTP response."""


class Connection(asyncio.Protocol):
    """The state of one connection and of the exchange on it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport
        self._writable = asyncio.Event()
        self._writable.set()
        self._is_lost = False
        self._is_idle = True
        self._changed: asyncio.Future[None] | None = None
        self._idle_since_s = 0.0

    def begin(self, method: str, head_and_body: bytes) -> None:
        """Send a request, or its head and the first part of its body."""
        self._parser = httptools.HttpResponseParser(self)
        self._has_head = method == "HEAD"
        self._status = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._pieces: deque[bytes] = deque()
        self._buffered_bytes = 0
        self._head_bytes = 0
        self._is_reading = True
        self._head_is_complete = False
        self._is_complete = False
        self._error: Exception | None = None
        self._is_idle = False
        self._transport.write(head_and_body)

    async def send(self, piece: bytes) -> None:
        """Send more of the body, after the earlier data has been sent."""
        await self._writable.wait()
        if self._is_lost:
            raise LostError
        self._transport.write(piece)

    async def head(self) -> tuple[int, Headers]:
        """Wait for the status and the headers of the reply, and return them.

        Raises ReplyError and LostError.
        """
        while not self._head_is_complete:
            await self._change()
        return self._status, tuple(self._headers)

    def whole(self) -> bytes | None:
        """Return the whole body of the reply if all of it has arrived, else None.

        It must be called before the first `next_piece`.
        """
        if not self._is_complete:
            return None
        body = b"".join(self._pieces)
        self._pieces.clear()
        self._buffered_bytes = 0
        return body

    async def next_piece(self) -> bytes | None:
        """Wait for the next piece of the reply's body and return it; None at its end.

        Raises ReplyError and LostError.
        """
        while not self._pieces:
            if self._is_complete:
                return None
            await self._change()
        piece = self._pieces.popleft()
        self._buffered_bytes -= len(piece)
        self._pause_or_resume()
        return piece

    @property
    def is_usable(self) -> bool:
        """Return whether another exchange may begin."""
        return self._is_idle and not self._is_lost and not self._transport.is_closing()

    @property
    def idle_s(self) -> float:
        """Return the time in seconds since the last exchange ended."""
        return self._loop.time() - self._idle_since_s

    def end(self) -> None:
        """End the exchange; the connection is kept if it can be used again."""
        self._is_idle = self._is_complete and self._error is None and self._keeps_alive
        if self._is_idle:
            self._idle_since_s = self._loop.time()
        else:
            self.close()

    def close(self) -> None:
        """Close at once."""
        self._transport.abort()

    # methods that asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        # a stream connection has a duplex transport
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Parse the received data; data that was not requested closes the connection."""
        if self._is_idle or self._is_complete:
            self._keeps_alive = False
            self.close()
            return
        if not self._head_is_complete:
            self._head_bytes += len(data)
            if self._head_bytes > _HEAD_LIMIT_BYTES and b"\r\n\r\n" not in data:
                self._fail(ReplyError("the head is too large"))
                return
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._fail(ReplyError("not well-formed HTTP/1.1"))
        self._wake()

    def connection_lost(self, _error: Exception | None) -> None:
        """Complete a reply that ends with the connection; let any other reply fail."""
        self._is_lost = True
        self._writable.set()
        if self._is_idle or self._is_complete:
            return
        if self._head_is_complete and self._ends_with_connection:
            self._keeps_alive = False
            self._is_complete = True
        else:
            self._error = self._error or LostError()
        self._wake()

    def pause_writing(self) -> None:
        """Note that the other side reads slowly."""
        self._writable.clear()

    def resume_writing(self) -> None:
        """Note that the other side has read."""
        self._writable.set()

    # methods that httptools calls

    def on_message_begin(self) -> None:
        """Note that more data follows the reply."""
        if self._is_complete:
            self._keeps_alive = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header; headers after the body are dropped."""
        if not self._head_is_complete:
            self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        """Keep the head; informational heads are dropped."""
        if self._is_complete:
            return
        self._status = self._parser.get_status_code()
        if self._status < _FIRST_FINAL_STATUS:
            return
        names = {name for name, _ in self._headers}
        self._ends_with_connection = not names & {b"content-length", b"transfer-encoding"}
        self._keeps_alive = self._parser.should_keep_alive()
        self._head_is_complete = True
        self._is_complete = self._has_head  # nothing follows the head that answers HEAD

    def on_body(self, piece: bytes) -> None:
        """Keep a piece of the body."""
        if self._is_complete:
            self._keeps_alive = False
            return
        self._pieces.append(piece)
        self._buffered_bytes += len(piece)
        self._pause_or_resume()

    def on_message_complete(self) -> None:
        """Note the end of the body, or of an informational head."""
        if self._head_is_complete:
            self._is_complete = True
        else:
            self._headers.clear()

    def _pause_or_resume(self) -> None:
        wanted = self._buffered_bytes <= _PAUSE_ABOVE_BYTES
        if wanted != self._is_reading and not self._is_lost:
            self._is_reading = wanted
            if wanted:
                self._transport.resume_reading()
            else:
                self._transport.pause_reading()

    def _fail(self, error: Exception) -> None:
        self._error = error
        self.close()
        self._wake()

    async def _change(self) -> None:
        if self._error is not None:
            raise self._error
        self._changed = self._loop.create_future()
        await self._changed

    def _wake(self) -> None:
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)
