"""Two miniature model servers that stream one answer, and twelve defects of a port.

A port of one of them may have the defects.

Both cut the text into pieces of their own, send comments between, and name the same model.
"""

import json
import socket
import time
from collections.abc import Callable, Sequence

from tests.miniatures.server import Script

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
TEXT = "Grüße aus Köln, it is 21 °C"
DONE = "data: [DONE]\n\n"
Events = list[str]
Defect = Callable[[Events], Events]


def chunk(delta: object = None, finish: str | None = None, **more: object) -> str:
    """Return an event of a completion."""
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return f"data: {json.dumps({'id': 'c1', 'model': 'm-1', 'choices': choices, **more}, ensure_ascii=False)}\n\n"


def answer(size: int) -> Events:
    """Return the events of one answer, its text cut into pieces of so many characters."""
    pieces = [TEXT[at : at + size] for at in range(0, len(TEXT), size)]
    return [
        chunk({"role": "assistant"}),
        *(chunk({"content": piece}) for piece in pieces),
        chunk({}, finish="stop"),
        chunk(usage={"prompt_tokens": 5, "completion_tokens": 9}),
        "event: end\nid: 7\ndata: {}\n\n",
        DONE,
    ]


def _replaced(old: str, new: str) -> Defect:
    return lambda events: [event.replace(old, new) for event in events]


def _dropped(part: str) -> Defect:
    return lambda events: [event for event in events if part not in event]


def _split_code_points(events: Events) -> Events:
    """Cut the bytes of the text instead of its characters, and decode each piece by itself."""
    raw = TEXT.encode()
    pieces = [raw[at : at + 3].decode("utf-8", "replace") for at in range(0, len(raw), 3)]
    texts = [at for at, event in enumerate(events) if '"content"' in event]
    return [
        *events[: texts[0]],
        *(chunk({"content": piece}) for piece in pieces),
        *events[texts[-1] + 1 :],
    ]


def _swapped(events: Events) -> Events:
    return [events[0], events[2], events[1], *events[3:]]


def _doubled(events: Events) -> Events:
    usage = next(event for event in events if "usage" in event)
    at = events.index(usage)
    return [*events[:at], usage, *events[at:]]


DEFECTS: dict[str, Defect] = {
    "renamed-delta": _replaced('"content"', '"text"'),
    "missing-terminator": _dropped("[DONE]"),
    "split-code-points": _split_code_points,
    "wrong-order": _swapped,
    "lost-usage": _dropped("usage"),
    "doubled-event": _doubled,
    "wrong-finish-reason": _replaced('"stop"', '"length"'),
    "renamed-event": _replaced("event: end", "event: done"),
    "no-event-id": _replaced("id: 7\n", ""),
    "tokens-as-text": _replaced('"completion_tokens": 9', '"completion_tokens": "9"'),
    "no-role": _replaced('{"role": "assistant"}', "{}"),
}
"""All but the twelfth, which is in when the events are sent: all at the end."""
ALL_AT_THE_END = "all-at-the-end"


def streams(
    events: Sequence[str], pause_s: float = 0.0, *, held_back: bool = False, endless: bool = False
) -> Script:
    """Send the events one by one, each with a comment before it, or all at the end.

    Then end, or wait without end.
    """

    def script(connection: socket.socket, _: bytes) -> None:
        connection.sendall(HEAD)
        if held_back:
            time.sleep(pause_s * len(events))
        for event in events:
            _send(connection, f": ping\n\n{event}".encode())
            time.sleep(0 if held_back else pause_s)
        while endless:
            _send(connection, b": ping\n\n")
            time.sleep(pause_s or 0.01)
        connection.sendall(b"0\r\n\r\n")

    return script


def _send(connection: socket.socket, data: bytes) -> None:
    """Send a chunk in two parts, cut within a character where it can be."""
    cut = len(data) // 2
    for part in (data[:cut], data[cut:]):
        if part:
            connection.sendall(b"%x\r\n%b\r\n" % (len(part), part))
