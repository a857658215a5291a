"""What the daemon and its workers say to each other, over the worker's standard input and output.

A frame is the length of its content, 4 bytes, big-endian, and the content: one of the structs below as JSON. For each
statement the daemon asks for the names in it, then, having fetched those datasets, for its result; a worker answers
each frame with one.
"""

from __future__ import annotations

import msgspec

from reference_impl.queryd.wire import Parameter  # noqa: TC001  # the decoder resolves it

LENGTH_BYTES = 4


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


def frame(content: Question | Reply) -> bytes:
    """Encode a frame."""
    encoded = msgspec.json.encode(content)
    return len(encoded).to_bytes(LENGTH_BYTES, "big") + encoded
