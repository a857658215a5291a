"""The endpoints of observerd: from requests to receipts, pages and counts.

In: requests. Out: 202 once the event is on the disk, or pages and counts as `application/json`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from reference_impl.kit.operation import Answer, operation
from reference_impl.kit.problem import FieldError, misfit
from reference_impl.observerd.errors import EventTooLargeError
from reference_impl.observerd.wire import EVENT_BODY, PAGE_QUERY, STATS_QUERY, Page, Receipt, Stats

if TYPE_CHECKING:
    from starlette.requests import Request

    from reference_impl.kit.json_body import JsonBodies
    from reference_impl.observerd.service import Witness

_JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Endpoints over all events."""

    bodies: JsonBodies
    witness: Witness

    @operation(
        "POST",
        "/observer/event",
        "Record an event: it is on the disk before the answer.",
        body=EVENT_BODY,
        answers=(Answer(status=202, meaning="It is recorded.", shapes=(Receipt,)),),
    )
    async def record_event(self, request: Request) -> Response:
        """Answer with the receipt of the event."""
        event = await self.bodies.read(request, EVENT_BODY)
        try:
            receipt = await self.witness.record(event)
        except EventTooLargeError as error:
            raise misfit(FieldError("", str(error))) from None
        return Response(msgspec.json.encode(receipt), status_code=202, media_type=_JSON)

    @operation(
        "GET",
        "/observer/events",
        "List events in the order in which they were recorded, page by page.",
        parameters=(PAGE_QUERY,),
        answers=(Answer(status=200, meaning="A page.", shapes=(Page,)),),
    )
    async def list_events(self, request: Request) -> Response:
        """Answer with a page, read from the disk in a thread."""
        query = PAGE_QUERY.read(request)
        return Response(
            await asyncio.to_thread(self.witness.page, query.after, query.limit), media_type=_JSON
        )

    @operation(
        "GET",
        "/observer/stats",
        "Count the events by source and outcome.",
        parameters=(STATS_QUERY,),
        answers=(Answer(status=200, meaning="The counts.", shapes=(Stats,)),),
    )
    async def count_events(self, request: Request) -> Response:
        """Answer with the counts of one source, or of all."""
        stats = await self.witness.stats(STATS_QUERY.read(request).source)
        return Response(msgspec.json.encode(stats), media_type=_JSON)
