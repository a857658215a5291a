"""The settings of the gateway: those of every daemon, and the URLs of the others."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from reference_impl.kit.ports import default_url
from reference_impl.kit.settings import DaemonUrl, Settings

_MIB = 1024 * 1024


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.gateway]` and by flags.

    The limits on bodies and calls are wide, since each daemon behind the gateway has its own.
    """

    max_body_bytes: Annotated[int, Meta(ge=1, description="longest request body")] = 1024 * _MIB
    # The limit of the slowest daemons: storaged and ingestd.
    body_timeout_s: Annotated[
        float, Meta(gt=0, description="longest wait for a request's body")
    ] = 60.0
    # Above the 50 s of an iteration of validatord, so that the daemon's own 504 comes through.
    call_timeout_s: Annotated[
        float, Meta(gt=0, description="longest whole call of another daemon")
    ] = 60.0
    # A daemon answers both from memory; a slower one is reported as slow.
    health_timeout_s: Annotated[
        float, Meta(gt=0, description="longest wait for a daemon's health or document")
    ] = 1.0
    storaged_url: DaemonUrl = default_url("storaged")
    catalogd_url: DaemonUrl = default_url("catalogd")
    ingestd_url: DaemonUrl = default_url("ingestd")
    queryd_url: DaemonUrl = default_url("queryd")
    vectord_url: DaemonUrl = default_url("vectord")
    embedd_url: DaemonUrl = default_url("embedd")
    pathwayd_url: DaemonUrl = default_url("pathwayd")
    matrixd_url: DaemonUrl = default_url("matrixd")
    observerd_url: DaemonUrl = default_url("observerd")
    chatd_url: DaemonUrl = default_url("chatd")
    validatord_url: DaemonUrl = default_url("validatord")
