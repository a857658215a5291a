"""One file, from its bytes to a registered dataset.

In: a name, a format and the pieces of a file. Out: the dataset. The order keeps a dataset whole:
first the file is converted, then its Parquet is stored under a new key, then this key is
registered. The stored object is deleted only after a definite refusal by the catalog: after a lost
answer it may be registered, and an object without a dataset does less harm than a dataset without
its object.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference_impl.ingestd.wire import Ingested, Manifest, ObjectRef, StoredObject
from reference_impl.kit.blocking import in_thread
from reference_impl.kit.client import CallError
from reference_impl.kit.problem import ProblemError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from reference_impl.ingestd.service.conversion import Conversions
    from reference_impl.ingestd.service.task import Converted
    from reference_impl.ingestd.wire import FileFormat
    from reference_impl.kit.client import DaemonClient

BUCKET = "datasets"

# A thread writes or reads this much at once, so that the change of thread costs little.
_PIECE_BYTES = 256 * 1024
_PARQUET = (b"content-type", b"application/vnd.apache.parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingests:
    """Makes datasets from files."""

    scratch: Path
    conversions: Conversions
    storaged: DaemonClient
    catalogd: DaemonClient
    new_id: Callable[[], str]

    async def ingest(self, name: str, kind: FileFormat, pieces: AsyncIterator[bytes]) -> Ingested:
        """Make a dataset from a file, or give a dataset with the same schema new rows.

        Raises FileError, BusyError, and ProblemError when a daemon refuses or does not answer.
        """
        fresh = self.new_id()
        source, target = self.scratch / f"{fresh}.{kind}", self.scratch / f"{fresh}.out"
        try:
            await _write(source, pieces)
            converted = await self.conversions.convert(source, kind, target)
            stored = await self._store(f"{name}/{fresh}.parquet", target)
        finally:
            source.unlink(missing_ok=True)
            target.unlink(missing_ok=True)
        return await self._register(name, converted, stored)

    async def _store(self, key: str, file: Path) -> ObjectRef:
        reply = await self.storaged.call("PUT", _target(key), headers=[_PARQUET], body=_read(file))
        stored = self.storaged.fitted(reply, StoredObject, expected=(201,))
        return ObjectRef(bucket=BUCKET, key=key, sha256=stored.sha256, size_bytes=stored.size_bytes)

    async def _register(self, name: str, converted: Converted, stored: ObjectRef) -> Ingested:
        document = {
            "name": name,
            "schema": converted.columns,
            "objects": [stored],
            "row_count": converted.rows,
        }
        try:
            manifest = await self.catalogd.ask(
                "POST", "/catalog/register", Manifest, document=document, expected=(200, 201)
            )
        except CallError:
            raise
        except ProblemError:
            with suppress(CallError):
                await self.storaged.call("DELETE", _target(stored.key))
            raise
        return Ingested(
            dataset_id=manifest.dataset_id,
            name=name,
            rows=converted.rows,
            schema=converted.columns,
            objects=(stored,),
        )


def _target(key: str) -> str:
    return f"/storage/{BUCKET}/{key}"


async def _write(file: Path, pieces: AsyncIterator[bytes]) -> None:
    with file.open("xb", buffering=_PIECE_BYTES) as out:
        async for piece in pieces:
            await in_thread(out.write, piece)


async def _read(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as source:
        while piece := await in_thread(source.read, _PIECE_BYTES):
            yield piece
