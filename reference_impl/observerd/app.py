"""The composition of observerd: from settings to an open room with its table of operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.clock import now_text
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import Answer, Operation
from reference_impl.kit.room import Room
from reference_impl.observerd.config import Config
from reference_impl.observerd.handlers import Handlers
from reference_impl.observerd.service import Witness
from reference_impl.observerd.wire import EVENT_BODY, PAGE_QUERY, STATS_QUERY, Page, Receipt, Stats

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.room import Ground

NAME = "observerd"


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the log of events and give the table.

    Raises StartError when the data directory or the log cannot be used.
    """
    with open_data_directory(config.data_dir, NAME) as directory:
        witness = Witness(directory.path / "events.jsonl", now_text)
        ground.metrics.gauge("observerd_events", "Events on the disk.", lambda: witness.events)
        bodies = JsonBodies(config.body_limits)
        try:
            yield _table(Handlers(bodies=bodies, witness=witness))
        finally:
            await witness.close()


def _table(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        Operation(
            name="record_event",
            method="POST",
            path="/observer/event",
            summary="Record an event: it is on the disk before the answer.",
            endpoint=handlers.record,
            body=EVENT_BODY,
            answers=(Answer(status=202, meaning="It is recorded.", shapes=(Receipt,)),),
        ),
        Operation(
            name="list_events",
            method="GET",
            path="/observer/events",
            summary="List events in the order in which they were recorded, page by page.",
            endpoint=handlers.page,
            parameters=(PAGE_QUERY,),
            answers=(Answer(status=200, meaning="A page.", shapes=(Page,)),),
        ),
        Operation(
            name="count_events",
            method="GET",
            path="/observer/stats",
            summary="Count the events by source and outcome.",
            endpoint=handlers.stats,
            parameters=(STATS_QUERY,),
            answers=(Answer(status=200, meaning="The counts.", shapes=(Stats,)),),
        ),
    )


ROOM = Room(name=NAME, settings=Config, open=open_room)
