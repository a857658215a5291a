"""The filter that all output passes through: files, records, and what is printed.

It removes secrets from the bytes as they are written. A run registers its secrets with `keep_out`,
and they stay registered until the process ends, because reports are written after the runtimes are
closed. Requests to runtimes are not filtered.
"""

import io
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, BinaryIO, Final, TextIO, cast

Cleaner = Callable[[bytes], bytes]
"""Returns the bytes with secrets removed; other bytes stay as they are."""

_CLEANERS: Final[dict[Hashable, Cleaner]] = {}
_HELD_BACK: Final = 4_096
"""How many last bytes of a piece wait for the next piece: a secret may begin in them."""


def keep_out(what: Hashable, cleaner: Cleaner) -> None:
    """Register a cleaner for all later output; it replaces an earlier one for the same `what`."""
    _CLEANERS[what] = cleaner


def cleaned(raw: bytes) -> bytes:
    """Return the bytes without secrets."""
    for cleaner in tuple(_CLEANERS.values()):
        raw = cleaner(raw)
    return raw


def cleaned_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces without secrets, including a secret that two pieces share."""
    held = b""
    for piece in pieces:
        if not _CLEANERS:
            yield piece
            continue
        whole = cleaned(held + piece)
        held = whole[-_HELD_BACK:]
        yield whole[: len(whole) - len(held)]
    yield held


class _Door(io.RawIOBase):
    """Removes secrets from a stream line by line, so that no buffer cuts a secret in two."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream  # kept: a stream that is garbage-collected closes its buffer
        self._out = stream.buffer
        self._line = b""

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._out.isatty()

    def fileno(self) -> int:
        return self._out.fileno()

    def write(self, piece: Any, /) -> int:  # any buffer
        raw = bytes(piece)
        lines, end, rest = (self._line + raw).rpartition(b"\n")
        self._line = rest
        if end:
            self._out.write(cleaned(lines + end))
        return len(raw)

    def flush(self) -> None:
        if not self.closed and self._line:
            self._out.write(cleaned(self._line))
            self._line = b""
        self._out.flush()


def guarded(out: TextIO) -> TextIO:
    """Return a stream that removes secrets from what is written and passes it on to `out`."""
    return io.TextIOWrapper(
        cast("BinaryIO", _Door(out)),
        encoding=out.encoding,
        errors=out.errors,
        line_buffering=True,
        write_through=True,
    )
