"""The list of rooms, which are imported by name, so that only served rooms are loaded.

In: a name. Out: its settings type, which is cheap to load, or the whole room, which may not be.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from reference_impl.kit.settings import Settings, daemons_called_by, with_port

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from reference_impl.kit.room import Room

ROOMS = (
    "gateway",
    "storaged",
    "catalogd",
    "ingestd",
    "queryd",
    "vectord",
    "embedd",
    "pathwayd",
    "matrixd",
    "observerd",
    "chatd",
    "validatord",
)
"""The daemons of the stack, in the order of their ports."""

TOOLS = ("materializer", "replay")
"""The batch tools, which run once and serve nothing."""


def tool_of(name: str) -> Callable[[Sequence[str]], int]:
    """Return the command of a batch tool: a function of arguments that returns an exit code."""
    command: Callable[[Sequence[str]], int] = import_module(f"reference_impl.{name}.app").main
    return command


def settings_of(name: str) -> type[Settings]:
    """Return the settings type of a daemon; without a module `config`, that of every daemon."""
    module = f"reference_impl.{name}.config"
    kind = import_module(module).Config if find_spec(module) else Settings
    return with_port(kind, name)


def room_of(name: str) -> Room[Any]:
    """Return the room of a daemon."""
    room: Room[Any] = import_module(f"reference_impl.{name}.app").ROOM
    return room


def in_stopping_order(names: Sequence[str]) -> list[list[str]]:
    """Return groups of daemons, in an order in which each stops before those that it calls."""
    left = {
        name: {called for called in daemons_called_by(settings_of(name)) if called in names}
        for name in names
    }
    groups: list[list[str]] = []
    while left:
        called = set().union(*left.values())
        group = [name for name in left if name not in called] or list(left)
        groups.append(group)
        for name in group:
            del left[name]
    return groups
