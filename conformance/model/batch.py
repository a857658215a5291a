"""A batch run: a command that is judged by its exit code and by the files it leaves.

Invariants: paths are relative, with `/`, and never lead out of the folder of the run; the same run
is the same request.
"""

from pathlib import Path
from typing import Final

from msgspec import Struct

RUN_METHOD: Final = "RUN"
"""What stands where an HTTP request has its method."""
CLOCK: Final = "CONFORMANCE_CLOCK"
"""The environment variable that tells a command what time it is, in RFC 3339."""


class BatchFile(Struct, frozen=True, kw_only=True):
    """A file that a command finds: its path in the folder of the run, and its content.

    The content is its bytes, or the file that holds them.
    """

    path: str
    content: bytes | None = None
    source: Path | None = None

    def read(self) -> bytes:
        """Return the bytes; raises OSError."""
        if self.source is not None:
            return self.source.read_bytes()
        return self.content or b""


class BatchRun(Struct, frozen=True, kw_only=True):
    """What a command is given: arguments, variables, files and a memory limit.

    The limit is for all its processes together.
    """

    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    files: tuple[BatchFile, ...]
    memory_mib: int
