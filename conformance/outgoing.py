"""The door through which every output leaves: files, records, and what is printed.

What must not be written is taken out here, over the bytes as they are written.  A run says what
that is with `keep_out`, for the rest of the process: reports are written after the runtimes are
closed.  Nothing is kept out of what a runtime is sent.
"""

import io
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any, BinaryIO, Final, TextIO, cast

Cleaner = Callable[[bytes], bytes]
"""Returns bytes without what must not be written; bytes without it stay as they are."""

_CLEANERS: Final[dict[Hashable, Cleaner]] = {}
_HELD_BACK: Final = 4_096
"""Bytes of a piece that are cleaned again with the next one: a secret may begin there."""


def keep_out(what: Hashable, cleaner: Cleaner) -> None:
    """Clean all that is written from now on; a cleaner of the same things replaces this one."""
    _CLEANERS[what] = cleaner


def cleaned(raw: bytes) -> bytes:
    """Return bytes as they may be written."""
    for cleaner in tuple(_CLEANERS.values()):
        raw = cleaner(raw)
    return raw


def cleaned_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield pieces as they may be written, also where a secret goes on in the next one."""
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
    """Passes on what may be written, line by line, so that no secret is cut in two by a buffer."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream  # who lets go of it closes its buffer
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
    """Return a stream that writes to another one what may be written there."""
    return io.TextIOWrapper(
        cast("BinaryIO", _Door(out)),
        encoding=out.encoding,
        errors=out.errors,
        line_buffering=True,
        write_through=True,
    )
