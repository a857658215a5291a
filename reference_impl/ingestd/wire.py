"""The shapes on the wire of ingestd: the name of the dataset, and the result."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from reference_impl.kit.byte_stream import ByteShape
from reference_impl.kit.parameters import Parameters
from reference_impl.kit.problem import Problem

FileFormat = Literal["csv", "json_lines", "parquet"]

FORMATS: dict[str, FileFormat] = {
    "text/csv": "csv",
    "application/x-ndjson": "json_lines",
    "application/jsonl": "json_lines",
    "application/jsonlines": "json_lines",
    "application/vnd.apache.parquet": "parquet",
    "application/x-parquet": "parquet",
}
"""The format of a file by its media type."""


class IngestQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The dataset that a file is for."""

    name: Annotated[
        str,
        Meta(
            pattern="^[a-z_][a-z0-9_.-]{0,127}$", description="The dataset, new or of this schema."
        ),
    ]


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a dataset; its type is an SQL type."""

    name: str
    type: str


class ObjectRef(msgspec.Struct, frozen=True, kw_only=True):
    """An object in storaged that holds the rows, as Parquet."""

    bucket: str
    key: str
    sha256: str
    size_bytes: int


class Ingested(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The dataset made from a file."""

    dataset_id: str
    name: str
    rows: Annotated[int, Meta(ge=0)]
    schema: tuple[Column, ...]
    objects: tuple[ObjectRef, ...]


class BadFile(Problem, frozen=True, kw_only=True):
    """The problem document of a file that cannot become a dataset.

    `line` is null if no single line is faulty.
    """

    line: Annotated[int, Meta(ge=1)] | None


class StoredObject(msgspec.Struct, frozen=True, kw_only=True):
    """The part of storaged's answer that is needed here."""

    sha256: str
    size_bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The part of catalogd's answer that is needed here."""

    dataset_id: str


INGEST_QUERY = Parameters(place="query", kind=IngestQuery)
INGEST_BODY = ByteShape(media_types=tuple(FORMATS))
