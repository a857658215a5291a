"""A batch run: a command whose exit code and files are compared.

Invariants: paths are relative, with `/`, and never lead out of the folder of the run; the same run
is the same request.
"""

from pathlib import Path
from typing import Final

from msgspec import Struct

RUN_METHOD: Final = "RUN"
"""The word in place of the method of an HTTP request."""
CLOCK: Final = "CONFORMANCE_CLOCK"
"""The environment variable that gives a command the time, in the form of RFC 3339."""


class BatchFile(Struct, frozen=True, kw_only=True):
    """A file that a command finds: its path in the folder of the run, and its content.

    The content is given as bytes, or as a source file that holds them.
    """

    path: str
    content: bytes | None = None
    source: Path | None = None

    def read(self) -> bytes:
        """Return the bytes of the file; raise OSError."""
        if self.source is not None:
            return self.source.read_bytes()
        return self.content or b""


class BatchRun(Struct, frozen=True, kw_only=True):
    """The input of a command: arguments, variables, files and a memory limit.

    The limit is in MiB, for all its processes together.
    """

    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    files: tuple[BatchFile, ...]
    memory_mib: int
