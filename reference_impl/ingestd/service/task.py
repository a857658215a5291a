"""The messages between the daemon and a converter, each one JSON document."""

from __future__ import annotations

import msgspec

# the decoder resolves them
from reference_impl.ingestd.wire import Column, FileFormat  # noqa: TC001


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A file, its format, and the path of the Parquet file to write."""

    source: str
    format: FileFormat
    target: str
    allowed_s: float


class Converted(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The conversion succeeded: the columns and the number of rows of the Parquet file."""

    columns: tuple[Column, ...]
    rows: int


class Fault(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The file is faulty, with the reason and the line."""

    reason: str
    line: int | None


Outcome = Converted | Fault
