"""The default runtime for planted defects: two answers that have a place for every plant.

`selftest` uses it if no runtime is named.
"""

import asyncio
import contextlib
from typing import Final

from conformance.model.observation import Answer
from conformance.selftest.delivery import Delivery, deliver

_ORDER: Final = b"""{"id": 7, "name": "rope", "paid": true, "weight_kg": 1.25,
 "tags": ["blue", "long"],
 "lines": [{"sku": "r-1", "count": 2}, {"sku": "r-2", "count": 1}], "note": "by the gate"}"""
_PROBLEM: Final = (
    b'{"type": "about:blank", "title": "Not Found", "status": 404, "detail": "no such order"}'
)
_JSON: Final = ("content-type", "application/json; charset=utf-8")
_ANSWERS: Final = {
    "/order": Answer(
        status=200, reason="OK", headers=(_JSON, ("etag", '"7-1"')), body=_ORDER, elapsed_ms=0
    ),
}
_NOT_FOUND: Final = Answer(
    status=404,
    reason="Not Found",
    headers=(("content-type", "application/problem+json"),),
    body=_PROBLEM,
    elapsed_ms=0,
)


async def open_sample() -> asyncio.Server:
    """Listen on a free loopback port and serve the two answers."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
        ):
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1"):
                method, target, _ = head.partition("\r\n")[0].split(" ")
                await deliver(_ANSWERS.get(target, _NOT_FOUND), method, Delivery.WHOLE, writer)
        writer.close()

    return await asyncio.start_server(serve, "127.0.0.1", 0)
