"""The settings of validatord: those of every daemon, its roster, and the URL of chatd."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from reference_impl.kit.ports import default_url
from reference_impl.kit.settings import DaemonUrl, Settings


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.validatord]` and by flags."""

    roster: Annotated[
        str | None,
        Meta(description="JSON file with a list of workers, used when a request brings no roster"),
    ] = None
    chatd_url: DaemonUrl = default_url("chatd")
    # Below the 60 s that the gateway waits, so that its caller sees the 504 of validatord.
    iterate_timeout_s: Annotated[
        float, Meta(gt=0, description="longest whole iteration, all model calls in it")
    ] = 50.0
