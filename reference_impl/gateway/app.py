"""The composition of the gateway: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.gateway.config import Config
from reference_impl.gateway.handlers import Handlers
from reference_impl.kit.ports import PORTS
from reference_impl.kit.room import Room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground

NAME = "gateway"


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Open the clients of all daemons and yield the operations."""
    clients = {
        name: await ground.client(name, getattr(config, f"{name}_url"), config.call_timeout_s)
        for name in PORTS
        if name != NAME
    }
    handlers = Handlers(config, clients)
    ground.completing = handlers.describe
    yield handlers.operations()


ROOM = Room(name=NAME, settings=Config, open=open_room)
