"""The settings of matrixd: those of every daemon, and where the daemons it asks are."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from reference_impl.kit.ports import PORTS, default_url
from reference_impl.kit.settings import DaemonUrl, Settings


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.matrixd]` and by flags."""

    port: Annotated[
        int, Meta(ge=0, le=65535, description="port to listen on, 0 for a free one")
    ] = PORTS["matrixd"]
    embedd_url: DaemonUrl = default_url("embedd")
    vectord_url: DaemonUrl = default_url("vectord")
