"""The composition of catalogd: from settings to an open room with its table of operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from reference_impl.catalogd.config import Config
from reference_impl.catalogd.handlers import Handlers
from reference_impl.catalogd.store import Catalog
from reference_impl.catalogd.wire import (
    DATASET_PATH,
    REGISTER_BODY,
    Datasets,
    Manifest,
    SchemaConflict,
)
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import Answer, Operation, refusal
from reference_impl.kit.problem import MEDIA_TYPE
from reference_impl.kit.room import Room

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.room import Ground

NAME = "catalogd"

_DATASET = "/catalog/datasets/{name}"
_ABSENT = refusal(404, "No dataset has this name.")


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the log of changes and give the table.

    Raises StartError when the data directory is in use, or damaged.
    """
    with open_data_directory(config.data_dir, NAME) as data:
        catalog = await Catalog.open(data.path)
        ground.metrics.gauge(
            "catalogd_datasets", "Datasets that are registered.", lambda: len(catalog)
        )
        bodies = JsonBodies(config.body_limits)
        handlers = Handlers(bodies=bodies, catalog=catalog, new_id=lambda: str(uuid4()), now=_now)
        try:
            yield (_register(handlers), *_reads(handlers), _delete(handlers))
        finally:
            await catalog.close()


def _register(handlers: Handlers) -> Operation:
    return Operation(
        name="register_dataset",
        method="POST",
        path="/catalog/register",
        summary="Register a dataset, or new objects of one with the same schema; it keeps its id.",
        endpoint=handlers.register,
        body=REGISTER_BODY,
        answers=(
            Answer(
                status=200, meaning="It was registered before with this schema.", shapes=(Manifest,)
            ),
            Answer(status=201, meaning="It is new.", shapes=(Manifest,)),
            Answer(
                status=409,
                meaning="It is registered with another schema. Fingerprints are the SHA-256 of a "
                "schema's RFC 8785"
                " canonical JSON.",
                shapes=(SchemaConflict,),
                media_type=MEDIA_TYPE,
            ),
        ),
    )


def _reads(handlers: Handlers) -> tuple[Operation, Operation]:
    every = Operation(
        name="list_datasets",
        method="GET",
        path="/catalog/datasets",
        summary="List all datasets in the order of their names.",
        endpoint=handlers.list_all,
        answers=(Answer(status=200, meaning="All of them.", shapes=(Datasets,)),),
    )
    one = Operation(
        name="get_dataset",
        method="GET",
        path=_DATASET,
        summary="Tell all about one dataset.",
        endpoint=handlers.get,
        parameters=(DATASET_PATH,),
        answers=(Answer(status=200, meaning="Its manifest.", shapes=(Manifest,)), _ABSENT),
    )
    return every, one


def _delete(handlers: Handlers) -> Operation:
    return Operation(
        name="delete_dataset",
        method="DELETE",
        path=_DATASET,
        summary="Forget a dataset. Its objects stay in storaged, where their owner deletes them.",
        endpoint=handlers.delete,
        parameters=(DATASET_PATH,),
        answers=(Answer(status=204, meaning="It is forgotten.", media_type=None), _ABSENT),
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


ROOM = Room(name=NAME, settings=Config, open=open_room)
