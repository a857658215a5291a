"""A tiny daemon on the kit whose routes are named by their fault; run by the tests as a program."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.kit.daemon import run
from reference_impl.kit.json_body import JsonBodies, JsonShape
from reference_impl.kit.operation import Answer, Operation, operation, operations_of
from reference_impl.kit.room import Ground, Room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from reference_impl.kit.settings import Settings


class Narrow(msgspec.Struct, frozen=True, kw_only=True):
    """A body with one member."""

    n: int


NARROW = JsonShape(kind=Narrow)
DONE = (Answer(status=200, meaning="Done.", shapes=(dict[str, int],)),)


class Handlers:
    """The endpoints."""

    def __init__(self, bodies: JsonBodies) -> None:
        self._bodies = bodies

    @operation("GET", "/crash", "crash", answers=DONE)
    async def crash(self, _request: Request) -> Response:
        """Raise what no caller may see."""
        raise RuntimeError("hunter2")

    @operation("GET", "/hang", "hang", answers=DONE)
    async def hang(self, _request: Request) -> Response:
        """Never answer."""
        await asyncio.sleep(60)
        return Response(b"{}", media_type="application/json")

    @operation("GET", "/pause", "pause", answers=DONE)
    async def pause(self, _request: Request) -> Response:
        """Answer late."""
        await asyncio.sleep(0.8)
        return Response(b"{}", media_type="application/json")

    @operation("POST", "/narrow", "narrow", answers=DONE, body=NARROW)
    async def narrow(self, request: Request) -> Response:
        """Read a body."""
        await self._bodies.read(request, NARROW)
        return Response(b"{}", media_type="application/json")


@asynccontextmanager
async def open_room(settings: Settings, _ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Give the operations."""
    yield operations_of(Handlers(JsonBodies(settings.body_limits)))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], Room(name="miniature", open=open_room)))
