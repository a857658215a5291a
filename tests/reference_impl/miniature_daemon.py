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
from reference_impl.kit.operation import Answer, Endpoint, Operation
from reference_impl.kit.room import Ground, Room
from reference_impl.kit.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request


class Narrow(msgspec.Struct, frozen=True, kw_only=True):
    """A body with one member."""

    n: int


NARROW = JsonShape(of=Narrow)


async def crash(_request: Request) -> Response:
    """Raise what no caller may see."""
    raise RuntimeError("hunter2")


async def hang(_request: Request) -> Response:
    """Never answer."""
    await asyncio.sleep(60)
    return Response(b"{}", media_type="application/json")


async def pause(_request: Request) -> Response:
    """Answer late."""
    await asyncio.sleep(0.8)
    return Response(b"{}", media_type="application/json")


@asynccontextmanager
async def open_room(settings: Settings, _ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Give the table."""
    bodies = JsonBodies(settings.body_limits)

    async def narrow(request: Request) -> Response:
        await bodies.read(request, NARROW)
        return Response(b"{}", media_type="application/json")

    def row(endpoint: Endpoint, method: str, body: JsonShape[Narrow] | None = None) -> Operation:
        name = getattr(endpoint, "__name__", "")
        done = (Answer(status=200, meaning="Done.", shapes=(dict[str, int],)),)
        return Operation(
            name=name,
            method=method,
            path=f"/{name}",
            summary=name,
            endpoint=endpoint,
            answers=done,
            body=body,
        )

    yield (row(crash, "GET"), row(hang, "GET"), row(pause, "GET"), row(narrow, "POST", NARROW))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], Room(name="miniature", settings=Settings, open=open_room)))
