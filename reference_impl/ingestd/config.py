"""The settings of ingestd: those of every daemon, the URLs it calls, and limits of conversions."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from reference_impl.kit.ports import default_url
from reference_impl.kit.settings import DaemonUrl, Settings


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.ingestd]` and by flags."""

    max_body_bytes: Annotated[int, Meta(ge=1, description="largest file")] = 64 * 1024 * 1024
    # 64 MiB at about 1 MiB/s.
    body_timeout_s: Annotated[float, Meta(gt=0, description="longest wait for a whole file")] = 60.0
    catalogd_url: DaemonUrl = default_url("catalogd")
    storaged_url: DaemonUrl = default_url("storaged")
    converters: Annotated[
        int, Meta(ge=1, le=64, description="files that are converted at the same time")
    ] = 2
    # The caller waits: the gateway has 60 s for the file, its conversion and both calls.
    convert_timeout_s: Annotated[float, Meta(gt=0, description="longest conversion of a file")] = (
        30.0
    )
    converter_memory_mb: Annotated[
        int, Meta(ge=64, description="memory of the SQL engine in one conversion")
    ] = 512
