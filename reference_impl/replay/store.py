"""Evidence read from its folders, and the shared log to which several runtimes append.

The log follows the append protocol of `docs/distillation.md`: one buffer, a line end before and
after, one write.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import msgspec

from reference_impl.replay.errors import LogError
from reference_impl.replay.wire import Remembered, ReplayRun

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RUNS = "data/_kb/replay_runs.jsonl"
# A record is one write, which several programs append without mixing (docs/distillation.md).
MAX_RECORD_BYTES = 65_536
_READABLE = 0o644


class Evidence:
    """The records below a root; `unreadable` counts bad lines during an iteration."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "data" / "evidence"
        self.unreadable = 0

    def __iter__(self) -> Iterator[Remembered]:
        """Yield every record; a line that is no record is counted and skipped."""
        decoder = msgspec.json.Decoder(Remembered)
        for file in sorted(self._folder.rglob("*.jsonl")):
            with file.open("rb") as lines:
                for line in lines:
                    if not line.strip():
                        continue
                    try:
                        yield decoder.decode(line)
                    except msgspec.MsgspecError:
                        self.unreadable += 1


def append_run(root: Path, run: ReplayRun) -> None:
    """Append one record as a whole; a short first write is repeated once.

    Raises LogError.
    """
    file = root / RUNS
    buffer = b"\n" + msgspec.json.encode(run) + b"\n"
    if len(buffer) > MAX_RECORD_BYTES:
        raise LogError(f"{file}: a record of {len(buffer)} bytes, of {MAX_RECORD_BYTES} allowed")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, _READABLE)
        try:
            if os.write(descriptor, buffer) < len(buffer) and os.write(descriptor, buffer) < len(
                buffer
            ):
                raise LogError(f"{file}: only a part of the record could be written")
            os.fdatasync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LogError(f"{file}: {error.strerror}") from error
