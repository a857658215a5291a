"""The messages between the daemon and its workers: the structs below, as JSON.

For each statement, the daemon first asks for the names of its tables, then, after fetching these
datasets, for its result. A worker answers each question with one reply.
"""

from __future__ import annotations

import msgspec

from reference_impl.queryd.wire import Parameter  # noqa: TC001  # the decoder resolves it


class Plan(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The question which tables a statement reads."""

    sql: str
    allowed_s: float


class Run(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The question for the result of a statement; `files` are the files of its tables by name."""

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
    """A result; columns and rows are already JSON."""

    columns: msgspec.Raw
    rows: msgspec.Raw
    row_count: int
    truncated: bool


class Refusal(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """The statement is faulty, with the reason."""

    detail: str


Question = Plan | Run
Reply = Names | Table | Refusal
