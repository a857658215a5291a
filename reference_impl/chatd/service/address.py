"""Addresses: the network of an upstream, checked at each call.

In: a host, a port and the one network that is configured for it. Out: an address in that network.
The call connects to this address itself, so that no second look-up can give another one. Private,
link-local and other special addresses are not public, in any spelling, also wrapped in IPv6.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING

from reference_impl.chatd.errors import UnusableAnswerError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reference_impl.chatd.config import Reach

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address
    Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_PRIVATE = [
    ipaddress.ip_network(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
]
_WRAPPING = [
    ipaddress.ip_network(text) for text in ("64:ff9b::/96", "2001::/32", "2002::/16")
]  # NAT64, Teredo, 6to4


async def look_up(host: str, port: int, reach: Reach) -> str:
    """Return an address of a host that is in a network.

    Raises UnusableAnswerError.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnusableAnswerError("the upstream's host cannot be found") from None
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if is_within(address, reach):
            return address
    raise UnusableAnswerError(f"the upstream's address is not {reach}, as it is configured to be")


def is_within(address: str, reach: Reach) -> bool:
    """Return whether an address belongs to a network."""
    found = ipaddress.ip_address(address)
    plain = getattr(found, "ipv4_mapped", None) or found
    if reach == "loopback":
        return plain.is_loopback
    if reach == "private":
        return _is_in(plain, _PRIVATE)
    return plain.is_global and not plain.is_multicast and not _is_in(plain, _WRAPPING)


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)
