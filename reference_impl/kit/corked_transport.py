"""A transport that sends a head and its body together.

In: the writes of a protocol. Out: the same bytes in fewer, larger sends: the writes in one turn of
the event loop are sent at its end, or as soon as `flush` is called for a complete answer. A send
costs both sides more than all other work on a head, and a reader that gets the head alone is woken
twice. Invariants: the order of bytes is that of the writes; at most `_HELD_BYTES` are held; closing
first sends what is held.
"""

from __future__ import annotations

import asyncio
from typing import Any

# A head and a small body fit; a large body gains nothing from waiting.
_HELD_BYTES = 64 * 1024


class CorkedTransport:
    """A wrapper around the transport of one connection."""

    __slots__ = ("_held", "_held_bytes", "_is_due", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._held: list[bytes] = []
        self._held_bytes = 0
        self._is_due = False

    def write(self, data: bytes) -> None:
        """Hold data until the turn ends, unless much is held already."""
        if not data:
            return
        self._held.append(data)
        self._held_bytes += len(data)
        if self._held_bytes > _HELD_BYTES:
            self.flush()
        elif not self._is_due:
            self._is_due = True
            self._loop.call_soon(self._end_turn)

    def flush(self) -> None:
        """Send the held data."""
        if self._held:
            data = b"".join(self._held)
            self._held.clear()
            self._held_bytes = 0
            self._transport.write(data)

    def write_eof(self) -> None:
        """Send the held data, and the end."""
        self.flush()
        self._transport.write_eof()

    def close(self) -> None:
        """Send the held data, and close."""
        self.flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """Return whether the connection is closed or being closed."""
        return self._transport.is_closing()

    def pause_reading(self) -> None:
        """Stop receiving."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Receive again."""
        self._transport.resume_reading()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Return what the transport knows of the connection."""
        return self._transport.get_extra_info(name, default)

    def _end_turn(self) -> None:
        self._is_due = False
        self.flush()
