"""The wire shapes of queryd: a statement, its result, and what is read of other daemons.

Values of a result are JSON that every reader keeps exactly:

    SQL                                     JSON
    BOOLEAN, VARCHAR                        boolean, string
    TINYINT … UHUGEINT                      a number up to 2^53-1 either side of 0, a string of
                                            digits beyond
    FLOAT, DOUBLE                           a number; "NaN", "Infinity", "-Infinity"
    DECIMAL                                 a string with all its digits
    DATE, TIME                              "2026-11-25", "19:30:00.5"
    TIMESTAMP, TIMESTAMP WITH TIME ZONE     "2026-11-25T19:30:00.5", "2026-11-25T19:30:00.5Z"
    BLOB                                    base64
    LIST, ARRAY; STRUCT                     an array; an object
    MAP                                     an array of {"key", "value"}
    any other type                          a string, as a cast to VARCHAR gives it
    NULL                                    null
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from reference_impl.kit.json_body import JsonShape

# An answer is one JSON document in memory; for more rows, a caller reads the dataset's objects.
LARGEST_RESULT_ROWS = 10_000

Parameter = str | int | float | bool | None


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `POST /sql`."""

    sql: Annotated[
        str,
        Meta(
            min_length=1, max_length=100_000, description="One SELECT, or DESCRIBE, or SUMMARIZE."
        ),
    ]
    params: Annotated[
        tuple[Parameter, ...], Meta(max_length=1000, description="Values for ? or $1, $2, …")
    ] = ()
    max_rows: Annotated[
        int, Meta(ge=0, le=LARGEST_RESULT_ROWS, description="Rows beyond it are cut off.")
    ] = 1000


class Column(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A column of a result."""

    name: str
    type: str


class Result(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The result of a statement: columns, and rows as lists in their order."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    row_count: Annotated[int, Meta(ge=0, description="Rows in this answer.")]
    truncated: Annotated[bool, Meta(description="Whether there were more.")]
    elapsed_ms: Annotated[int, Meta(ge=0)]


class ObjectRef(msgspec.Struct, frozen=True, kw_only=True):
    """The members of a manifest's object that are needed here."""

    bucket: str
    key: str
    sha256: str
    size_bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The members of a catalogd manifest that are needed here."""

    name: str
    objects: tuple[ObjectRef, ...]


SQL_BODY = JsonShape(kind=Statement)
