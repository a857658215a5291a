"""Settings: what can be configured, and where the values come from.

In: a settings type (a struct whose fields have descriptions), a TOML stack file and command line
flags. Out: one frozen value. Flags have precedence over the daemon's own table, `[daemon.<name>]`,
that over `[stack]`, and that over defaults. An unknown setting in a table is an error that names
the file and suggests a similar name. An unset setting `<daemon>_url` is made from that daemon's
host and port in the file.
"""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, cast, get_type_hints

import msgspec
from msgspec import Meta

from reference_impl.kit.body_limits import BodyLimits
from reference_impl.kit.ports import PORTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class SettingsError(Exception):
    """The daemon cannot start with its configuration.

    The message is one line for the person who configured it.
    """


class StartError(Exception):
    """The daemon cannot start, although correctly configured: something is in use or damaged."""


DaemonUrl = Annotated[
    str,
    Meta(
        pattern=r"^http://[^/?#@\s]+$",
        description="where that daemon answers; by itself as its own table says",
    ),
]
"""The type of a setting `<daemon>_url`; its default is `default_url(<daemon>)`."""

HostName = Annotated[str, Meta(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)$")]
"""A host as in a Host header: a name or an address without a port, IPv6 in brackets."""

Port = Annotated[int, Meta(ge=0, le=65535, description="port to listen on, 0 for a free one")]

STACK_SETTINGS = ("host", "allowed_hosts", "data_dir", "token_file", "token_env", "log_level")
"""The settings that `[stack]` may have for all daemons."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of every daemon; a room may add its own, and `with_port` sets its port."""

    host: Annotated[str, Meta(description="address to listen on")] = "127.0.0.1"
    port: Port = 0
    allowed_hosts: Annotated[
        tuple[HostName, ...],
        Meta(description="hosts it may be asked as, besides its address and loopback names"),
    ] = ()
    max_body_bytes: Annotated[int, Meta(ge=1, description="longest request body")] = 8 * 1024 * 1024
    # A head is one packet or two; a body may come over a slow line. Both limit how long a very
    # slow caller holds a connection.
    head_timeout_s: Annotated[
        float, Meta(gt=0, description="longest wait for a request's head")
    ] = 10.0
    body_timeout_s: Annotated[
        float, Meta(gt=0, description="longest wait for a request's body")
    ] = 10.0
    body_idle_timeout_s: Annotated[
        float, Meta(gt=0, description="longest wait for more of a request's body")
    ] = 10.0
    # Supervisors kill a service that does not stop; that of the stack does so after 15 s.
    drain_timeout_s: Annotated[
        int, Meta(ge=1, le=5, description="longest wait for running requests at the end")
    ] = 5
    # A daemon's own answer takes milliseconds; a much slower one hangs.
    call_timeout_s: Annotated[
        float, Meta(gt=0, description="longest whole call of another daemon")
    ] = 10.0
    data_dir: Annotated[
        str, Meta(description="folder of the stack's state; each daemon has a subfolder")
    ] = "data/lakehouse"
    token_file: Annotated[
        str | None, Meta(description="file with the bearer token, readable by its owner only")
    ] = None
    token_env: Annotated[
        str | None, Meta(description="environment variable with the bearer token")
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="least important line to log; requests are info"),
    ] = "info"

    @property
    def body_limits(self) -> BodyLimits:
        """Return the limits of a request's body."""
        return BodyLimits(
            size_bytes=self.max_body_bytes,
            whole_s=self.body_timeout_s,
            idle_s=self.body_idle_timeout_s,
        )


S = TypeVar("S", bound=Settings)


def with_port(kind: type[Settings], name: str) -> type[Settings]:
    """Return a settings type whose default port is that of a daemon in `PORTS`."""
    if name not in PORTS:
        return kind
    made = msgspec.defstruct(
        kind.__name__,
        [("port", Port, PORTS[name])],
        bases=(kind,),
        module=kind.__module__,
        frozen=True,
        kw_only=True,
    )
    return cast("type[Settings]", made)


def load_settings(kind: type[S], name: str, config_file: str | None, flags: Mapping[str, str]) -> S:
    """Return the settings, merged from defaults, the stack file, and flags (text by field name).

    Raises SettingsError.
    """
    hints = get_type_hints(kind, include_extras=True)
    values: dict[str, Any] = {}
    if config_file is not None:
        values = read_stack_file(config_file).values_for(name, hints)
    for field, text in flags.items():
        values[field] = _converted(text, hints[field], f"--{field.replace('_', '-')}", is_text=True)
    for field, value in values.items():
        if value is PORT_UNKNOWN:
            flag = f"--{field.replace('_', '-')}"
            raise SettingsError(
                f"{config_file}: the port of {field.removesuffix('_url')} is 0: {flag} is needed"
            )
    return kind(**values)


def suggestion(unknown: str, known: Iterable[str]) -> str:
    """Return ` (did you mean NAME?)` with the nearest known name; empty if none is near."""
    near = difflib.get_close_matches(unknown, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StackFile:
    """A stack file that was read: its tables, whose settings are not checked yet."""

    path: str
    stack: dict[str, Any]
    daemons: dict[str, dict[str, Any]]

    def values_for(self, name: str, hints: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings that the file has for one daemon, by field name.

        Raises SettingsError.
        """
        shared = {field: hints[field] for field in STACK_SETTINGS}
        return {
            **{
                field: self._url_of(field.removesuffix("_url"))
                for field in hints
                if _names_daemon(field)
            },
            **_checked(self.stack, shared, f"{self.path}: [stack]"),
            **_checked(self.daemons.get(name, {}), hints, f"{self.path}: [daemon.{name}]"),
        }

    def host_and_port_of(self, name: str) -> tuple[Any, Any]:
        """Return `(host, port)` of a daemon from the file, not yet checked."""
        table = {**self.stack, **self.daemons.get(name, {})}
        return table.get("host", "127.0.0.1"), table.get("port", PORTS[name])

    def _url_of(self, name: str) -> Any:
        """Return the URL of a daemon, from its own table.

        The result is PORT_UNKNOWN if the daemon chooses its port when it starts.
        """
        host, port = self.host_and_port_of(name)
        return PORT_UNKNOWN if port == 0 else reachable_url(host, port)


PORT_UNKNOWN = object()
_HOST_NAMES = get_type_hints(Settings, include_extras=True)["allowed_hosts"]


def url_of(host: str, port: int) -> str:
    """Return the URL of an address."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def reachable_url(host: str, port: int) -> str:
    """Return the URL at which this machine reaches a server that listens on an address."""
    # the addresses are only compared
    return url_of({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104


def daemons_called_by(kind: type[Settings]) -> tuple[str, ...]:
    """Return the daemons whose URLs a settings type has."""
    return tuple(
        field.removesuffix("_url") for field in get_type_hints(kind) if _names_daemon(field)
    )


def read_stack_file(path: str) -> StackFile:
    """Return a parsed stack file.

    Raises SettingsError.
    """
    try:
        document = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {' '.join(str(error).split())}") from None
    for table in document:
        if table not in {"stack", "daemon"}:
            raise SettingsError(
                f"{path}: unknown table [{table}]{suggestion(table, ('stack', 'daemon'))}"
            )
    daemons = _table(document, "daemon", f"{path}: [daemon]")
    for name in daemons:
        if name not in PORTS:
            raise SettingsError(f"{path}: [daemon.{name}]: unknown daemon{suggestion(name, PORTS)}")
        _table(daemons, name, f"{path}: [daemon.{name}]")
    return StackFile(
        path=path, stack=_table(document, "stack", f"{path}: [stack]"), daemons=daemons
    )


def _table(document: dict[str, Any], name: str, place: str) -> dict[str, Any]:
    table = document.get(name, {})
    if not isinstance(table, dict):
        raise SettingsError(f"{place} must be a table")
    return table


def _names_daemon(field: str) -> bool:
    return field.endswith("_url") and field.removesuffix("_url") in PORTS


def _checked(table: Mapping[str, Any], hints: Mapping[str, Any], place: str) -> dict[str, Any]:
    values = {}
    for field, value in table.items():
        if field not in hints:
            raise SettingsError(f"{place}: unknown setting {field}{suggestion(field, hints)}")
        values[field] = _converted(value, hints[field], f"{place} {field}", is_text=False)
    return values


def _converted(value: Any, kind: Any, place: str, *, is_text: bool) -> Any:
    if is_text and kind == _HOST_NAMES:
        value = [name.strip() for name in value.split(",")]
    try:
        return msgspec.convert(value, kind, strict=not is_text)
    except msgspec.ValidationError as error:
        message = (
            str(error)
            .replace("Expected", "expected")
            .replace("Invalid", "invalid")
            .replace("`", "")
        )
        raise SettingsError(f"{place}: {message}") from None
