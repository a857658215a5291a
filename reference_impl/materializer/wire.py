"""The written files: records, skips and receipts, as compact JSON with members in order.

The form is that of RFC 8785.  Numbers come from `service.row`: whole ones as integers. An absent
member is left out.
"""

from __future__ import annotations

from typing import Any

import msgspec

Text = str | None
Texts = tuple[str, ...]


class Provenance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The source row of a record, and the time when it was read."""

    source_file: str
    line_offset: int
    sig_hash: str
    recorded_at: str


class EvidenceRecord(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True
):
    """One line of evidence."""

    run_id: str
    task_id: str
    timestamp: str
    schema_version: str
    provenance: Provenance
    model_name: Text = None
    model_role: Text = None
    model_provider: Text = None
    text: Text = None
    source_files: Texts = ()
    commands_run: Texts = ()
    success_markers: Texts = ()
    failure_markers: Texts = ()
    human_override: dict[str, Any] | None = None
    validation_results: tuple[dict[str, Any], ...] = ()
    cost_usd: Any = None
    latency_ms: Any = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    metadata: dict[str, Any] = {}


SCHEMA_VERSION = "evidence_record.v1"


class Skip(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A row that was skipped."""

    source: str
    line_offset: int
    line_hash: str
    reason: str
    recorded_at: str


class SourceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The counts of one source in a run."""

    source: str
    file: str
    sha256: str
    bytes: int
    read: int
    written: int
    deduplicated: int
    skipped: int
    torn: bool


class OutputEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day file that a run wrote."""

    file: str
    sha256: str
    records: int
    written: int


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sources and outputs of a run, with its counts."""

    schema: str
    run_id: str
    recorded_at: str
    sources: tuple[SourceEntry, ...]
    outputs: tuple[OutputEntry, ...]
    read: int
    written: int
    deduplicated: int
    skipped: int
    exit: str
    digest: str


RECEIPT_SCHEMA = "distillation_receipt.v1"

_ENCODER = msgspec.json.Encoder()


def line_of(value: msgspec.Struct) -> bytes:
    """Return a value as one line of JSON, with its line end."""
    return _ENCODER.encode(value) + b"\n"
