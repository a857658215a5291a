"""The composition of vectord: from settings to an open room with its table of operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from threadpoolctl import threadpool_limits

from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import Answer, Operation
from reference_impl.kit.problem import MEDIA_TYPE, Problem
from reference_impl.kit.room import Room
from reference_impl.vectord import wire
from reference_impl.vectord.config import Config
from reference_impl.vectord.handlers import Handlers, telling
from reference_impl.vectord.service.indexes import Indexes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.room import Ground

NAME = "vectord"

_INDEX = "/vectors/index/{name}"
_NO_INDEX = Answer(
    status=404, meaning="There is no such index.", shapes=(Problem,), media_type=MEDIA_TYPE
)
_NO_ITEM = Answer(
    status=404, meaning="There is no such index or item.", shapes=(Problem,), media_type=MEDIA_TYPE
)
_CONFLICT = Answer(
    status=409,
    meaning="An index of this name has other settings.",
    shapes=(Problem,),
    media_type=MEDIA_TYPE,
)
_BROKEN = Answer(
    status=503,
    meaning="It cannot be stored; its log says why.",
    shapes=(Problem,),
    media_type=MEDIA_TYPE,
)


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the indexes and give the table; save them at the end.

    Raises StartError when the data directory is in use or damaged.
    """
    # Several threads of BLAS wait for each other by spinning, which on a busy machine is most of
    # what they do.
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
            yield _operations(Handlers(bodies=bodies, indexes=indexes))
        finally:
            await indexes.close()


def _operations(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        Operation(
            name="make_index",
            method="POST",
            path="/vectors/index",
            summary="Make an index; asked again with the same settings, give the one there is.",
            endpoint=telling(handlers.make),
            body=wire.CREATE_BODY,
            answers=(
                Answer(status=200, meaning="It was there.", shapes=(wire.IndexState,)),
                Answer(status=201, meaning="It is new.", shapes=(wire.IndexState,)),
                _CONFLICT,
            ),
        ),
        Operation(
            name="list_indexes",
            method="GET",
            path="/vectors/index",
            summary="List the indexes, sorted by name.",
            endpoint=telling(handlers.list),
            answers=(Answer(status=200, meaning="All there are.", shapes=(wire.IndexList,)),),
        ),
        Operation(
            name="describe_index",
            method="GET",
            path=_INDEX,
            summary="Describe an index.",
            endpoint=telling(handlers.describe),
            parameters=(wire.INDEX_PATH,),
            answers=(
                Answer(status=200, meaning="Its state.", shapes=(wire.IndexState,)),
                _NO_INDEX,
            ),
        ),
        Operation(
            name="delete_index",
            method="DELETE",
            path=_INDEX,
            summary="Delete an index with all its items.",
            endpoint=telling(handlers.delete),
            parameters=(wire.INDEX_PATH,),
            answers=(
                Answer(status=200, meaning="It is gone.", shapes=(wire.IndexDeleted,)),
                _NO_INDEX,
            ),
        ),
        *_item_operations(handlers),
    )


def _item_operations(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        Operation(
            name="add_items",
            method="POST",
            path=f"{_INDEX}/add",
            summary="Add items, or replace those of the same ids: all or none, on the disk before "
            "the answer.",
            endpoint=telling(handlers.add),
            body=wire.ADD_BODY,
            parameters=(wire.INDEX_PATH,),
            answers=(
                Answer(status=200, meaning="They are kept.", shapes=(wire.ItemsAdded,)),
                _NO_INDEX,
                _BROKEN,
            ),
        ),
        Operation(
            name="search",
            method="POST",
            path=f"{_INDEX}/search",
            summary="Find the k nearest items, by distance and then by id.",
            endpoint=telling(handlers.search),
            body=wire.SEARCH_BODY,
            parameters=(wire.INDEX_PATH,),
            answers=(
                Answer(status=200, meaning="The nearest items.", shapes=(wire.Found,)),
                _NO_INDEX,
            ),
        ),
        Operation(
            name="delete_item",
            method="DELETE",
            path=f"{_INDEX}/items/{{id:path}}",
            summary="Delete an item.",
            endpoint=telling(handlers.delete_item),
            parameters=(wire.ITEM_PATH,),
            answers=(
                Answer(status=200, meaning="It is gone.", shapes=(wire.ItemDeleted,)),
                _NO_ITEM,
                _BROKEN,
            ),
        ),
        Operation(
            name="save_index",
            method="POST",
            path=f"{_INDEX}/save",
            summary="Save an index now, so that a restart need not read its log.",
            endpoint=telling(handlers.save),
            parameters=(wire.INDEX_PATH,),
            answers=(
                Answer(status=200, meaning="A save holds it all.", shapes=(wire.Saved,)),
                _NO_INDEX,
                _BROKEN,
            ),
        ),
    )


ROOM = Room(name=NAME, settings=Config, open=open_room)
