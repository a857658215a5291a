"""A proxy that passes requests on to a runtime, and puts one plant into each answer.

As a program, `python -m conformance.selftest.proxy URL PORT PLANT`, it is a runtime that can crash.
"""

import asyncio
import contextlib
import sys
from typing import Final

from conformance.model.observation import Answer, Fault
from conformance.model.request import Request
from conformance.runner.http.wire import WireClient
from conformance.selftest.delivery import deliver
from conformance.selftest.plant import Plant
from conformance.selftest.plants import PLANTS

NOTHING: Final = Plant(name="nothing")
# The service behind the proxy is not under test: a slow answer must not look like a plant
_TIMEOUT_MS: Final = 30_000
_HOP_BY_HOP: Final = frozenset({"host", "content-length", "connection"})
_LOOPBACK: Final = "127.0.0.1"


async def open_proxy(url: str, plant: Plant, port: int = 0) -> asyncio.Server:
    """Listen on loopback and serve requests."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = WireClient(url)
        with contextlib.suppress(
            ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError
        ):
            while await _pass_on(reader, writer, client, plant):
                pass
        client.close()
        writer.close()

    return await asyncio.start_server(serve, _LOOPBACK, port)


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: WireClient, plant: Plant
) -> bool:
    """Serve one request; return whether the connection can be used for another one."""
    request = await _read_request(reader)
    seen = await client.exchange(request, _TIMEOUT_MS)
    if isinstance(seen, Fault):
        return False
    planted = plant.planted_in(seen)
    answer: Answer = planted.answer if planted else seen
    return await deliver(answer, request.method, plant.delivery, writer)


async def _read_request(reader: asyncio.StreamReader) -> Request:
    """Read a request that was written by the harness's own client."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    lengths: list[int] = []
    headers: list[tuple[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if name.lower() == "content-length":
            lengths.append(int(value))
        if name.lower() not in _HOP_BY_HOP:
            headers.append((name, value.lstrip()))
    body = await reader.readexactly(lengths[0]) if lengths else None
    return Request(method=method, target=target, headers=tuple(headers), body=body)


async def _serve_for_ever(url: str, port: int, plant: Plant) -> None:
    server = await open_proxy(url, plant, port)
    await server.serve_forever()


if __name__ == "__main__":
    upstream, own_port, name = sys.argv[1:]
    chosen = next(plant for plant in PLANTS if plant.name == name)
    asyncio.run(_serve_for_ever(upstream, int(own_port), chosen))
