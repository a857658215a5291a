"""The endpoints of observerd: from requests to receipts, pages and counts.

In: requests. Out: 202 once the event is on the disk, or pages and counts as `application/json`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.kit.problem import FieldError, misfit
from reference_impl.observerd.errors import EventTooLargeError
from reference_impl.observerd.wire import EVENT_BODY, PAGE_QUERY, STATS_QUERY

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.observerd.service import Witness

_JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over one witness."""

    bodies: JsonBodies
    witness: Witness

    async def record(self, request: Request) -> Response:
        """Answer `POST /observer/event`."""
        event = await self.bodies.read(request, EVENT_BODY)
        try:
            receipt = await self.witness.record(event)
        except EventTooLargeError as error:
            raise misfit(FieldError("", str(error))) from None
        return Response(msgspec.json.encode(receipt), status_code=202, media_type=_JSON)

    async def page(self, request: Request) -> Response:
        """Answer `GET /observer/events`, reading the disk in a thread."""
        query = PAGE_QUERY.read(request)
        return Response(
            await asyncio.to_thread(self.witness.page, query.after, query.limit), media_type=_JSON
        )

    async def stats(self, request: Request) -> Response:
        """Answer `GET /observer/stats`."""
        stats = await self.witness.stats(STATS_QUERY.read(request).source)
        return Response(msgspec.json.encode(stats), media_type=_JSON)
