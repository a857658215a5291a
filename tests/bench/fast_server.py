"""A server that answers the exchanges of `workload` with next to no work of its own.

Prints its URL when it listens.

It reads just enough of HTTP/1.1 for that: requests with a content-length, one after the other.
"""

import asyncio
import json
import re
from typing import Any, Final

import uvloop

_LENGTH: Final = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CLOSE: Final = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_ONE: Final[dict[str, Any]] = {
    "id": "0f5c8a2e-9d5b-4c3f-8f43-5d0e7f6f1a11",
    "state": "accepted",
    "placed": "2026-11-24T09:30:00Z",
    "lines": [{"article": "A-1001", "price": 19.95}, {"article": "B-2002", "price": 4.5}],
    "express": False,
    "address": {"street": "1 Example Street", "city": "Example", "zip": "12345"},
    "total": 44.4,
    "took_ms": 3,
}
_OTHER: Final = dict(
    reversed((_ONE | {"id": "c1d7a9be-2b0e-4a36-9a0c-7f8f1f6c2b22", "took_ms": 11}).items())
)


def _answer(status: str, value: dict[str, Any]) -> bytes:
    body = json.dumps(value).encode()
    head = (
        f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: "
        f"{len(body)}\r\n\r\n"
    )
    return head.encode() + body


_ANSWERS: Final = {
    (method, room): _answer(status, value)
    for method, status in ((b"GET", "200 OK"), (b"POST", "201 Created"))
    for room, value in ((b"/one/", _ONE), (b"/other", _OTHER))
}


class Orders(asyncio.Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answer every whole request in what has come."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._buffer, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._buffer) < whole:
                return
            closing = _CLOSE.search(self._buffer, 0, end)
            method, target, _ = self._buffer.split(b" ", 2)
            self._buffer = self._buffer[whole:]
            self._transport.write(
                _ANSWERS[method, target[:5] if target.startswith(b"/one/") else b"/other"]
            )
            if closing:
                self._transport.close()


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(Orders, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(_serve())
