"""The composition of matrixd: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room
from reference_impl.matrixd.config import Config
from reference_impl.matrixd.handlers import Handlers
from reference_impl.matrixd.service.neighbours import Neighbours

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground

NAME = "matrixd"


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Open the clients of embedd and vectord, and yield the operations."""
    neighbours = Neighbours(
        embedd=await ground.client("embedd", config.embedd_url, config.call_timeout_s),
        vectord=await ground.client("vectord", config.vectord_url, config.call_timeout_s),
    )
    bodies = JsonBodies(config.body_limits)
    yield operations_of(Handlers(bodies=bodies, neighbours=neighbours))


ROOM = Room(name=NAME, settings=Config, open=open_room)
