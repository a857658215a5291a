"""The parts of evidence that are read, the request to a model, and the log line of a run."""

from __future__ import annotations

from typing import Any

import msgspec


class Signed(msgspec.Struct, frozen=True):
    """The source row of a record."""

    sig_hash: str


class Check(msgspec.Struct, frozen=True):
    """One validation step; only its name is read."""

    check: str


class Remembered(msgspec.Struct, frozen=True):
    """The members of an evidence record that replay reads."""

    provenance: Signed
    timestamp: str = ""
    text: str = ""
    failure_markers: tuple[str, ...] = ()
    validation_results: tuple[Check, ...] = ()


class Usage(msgspec.Struct, frozen=True):
    """The tokens of one answer."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class ChatAnswer(msgspec.Struct, frozen=True):
    """The answer of a gateway."""

    content: str
    usage: Usage = Usage()


class ReplayRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the shared log."""

    schema: str
    run_id: str
    task: str
    task_hash: str
    retrieved: tuple[str, ...]
    bundle_chars: int
    model: str
    escalation_path: tuple[str, ...]
    passed: bool
    reasons: tuple[str, ...]
    prompt_tokens: int
    completion_tokens: int
    latency_ms: int
    recorded_at: str


RUN_SCHEMA = "replay_run.v1"


def chat_body(model: str, bundle: str, task: str) -> bytes:
    """Return the encoded request for one answer."""
    messages: list[dict[str, Any]] = [{"role": "system", "content": bundle}] if bundle else []
    messages.append({"role": "user", "content": task})
    return msgspec.json.encode(
        {"model": model, "messages": messages, "temperature": 0, "max_tokens": 512}
    )
