"""The settings of queryd: those of every daemon, the URLs it calls, and limits of a statement."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from reference_impl.kit.ports import default_url
from reference_impl.kit.settings import DaemonUrl, Settings


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.queryd]` and by flags."""

    catalogd_url: DaemonUrl = default_url("catalogd")
    storaged_url: DaemonUrl = default_url("storaged")
    workers: Annotated[
        int, Meta(ge=1, le=64, description="statements that run at the same time")
    ] = 2
    # The caller waits; a statement that takes longer holds one of a few workers.
    statement_timeout_s: Annotated[
        float, Meta(gt=0, description="longest time for a statement, all included")
    ] = 10.0
    worker_memory_mb: Annotated[
        int, Meta(ge=64, description="memory of the SQL engine in one worker")
    ] = 512
    cache_mb: Annotated[
        int, Meta(ge=1, description="objects kept on the disk between statements")
    ] = 1024
    max_answer_bytes: Annotated[
        int, Meta(ge=1, description="rows beyond this size are cut off")
    ] = 8 * 1024 * 1024
