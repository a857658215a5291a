"""The shapes on the wire of the gateway: the answer of `GET /status`.

All other shapes belong to the daemons behind it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

HealthStatus = Literal["ok", "gone", "slow", "wrong"]


class DaemonHealth(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The health of one daemon: `gone` does not answer, `slow` is late, `wrong` sends no health."""

    name: str
    status: HealthStatus
    latency_ms: Annotated[float, Meta(ge=0)]
    version: str | UnsetType = UNSET


class Status(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The health of the lakehouse: `ok` when every daemon is, else `degraded`."""

    status: Literal["ok", "degraded"]
    daemons: tuple[DaemonHealth, ...]


class Below(msgspec.Struct, frozen=True, kw_only=True):
    """The rest of a path that is forwarded."""

    rest: Annotated[str, Meta(min_length=1, description="what is below.")]


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a healthy daemon."""

    status: Literal["ok"]
    service: str
    version: str
