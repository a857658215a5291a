"""The composition of matrixd: from settings to an open room with its table of operations."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from reference_impl.kit.json_body import JsonBodies
from reference_impl.kit.operation import Answer, Operation
from reference_impl.kit.problem import MEDIA_TYPE, Problem
from reference_impl.kit.room import Room
from reference_impl.matrixd import wire
from reference_impl.matrixd.config import Config
from reference_impl.matrixd.handlers import Handlers
from reference_impl.matrixd.service.neighbours import Neighbours

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.room import Ground

NAME = "matrixd"

_FOREIGN = Answer(
    status=409,
    meaning="The playbooks are of another model.",
    shapes=(Problem,),
    media_type=MEDIA_TYPE,
)


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Open the ways to embedd and vectord, and give the table."""
    neighbours = Neighbours(
        embedd=await ground.client("embedd", config.embedd_url, config.call_timeout_s),
        vectord=await ground.client("vectord", config.vectord_url, config.call_timeout_s),
    )
    bodies = JsonBodies(config.body_limits)
    yield _operations(Handlers(bodies=bodies, neighbours=neighbours))


def _operations(handlers: Handlers) -> tuple[Operation, ...]:
    return (
        Operation(
            name="search",
            method="POST",
            path="/matrix/search",
            summary="Find the best items of several corpora, recorded answers first where "
            "playbooks are used.",
            endpoint=handlers.search,
            body=wire.SEARCH_BODY,
            calls=("embedd", "vectord"),
            answers=(Answer(status=200, meaning="The best items.", shapes=(wire.MatrixFound,)),),
        ),
        Operation(
            name="record_playbook",
            method="POST",
            path="/matrix/playbooks/record",
            summary="Record that an item answered a query; recorded again, it is replaced.",
            endpoint=handlers.record,
            body=wire.RECORD_BODY,
            calls=("embedd", "vectord"),
            answers=(Answer(status=200, meaning="It is kept.", shapes=(wire.Recorded,)), _FOREIGN),
        ),
        Operation(
            name="rate_relevance",
            method="POST",
            path="/matrix/relevance",
            summary="Rate how relevant passages are to a query.",
            endpoint=handlers.rate,
            body=wire.RELEVANCE_BODY,
            calls=("embedd",),
            answers=(Answer(status=200, meaning="The ratings.", shapes=(wire.Rated,)),),
        ),
        Operation(
            name="list_corpora",
            method="GET",
            path="/matrix/corpora",
            summary="List what can be searched.",
            endpoint=handlers.list_corpora,
            calls=("vectord",),
            answers=(Answer(status=200, meaning="All corpora.", shapes=(wire.CorpusList,)),),
        ),
    )


ROOM = Room(name=NAME, settings=Config, open=open_room)
