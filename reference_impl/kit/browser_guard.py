"""Protection against web pages: the hosts a daemon answers for, and the pages that may call it.

A browser sends requests for any page that a person opens, also to addresses that only this machine
reaches. Two headers that no page can set distinguish such requests from those of programs:

    Host      names the server as in the page's URL. It exposes a page whose own name resolves to
              this machine (DNS rebinding). A daemon answers for loopback names, for the address of
              the connection, and for the hosts that its settings allow; any other is 421.
    Origin    names the page that sends the request. It is absent if no page does; any but the
              daemon's own is 403.

In: requests. Out: those that no foreign page sent, or a problem document. Ports are not compared: a
forwarded port is a different one for its caller. A Host that is missing, repeated or invalid is 400
(RFC 9112, section 3.2).
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from reference_impl.kit.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

_HOST = re.compile(rb"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
# Callers use few names; the limit keeps invented names from filling the memory.
_KNOWN_HOSTS = 256


class BrowserGuard:
    """ASGI layer that only passes on requests that no foreign page sent."""

    def __init__(self, inner: ASGIApp, allowed_hosts: Iterable[str]) -> None:
        self._inner = inner
        self._allowed = frozenset(_plain(host) for host in allowed_hosts)
        self._judge = lru_cache(_KNOWN_HOSTS)(self._judge_host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        hosts, origins = [], []
        for name, value in scope["headers"]:
            if name == b"host":
                hosts.append(value)
            elif name == b"origin":
                origins.append(value)
        host = self._host(hosts, scope)
        if origins and (len(origins) > 1 or not _is_own(origins[0], host)):
            raise ProblemError(
                403,
                "the Origin header names a page of another server; only this daemon's own may ask",
            )
        await self._inner(scope, receive, send)

    def _host(self, hosts: list[bytes], scope: Scope) -> bytes:
        """Return the one host of a request; empty if an HTTP/1.0 request names none."""
        if not hosts and scope["http_version"] == "1.0":
            return b""
        if len(hosts) != 1 or _HOST.fullmatch(hosts[0]) is None:
            raise ProblemError(
                400, "the request must have one Host header, a host and perhaps a port"
            )
        if not self._judge(hosts[0], scope["server"][0]):
            raise ProblemError(
                421, "the Host header names another server; `allowed_hosts` can allow it here"
            )
        return hosts[0]

    def _judge_host(self, sent: bytes, address: str) -> bool:
        """Return whether the daemon answers as this host on a connection to this address."""
        found = _HOST.fullmatch(sent)
        if found is None:
            return False
        host = _plain(found[1].decode("ascii"))
        return host in self._allowed or host == _plain(address) or _is_loopback(host)


def _is_own(origin: bytes, host: bytes) -> bool:
    """Return whether an origin is the daemon's, which may be behind a proxy with TLS."""
    return host != b"" and origin.lower() in {b"http://" + host.lower(), b"https://" + host.lower()}


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _plain(host: str) -> str:
    """Return a host in one spelling: lower case, addresses as Python writes them, IPv4 unmapped."""
    bare = host.lower().removeprefix("[").removesuffix("]")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return bare
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
