"""The composition of vectord: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room
from reference_impl.vectord.handlers import Handlers
from reference_impl.vectord.service.indexes import Indexes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground
    from reference_impl.kit.settings import Settings

NAME = "vectord"


@asynccontextmanager
async def open_room(config: Settings, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the indexes and yield the operations; save the indexes at the end.

    Raises StartError when the data directory is in use or damaged.
    """
    # One BLAS thread: several would wait for each other by spinning, which takes most of their
    # time on a busy machine.
    with (
        open_data_directory(config.data_dir, NAME) as directory,
        threadpool_limits(1, user_api="blas"),
    ):
        indexes = Indexes(directory.path / "indexes")
        await indexes.open()
        ground.metrics.gauge("vectord_indexes", "Indexes there are.", lambda: len(indexes))
        ground.metrics.gauge(
            "vectord_items", "Items in all indexes.", lambda: sum(map(len, indexes))
        )
        ground.run_beside(indexes.save_when_due())
        bodies = JsonBodies(config.body_limits)
        try:
            yield operations_of(Handlers(bodies=bodies, indexes=indexes))
        finally:
            await indexes.close()


ROOM = Room(name=NAME, open=open_room)
