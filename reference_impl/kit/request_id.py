"""Request ids: what ties an answer, its log line and the calls it caused together.

In: the headers of a request. Out: the caller's `X-Request-Id` when it is one harmless token, else a
new id. Nothing else of the request is looked at. While a request is answered, `CURRENT` holds its
id: calls of other daemons carry it on.
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
    """Make an id that no other request has."""
    return secrets.token_hex(16)


def request_id_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Take the id the caller sent, if it sent exactly one and it is safe to log and echo.

    Else make one.
    """
    sent = [value for name, value in headers if name == _HEADER]
    if len(sent) == 1 and _SAFE.fullmatch(sent[0]):
        return sent[0].decode("ascii")
    return new_request_id()
