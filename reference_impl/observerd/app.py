"""The composition of observerd: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.clock import now_text
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room
from reference_impl.observerd.handlers import Handlers
from reference_impl.observerd.service import Witness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground
    from reference_impl.kit.settings import Settings

NAME = "observerd"


@asynccontextmanager
async def open_room(config: Settings, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the log of events and yield the operations.

    Raises StartError when the data directory or the log cannot be used.
    """
    with open_data_directory(config.data_dir, NAME) as directory:
        witness = Witness(directory.path / "events.jsonl", now_text)
        ground.metrics.gauge("observerd_events", "Events on the disk.", lambda: witness.events)
        bodies = JsonBodies(config.body_limits)
        try:
            yield operations_of(Handlers(bodies=bodies, witness=witness))
        finally:
            await witness.close()


ROOM = Room(name=NAME, open=open_room)
