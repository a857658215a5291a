"""The endpoints of pathwayd: from requests to traces.

In: requests. Out: traces, results and histories as `application/json`, or the problem document of a
`PathwayError`.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

from reference_impl.kit.operation import Answer, operation, refusal
from reference_impl.kit.problem import FieldError, ProblemError, misfit
from reference_impl.pathwayd.errors import PathwayError
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

    from starlette.requests import Request

    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.pathwayd.service import Pathways

_ADDED = Answer(status=201, meaning="The new trace.", shapes=(Trace,))
_AS_IT_IS = Answer(status=200, meaning="The trace as it is now.", shapes=(Trace,))
_UNKNOWN = refusal(404, "No trace has this uid.")
_RETIRED = refusal(409, "The trace is retired.")
_CYCLE = refusal(409, "The trace would be among its own predecessors.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over all traces."""

    bodies: JsonBodies
    pathways: Pathways

    @operation(
        "POST",
        "/pathway/add",
        "Add a trace.",
        body=DRAFT_BODY,
        answers=(_ADDED,),
    )
    async def add_trace(self, request: Request) -> Response:
        """Answer once the trace is on the disk."""
        draft = await self.bodies.read(request, DRAFT_BODY)
        async with self._problems():
            return _json(201, await self.pathways.add(draft))

    @operation(
        "POST",
        "/pathway/add_idempotent",
        "Add a trace unless one was added so under the same key, or without a key with the same "
        "content.",
        body=KEYED_DRAFT_BODY,
        answers=(_ADDED, _AS_IT_IS),
    )
    async def add_idempotent_trace(self, request: Request) -> Response:
        """Answer 201 for a new trace, 200 for an existing one."""
        draft = await self.bodies.read(request, KEYED_DRAFT_BODY)
        async with self._problems():
            trace, is_new = await self.pathways.add_once(draft)
        return _json(201 if is_new else 200, trace)

    @operation(
        "POST",
        "/pathway/{uid}/update",
        "Make a new version of a trace.",
        body=CHANGE_BODY,
        parameters=(TRACE_PATH,),
        answers=(_AS_IT_IS, _UNKNOWN, _RETIRED, _CYCLE),
    )
    async def update_trace(self, request: Request) -> Response:
        """Answer with the new version."""
        change = await self.bodies.read(request, CHANGE_BODY)
        async with self._problems():
            return _json(200, await self.pathways.update(_uid(request), change))

    @operation(
        "POST",
        "/pathway/{uid}/revise",
        "Add a trace that goes on from this one.",
        body=CONTENT_BODY,
        parameters=(TRACE_PATH,),
        answers=(_ADDED, _UNKNOWN, _RETIRED),
    )
    async def revise_trace(self, request: Request) -> Response:
        """Answer with the trace that has this one as its predecessor."""
        content = await self.bodies.read(request, CONTENT_BODY)
        async with self._problems():
            return _json(201, await self.pathways.revise(_uid(request), content))

    @operation(
        "POST",
        "/pathway/{uid}/retire",
        "Make a trace leave search.",
        parameters=(TRACE_PATH,),
        answers=(_AS_IT_IS, _UNKNOWN),
    )
    async def retire_trace(self, request: Request) -> Response:
        """Answer with the retired trace."""
        async with self._problems():
            return _json(200, await self.pathways.retire(_uid(request)))

    @operation(
        "POST",
        "/pathway/search",
        "Find active traces by the words of a query.",
        body=SEARCH_BODY,
        answers=(Answer(status=200, meaning="What was found.", shapes=(Hits,)),),
    )
    async def search_trace(self, request: Request) -> Response:
        """Answer with the best traces first."""
        hits = self.pathways.search(await self.bodies.read(request, SEARCH_BODY))
        await self.pathways.settled()
        return _json(200, hits)

    @operation(
        "GET",
        "/pathway/{uid}",
        "Return a trace.",
        parameters=(TRACE_PATH,),
        answers=(_AS_IT_IS, _UNKNOWN),
    )
    async def get_trace(self, request: Request) -> Response:
        """Answer with the newest version."""
        async with self._problems():
            trace = self.pathways.get(_uid(request))
        await self.pathways.settled()
        return _json(200, trace)

    @operation(
        "GET",
        "/pathway/{uid}/history",
        "Return the versions and predecessors of a trace.",
        parameters=(TRACE_PATH, HISTORY_QUERY),
        answers=(
            Answer(status=200, meaning="Versions and predecessors.", shapes=(History,)),
            _UNKNOWN,
        ),
    )
    async def history_of_trace(self, request: Request) -> Response:
        """Answer with a page of versions, and all predecessors."""
        query = HISTORY_QUERY.read(request)
        async with self._problems():
            history = self.pathways.history(_uid(request), query.after, query.limit)
        await self.pathways.settled()
        return _json(200, history)

    @asynccontextmanager
    async def _problems(self) -> AsyncIterator[None]:
        """Raise a PathwayError of the block as a problem, once its reasons are on the disk."""
        try:
            yield
        except PathwayError as error:
            await self.pathways.settled()
            if error.pointer is not None:
                raise misfit(FieldError(error.pointer, error.detail), status=error.status) from None
            raise ProblemError(error.status, error.detail) from None


def _uid(request: Request) -> str:
    return TRACE_PATH.read(request).uid


def _json(status: int, body: Any) -> Response:
    return Response(msgspec.json.encode(body), status_code=status, media_type="application/json")
