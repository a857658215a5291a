"""The shapes on the wire of catalogd: manifests of datasets.

Types of columns are SQL types as queryd writes them (`BIGINT`, `VARCHAR`, `DECIMAL(18,3)`,
`INTEGER[]`); catalogd compares them only as text.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from reference_impl.kit.json_body import JsonShape
from reference_impl.kit.parameters import Parameters
from reference_impl.kit.problem import Problem

LARGEST_COUNT = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly (RFC 7493)."""

DatasetName = Annotated[
    str,
    Meta(
        pattern="^[a-z_][a-z0-9_.-]{0,127}$",
        description="Lower case, since SQL does not tell case apart.",
    ),
]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, Meta(ge=0, le=LARGEST_COUNT)]


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One column of a dataset."""

    name: Annotated[str, Meta(min_length=1, max_length=256)]
    type: Annotated[str, Meta(min_length=1, max_length=65536)]


class ObjectRef(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An object in storaged that holds rows of a dataset, as Parquet."""

    bucket: Annotated[str, Meta(min_length=1)]
    key: Annotated[str, Meta(min_length=1)]
    sha256: Sha256
    size_bytes: Count


class Registration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /catalog/register`."""

    name: DatasetName
    schema: Annotated[tuple[Column, ...], Meta(min_length=1)]
    objects: tuple[ObjectRef, ...]
    row_count: Count


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that is known about a dataset."""

    dataset_id: str
    name: DatasetName
    schema: tuple[Column, ...]
    schema_fingerprint: Sha256
    objects: tuple[ObjectRef, ...]
    row_count: Count
    registered_at: str
    updated_at: str


class Datasets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All datasets in the order of their names."""

    datasets: tuple[Manifest, ...]


class SchemaConflict(Problem, frozen=True, kw_only=True):
    """The problem document of a changed schema."""

    registered_fingerprint: Sha256
    sent_fingerprint: Sha256


class DatasetPath(msgspec.Struct, frozen=True, kw_only=True):
    """The name of a dataset in a path; any text, since an invalid name is simply not found."""

    name: str


REGISTER_BODY = JsonShape(kind=Registration)
DATASET_PATH = Parameters(place="path", kind=DatasetPath)
