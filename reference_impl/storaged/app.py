"""The composition of storaged: from settings to an open room with its table of operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.blocking import in_thread
from reference_impl.kit.byte_stream import ByteBodies
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.operation import Answer, Operation, refusal
from reference_impl.kit.room import Room
from reference_impl.storaged.config import Config
from reference_impl.storaged.handlers import Handlers
from reference_impl.storaged.store import Objects
from reference_impl.storaged.wire import (
    BUCKET_PATH,
    OBJECT_BODY,
    OBJECT_PATH,
    PAGE_QUERY,
    READ_HEADERS,
    WRITE_HEADERS,
    ObjectInfo,
    Page,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.room import Ground

NAME = "storaged"

_OBJECT = "/storage/{bucket}/{key:path}"
_ETAG = (("ETag", "The object's sha256 in quotes."),)
_RANGES = (*_ETAG, ("Accept-Ranges", "bytes"))
_ABSENT = refusal(404, "There is no object under this key.")
_NOT_AS_WANTED = refusal(
    412, "The object is not in the state that If-Match or If-None-Match wants."
)


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the keys of all objects and give the table.

    Raises StartError when the data directory is in use, or damaged.
    """
    with open_data_directory(config.data_dir, NAME) as data:
        objects = await in_thread(Objects.open, data)
        ground.metrics.gauge(
            "storaged_objects", "Objects in all buckets.", lambda: len(objects.index)
        )
        bodies = ByteBodies(config.body_limits)
        handlers = Handlers(bodies=bodies, objects=objects)
        yield (_put(handlers), _get(handlers), _delete(handlers), _page(handlers))


def _put(handlers: Handlers) -> Operation:
    return Operation(
        name="put_object",
        method="PUT",
        path=_OBJECT,
        summary="Store an object, or replace it; it is on the disk before the answer.",
        endpoint=handlers.put,
        body=OBJECT_BODY,
        parameters=(OBJECT_PATH, WRITE_HEADERS),
        answers=(
            Answer(
                status=200,
                meaning="It replaced the one before it.",
                shapes=(ObjectInfo,),
                headers=_ETAG,
            ),
            Answer(status=201, meaning="It is new.", shapes=(ObjectInfo,), headers=_ETAG),
            _NOT_AS_WANTED,
        ),
    )


def _get(handlers: Handlers) -> Operation:
    range_headers = (*_RANGES, ("Content-Range", "The part and the size of the whole."))
    return Operation(
        name="get_object",
        method="GET",
        path=_OBJECT,
        summary="Read an object or one range of it, with the content type it was stored with.",
        endpoint=handlers.get,
        parameters=(OBJECT_PATH, READ_HEADERS),
        answers=(
            Answer(status=200, meaning="All of it.", media_type="*/*", headers=_RANGES),
            Answer(status=206, meaning="The range.", media_type="*/*", headers=range_headers),
            Answer(
                status=304, meaning="It is one that the caller has.", media_type=None, headers=_ETAG
            ),
            _ABSENT,
            _NOT_AS_WANTED,
            refusal(416, "No byte of it is in the range; Content-Range tells its size."),
        ),
    )


def _delete(handlers: Handlers) -> Operation:
    return Operation(
        name="delete_object",
        method="DELETE",
        path=_OBJECT,
        summary="Delete an object.",
        endpoint=handlers.delete,
        parameters=(OBJECT_PATH, WRITE_HEADERS),
        answers=(
            Answer(status=204, meaning="It is gone.", media_type=None),
            _ABSENT,
            _NOT_AS_WANTED,
        ),
    )


def _page(handlers: Handlers) -> Operation:
    return Operation(
        name="list_objects",
        method="GET",
        path="/storage/{bucket}",
        summary="List objects in the order of their keys' bytes, page by page.",
        endpoint=handlers.page,
        parameters=(BUCKET_PATH, PAGE_QUERY),
        answers=(
            Answer(
                status=200, meaning="A page, empty in a bucket that holds nothing.", shapes=(Page,)
            ),
        ),
    )


ROOM = Room(name=NAME, settings=Config, open=open_room)
