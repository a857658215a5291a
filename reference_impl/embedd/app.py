"""The composition of embedd: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.embedd.config import Config
from reference_impl.embedd.handlers import Handlers
from reference_impl.embedd.service.models import Models
from reference_impl.embedd.store import Cache
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground

NAME = "embedd"


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Create an empty cache and yield the operations."""
    cache = Cache(config.cache_bytes)
    ground.metrics.gauge("embedd_cached_vectors", "Vectors in the cache.", lambda: len(cache))
    ground.metrics.gauge(
        "embedd_cache_hits", "Texts whose vector was in the cache.", lambda: cache.hits
    )
    ground.metrics.gauge("embedd_cache_misses", "Texts whose vector was not.", lambda: cache.misses)
    bodies = JsonBodies(config.body_limits)
    yield operations_of(Handlers(bodies=bodies, models=Models(), cache=cache))


ROOM = Room(name=NAME, settings=Config, open=open_room)
