"""Protocols that are out of scope, and how a request for one of them is recognised.

A request is HTTP/1.1 over TCP or TLS. WebSocket, gRPC and HTTP/2 are out of scope.
"""

import re
from collections.abc import Mapping
from typing import Final

from conformance.model.request import HeaderList

_WEBSOCKET_URL: Final = re.compile(r"\s*wss?://", re.IGNORECASE)
_GRPC_URL: Final = re.compile(r"\s*grpcs?://", re.IGNORECASE)
_OF_FIELD: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "upgrade": (("websocket", "WebSocket"), ("h2c", "HTTP/2")),
    "http2-settings": (("", "HTTP/2"),),
    "sec-websocket-key": (("", "WebSocket"),),
    "content-type": (("application/grpc", "gRPC"),),
}


def _out_of_scope(protocol: str) -> str:
    return f"{protocol} is out of scope: a request is HTTP/1.1"


def out_of_scope_url(url: str) -> str | None:
    """Return why a URL is out of scope, if its scheme is of another protocol; else None."""
    if _WEBSOCKET_URL.match(url):
        return _out_of_scope("WebSocket")
    if _GRPC_URL.match(url):
        return _out_of_scope("gRPC")
    return None


def out_of_scope_fields(headers: HeaderList) -> str | None:
    """Return why a request is out of scope, if a field asks for another protocol; else None."""
    for name, value in headers:
        content = value.strip().lower()
        for start, protocol in _OF_FIELD.get(name.lower(), ()):
            if content.startswith(start):
                return _out_of_scope(protocol)
    return None
