"""The settings of storaged: those of every daemon, with larger limits for bodies."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from reference_impl.kit.settings import Settings


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.storaged]` and by flags."""

    max_body_bytes: Annotated[int, Meta(ge=1, description="largest object")] = 64 * 1024 * 1024
    # 64 MiB at about 1 MiB/s.
    body_timeout_s: Annotated[float, Meta(gt=0, description="longest wait for a whole object")] = (
        60.0
    )
