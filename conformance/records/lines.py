"""A file of JSON lines that grows during a process.

A process that dies leaves everything that it had written.
"""

from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

import msgspec

from conformance.atomic_file import naming
from conformance.outgoing import cleaned

_ENCODER: Final = msgspec.json.Encoder()


class RecordLines:
    """Writes the lines; use as a context manager."""

    def __init__(self, file: Path, mode: Literal["wb", "xb"] = "wb") -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self._out = file.open(mode)

    def row(self, row: dict[str, Any]) -> None:
        """Write an object as a line."""
        self.line(encoded(row))

    def line(self, encoded: bytes) -> None:
        """Write a line, secrets left out; raises OSError that names the file."""
        with naming(self._file):
            self._out.write(cleaned(encoded))
            self._out.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with naming(self._file):  # a line that found no room is tried again here
            self._out.close()


def encoded(row: dict[str, Any]) -> bytes:
    """Return an object as a line."""
    return _ENCODER.encode(row) + b"\n"
