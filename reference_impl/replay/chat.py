"""Sends a request to a model through a gateway, and reads the answer within one deadline."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit

import msgspec

from reference_impl.replay.errors import NoAnswerError
from reference_impl.replay.wire import ChatAnswer, chat_body

# A limit of the tool (docs/distillation.md): as long as chatd waits for an upstream.
TIMEOUT_S = 30.0
_OK = 200
# As large as an answer that chatd accepts from an upstream.
_MAX_BYTES = 8 << 20


def ask(gateway: str, model: str, bundle: str, task: str) -> ChatAnswer:
    """Send the task to one model and return its answer.

    Raises NoAnswerError.
    """
    place = urlsplit(gateway)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.hostname or "", place.port, timeout=TIMEOUT_S)
    deadline_s = time.monotonic() + TIMEOUT_S
    try:
        body = chat_body(model, bundle, task)
        connection.request(
            "POST", f"{place.path.rstrip('/')}/v1/chat", body, {"content-type": "application/json"}
        )
        response = connection.getresponse()
        answer = _read(response, deadline_s)
    except (OSError, http.client.HTTPException, ValueError):
        raise NoAnswerError("no answer") from None
    finally:
        connection.close()
    if response.status != _OK:
        raise NoAnswerError(str(response.status))
    try:
        return msgspec.json.decode(answer, type=ChatAnswer)
    except msgspec.MsgspecError:
        raise NoAnswerError("no answer") from None


def _read(response: http.client.HTTPResponse, deadline_s: float) -> bytes:
    """Return a body, read piece by piece so that a slow one cannot exceed the deadline."""
    body = bytearray()
    while piece := response.read1(65536):
        body += piece
        if len(body) > _MAX_BYTES or time.monotonic() > deadline_s:
            raise TimeoutError
    return bytes(body)
