"""The composition of validatord: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room
from reference_impl.validatord.config import Config
from reference_impl.validatord.handlers import Handlers
from reference_impl.validatord.store import load_roster

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground

NAME = "validatord"


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Load the roster and yield the operations.

    Raises SettingsError when the configured roster cannot be used.
    """
    roster = load_roster(config.roster)
    ground.metrics.gauge(
        "validatord_roster_workers", "Workers on the configured roster.", lambda: len(roster)
    )
    bodies = JsonBodies(config.body_limits)
    chatd = await ground.client("chatd", config.chatd_url, config.iterate_timeout_s)
    handlers = Handlers(
        bodies=bodies, roster=roster, chatd=chatd, iterate_timeout_s=config.iterate_timeout_s
    )
    yield operations_of(handlers)


ROOM = Room(name=NAME, settings=Config, open=open_room)
