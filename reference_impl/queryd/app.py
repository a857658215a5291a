"""The composition of queryd: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room
from reference_impl.kit.worker_pool import WorkerPool
from reference_impl.queryd.config import Config
from reference_impl.queryd.handlers import Handlers
from reference_impl.queryd.service.queries import Queries
from reference_impl.queryd.store import Datasets, ObjectCache

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground

NAME = "queryd"

_WORKER = "reference_impl.queryd.service.worker"
# Several workers run at the same time, so one statement does not get all cores.
_ENGINE_THREADS = 2


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Yield the operations; workers start with the first statements, and end with the room.

    Raises StartError when the data directory is in use.
    """
    catalogd = await ground.client("catalogd", config.catalogd_url, config.call_timeout_s)
    storaged = await ground.client("storaged", config.storaged_url, config.call_timeout_s)
    with open_data_directory(config.data_dir, NAME) as data:
        cache = ObjectCache(data, storaged, config.cache_mb * 2**20)
        workers = WorkerPool(
            config.workers, _WORKER, str(config.worker_memory_mb), str(_ENGINE_THREADS)
        )
        ground.metrics.gauge(
            "queryd_cache_bytes", "Objects on queryd's own disk.", cache.size_bytes
        )
        ground.metrics.gauge("queryd_workers", "Worker processes.", lambda: workers.alive)
        queries = Queries(
            datasets=Datasets(catalogd=catalogd, cache=cache),
            workers=workers,
            timeout_s=config.statement_timeout_s,
            max_bytes=config.max_answer_bytes,
        )
        bodies = JsonBodies(config.body_limits)
        try:
            yield operations_of(Handlers(bodies=bodies, queries=queries))
        finally:
            await workers.close()


ROOM = Room(name=NAME, settings=Config, open=open_room)
