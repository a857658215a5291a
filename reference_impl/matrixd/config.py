"""The settings of matrixd: those of every daemon, and the URLs of the daemons it calls."""

from __future__ import annotations

from reference_impl.kit.ports import default_url
from reference_impl.kit.settings import DaemonUrl, Settings


class Config(Settings, frozen=True, kw_only=True):
    """What can be set in `[daemon.matrixd]` and by flags."""

    embedd_url: DaemonUrl = default_url("embedd")
    vectord_url: DaemonUrl = default_url("vectord")
