"""The state file, by which `down`, `status` and `logs` find a running stack.

In: the state of the running stack. Out: `<data_dir>/stack/state.json`, which is replaced whole at
each change and exists while the stack runs. The lock of its folder shows whether the stack runs;
the file alone does not.
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
    """One daemon of a running stack; `pid` is None while it is down."""

    name: str
    url: str
    pid: int | None
    restarts: int


class StackState(msgspec.Struct, frozen=True, kw_only=True):
    """A running stack; `is_ready` is set once every daemon has answered."""

    pid: int
    is_ready: bool
    daemons: tuple[DaemonState, ...]


def write_state(folder: Path, state: StackState) -> None:
    """Write the state of the stack."""
    replace_file(folder / _FILE, msgspec.json.format(msgspec.json.encode(state)) + b"\n")


def remove_state(folder: Path) -> None:
    """Remove the state file."""
    (folder / _FILE).unlink(missing_ok=True)


def read_state(folder: Path) -> StackState | None:
    """Return the state of the stack that runs on this folder; None if none runs."""
    if not _is_locked(folder):
        return None
    try:
        return msgspec.json.decode((folder / _FILE).read_bytes(), type=StackState)
    except (OSError, msgspec.DecodeError):
        return None  # the stack is just starting or ending


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
