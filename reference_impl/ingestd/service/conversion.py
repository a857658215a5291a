"""The daemon's side of a conversion: a process for each file, a few at the same time, each ended at its deadline.

In: a file that has come, and its format. Out: what the Parquet file beside it holds, or `FileError`.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import msgspec

from reference_impl.ingestd.errors import FileError
from reference_impl.ingestd.service.task import Converted, Outcome, Task
from reference_impl.kit.cage import end_caged, start_caged

if TYPE_CHECKING:
    from pathlib import Path

    from reference_impl.ingestd.wire import FileFormat

_PROGRAM = "reference_impl.ingestd.service.converter"
_DECODER: msgspec.json.Decoder[Outcome] = msgspec.json.Decoder(Outcome)


class Converters:
    """Runs conversions, so many at the same time."""

    def __init__(self, count: int, *, memory_mb: int, timeout_s: float) -> None:
        self._free = asyncio.Semaphore(count)
        self._memory_mb = memory_mb
        self._timeout_s = timeout_s

    async def convert(self, source: Path, kind: FileFormat, target: Path) -> Converted:
        """Make typed Parquet of a file.

        Raises FileError.
        """
        task = Task(
            source=str(source),
            format=kind,
            target=str(target),
            memory_mb=self._memory_mb,
            allowed_s=self._timeout_s,
        )
        async with self._free:
            outcome = await self._run(task)
        if isinstance(outcome, Converted):
            return outcome
        raise FileError(outcome.reason, outcome.line)

    async def _run(self, task: Task) -> Outcome:
        process = await start_caged(_PROGRAM)
        try:
            async with asyncio.timeout(self._timeout_s):
                said, _ = await process.communicate(msgspec.json.encode(task))
        except TimeoutError:
            raise FileError(f"its conversion takes longer than {self._timeout_s:g} s") from None
        finally:
            await end_caged(process)
        try:
            return _DECODER.decode(said)
        except msgspec.DecodeError:
            raise FileError("its conversion needs more memory or time than it has") from None
