"""The settings of catalogd: those of every daemon."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from reference_impl.kit.ports import PORTS
from reference_impl.kit.settings import Settings


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.catalogd]` and by flags."""

    port: Annotated[
        int, Meta(ge=0, le=65535, description="port to listen on, 0 for a free one")
    ] = PORTS["catalogd"]
