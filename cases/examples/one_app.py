"""One small ASGI application for any server: it reports its input and obeys the path.

Its input is what it was handed, and the path asks for what it does.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
JSON = (b"content-type", b"application/json")


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    if scope["type"] != "http":
        return
    body = await _body(receive)
    path = scope["path"]
    if path == "/crash":
        raise RuntimeError("the application failed before it said anything")
    if path == "/silent":
        return
    if path == "/empty":
        await _answer(send, 204, [], b"")
    elif path == "/empty-with-a-body":
        await _answer(send, 204, [JSON], b'{"a":1}')
    elif path == "/in-pieces":
        await _start(send, 200, [JSON])
        for piece in (b'{"pieces"', b":", b"3}"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    elif path == "/two-cookies":
        await _answer(send, 200, [JSON, (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")], b"{}")
    else:
        await _answer(send, 200, [JSON], json.dumps(_handed(scope, body)).encode())


def _handed(scope: Scope, body: bytes) -> dict[str, Any]:
    """Return what the server made of the request."""
    headers = [
        [name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]
    ]
    raw_path = scope.get("raw_path")
    return {
        "method": scope["method"],
        "path": scope["path"],
        "raw_path": raw_path.decode("latin-1") if raw_path is not None else None,
        "query": scope["query_string"].decode("latin-1"),
        "headers": [pair for pair in headers if pair[0].lower() != "host"],
        "body": body.decode("latin-1"),
    }


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


async def _start(send: Send, status: int, headers: list[tuple[bytes, bytes]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await _start(send, status, headers)
    await send({"type": "http.response.body", "body": body})
