"""Stand-ins for the daemons of the hot path, on the real kit and with next to no work of their own.

`python -m tests.bench.hot_path_room ROLE --candidate own --next-url http://127.0.0.1:1 --port 0`:
`vectord` answers a search with ten hits, `matrixd` asks the next daemon and merges, `gateway` sends
on what it gets.
"""

from __future__ import annotations

import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta
from starlette.responses import Response

from reference_impl.kit.daemon import run
from reference_impl.kit.json_body import JsonBodies, JsonShape
from reference_impl.kit.operation import Answer, Operation
from reference_impl.kit.room import Ground, Room
from reference_impl.kit.settings import Settings
from tests.bench.client_candidates import CANDIDATES, Candidate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request

DIM = 64
ANY = JsonShape(kind=dict)


class Config(Settings, frozen=True, kw_only=True):
    """The settings of a stand-in."""

    candidate: Annotated[str, Meta(description="how it calls")] = "own"
    next_url: Annotated[str, Meta(description="whom it calls")] = ""


class Hit(msgspec.Struct):
    """One hit."""

    id: str
    distance: float
    metadata: dict[str, Any]


HITS = [
    Hit(f"w-{n}", n / 7, {"name": f"Worker {n}", "city": "Example", "role": "welder"})
    for n in range(10)
]


def endpoint_of(
    role: str, bodies: JsonBodies, candidate: Candidate | None
) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint of a role."""

    async def vectord(request: Request) -> Response:
        await bodies.read(request, ANY)
        return _json(200, {"results": HITS})

    async def matrixd(request: Request) -> Response:
        asked = await bodies.read(request, ANY)
        assert candidate is not None
        status, body = await candidate.post("/search", msgspec.json.encode(asked))
        found = msgspec.json.decode(body)["results"] if status == 200 else []
        return _json(status, {"results": sorted(found, key=lambda hit: hit["distance"])})

    async def gateway(request: Request) -> Response:
        assert candidate is not None
        status, body = await candidate.post("/search", await request.body())
        return Response(body, status_code=status, media_type="application/json")

    return {"vectord": vectord, "matrixd": matrixd, "gateway": gateway}[role]


def _json(status: int, value: Any) -> Response:
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")


def room(role: str) -> Room[Config]:
    """Make the room of a role."""

    @asynccontextmanager
    async def open_room(config: Config, _ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
        bodies = JsonBodies(config.body_limits)
        candidate = CANDIDATES[config.candidate](config.next_url) if config.next_url else None
        yield (
            Operation(
                name="search",
                method="POST",
                path="/search",
                summary="Search.",
                endpoint=endpoint_of(role, bodies, candidate),
                answers=(Answer(status=200, meaning="Hits.", shapes=(dict[str, Any],)),),
                body=ANY,
            ),
        )

    return Room(name=role, settings=Config, open=open_room)


if __name__ == "__main__":
    sys.exit(run(sys.argv[2:], room(sys.argv[1])))
