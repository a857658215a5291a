"""The settings of embedd: those of every daemon, and its cache."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from reference_impl.kit.settings import Settings


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.embedd]` and by flags."""

    cache_bytes: Annotated[
        int, Meta(ge=0, description="memory for vectors that were asked for before")
    ] = 32 * 1024 * 1024
