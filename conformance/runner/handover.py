"""What a session gives another process, so that this one can ask the same runtimes."""

from collections.abc import Mapping

from msgspec import Struct

from conformance.model.made_value import MadeValues
from conformance.model.runtime import Runtime
from conformance.model.template import KnownName


class LoggedIn(Struct, frozen=True, kw_only=True):
    """What logins have captured, by runtime and by the names that suites write, and as secrets."""

    known: Mapping[str, Mapping[str, KnownName]]
    captured: tuple[tuple[str, str], ...]


class Handover(Struct, frozen=True, kw_only=True):
    """The runtimes as another process reaches them, their logins, all secrets, and made values.

    `urls` are where the runtimes of the session were reached when this was made.
    """

    runtimes: tuple[Runtime, ...]
    urls: Mapping[str, str]
    logins: LoggedIn
    secrets: Mapping[str, str]
    values: MadeValues


class HandedBackError(Exception):
    """A runtime went down, and only the process that started it can start it again."""
