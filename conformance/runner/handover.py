"""What a session gives another process, so that the other process can use the same runtimes."""

from collections.abc import Mapping

from msgspec import Struct

from conformance.model.made_value import MadeValues
from conformance.model.runtime import Runtime
from conformance.model.template import KnownName


class LoggedIn(Struct, frozen=True, kw_only=True):
    """The values that logins captured, by runtime and name (`known`) and as secrets."""

    known: Mapping[str, Mapping[str, KnownName]]
    captured: tuple[tuple[str, str], ...]


class Handover(Struct, frozen=True, kw_only=True):
    """The runtimes as another process reaches them, their logins, all secrets, and made values.

    `urls` are the addresses of the session's runtimes at the time of the handover.
    """

    runtimes: tuple[Runtime, ...]
    urls: Mapping[str, str]
    logins: LoggedIn
    secrets: Mapping[str, str]
    values: MadeValues


class HandedBackError(Exception):
    """A runtime went down, and only the process that started it can start it again."""
