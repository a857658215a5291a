"""What the daemon tells a converter, and what that answers, each as one JSON document."""

from __future__ import annotations

import msgspec

# the decoder resolves them
from reference_impl.ingestd.wire import Column, FileFormat  # noqa: TC001


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A file, its format, and the Parquet file that is to be made of it."""

    source: str
    format: FileFormat
    target: str
    allowed_s: float


class Converted(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The Parquet file is there."""

    columns: tuple[Column, ...]
    rows: int


class Fault(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The file is to blame."""

    reason: str
    line: int | None


Outcome = Converted | Fault
