"""The composition of pathwayd: from settings to an open room with its table of operations."""

from __future__ import annotations

import uuid
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from reference_impl.kit.clock import now_text
from reference_impl.kit.data_directory import open_data_directory
from reference_impl.kit.json_body import JsonBodies, JsonShape
from reference_impl.kit.operation import Answer, Endpoint, Operation
from reference_impl.kit.problem import MEDIA_TYPE, Problem
from reference_impl.kit.room import Room
from reference_impl.pathwayd.config import Config
from reference_impl.pathwayd.handlers import Handlers
from reference_impl.pathwayd.service import Pathways
from reference_impl.pathwayd.wire import (
    CHANGE_BODY,
    CONTENT_BODY,
    DRAFT_BODY,
    HISTORY_QUERY,
    KEYED_DRAFT_BODY,
    SEARCH_BODY,
    TRACE_PATH,
    History,
    Hits,
    Trace,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from reference_impl.kit.parameters import Parameters
    from reference_impl.kit.room import Ground

NAME = "pathwayd"

_ADDED = Answer(status=201, meaning="The new trace.", shapes=(Trace,))
_AS_IT_IS = Answer(status=200, meaning="The trace as it is now.", shapes=(Trace,))


def _problem(status: int, meaning: str) -> Answer:
    return Answer(status=status, meaning=meaning, shapes=(Problem,), media_type=MEDIA_TYPE)


_UNKNOWN = _problem(404, "No trace has this uid.")
_RETIRED = _problem(409, "The trace is retired.")
_CYCLE = _problem(409, "The trace would be among its own predecessors.")


@asynccontextmanager
async def open_room(config: Config, ground: Ground) -> AsyncIterator[tuple[Operation, ...]]:
    """Read the log of traces and give the table.

    Raises StartError when the data directory or the log cannot be used.
    """
    with open_data_directory(config.data_dir, NAME) as directory:
        pathways = Pathways(
            directory.path / "traces.jsonl", now=now_text, new_uid=lambda: str(uuid.uuid4())
        )
        ground.metrics.gauge(
            "pathwayd_traces", "Traces, retired ones included.", lambda: len(pathways)
        )
        bodies = JsonBodies(config.body_limits)
        try:
            yield _table(Handlers(bodies=bodies, pathways=pathways))
        finally:
            await pathways.close()


def _table(on: Handlers) -> tuple[Operation, ...]:
    one = (TRACE_PATH,)
    of_one = (TRACE_PATH, HISTORY_QUERY)
    found = Answer(status=200, meaning="What was found.", shapes=(Hits,))
    lived = Answer(status=200, meaning="Versions and predecessors.", shapes=(History,))
    return (
        _post("/pathway/add", "Add a trace.", on.add, _ADDED, body=DRAFT_BODY),
        _post(
            "/pathway/add_idempotent",
            "Add a trace unless one was added so under the same key, or without a key with the "
            "same content.",
            on.add_idempotent,
            *(_ADDED, _AS_IT_IS),
            body=KEYED_DRAFT_BODY,
        ),
        _post(
            "/pathway/search",
            "Find active traces by the words of a query.",
            on.search,
            found,
            body=SEARCH_BODY,
        ),
        _post(
            "/pathway/{uid}/update",
            "Make a new version of a trace.",
            on.update,
            *(_AS_IT_IS, _UNKNOWN, _RETIRED, _CYCLE),
            body=CHANGE_BODY,
            parameters=one,
        ),
        _post(
            "/pathway/{uid}/revise",
            "Add a trace that goes on from this one.",
            on.revise,
            *(_ADDED, _UNKNOWN, _RETIRED),
            body=CONTENT_BODY,
            parameters=one,
        ),
        _post(
            "/pathway/{uid}/retire",
            "Make a trace leave search.",
            on.retire,
            *(_AS_IT_IS, _UNKNOWN),
            parameters=one,
        ),
        _get("/pathway/{uid}", "Give a trace.", on.get, _AS_IT_IS, _UNKNOWN, parameters=one),
        _get(
            "/pathway/{uid}/history",
            "Tell how a trace came to be.",
            on.history,
            lived,
            _UNKNOWN,
            parameters=of_one,
        ),
    )


def _post(
    path: str,
    summary: str,
    endpoint: Endpoint,
    *answers: Answer,
    body: JsonShape[Any] | None = None,
    parameters: tuple[Parameters[Any], ...] = (),
) -> Operation:
    return Operation(
        name=f"{path.rpartition('/')[2]}_trace",
        method="POST",
        path=path,
        summary=summary,
        endpoint=endpoint,
        answers=answers,
        body=body,
        parameters=parameters,
    )


def _get(
    path: str,
    summary: str,
    endpoint: Endpoint,
    *answers: Answer,
    parameters: tuple[Parameters[Any], ...],
) -> Operation:
    name = "history_of_trace" if path.endswith("history") else "get_trace"
    return Operation(
        name=name,
        method="GET",
        path=path,
        summary=summary,
        endpoint=endpoint,
        answers=answers,
        parameters=parameters,
    )


ROOM = Room(name=NAME, settings=Config, open=open_room)
