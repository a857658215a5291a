"""A tiny daemon on the kit that keeps things and asks another daemon.

Run by the tests as a program.

It uses what the miniature daemon of faults does not: parameters, bodies that are no JSON, a log,
calls, work beside.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.responses import Response

from reference_impl.kit.append_log import AppendLog
from reference_impl.kit.byte_stream import ByteBodies, ByteShape
from reference_impl.kit.daemon import run
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.operation import Answer, Operation, operation, operations_of, refusal
from reference_impl.kit.parameters import Parameters
from reference_impl.kit.ports import default_url
from reference_impl.kit.room import Ground, Room
from reference_impl.kit.settings import DaemonUrl, Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from reference_impl.kit.client import DaemonClient


class Config(Settings, frozen=True, kw_only=True):
    """The settings of the shelf."""

    storaged_url: DaemonUrl = default_url("storaged")
    dies_after_s: Annotated[float, Meta(description="when its work beside fails; 0 for never")] = (
        0.0
    )


class Thing(msgspec.Struct, frozen=True, kw_only=True):
    """One thing on the shelf, and a record of the log."""

    shelf: str
    key: str
    size: int


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a thing stands."""

    shelf: Annotated[str, Meta(pattern="^[a-z]+$", description="the shelf")]
    key: Annotated[str, Meta(max_length=20, description="the thing.")]


class Page(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which things to list."""

    limit: Annotated[int, Meta(ge=1, le=10, description="most things")] = 10
    after: Annotated[str, Meta(description="list what comes after")] | UnsetType = UNSET


class Conditions(msgspec.Struct, frozen=True, kw_only=True):
    """When to put a thing."""

    if_match: Annotated[str, Meta(description="only over this one")] | UnsetType = UNSET


PLACE = Parameters(place="path", kind=Place)
PAGE = Parameters(place="query", kind=Page)
CONDITIONS = Parameters(place="header", kind=Conditions)
BYTES = ByteShape(media_types=("text/plain", "application/octet-stream"))
THING = "/shelf/{shelf}/{key:path}"
ETAG = (("ETag", "The digest."),)
JSON = "application/json"


class Handlers:
    """The endpoints."""

    def __init__(
        self, config: Config, log: AppendLog[Thing], things: list[Thing], storaged: DaemonClient
    ) -> None:
        self._bodies = ByteBodies(config.body_limits)
        self._log = log
        self._things = things
        self._storaged = storaged

    @operation(
        "PUT",
        THING,
        "put",
        body=BYTES,
        parameters=(PLACE, CONDITIONS),
        answers=(
            Answer(status=200, meaning="Kept.", shapes=(list[Thing],), headers=ETAG),
            Answer(status=204, meaning="Not kept.", media_type=None),
        ),
    )
    async def put(self, request: Request) -> Response:
        """Keep the size of what comes."""
        place, conditions = PLACE.read(request), CONDITIONS.read(request)
        digest = hashlib.sha256()
        size = 0
        async for piece in self._bodies.stream(request, BYTES):
            digest.update(piece)
            size += len(piece)
        if conditions.if_match not in {UNSET, "*"}:
            return Response(status_code=204)
        thing = Thing(shelf=place.shelf, key=place.key, size=size)
        self._things.append(thing)
        await self._log.append(thing)
        return Response(
            msgspec.json.encode([thing]),
            headers={"etag": f'"{digest.hexdigest()}"'},
            media_type=JSON,
        )

    @operation(
        "GET",
        "/shelf",
        "list",
        parameters=(PAGE,),
        answers=(Answer(status=200, meaning="Things.", shapes=(tuple[Thing, ...],)),),
    )
    async def list(self, request: Request) -> Response:
        """List things."""
        page = PAGE.read(request)
        found = [thing for thing in self._things if page.after is UNSET or thing.key > page.after]
        return Response(msgspec.json.encode(found[: page.limit]), media_type=JSON)

    @operation(
        "HEAD",
        THING,
        "head",
        parameters=(PLACE,),
        answers=(Answer(status=200, meaning="Told.", media_type=None, headers=ETAG),),
    )
    async def head(self, request: Request) -> Response:
        """Tell without a body."""
        PLACE.read(request)
        return Response(headers={"etag": '"x"'})

    @operation(
        "POST",
        "/relay",
        "relay",
        calls=("storaged",),
        answers=(
            Answer(status=200, meaning="Relayed.", shapes=(Any,)),
            refusal(404, "Unknown there."),
        ),
    )
    async def relay(self, _request: Request) -> Response:
        """Ask storaged."""
        answer = await self._storaged.ask(
            "POST", "/reply?x=%20y", list[int], document={"n": 1}, expected=(200, 201)
        )
        return Response(msgspec.json.encode(answer), media_type=JSON)


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Open the shelf."""
    things: list[Thing] = []
    with open_data_directory(config.data_dir, "shelf") as directory:
        log = AppendLog.open(directory.path / "things.ndjson", Thing, things.append)
        storaged = await ground.client("storaged", config.storaged_url, config.call_timeout_s)
        ground.metrics.gauge("shelf_things", "Things on the shelf.", lambda: len(things))
        if config.dies_after_s:
            ground.run_beside(die(config.dies_after_s))
        try:
            yield operations_of(Handlers(config, log, things, storaged))
        finally:
            await log.close()
            (directory.path / "saved").touch()


async def die(after_s: float) -> None:
    """Fail later."""
    await asyncio.sleep(after_s)
    raise RuntimeError("planned")


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:], Room(name="shelf", settings=Config, open=open_room)))
