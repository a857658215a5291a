"""The daemon's side of a conversion: one worker per file, killed at the deadline.

In: a received file and its format. Out: the columns and rows of the Parquet file made from it, or
`FileError`.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from reference_impl.ingestd.errors import FileError
from reference_impl.ingestd.service.task import Converted, Outcome, Task
from reference_impl.kit.worker_pool import WorkerLostError

if TYPE_CHECKING:
    from pathlib import Path

    from reference_impl.ingestd.wire import FileFormat
    from reference_impl.kit.worker_pool import WorkerPool

_DECODER: msgspec.json.Decoder[Outcome] = msgspec.json.Decoder(Outcome)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversions:
    """Converts files within a time limit."""

    workers: WorkerPool
    timeout_s: float

    async def convert(self, source: Path, kind: FileFormat, target: Path) -> Converted:
        """Write `target` as typed Parquet of a file, and return its columns and rows.

        Raises FileError, and BusyError when no worker is free in time.
        """
        task = Task(source=str(source), format=kind, target=str(target), allowed_s=self.timeout_s)
        try:
            async with (
                self.workers.lease(self.timeout_s) as worker,
                asyncio.timeout(self.timeout_s),
            ):
                outcome = _DECODER.decode(await worker.ask(msgspec.json.encode(task)))
        except TimeoutError:
            raise FileError(f"its conversion takes longer than {self.timeout_s:g} s") from None
        except WorkerLostError:
            raise FileError("its conversion needs more memory or time than it has") from None
        if isinstance(outcome, Converted):
            return outcome
        raise FileError(outcome.reason, outcome.line)
