"""The headers that the gateway forwards to a daemon, and those that it returns.

Headers of one connection only (RFC 9110, section 7.6.1) are never forwarded, in either direction,
and neither are headers that the next hop sets itself.
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
_NOT_ONWARD = _OF_ONE_CONNECTION | {  # the call sets its own; the origin was checked here already
    b"host",
    b"origin",
    b"authorization",
    b"x-request-id",
    b"expect",
}
_NOT_ONWARD_WHOLE = _NOT_ONWARD | {b"content-length"}
_NOT_BACK = _OF_ONE_CONNECTION | {
    b"date",
    b"server",
    b"x-request-id",
    b"x-content-type-options",
}  # the gateway's own answer sets these


def headers_onward(headers: Sequence[tuple[bytes, bytes]], *, is_whole: bool) -> Headers:
    """Return the headers of a request that are forwarded to the daemon.

    A call with a whole body sets the content length itself.
    """
    return _without(headers, _NOT_ONWARD_WHOLE if is_whole else _NOT_ONWARD)


def headers_back(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Return the headers of a reply that are returned to the caller."""
    return _without(headers, _NOT_BACK)


def _without(headers: Sequence[tuple[bytes, bytes]], dropped: frozenset[bytes]) -> Headers:
    for key, value in headers:
        if key == b"connection":  # it names further headers of this connection
            dropped |= set(map(bytes.strip, value.lower().split(b",")))
    return tuple([field for field in headers if field[0] not in dropped])
