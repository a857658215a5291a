"""Serves the fuzz bench's shop over HTTP/1.1.

Run: `python -m tests.bench.fuzz_shop_server PORT [PLANT,…]`.  Port 0 is a free one; the port is
printed.
"""

import asyncio
import json
import re
import sys

from tests.bench.fuzz_shop import Shop
from tests.bench.fuzz_shop_document import DOCUMENT
from tests.bench.fuzz_shop_requests import Answer, asked_of

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


class Connection(asyncio.Protocol):
    """One connection, with keep-alive."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._data += data
        while (end := self._data.find(b"\r\n\r\n")) >= 0:
            head = self._data[:end]
            length = _LENGTH.search(head + b"\r\n")
            size = int(length[1]) if length else 0
            if len(self._data) < end + 4 + size:
                return
            body, self._data = self._data[end + 4 : end + 4 + size], self._data[end + 4 + size :]
            self._transport.write(self._answered(head, body))

    def _answered(self, head: bytes, body: bytes) -> bytes:
        asked = asked_of(head, body)
        answer = (
            Answer(200, DOCUMENT) if asked.path == "/openapi.json" else self._shop.answer(asked)
        )
        raw = b"" if answer.value is None else json.dumps(answer.value).encode()
        fields = {"content-type": "application/json", **answer.headers} if raw else answer.headers
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        framing = "" if answer.status in {204, 304} else f"content-length: {len(raw)}\r\n"
        bodiless = asked.method == "HEAD" or answer.status in {204, 304}
        start = f"HTTP/1.1 {answer.status} Status\r\n{lines}{framing}\r\n".encode(
            "latin-1", "replace"
        )
        return start + (b"" if bodiless else raw)


async def main(port: int, plants: frozenset[str]) -> None:
    """Serve until the end."""
    shop = Shop(plants)
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(shop), "127.0.0.1", port
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(
        main(int(sys.argv[1]), frozenset(sys.argv[2].split(",") if len(sys.argv) > 2 else ()))
    )
