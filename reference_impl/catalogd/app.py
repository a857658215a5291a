"""The composition of catalogd: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from reference_impl.catalogd.handlers import Handlers
from reference_impl.catalogd.store import Catalog
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground
    from reference_impl.kit.settings import Settings

NAME = "catalogd"


@asynccontextmanager
async def open_room(config: Settings, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the log of changes and yield the operations.

    Raises StartError when the data directory is in use or damaged.
    """
    with open_data_directory(config.data_dir, NAME) as data:
        catalog = await Catalog.open(data.path)
        ground.metrics.gauge(
            "catalogd_datasets", "Datasets that are registered.", lambda: len(catalog)
        )
        bodies = JsonBodies(config.body_limits)
        handlers = Handlers(bodies=bodies, catalog=catalog, new_id=lambda: str(uuid4()), now=_now)
        try:
            yield operations_of(handlers)
        finally:
            await catalog.close()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


ROOM = Room(name=NAME, open=open_room)
