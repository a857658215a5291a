"""The composition of ingestd: from settings to an open room with its operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from reference_impl.ingestd.config import Config
from reference_impl.ingestd.handlers import Handlers
from reference_impl.ingestd.service.conversion import Conversions
from reference_impl.ingestd.service.ingests import Ingests
from reference_impl.kit.byte_stream import ByteBodies
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.operation import operations_of
from reference_impl.kit.room import Room
from reference_impl.kit.worker_pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.operation import Operation
    from reference_impl.kit.room import Ground

NAME = "ingestd"

_CONVERTER = "reference_impl.ingestd.service.converter"
_GROWTH = 4  # the Parquet of a nearly empty file is larger than the file


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Open the clients and the data directory, and yield the operations.

    Raises StartError when the data directory is in use.
    """
    catalogd = await ground.client("catalogd", config.catalogd_url, config.call_timeout_s)
    storaged = await ground.client("storaged", config.storaged_url, config.body_timeout_s)
    with open_data_directory(config.data_dir, NAME) as data:
        file_bytes = _GROWTH * config.max_body_bytes
        workers = WorkerPool(
            config.converters, _CONVERTER, str(config.converter_memory_mb), str(file_bytes)
        )
        ground.metrics.gauge("ingestd_converters", "Worker processes.", lambda: workers.alive)
        ingests = Ingests(
            scratch=data.scratch.absolute(),
            conversions=Conversions(workers=workers, timeout_s=config.convert_timeout_s),
            storaged=storaged,
            catalogd=catalogd,
            new_id=lambda: uuid4().hex,
        )
        bodies = ByteBodies(config.body_limits)
        try:
            yield operations_of(Handlers(bodies=bodies, ingests=ingests))
        finally:
            await workers.close()


ROOM = Room(name=NAME, settings=Config, open=open_room)
