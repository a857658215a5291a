"""JSON request bodies: the one strict reader all daemons use.

In: a request and the shape its body must have. Out: a value of that shape, or a `ProblemError`: 415 for another
content type or any content encoding, 413 for a body over the limit (before reading when its length is declared, at
the first byte too many otherwise), 408 when it does not arrive in time, 400 when it is not strict JSON, and the
shape's own status when it is JSON of another shape. At most `limit_bytes` are ever held.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from reference_impl.kit.problem import ProblemError
from reference_impl.kit.strict_json import JsonError, MisfitError, fit, parse

if TYPE_CHECKING:
    from starlette.requests import Request

T = TypeVar("T")

_CLOSE = {"connection": "close"}
_CHARSETS = frozenset({"charset=utf-8", 'charset="utf-8"'})


class ClientGoneError(Exception):
    """The client closed the connection before its request was complete; nobody is left to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonShape(Generic[T]):
    """The type a body must fit, and the status that tells a caller it does not."""

    of: type[T]
    misfit_status: int = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonBodies:
    """Reads bodies within a size limit and a deadline."""

    limit_bytes: int
    timeout_s: float

    async def read(self, request: Request, shape: JsonShape[T]) -> T:
        """Read, parse and fit the whole body.

        Raises ProblemError, and ClientGoneError when the connection is lost meanwhile.
        """
        refuse_other_media(request)
        document = await self._receive(request)
        try:
            return fit(_parse_body(document), shape.of)
        except MisfitError as error:
            raise ProblemError(shape.misfit_status, f"the body does not fit: {error}") from None

    async def _receive(self, request: Request) -> bytes:
        self._refuse_declared_length(request)
        try:
            async with asyncio.timeout(self.timeout_s):
                return await self._collect(request)
        except TimeoutError:
            detail = f"the body was not complete after {self.timeout_s:g} s"
            raise ProblemError(408, detail, headers=_CLOSE) from None

    def _refuse_declared_length(self, request: Request) -> None:
        declared = request.headers.get("content-length", "0")
        if len(declared) > len(str(self.limit_bytes)) or int(declared) > self.limit_bytes:
            raise self._too_large()

    async def _collect(self, request: Request) -> bytes:
        chunks: list[bytes] = []
        size = 0
        while True:
            message: Any = await request.receive()
            if message["type"] == "http.disconnect":
                raise ClientGoneError
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            if size > self.limit_bytes:
                raise self._too_large()
            if not message.get("more_body", False):
                return b"".join(chunks)

    def _too_large(self) -> ProblemError:
        return ProblemError(413, f"the body is over the limit of {self.limit_bytes} bytes", headers=_CLOSE)


def refuse_other_media(request: Request) -> None:
    """Refuse a content type other than `application/json` (a charset of UTF-8 may follow) and any content encoding.

    Raises ProblemError.
    """
    types = request.headers.getlist("content-type")
    if len(types) != 1 or not _is_json(types[0]):
        raise ProblemError(415, "the content type must be application/json", headers={"accept": "application/json"})
    if any(coding.strip().lower() not in {"", "identity"} for coding in request.headers.getlist("content-encoding")):
        raise ProblemError(415, "the body must not be encoded", headers={"accept-encoding": "identity"})


def _is_json(content_type: str) -> bool:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    return media_type == "application/json" and all(part in _CHARSETS for part in parameters)


def _parse_body(document: bytes) -> Any:
    try:
        return parse(document)
    except JsonError as error:
        raise ProblemError(400, f"the body cannot be read: {error}") from None
