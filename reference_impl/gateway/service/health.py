"""The health of all daemons."""

from __future__ import annotations

import asyncio
from functools import partial
from time import monotonic_ns
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

from reference_impl.gateway.wire import DaemonHealth, Health, HealthStatus, Status
from reference_impl.kit.client import DaemonGoneError, DaemonSlowError
from reference_impl.kit.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reference_impl.kit.client import DaemonClient

_NS_PER_MS = 1_000_000


async def ask_all(clients: Mapping[str, DaemonClient], timeout_s: float) -> Status:
    """Return the health of every daemon, requested at once."""
    ask = partial(_ask, timeout_s=timeout_s)
    daemons = await asyncio.gather(*map(ask, clients.values()))
    is_ok = all(daemon.status == "ok" for daemon in daemons)
    return Status(status="ok" if is_ok else "degraded", daemons=tuple(daemons))


async def _ask(client: DaemonClient, timeout_s: float) -> DaemonHealth:
    started_ns = monotonic_ns()

    def health(status: HealthStatus, version: str | UnsetType = UNSET) -> DaemonHealth:
        latency_ms = (monotonic_ns() - started_ns) / _NS_PER_MS
        return DaemonHealth(
            name=client.name, status=status, latency_ms=round(latency_ms, 1), version=version
        )

    try:
        async with asyncio.timeout(timeout_s):
            answer = await client.ask("GET", "/health", Health)
    except (TimeoutError, DaemonSlowError):
        return health("slow")
    except DaemonGoneError:
        return health("gone")
    except ProblemError:
        return health("wrong")
    return health("ok" if answer.service == client.name else "wrong", version=answer.version)
