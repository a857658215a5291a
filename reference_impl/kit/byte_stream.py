"""Request bodies as they arrive: pieces, within limits of size and time.

In: a request. Out: its body piece by piece, or a `ProblemError`: 413 for a body over the limit
(before reading if its length is declared, else at the first byte too many), 408 when it is not
complete in time or nothing more arrives, 415 for a content encoding or an unwanted media type.
Nothing is collected here: a body that is written as it arrives takes no memory.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reference_impl.kit.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from reference_impl.kit.body_limits import BodyLimits

IS_AT_HAND = "reference_impl.is_at_hand"
"""The key of an ASGI extension: a function that says whether `receive` has a message at once."""

_CLOSE = {"connection": "close"}


class ClientGoneError(Exception):
    """The client closed the connection before its request was complete.

    There is no caller left to answer.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteShape:
    """The media types that a body other than JSON may have; `*/*` allows any, or none."""

    media_types: tuple[str, ...] = ("*/*",)


@dataclass(frozen=True, slots=True)
class ByteBodies:
    """Streams bodies within limits."""

    limits: BodyLimits

    def stream(self, request: Request, shape: ByteShape) -> AsyncIterator[bytes]:
        """Return the pieces of the body; its media type and declared length are checked at once.

        Raises ProblemError, and ClientGoneError when the connection is lost meanwhile.
        """
        refuse_codings(request)
        if "*/*" not in shape.media_types and media_type_of(request) not in shape.media_types:
            wanted = ", ".join(shape.media_types)
            raise ProblemError(
                415, f"the content type must be one of {wanted}", headers={"accept": wanted}
            )
        return receive_pieces(request, self.limits)


def receive_pieces(request: Request, limits: BodyLimits) -> AsyncIterator[bytes]:
    """Return an iterator over the pieces of a body.

    Raises ProblemError, and ClientGoneError when the connection is lost meanwhile.
    """
    return _pieces(_Arriving(request, limits))


async def receive_whole(request: Request, limits: BodyLimits) -> bytes:
    """Return a whole body.

    Raises ProblemError, and ClientGoneError when the connection is lost meanwhile.
    """
    arriving = _Arriving(request, limits)
    pieces = []
    while arriving.has_more:
        pieces.append(await arriving.next_piece())
    return b"".join(pieces)


async def _pieces(arriving: _Arriving) -> AsyncIterator[bytes]:
    while arriving.has_more:
        piece = await arriving.next_piece()
        if piece:
            yield piece


class _Arriving:
    """A body that is being received, with the rest of its limits."""

    __slots__ = (
        "_deadline_s",
        "_is_at_hand",
        "_left_bytes",
        "_limits",
        "_loop",
        "_request",
        "has_more",
    )

    def __init__(self, request: Request, limits: BodyLimits) -> None:
        declared = request.headers.get("content-length", "0")
        if len(declared) > len(str(limits.size_bytes)) or int(declared) > limits.size_bytes:
            raise _too_large(limits)
        self.has_more = True
        self._request = request
        self._is_at_hand = request.scope.get("extensions", {}).get(IS_AT_HAND, _is_not_known)
        self._limits = limits
        self._left_bytes = limits.size_bytes
        self._loop = asyncio.get_running_loop()
        self._deadline_s = self._loop.time() + limits.whole_s

    async def next_piece(self) -> bytes:
        """Wait for the next piece, which may be empty, and return it."""
        message = await self._next_message()
        self.has_more = message.get("more_body", False)
        piece: bytes = message.get("body", b"")
        self._left_bytes -= len(piece)
        if self._left_bytes < 0:
            raise _too_large(self._limits)
        return piece

    async def _next_message(self) -> Any:
        if self._is_at_hand():
            message = await self._request.receive()
        else:
            message = await self._receive_in_time()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        return message

    async def _receive_in_time(self) -> Any:
        idle_until_s = self._loop.time() + self._limits.idle_s
        try:
            async with asyncio.timeout_at(min(self._deadline_s, idle_until_s)):
                return await self._request.receive()
        except TimeoutError:
            if idle_until_s < self._deadline_s:
                detail = f"nothing more of the body came for {self._limits.idle_s:g} s"
            else:
                detail = f"the body was not complete after {self._limits.whole_s:g} s"
            raise ProblemError(408, detail, headers=_CLOSE) from None


def media_type_of(request: Request) -> str:
    """Return the request's media type without parameters, in lower case.

    The result is empty unless there is exactly one `Content-Type`.
    """
    types = request.headers.getlist("content-type")
    return types[0].partition(";")[0].strip().lower() if len(types) == 1 else ""


def refuse_codings(request: Request) -> None:
    """Raise ProblemError for any content encoding."""
    if any(
        coding.strip().lower() not in {"", "identity"}
        for coding in request.headers.getlist("content-encoding")
    ):
        raise ProblemError(
            415, "the body must not be encoded", headers={"accept-encoding": "identity"}
        )


def _is_not_known() -> bool:
    return False


def _too_large(limits: BodyLimits) -> ProblemError:
    return ProblemError(
        413, f"the body is over the limit of {limits.size_bytes} bytes", headers=_CLOSE
    )
