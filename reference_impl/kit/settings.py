"""Settings: what can be configured, and where the values come from.

In: a settings type (a struct whose fields carry descriptions), a TOML stack file and command line flags. Out: one
frozen value. Flags win over the file, the file over defaults. A daemon reads only its own table, `[daemon.<name>]`;
an unknown setting in it is an error that names the file and suggests what may have been meant.
"""

from __future__ import annotations

import difflib
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_type_hints

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class SettingsError(Exception):
    """The daemon cannot start as it is configured; the message is one line for the person who did."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set on every daemon; a room adds its own fields and its port."""

    host: Annotated[str, Meta(description="address to listen on")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="port to listen on, 0 for a free one")] = 0
    max_body_bytes: Annotated[int, Meta(ge=1, description="longest request body")] = 8 * 1024 * 1024
    head_timeout_s: Annotated[float, Meta(gt=0, description="longest wait for a request's head")] = 10.0
    body_timeout_s: Annotated[float, Meta(gt=0, description="longest wait for a request's body")] = 10.0
    drain_timeout_s: Annotated[int, Meta(ge=1, le=5, description="longest wait for running requests at the end")] = 5
    token_file: Annotated[str | None, Meta(description="file with the bearer token, readable by its owner only")] = None
    token_env: Annotated[str | None, Meta(description="environment variable with the bearer token")] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="least important line to log; requests are info")
    ] = "info"


S = TypeVar("S", bound=Settings)


def load_settings(kind: type[S], name: str, config_file: str | None, flags: Mapping[str, str]) -> S:
    """Merge defaults, the daemon's table in the stack file, and flags (text by field name).

    Raises SettingsError.
    """
    values = {} if config_file is None else _from_file(kind, name, Path(config_file))
    hints = get_type_hints(kind, include_extras=True)
    for field, text in flags.items():
        values[field] = _converted(text, hints[field], f"--{field.replace('_', '-')}", is_text=True)
    return kind(**values)


def suggestion(unknown: str, known: Iterable[str]) -> str:
    """Say which known name may have been meant; empty when none is near."""
    near = difflib.get_close_matches(unknown, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""


def _from_file(kind: type[Settings], name: str, path: Path) -> dict[str, Any]:
    hints = get_type_hints(kind, include_extras=True)
    place = f"{path}: [daemon.{name}]"
    values = {}
    for field, value in _table(path, name).items():
        if field not in hints:
            raise SettingsError(f"{place}: unknown setting {field}{suggestion(field, hints)}")
        values[field] = _converted(value, hints[field], f"{place} {field}", is_text=False)
    return values


def _table(path: Path, name: str) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {' '.join(str(error).split())}") from None
    daemons = document.get("daemon", {})
    table = daemons.get(name, {}) if isinstance(daemons, dict) else daemons
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: [daemon.{name}] must be a table")
    return table


def _converted(value: Any, kind: Any, place: str, *, is_text: bool) -> Any:
    try:
        return msgspec.convert(value, kind, strict=not is_text)
    except msgspec.ValidationError as error:
        said = str(error).replace("Expected", "expected").replace("Invalid", "invalid").replace("`", "")
        raise SettingsError(f"{place}: {said}") from None
