"""Calls of other daemons, each with one deadline; errors name the daemon that failed.

In: a method, a target below the daemon's URL, headers and a body, whole or in pieces. Out: a reply,
whole or in pieces, or a `CallError`, which is a problem document itself: 502 when the daemon is
gone or its answer is unusable, 504 when the whole call takes too long. The id of the current
request and the stack's bearer token are sent with it. Redirects and proxies are never followed;
connections are reused.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

import msgspec

from reference_impl.kit.connection import Connection, Headers, LostError, ReplyError
from reference_impl.kit.problem import FieldError, ProblemError
from reference_impl.kit.request_id import CURRENT, HEADER

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Iterable

T = TypeVar("T")

# As large as the largest object that storaged accepts by default.
_REPLY_LIMIT_BYTES = 64 * 1024 * 1024
# Descriptors are limited; further calls wait within their own deadline (ADR 0022).
_MOST_CONNECTIONS = 256
_LONGEST_IDLE_S = 3.0  # a server closes after 5; a request at that moment would fail
_LINE = re.compile(r"[A-Z]+ [!-~]+")
_WITH_BODY = frozenset({"PATCH", "POST", "PUT"})


class CallError(ProblemError):
    """A call of another daemon brought no reply; the message names the daemon."""


class DaemonGoneError(CallError):
    """The daemon does not answer, or the connection broke."""

    def __init__(self, name: str) -> None:
        super().__init__(502, f"{name} cannot be reached")


class DaemonProtocolError(CallError):
    """The answer is not a valid reply."""

    def __init__(self, name: str) -> None:
        super().__init__(502, f"{name} gave no proper answer")


class DaemonSlowError(CallError):
    """The reply was not complete in time."""

    def __init__(self, name: str, timeout_s: float) -> None:
        super().__init__(504, f"{name} did not answer within {timeout_s:g} s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole reply."""

    status: int
    headers: Headers
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        """Return the first value of a header, or None."""
        return next((value for key, value in self.headers if key == name), None)


class StreamedReply:
    """A reply whose body is still arriving.

    Iterate over its pieces, or take it with `whole` if all of it is there.
    """

    __slots__ = ("_connection", "headers", "status", "whole")

    def __init__(self, status: int, headers: Headers, connection: Connection) -> None:
        self.status = status
        self.headers = headers
        self.whole = connection.whole
        self._connection = connection

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        piece = await self._connection.next_piece()
        if piece is None:
            raise StopAsyncIteration
        return piece


class DaemonClient:
    """The client of one other daemon; open it with `async with`, or through the room's ground."""

    def __init__(self, *, name: str, url: str, token: str | None, timeout_s: float) -> None:
        parts = urlsplit(url)
        self.name = name
        self._timeout_s = timeout_s
        self._address = (parts.hostname or "", parts.port or 80)
        self._base = parts.path.rstrip("/")
        authorization = "" if token is None else f"authorization: Bearer {token}\r\n"
        self._own_headers = f"host: {parts.netloc}\r\n{authorization}".encode("latin-1")
        self._idle: list[Connection] = []
        self._turns = asyncio.Semaphore(_MOST_CONNECTIONS)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        while self._idle:
            self._idle.pop().close()

    async def call(
        self,
        method: str,
        target: str,
        *,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes | AsyncIterator[bytes] = b"",
        timeout_s: float | None = None,
    ) -> Reply:
        """Send a request and return the whole reply.

        Raises CallError.
        """
        async with self.stream(
            method, target, headers=headers, body=body, timeout_s=timeout_s
        ) as streamed:
            whole = streamed.whole()
            if whole is None:
                whole = b"".join([piece async for piece in self._limited(streamed)])
            return Reply(status=streamed.status, headers=streamed.headers, body=whole)

    async def _limited(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        left_bytes = _REPLY_LIMIT_BYTES
        async for piece in pieces:
            left_bytes -= len(piece)
            if left_bytes < 0:
                raise DaemonProtocolError(self.name)
            yield piece

    async def ask(
        self,
        method: str,
        target: str,
        shape: type[T],
        *,
        document: Any = msgspec.UNSET,
        expected: Iterable[int] = (200,),
    ) -> T:
        """Send a request, with a JSON document if given, and return the JSON answer in a shape.

        Raises CallError.  A problem document with an unexpected status is raised as a ProblemError.
        """
        body, headers = b"", []
        if document is not msgspec.UNSET:
            body, headers = msgspec.json.encode(document), [(b"content-type", b"application/json")]
        return self.fitted(
            await self.call(method, target, headers=headers, body=body), shape, expected=expected
        )

    def fitted(self, reply: Reply, shape: type[T], *, expected: Iterable[int] = (200,)) -> T:
        """Return the JSON document of a reply, in a shape.

        Raises CallError.  A problem document with an unexpected status is raised as a ProblemError.
        """
        if reply.status not in expected:
            raise self._passed_on(reply)
        try:
            return msgspec.json.decode(reply.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise DaemonProtocolError(self.name) from None

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        target: str,
        *,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes | AsyncIterator[bytes] = b"",
        timeout_s: float | None = None,
    ) -> AsyncIterator[StreamedReply]:
        """Send a request and yield the reply as it arrives; the deadline is for the whole block.

        A body in pieces is sent in chunks unless `headers` give its length. Raises CallError, and
        what the pieces of the request's body raise.
        """
        allowed_s = self._timeout_s if timeout_s is None else timeout_s
        try:
            async with asyncio.timeout(allowed_s) as deadline, self._turns:
                connection, sending = await self._send(method, target, tuple(headers), body)
                try:
                    status, received = await _first(connection.head(), sending)
                    yield StreamedReply(status, received, connection)
                finally:
                    self._give_back(connection, sending)
        except TimeoutError:
            if not deadline.expired():
                raise
            raise DaemonSlowError(self.name, allowed_s) from None
        except ReplyError:
            raise DaemonProtocolError(self.name) from None
        except LostError:
            raise DaemonGoneError(self.name) from None

    async def _send(
        self, method: str, target: str, headers: Headers, body: bytes | AsyncIterator[bytes]
    ) -> tuple[Connection, asyncio.Task[None] | None]:
        """Send a request; a task continues to send a body in pieces."""
        if isinstance(body, bytes):
            return await self._begin(
                method, self._head(method, target, headers, len(body)) + body
            ), None
        connection = await self._begin(method, self._head(method, target, headers, None))
        return connection, asyncio.create_task(
            _send_pieces(connection, body, is_chunked=_is_chunked(headers))
        )

    async def _begin(self, method: str, sent: bytes) -> Connection:
        """Send on an idle connection if a usable one exists, else on a new one."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable and connection.idle_s < _LONGEST_IDLE_S:
                connection.begin(method, sent)
                return connection
            connection.close()
        try:
            _, connection = await asyncio.get_running_loop().create_connection(
                Connection, *self._address
            )
        except OSError:
            raise LostError from None
        connection.begin(method, sent)
        return connection

    def _give_back(self, connection: Connection, sending: asyncio.Task[None] | None) -> None:
        if sending is None or _has_ended_well(sending):
            connection.end()
        else:
            sending.cancel()
            connection.close()
        if connection.is_usable:
            self._idle.append(connection)

    def _head(self, method: str, target: str, headers: Headers, length: int | None) -> bytes:
        """Return the head of a request; `length` is that of a whole body."""
        line = f"{method} {self._base}{target}"
        if _LINE.fullmatch(line) is None:
            raise ValueError("a target is visible ASCII")
        fields = [b"%b: %b\r\n" % field for field in headers]
        request_id = CURRENT.get()
        if request_id is not None:
            fields.append(f"{HEADER}: {request_id}\r\n".encode())
        if length is None and _is_chunked(headers):
            fields.append(b"transfer-encoding: chunked\r\n")
        elif length or (length is not None and method in _WITH_BODY):
            fields.append(b"content-length: %d\r\n" % length)
        return b"%b HTTP/1.1\r\n%b%b\r\n" % (line.encode(), self._own_headers, b"".join(fields))

    def _passed_on(self, reply: Reply) -> ProblemError:
        """Return the error for an unexpected reply; a fault of the caller keeps its status."""
        try:
            problem = msgspec.json.decode(reply.body, type=_Said)
        except msgspec.MsgspecError:
            return DaemonProtocolError(self.name)
        if reply.status in _CALLERS_FAULT:
            return ProblemError(
                reply.status, f"{self.name}: {problem.detail}", errors=problem.errors
            )
        return CallError(502, f"{self.name}: {problem.detail}")


async def _send_pieces(
    connection: Connection, pieces: AsyncIterator[bytes], *, is_chunked: bool
) -> None:
    """Send the pieces of a body as they arrive."""
    async for piece in pieces:
        await connection.send(b"%x\r\n%b\r\n" % (len(piece), piece) if is_chunked else piece)
    if is_chunked:
        await connection.send(b"0\r\n\r\n")


async def _first(
    head: Coroutine[Any, Any, tuple[int, Headers]], sending: asyncio.Task[None] | None
) -> tuple[int, Headers]:
    """Wait for the head of the reply and return it.

    The call ends if the request's body fails, but not if the daemon does not read it.
    """
    if sending is None:
        return await head
    waiting = asyncio.create_task(head)
    try:
        await asyncio.wait([waiting, sending], return_when=asyncio.FIRST_COMPLETED)
        if sending.done() and not isinstance(sending.exception(), LostError):
            sending.result()
        return await waiting
    finally:
        waiting.cancel()


def _has_ended_well(task: asyncio.Task[None]) -> bool:
    return task.done() and not task.cancelled() and task.exception() is None


def _is_chunked(headers: Headers) -> bool:
    return all(name != b"content-length" for name, _ in headers)


class _Said(msgspec.Struct):
    """The members of a problem document that are passed on.

    A daemon sends the members of its own caller under the same names, so that pointers to them are
    valid in both bodies.
    """

    detail: str
    errors: tuple[FieldError, ...] = ()


_CALLERS_FAULT = frozenset({404, 409, 412, 413, 416, 422})
