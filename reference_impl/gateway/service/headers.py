"""Which headers go on to a daemon, and which come back.

What concerns one connection only (RFC 9110, section 7.6.1) never goes on, in either direction; nor
what the next hop sets again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reference_impl.kit.connection import Headers

_OF_ONE_CONNECTION = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
_NOT_ONWARD = (
    _OF_ONE_CONNECTION
    | {  # the call sets its own; an origin was judged here, and is not the daemon's
        b"host",
        b"origin",
        b"authorization",
        b"x-request-id",
        b"expect",
    }
)
_NOT_ONWARD_WHOLE = _NOT_ONWARD | {b"content-length"}
_NOT_BACK = _OF_ONE_CONNECTION | {
    b"date",
    b"server",
    b"x-request-id",
    b"x-content-type-options",
}  # the answer does


def headers_onward(headers: Sequence[tuple[bytes, bytes]], *, is_whole: bool) -> Headers:
    """Give the headers of a request that go to the daemon.

    A call tells the length of a whole body by itself.
    """
    return _without(headers, _NOT_ONWARD_WHOLE if is_whole else _NOT_ONWARD)


def headers_back(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Give the headers of a reply that go to the caller."""
    return _without(headers, _NOT_BACK)


def _without(headers: Sequence[tuple[bytes, bytes]], dropped: frozenset[bytes]) -> Headers:
    for key, value in headers:
        if key == b"connection":  # a sender may name more
            dropped |= set(map(bytes.strip, value.lower().split(b",")))
    return tuple([field for field in headers if field[0] not in dropped])
