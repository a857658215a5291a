"""What the gateway decides: whose a path is, which headers go on, and how a daemon is.

In: path segments, headers, clients. Out: names, headers, health. What concerns one connection only (RFC 9110, section
7.6.1) never goes on, in either direction; nor what the next hop sets again.
"""

from __future__ import annotations

import asyncio
from time import monotonic_ns
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from reference_impl.gateway.wire import DaemonHealth, Health, HealthStatus, Status
from reference_impl.kit.client import DaemonGoneError, DaemonSlowError
from reference_impl.kit.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference_impl.kit.client import DaemonClient
    from reference_impl.kit.connection import Headers

OWNERS = {
    "storage": "storaged",
    "catalog": "catalogd",
    "ingest": "ingestd",
    "sql": "queryd",
    "vectors": "vectord",
    "embed": "embedd",
    "pathway": "pathwayd",
    "matrix": "matrixd",
    "observer": "observerd",
    "chat": "chatd",
    "validate": "validatord",
    "iterate": "validatord",
}
"""Whose a path is, by its first segment."""

_OF_ONE_CONNECTION = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)
_NOT_ONWARD = _OF_ONE_CONNECTION | {  # the call sets its own; an origin was judged here, and is not the daemon's
    b"host",
    b"origin",
    b"authorization",
    b"x-request-id",
    b"expect",
}
_NOT_ONWARD_WHOLE = _NOT_ONWARD | {b"content-length"}
_NOT_BACK = _OF_ONE_CONNECTION | {b"date", b"server", b"x-request-id", b"x-content-type-options"}  # the answer does
_NS_PER_MS = 1_000_000


def headers_onward(headers: Sequence[tuple[bytes, bytes]], *, is_whole: bool) -> Headers:
    """Give the headers of a request that go to the daemon; a call tells the length of a whole body by itself."""
    return _without(headers, _NOT_ONWARD_WHOLE if is_whole else _NOT_ONWARD)


def headers_back(headers: Sequence[tuple[bytes, bytes]]) -> Headers:
    """Give the headers of a reply that go to the caller."""
    return _without(headers, _NOT_BACK)


def _without(headers: Sequence[tuple[bytes, bytes]], dropped: frozenset[bytes]) -> Headers:
    for key, value in headers:
        if key == b"connection":  # a sender may name more
            dropped |= {name.strip().lower() for name in value.split(b",")}
    return tuple([one for one in headers if one[0] not in dropped])


async def ask_all(clients: Mapping[str, DaemonClient], timeout_s: float) -> Status:
    """Ask every daemon how it is, all at once."""
    daemons = await asyncio.gather(*(_ask(client, timeout_s) for client in clients.values()))
    is_ok = all(daemon.status == "ok" for daemon in daemons)
    return Status(status="ok" if is_ok else "degraded", daemons=tuple(daemons))


async def _ask(client: DaemonClient, timeout_s: float) -> DaemonHealth:
    started_ns = monotonic_ns()

    def health(status: HealthStatus, version: str | UnsetType = UNSET) -> DaemonHealth:
        latency_ms = (monotonic_ns() - started_ns) / _NS_PER_MS
        return DaemonHealth(name=client.name, status=status, latency_ms=round(latency_ms, 1), version=version)

    try:
        async with asyncio.timeout(timeout_s):
            said = await client.ask("GET", "/health", Health)
    except (TimeoutError, DaemonSlowError):
        return health("slow")
    except DaemonGoneError:
        return health("gone")
    except ProblemError:
        return health("wrong")
    return health("ok" if said.service == client.name else "wrong", version=said.version)
