"""Request ids: they link an answer, its log line and the calls that it caused.

In: the headers of a request. Out: the caller's `X-Request-Id` if it is one harmless token, else a
new id. Nothing else of the request is used. While a request is answered, `CURRENT` is its id, which
calls of other daemons pass on.
"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HEADER = "x-request-id"
CURRENT: ContextVar[str | None] = ContextVar("request_id", default=None)

_HEADER = HEADER.encode()
_SAFE = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,128}")


def new_request_id() -> str:
    """Return a new random id."""
    return secrets.token_hex(16)


def request_id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Return the caller's id, or a new one.

    The caller's id counts only if there is exactly one and it is safe to log and echo.
    """
    sent = [value for name, value in headers if name == _HEADER]
    if len(sent) == 1 and _SAFE.fullmatch(sent[0]):
        return sent[0].decode("ascii")
    return new_request_id()
