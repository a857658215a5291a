"""The composition of storaged: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.blocking import in_thread
from reference_impl.kit.byte_stream import ByteBodies
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room
from reference_impl.storaged.config import Config
from reference_impl.storaged.handlers import Handlers
from reference_impl.storaged.store import Objects

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground

NAME = "storaged"


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the keys of all objects and yield the operations.

    Raises StartError when the data directory is in use or damaged.
    """
    with open_data_directory(config.data_dir, NAME) as data:
        objects = await in_thread(Objects.open, data)
        ground.metrics.gauge(
            "storaged_objects", "Objects in all buckets.", lambda: len(objects.index)
        )
        bodies = ByteBodies(config.body_limits)
        yield operations_of(Handlers(bodies=bodies, objects=objects))


ROOM = Room(name=NAME, settings=Config, open=open_room)
