"""Ports of this machine: finds a free one, and which processes listen on a port.

The owner of a listener is read from /proc.  Without /proc it is only known that a port is taken.
"""

import contextlib
import ipaddress
import socket
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

LOOPBACK: Final = "127.0.0.1"
_LISTENING: Final = "0A"
_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))


class Listener(Struct, frozen=True, kw_only=True):
    """A listening socket: its address, its port, and its inode in /proc."""

    address: str
    port: int
    inode: str

    @property
    def everywhere(self) -> bool:
        """Return whether the socket accepts connections on every interface."""
        return ipaddress.ip_address(self.address).is_unspecified

    def __str__(self) -> str:
        return (
            f"[{self.address}]:{self.port}"
            if ":" in self.address
            else f"{self.address}:{self.port}"
        )


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


def is_taken(port: int) -> bool:
    """Return whether a port of the loopback is taken."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            return True
    return False


def listeners() -> list[Listener]:
    """Return every listening TCP socket in /proc."""
    found = []
    for table in _TABLES:
        with contextlib.suppress(OSError):
            found += [
                _listener(fields)
                for fields in map(str.split, table.read_text().splitlines()[1:])
                if fields[3] == _LISTENING
            ]
    return found


def holders(port: int, pids: Collection[int] | None = None) -> list[int]:
    """Return the ids of processes that listen on a port, among `pids` or all readable ones."""
    wanted = {listener.inode for listener in listeners() if listener.port == port}
    return sorted(
        pid for pid in (_all_pids() if pids is None else pids) if wanted & set(_sockets(pid))
    )


def strangers(port: int, tree: Collection[int]) -> list[Listener]:
    """Return listeners on a port of the loopback that belong to no process of a tree."""
    own = {inode for pid in tree for inode in _sockets(pid)}
    return [
        each
        for each in listeners()
        if each.port == port and _reaches_us(each) and each.inode not in own
    ]


def own_listeners(tree: Collection[int]) -> list[Listener]:
    """Return all sockets on which a tree of processes listens."""
    own = {inode for pid in tree for inode in _sockets(pid)}
    return [each for each in listeners() if each.inode in own]


def named(pids: Collection[int]) -> str:
    """Return the names of processes for a message: `pid 7 (nginx)`."""
    return (
        ", ".join(f"pid {pid} ({_command(pid)})" for pid in pids)
        or "a process that may not be looked at"
    )


def _reaches_us(listener: Listener) -> bool:
    return listener.everywhere or listener.address in {LOOPBACK, f"::ffff:{LOOPBACK}"}


def _listener(fields: list[str]) -> Listener:
    address, _, port = fields[1].partition(":")
    words = [
        int(address[at : at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(address), 8)
    ]
    return Listener(
        address=str(ipaddress.ip_address(b"".join(words))), port=int(port, 16), inode=fields[9]
    )


def _sockets(pid: int) -> Iterator[str]:
    """Yield the inodes of a process's sockets."""
    with contextlib.suppress(OSError):
        for entry in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                target = str(entry.readlink())
                if target.startswith("socket:["):
                    yield target[8:-1]


def _all_pids() -> list[int]:
    with contextlib.suppress(OSError):
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return []


def _command(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return "gone"
