"""The state file: how `down`, `status` and `logs` find a stack that runs.

In: what the running stack says of itself. Out: `<data_dir>/stack/state.json`, replaced whole at
each change, there while the stack runs. Whether it runs is known by the lock of its folder, never
by the file.
"""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

import msgspec

from reference_impl.kit.atomic_file import replace_file

if TYPE_CHECKING:
    from pathlib import Path

_FILE = "state.json"


class DaemonState(msgspec.Struct, frozen=True, kw_only=True):
    """One daemon of a running stack; no process while it is down."""

    name: str
    url: str
    pid: int | None
    restarts: int


class StackState(msgspec.Struct, frozen=True, kw_only=True):
    """A running stack; `is_ready` once every daemon has answered."""

    pid: int
    is_ready: bool
    daemons: tuple[DaemonState, ...]


def write_state(folder: Path, state: StackState) -> None:
    """Say how the stack is."""
    replace_file(folder / _FILE, msgspec.json.format(msgspec.json.encode(state)) + b"\n")


def remove_state(folder: Path) -> None:
    """Say that there is no stack any more."""
    (folder / _FILE).unlink(missing_ok=True)


def read_state(folder: Path) -> StackState | None:
    """Read how the stack is that runs on this folder; none when no stack does."""
    if not _is_locked(folder):
        return None
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=StackState)
    except (OSError, msgspec.DecodeError):
        return None  # it is about to start, or to end


def _is_locked(folder: Path) -> bool:
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
