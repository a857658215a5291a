"""The endpoints of pathwayd: from requests to traces.

In: requests. Out: traces, results and histories as `application/json`, or the problem that a
`PathwayError` stands for.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import Response

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
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.pathwayd.service import Pathways


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over all traces."""

    bodies: JsonBodies
    pathways: Pathways

    async def add(self, request: Request) -> Response:
        """Answer `POST /pathway/add`."""
        draft = await self.bodies.read(request, DRAFT_BODY)
        async with self._problems():
            return _json(201, await self.pathways.add(draft))

    async def add_idempotent(self, request: Request) -> Response:
        """Answer `POST /pathway/add_idempotent`."""
        draft = await self.bodies.read(request, KEYED_DRAFT_BODY)
        async with self._problems():
            trace, is_new = await self.pathways.add_once(draft)
        return _json(201 if is_new else 200, trace)

    async def update(self, request: Request) -> Response:
        """Answer `POST /pathway/{uid}/update`."""
        change = await self.bodies.read(request, CHANGE_BODY)
        async with self._problems():
            return _json(200, await self.pathways.update(_uid(request), change))

    async def revise(self, request: Request) -> Response:
        """Answer `POST /pathway/{uid}/revise`."""
        content = await self.bodies.read(request, CONTENT_BODY)
        async with self._problems():
            return _json(201, await self.pathways.revise(_uid(request), content))

    async def retire(self, request: Request) -> Response:
        """Answer `POST /pathway/{uid}/retire`."""
        async with self._problems():
            return _json(200, await self.pathways.retire(_uid(request)))

    async def search(self, request: Request) -> Response:
        """Answer `POST /pathway/search`."""
        hits = self.pathways.search(await self.bodies.read(request, SEARCH_BODY))
        await self.pathways.settled()
        return _json(200, hits)

    async def get(self, request: Request) -> Response:
        """Answer `GET /pathway/{uid}`."""
        async with self._problems():
            trace = self.pathways.get(_uid(request))
        await self.pathways.settled()
        return _json(200, trace)

    async def history(self, request: Request) -> Response:
        """Answer `GET /pathway/{uid}/history`."""
        query = HISTORY_QUERY.read(request)
        async with self._problems():
            history = self.pathways.history(_uid(request), query.after, query.limit)
        await self.pathways.settled()
        return _json(200, history)

    @asynccontextmanager
    async def _problems(self) -> AsyncIterator[None]:
        """Make problems of what cannot be done, once what they rest on is on the disk."""
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
