"""The daemons of the lake in the tests: each with its own data directory, and all together."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from tests.reference_impl.conftest import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.reference_impl.conftest import Answer, LiveDaemon


@contextmanager
def running_room(name: str, folder: Path, *arguments: str) -> Iterator[LiveDaemon]:
    """Run one daemon over the state in a folder until the block ends."""
    program = ("-m", "reference_impl", name)
    folder.mkdir(exist_ok=True)
    with running(
        folder / f"{name}.log", "--data-dir", str(folder / "data"), *arguments, program=program
    ) as daemon:
        yield daemon


@dataclass(frozen=True, slots=True, kw_only=True)
class Lake:
    """The daemons that data goes through, each knowing the others."""

    storaged: LiveDaemon
    catalogd: LiveDaemon
    ingestd: LiveDaemon
    queryd: LiveDaemon

    def register(self, name: str, parquet: bytes, columns: Mapping[str, str], rows: int) -> None:
        """Store an object and register it as a dataset."""
        stored = self.storaged.ask("PUT", f"/storage/lake/{name}", parquet).json()
        ref = {
            "bucket": "lake",
            "key": name,
            "sha256": stored["sha256"],
            "size_bytes": stored["size_bytes"],
        }
        schema = [{"name": column, "type": kind} for column, kind in columns.items()]
        document = {"name": name, "schema": schema, "objects": [ref], "row_count": rows}
        assert self.catalogd.post(document, "/catalog/register").status in {200, 201}

    def ingest(self, name: str, media_type: str, body: bytes | str) -> Answer:
        """Ingest a file."""
        return self.ingestd.ask("POST", f"/ingest?name={name}", body, {"content-type": media_type})

    def sql(self, sql: str, *params: Any, **members: Any) -> Answer:
        """Run a statement."""
        return self.queryd.post({"sql": sql, "params": params, **members}, "/sql")

    def value(self, expression: str, *params: Any) -> Any:
        """Give the one value of a SELECT of an expression."""
        answer = self.sql(f"SELECT {expression}", *params)
        assert answer.status == 200, answer.body
        return answer.json()["rows"][0][0]


@contextmanager
def running_lake(
    folder: Path, *queryd_arguments: str, ingestd_arguments: tuple[str, ...] = ()
) -> Iterator[Lake]:
    """Run the daemons of the lake until the block ends."""
    with running_room("storaged", folder) as storaged, running_room("catalogd", folder) as catalogd:
        urls = (
            *("--storaged-url", f"http://127.0.0.1:{storaged.port}"),
            *("--catalogd-url", f"http://127.0.0.1:{catalogd.port}"),
        )
        with (
            running_room("queryd", folder, *urls, *queryd_arguments) as queryd,
            running_room("ingestd", folder, *urls, *ingestd_arguments) as ingestd,
        ):
            yield Lake(storaged=storaged, catalogd=catalogd, ingestd=ingestd, queryd=queryd)


def parquet_of(select: str) -> bytes:
    """Make a Parquet file of a query's rows."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as engine:
        target = Path(folder) / "x.parquet"
        engine.execute(f"COPY ({select}) TO '{target}' (FORMAT parquet)")
        return target.read_bytes()
