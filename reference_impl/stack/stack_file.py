"""The stack file as documentation: every setting of every daemon, its meaning and its default.

In: the settings types. Out: TOML in which every line is a comment, since every setting has a
default; `lakehouse.toml` in the top folder of the repository has this text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from reference_impl.kit.settings import STACK_SETTINGS, Settings
from reference_impl.stack.rooms import ROOMS, settings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENING = """\
# The lakehouse: `python -m reference_impl up --config lakehouse.toml`
#
# Every setting, with its meaning and its default. A line counts once its first # is taken away.
# This file is written by `python -m reference_impl config`.

# What holds for all daemons; a daemon's own table wins.
[stack]
"""


def stack_file_text() -> str:
    """Return the whole file."""
    lines = [_OPENING.rstrip("\n"), *_settings(Settings, STACK_SETTINGS)]
    common = [
        field.name for field in msgspec.structs.fields(Settings) if field.name not in STACK_SETTINGS
    ]
    for name in ROOMS:
        kind = settings_of(name)
        own = [
            field.name
            for field in msgspec.structs.fields(kind)
            if field.name not in {*common, *STACK_SETTINGS}
        ]
        lines += ["", f"[daemon.{name}]", *_settings(kind, [*common, *own])]
    return "\n".join(lines) + "\n"


def _settings(kind: type[Settings], names: Any) -> Iterator[str]:
    described: Any = msgspec.json.schema_components([kind])[1][kind.__name__]["properties"]
    defaults = {field.name: field.default for field in msgspec.structs.fields(kind)}
    for name in names:
        meaning = described[name].get("description", "")
        default = _shown(defaults[name])
        unset = " (not set)" if defaults[name] is None else ""
        yield f"# {name} = {default}  # {meaning}{unset}"


def _shown(default: Any) -> str:
    """Return a value as TOML; its strings, numbers, booleans and arrays are those of JSON."""
    return '""' if default is None else msgspec.json.encode(default).decode()
