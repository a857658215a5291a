"""The ways in which the proxy sends an answer: whole, or like a runtime that fails."""

import asyncio
import contextlib
import enum
import os
import socket
import struct
from itertools import chain, cycle
from typing import Final

from conformance.model.observation import Answer

_OWN_FRAMING: Final = frozenset(
    {"content-length", "transfer-encoding", "content-encoding", "connection"}
)
# Shorter than every idle timeout, so that only the total timeout ends such an answer
_DRIP_S: Final = 0.02
# A chunk of 64 KiB: large parts reach the limit of a body soon
_ENDLESS_PART: Final = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
# On, with 0 s: the close then sends a reset and drops unsent data (SO_LINGER)
_LINGER: Final = struct.pack("ii", 1, 0)


# RFC 9110, 6.4.1
WITHOUT_BODY: Final = frozenset({*range(100, 200), 204, 304})


class Delivery(enum.Enum):
    """The ways of sending an answer."""

    WHOLE = "whole"
    TRUNCATED = "truncated"
    CUT_IN_HEADER = "cut-in-header"
    DRIPPED = "dripped"
    NEVER = "never"
    CLOSED = "closed"
    RESET = "reset"
    NOT_HTTP = "not-http"
    BADLY_CODED = "badly-coded"
    ENDLESS = "endless"
    CRASHED = "crashed"


# An empty body cannot be truncated: one byte is announced and never sent
_LEAST_ANNOUNCED: Final = {Delivery.TRUNCATED: 1}


async def deliver(
    answer: Answer, method: str, delivery: Delivery, writer: asyncio.StreamWriter
) -> bool:
    """Send an answer; return whether the connection can be used for another one."""
    body = b"" if method == "HEAD" else answer.body
    head = _head(answer, len(body), delivery)
    if delivery is Delivery.WHOLE:
        writer.write(head + body)
        await writer.drain()
        return True
    misbehave = _MISBEHAVIOURS.get(delivery)
    if misbehave is not None:
        await misbehave(head, writer)
        return False
    writer.write(_part(head, body, delivery))
    with contextlib.suppress(ConnectionError):
        await writer.drain()
    return False


def _part(head: bytes, body: bytes, delivery: Delivery) -> bytes:
    """Return the bytes that are sent before the connection is closed."""
    return {
        Delivery.TRUNCATED: head + body[: len(body) // 2],
        Delivery.CUT_IN_HEADER: head[: len(head) // 2],
        Delivery.NOT_HTTP: b"SSH-2.0-selftest\r\n",
        Delivery.BADLY_CODED: head + body,
    }.get(delivery, b"")


def _head(answer: Answer, length: int, delivery: Delivery) -> bytes:
    fields = [(name, value) for name, value in answer.headers if name.lower() not in _OWN_FRAMING]
    if delivery is Delivery.ENDLESS:
        fields.append(("transfer-encoding", "chunked"))
    elif answer.status not in WITHOUT_BODY:
        announced = max(length, _LEAST_ANNOUNCED.get(delivery, 0))
        fields.append(("content-length", str(announced)))
    if delivery is Delivery.BADLY_CODED:
        fields.append(("content-encoding", "gzip"))
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {answer.status} {answer.reason}\r\n{lines}\r\n".encode("latin-1")


async def _crash(_head: bytes, _writer: asyncio.StreamWriter) -> None:
    os._exit(70)


async def _never_answer(_head: bytes, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def _answer_endlessly(head: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(head)
    while True:
        writer.write(_ENDLESS_PART)
        await writer.drain()


async def _reset(_head: bytes, writer: asyncio.StreamWriter) -> None:
    """Close the connection so that the peer receives a reset."""
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    writer.transport.abort()


async def _drip(head: bytes, writer: asyncio.StreamWriter) -> None:
    """Send the header byte by byte, without ever ending it."""
    status_line, line_end, _ = head.partition(b"\r\n")
    for byte in chain(status_line, line_end, cycle(b"x-drip: 1\r\n")):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(_DRIP_S)


_MISBEHAVIOURS: Final = {
    Delivery.CRASHED: _crash,
    Delivery.RESET: _reset,
    Delivery.NEVER: _never_answer,
    Delivery.DRIPPED: _drip,
    Delivery.ENDLESS: _answer_endlessly,
}
