"""The composition of pathwayd: from settings to an open room with its operations."""

from __future__ import annotations

import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.clock import now_text
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room
from reference_impl.pathwayd.handlers import Handlers
from reference_impl.pathwayd.service import Pathways

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground
    from reference_impl.kit.settings import Settings

NAME = "pathwayd"


@asynccontextmanager
async def open_room(config: Settings, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the log of traces and yield the operations.

    Raises StartError when the data directory or the log cannot be used.
    """
    with open_data_directory(config.data_dir, NAME) as directory:
        pathways = Pathways(
            directory.path / "traces.jsonl", now=now_text, new_uid=lambda: str(uuid.uuid4())
        )
        ground.metrics.gauge(
            "pathwayd_traces", "Traces, retired ones included.", lambda: len(pathways)
        )
        bodies = JsonBodies(config.body_limits)
        try:
            yield operations_of(Handlers(bodies=bodies, pathways=pathways))
        finally:
            await pathways.close()


ROOM = Room(name=NAME, open=open_room)
