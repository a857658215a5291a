"""The endpoints of the gateway: forwarding, the health of all daemons, one OpenAPI document.

In: requests. Out: the owner's answer unchanged, or 502 and 504. Bodies are streamed in both
directions; a small one is collected first, because one write costs less than a stream.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.gateway.service.document import documents_of, whole_document
from reference_impl.gateway.service.headers import headers_back, headers_onward
from reference_impl.gateway.service.health import ask_all
from reference_impl.gateway.service.owners import OWNERS
from reference_impl.gateway.wire import Below, Status
from reference_impl.kit.byte_stream import ClientGoneError, receive_pieces, receive_whole
from reference_impl.kit.operation import (
    ANY_METHOD,
    ANY_STATUS,
    Answer,
    Operation,
    operation,
    operations_of,
)
from reference_impl.kit.parameters import Parameters
from reference_impl.kit.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from reference_impl.gateway.config import Config
    from reference_impl.kit.client import DaemonClient

# A body up to this size is written at once, which costs less than a stream.
_SMALL_BYTES = 64 * 1024
_BELOW = Parameters(place="path", kind=Below)


class Handlers:
    """Endpoints over the clients of the other daemons."""

    def __init__(self, config: Config, clients: Mapping[str, DaemonClient]) -> None:
        self._config = config
        self._clients = clients
        self._asked: tuple[bytes, Mapping[str, bytes]] | None = None
        self._document = b""

    def operations(self) -> tuple[Operation, ...]:
        """Return the declared operations, and two per segment of `OWNERS`: it and all below."""
        segments = map(self._passed_on, OWNERS)
        below = (self._passed_on(segment, "/{rest:path}", _BELOW) for segment in OWNERS)
        return (*operations_of(self), *segments, *below)

    @operation(
        "GET",
        "/status",
        "Return the health of all daemons.",
        answers=(Answer(status=200, meaning="How they are.", shapes=(Status,)),),
    )
    async def status(self, _request: Request) -> Response:
        """Answer with the health of each daemon."""
        status = await ask_all(self._clients, self._config.health_timeout_s)
        return Response(msgspec.json.encode(status), media_type="application/json")

    async def describe(self, own: bytes) -> bytes:
        """Return the gateway's own document, completed with those of the daemons.

        It is built again only when one of them has changed.
        """
        asked = own, await documents_of(self._clients, self._config.health_timeout_s)
        if asked != self._asked:
            self._asked, self._document = asked, whole_document(*asked)
        return self._document

    async def pass_on(self, request: Request) -> PassedOn:
        """Forward the request to the owner of its path and answer with the owner's answer."""
        owner = OWNERS[request.scope["state"]["route"].split("/")[1]]
        target = _target_of(request.scope)
        return PassedOn(self._clients[owner], target, await self._body(request))

    def _passed_on(self, segment: str, rest: str = "", *parameters: Parameters[Below]) -> Operation:
        owner = OWNERS[segment]
        return Operation(
            name=f"{segment}_below" if rest else segment,
            method=ANY_METHOD,
            path=f"/{segment}{rest}",
            summary=f"Pass on to {owner}, whose own document describes this path.",
            endpoint=self.pass_on,
            answers=(
                Answer(status=ANY_STATUS, meaning=f"What {owner} answers.", media_type="*/*"),
            ),
            parameters=parameters,
            calls=(owner,),
        )

    async def _body(self, request: Request) -> bytes | AsyncIterator[bytes]:
        declared = request.headers.get("content-length")
        if declared is None and "transfer-encoding" not in request.headers:
            return b""
        if declared is not None and int(declared) <= _SMALL_BYTES:
            return await receive_whole(request, self._config.body_limits)
        return receive_pieces(request, self._config.body_limits)


def _target_of(scope: Scope) -> str:
    """Return the request target as it was sent; raises ProblemError if it is not ASCII."""
    query = scope["query_string"]
    sent: bytes = b"%b?%b" % (scope["raw_path"], query) if query else scope["raw_path"]
    if not sent.isascii():
        raise ProblemError(400, "the target holds what is not ASCII")
    return sent.decode("ascii")


class PassedOn:
    """A response that calls a daemon when it is sent, and sends each piece as it arrives."""

    def __init__(
        self, client: DaemonClient, target: str, body: bytes | AsyncIterator[bytes]
    ) -> None:
        self._client = client
        self._target = target
        self._sent = body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the daemon and send its answer."""
        headers = headers_onward(scope["headers"], is_whole=isinstance(self._sent, bytes))
        async with self._client.stream(
            scope["method"], self._target, headers=headers, body=self._sent
        ) as reply:
            back = list(headers_back(reply.headers))
            await send({"type": "http.response.start", "status": reply.status, "headers": back})
            whole = reply.whole()
            if whole is None:
                await self._send_pieces(reply, receive, send)
        await send({"type": "http.response.body", "body": whole or b"", "more_body": False})

    async def _send_pieces(
        self, pieces: AsyncIterator[bytes], receive: Receive, send: Send
    ) -> None:
        """Send each piece as it arrives.

        During a long answer, a task watches for a disconnect: the server does not report it to a
        sender.
        """
        left_bytes = _SMALL_BYTES
        watching: asyncio.Task[None] | None = None
        try:
            async for piece in pieces:
                left_bytes -= len(piece)
                if watching is None and left_bytes < 0 and isinstance(self._sent, bytes):
                    watching = asyncio.create_task(_until_gone(receive))
                if watching is not None and watching.done():
                    raise ClientGoneError
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        finally:
            if watching is not None:
                watching.cancel()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
