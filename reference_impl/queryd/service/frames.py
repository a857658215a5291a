"""What the daemon and its workers say to each other: the structs below, as JSON.

For each statement the daemon asks for the names in it, then, having fetched those datasets, for its
result; a worker answers each question with one reply.
"""

from __future__ import annotations

import msgspec

from reference_impl.queryd.wire import Parameter  # noqa: TC001  # the decoder resolves it


class Plan(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks which tables a statement reads."""

    sql: str
    allowed_s: float


class Run(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Asks what a statement gives, where these files are the tables of these names."""

    sql: str
    params: tuple[Parameter, ...]
    max_rows: int
    max_bytes: int
    files: dict[str, tuple[str, ...]]
    allowed_s: float


class Names(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The tables that a statement reads."""

    names: tuple[str, ...]


class Table(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A result; columns and rows are JSON already."""

    columns: msgspec.Raw
    rows: msgspec.Raw
    row_count: int
    truncated: bool


class Refusal(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The statement is to blame."""

    detail: str


Question = Plan | Run
Reply = Names | Table | Refusal
