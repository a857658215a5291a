"""Calls of other daemons: one way, one deadline, failures that say who failed.

In: a method, a target below the daemon's URL, headers and a body, whole or in pieces. Out: a reply, whole or in pieces,
or a `CallError`, which is a problem document by itself: 502 when the daemon is gone or answers what is no answer, 504
when the whole call takes too long. The request id of the request that is being answered and the stack's bearer token
go along. Redirects and proxies are never followed; connections are kept.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar

import aiohttp
import msgspec
from yarl import URL

from reference_impl.kit.problem import ProblemError
from reference_impl.kit.request_id import CURRENT, HEADER
from reference_impl.kit.strict_json import JsonError, MisfitError, fit, parse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

T = TypeVar("T")

Headers = tuple[tuple[bytes, bytes], ...]
"""Names in lower case, and values."""

_REPLY_LIMIT_BYTES = 64 * 1024 * 1024
_PIECE_BYTES = 64 * 1024
_POOL = 256


class CallError(ProblemError):
    """A call of another daemon did not bring a reply; names the daemon."""


class DaemonGoneError(CallError):
    """Nothing answers there, or the connection broke."""

    def __init__(self, name: str) -> None:
        super().__init__(502, f"{name} cannot be reached")


class DaemonProtocolError(CallError):
    """What came is no reply that can be understood."""

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
        """Give the first value of a header."""
        return next((value for key, value in self.headers if key == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedReply:
    """A reply whose body is still coming."""

    status: int
    headers: Headers
    pieces: AsyncIterator[bytes]


class DaemonClient:
    """The way to one other daemon; open it with `async with`, or through the room's ground."""

    def __init__(self, *, name: str, url: str, token: str | None, timeout_s: float) -> None:
        self.name = name
        self.url = url.rstrip("/")
        self._timeout_s = timeout_s
        self._own_headers = {} if token is None else {"authorization": f"Bearer {token}"}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_POOL),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=None),
            skip_auto_headers=("user-agent", "accept", "accept-encoding", "content-type"),
        )
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._session.close()

    async def call(
        self,
        method: str,
        target: str,
        *,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes | AsyncIterator[bytes] = b"",
        timeout_s: float | None = None,
    ) -> Reply:
        """Call and take the whole reply.

        Raises CallError.
        """
        async with self.stream(method, target, headers=headers, body=body, timeout_s=timeout_s) as streamed:
            pieces = []
            size = 0
            async for piece in streamed.pieces:
                pieces.append(piece)
                size += len(piece)
                if size > _REPLY_LIMIT_BYTES:
                    raise DaemonProtocolError(self.name)
            return Reply(status=streamed.status, headers=streamed.headers, body=b"".join(pieces))

    async def ask(
        self,
        method: str,
        target: str,
        shape: type[T],
        *,
        document: Any = msgspec.UNSET,
        expected: Iterable[int] = (200,),
    ) -> T:
        """Call with a JSON document, if any, and take a JSON document of a shape.

        Raises CallError; a problem document with another status than those expected is passed on as a ProblemError.
        """
        body, headers = b"", []
        if document is not msgspec.UNSET:
            body, headers = msgspec.json.encode(document), [(b"content-type", b"application/json")]
        reply = await self.call(method, target, headers=headers, body=body)
        if reply.status not in expected:
            raise self._passed_on(reply)
        try:
            return fit(parse(reply.body), shape)
        except (JsonError, MisfitError):
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
        """Call and take the reply as it comes; the deadline is for the whole block.

        Raises CallError; what the pieces of the request's body raise is passed on.
        """
        allowed_s = self._timeout_s if timeout_s is None else timeout_s
        try:
            async with asyncio.timeout(allowed_s) as deadline, self._request(method, target, headers, body) as response:
                raw = tuple((name.lower(), value) for name, value in response.raw_headers)
                pieces = response.content.iter_chunked(_PIECE_BYTES)
                yield StreamedReply(status=response.status, headers=raw, pieces=pieces)
        except TimeoutError:
            if not deadline.expired():
                raise
            raise DaemonSlowError(self.name, allowed_s) from None
        except (aiohttp.ClientResponseError, aiohttp.ClientPayloadError):
            raise DaemonProtocolError(self.name) from None
        except aiohttp.ClientError:
            raise DaemonGoneError(self.name) from None

    def _request(
        self, method: str, target: str, headers: Iterable[tuple[bytes, bytes]], body: bytes | AsyncIterator[bytes]
    ) -> Any:
        sent = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        sent += self._own_headers.items()
        request_id = CURRENT.get()
        if request_id is not None:
            sent.append((HEADER, request_id))
        url = URL(self.url + target, encoded=True)
        return self._session.request(method, url, data=body or None, headers=sent, allow_redirects=False)

    def _passed_on(self, reply: Reply) -> ProblemError:
        """Make of an unexpected reply the problem of whoever asked: the caller's own fault stays one."""
        try:
            said = msgspec.json.decode(reply.body, type=_Said).detail
        except msgspec.MsgspecError:
            return DaemonProtocolError(self.name)
        if reply.status in _CALLERS_FAULT:
            return ProblemError(reply.status, f"{self.name}: {said}")
        return CallError(502, f"{self.name}: {said}")


class _Said(msgspec.Struct):
    """The part of a problem document that is passed on."""

    detail: str


_CALLERS_FAULT = frozenset({404, 409, 412, 413, 416, 422})
