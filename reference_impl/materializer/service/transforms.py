"""The twelve transforms: a table of the members that each reads, and what it makes of them.

In: a checked row. Out: the members of an evidence record that depend on the source. The order of
members is that of `docs/distillation.md`, for it decides which reason a bad row is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from reference_impl.materializer.service.members import Member
from reference_impl.materializer.service.row import canonical

if TYPE_CHECKING:
    from collections.abc import Callable

Row = dict[str, Any]
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Transform:
    """How one source becomes evidence."""

    source: str
    time: str
    members: tuple[Member, ...]
    build: Callable[[Row], Fields]


def _needs(name: str, kind: str = "string", *words: str) -> Member:
    return Member(name, kind, required=True, words=words)


def _has(name: str, kind: str = "string") -> Member:
    return Member(name, kind)


def _picked(row: Row, *names: str) -> dict[str, Any]:
    """Give the members that a row has of some, in this order."""
    return {name: row[name] for name in names if row.get(name) is not None}


def _marked(good: bool, success: str, failure: str) -> Fields:
    return {"success_markers": (success,)} if good else {"failure_markers": (failure,)}


def _distilled_fact(row: Row) -> Fields:
    return {
        "task_id": row["fact_id"],
        "text": row["fact"],
        "source_files": tuple(row.get("source_files") or ()),
        "model_name": row.get("model"),
        "model_role": "distiller",
        "metadata": _picked(row, "confidence"),
    }


def _distilled_procedure(row: Row) -> Fields:
    return {
        "task_id": row["procedure_id"],
        "text": "\n".join((row["title"], *row["steps"])),
        "commands_run": tuple(row.get("commands") or ()),
        "model_name": row.get("model"),
        "model_role": "distiller",
    }


def _config_hint(row: Row) -> Fields:
    return {
        "task_id": row["hint_id"],
        "text": f"{row['path']}: {row['key']}",
        "source_files": (row["path"],),
        "model_role": "distiller",
        "metadata": {
            name: msgspec.Raw(canonical(value)) if name == "value" else value
            for name, value in _picked(row, "key", "value", "reason").items()
        },
    }


def _contract_analysis(row: Row) -> Fields:
    tokens = row.get("tokens") or {}
    findings = tuple(row.get("findings") or ()) or ("contract_broken",)
    return {
        "task_id": row["analysis_id"],
        "text": row["contract"],
        "model_name": row.get("model"),
        "model_provider": row.get("provider"),
        "model_role": "analyst",
        **(
            {"success_markers": ("contract_holds",)}
            if row["passed"]
            else {"failure_markers": findings}
        ),
        "validation_results": ({"check": "contract", "passed": row["passed"]},),
        "prompt_tokens": tokens.get("prompt"),
        "completion_tokens": tokens.get("completion"),
    }


def _mode_experiment(row: Row) -> Fields:
    marker = f"mode:{row['mode']}"
    return {
        "task_id": row["experiment_id"],
        "text": row["mode"],
        "model_name": row.get("model"),
        "model_provider": row.get("provider"),
        "model_role": "candidate",
        **_marked(row["outcome"] == "success", marker, marker),
        "cost_usd": row.get("cost_usd"),
        "latency_ms": row.get("latency_ms"),
        "metadata": _picked(row, "score"),
    }


def _scrum_review(row: Row) -> Fields:
    marker = f"verdict:{row['verdict']}"
    return {
        "task_id": row["review_id"],
        "text": row["summary"],
        "source_files": (row["file"],),
        "model_name": row.get("reviewer_model"),
        "model_role": "reviewer",
        **_marked(row["verdict"] == "pass", marker, marker),
        "metadata": _picked(row, "findings_count"),
    }


def _observer_escalation(row: Row) -> Fields:
    return {
        "task_id": row["task"],
        "text": row["reason"],
        "model_name": row["to_model"],
        "model_role": "escalation",
        "failure_markers": (f"escalated_from:{row['from_model']}",),
        "metadata": _picked(row, "escalation_id"),
    }


def _audit_facts(row: Row) -> Fields:
    return {
        "task_id": row["head_sha"],
        "text": "\n".join(row["facts"]),
        "model_name": row.get("extractor_model"),
        "model_role": "extractor",
        "metadata": _picked(row, "pr"),
    }


def _auto_apply(row: Row) -> Fields:
    skipped = row["action"] == "skipped"
    return {
        "task_id": row["apply_id"],
        "text": row.get("reason"),
        "source_files": (row["file"],),
        "commands_run": tuple(row.get("commands") or ()),
        "model_role": "applier",
        **({} if skipped else _marked(row["action"] == "applied", "applied", "reverted")),
    }


def _observer_review(row: Row) -> Fields:
    overridden = row["verdict"] == "override"
    said = {"by": row["reviewer"], **_picked(row, "note")}
    return {
        "task_id": row["review_id"],
        "text": row.get("note"),
        "source_files": (row["artifact"],),
        "model_role": "observer",
        **(
            {"human_override": said}
            if overridden
            else _marked(row["verdict"] == "accept", "accepted", "rejected")
        ),
    }


def _audit(row: Row) -> Fields:
    blocks = row["severity"] == "block"
    return {
        "task_id": row["audit_id"],
        "text": row["evidence"],
        "model_role": "auditor",
        "failure_markers": (row["check"],) if blocks else (),
        "validation_results": (
            {"check": row["check"], "severity": row["severity"], "passed": not blocks},
        ),
        "metadata": _picked(row, "pr"),
    }


def _outcome(row: Row) -> Fields:
    return {
        "task_id": row["task_id"],
        "text": row.get("text"),
        "model_name": row.get("model"),
        "model_provider": row.get("provider"),
        "model_role": "executor",
        **_marked(row["ok"], "ok", "failed"),
        **_picked(row, "cost_usd", "latency_ms", "prompt_tokens", "completion_tokens"),
    }


TRANSFORMS = {
    each.source: each
    for each in (
        Transform(
            "distilled_facts",
            "ts",
            (
                *(
                    _needs("fact_id"),
                    _needs("ts", "time"),
                    _needs("fact"),
                    _has("source_files", "strings"),
                ),
                *(_has("model"), _has("confidence", "number")),
            ),
            _distilled_fact,
        ),
        Transform(
            "distilled_procedures",
            "ts",
            (
                *(
                    _needs("procedure_id"),
                    _needs("ts", "time"),
                    _needs("title"),
                    _needs("steps", "strings"),
                ),
                *(_has("commands", "strings"), _has("model")),
            ),
            _distilled_procedure,
        ),
        Transform(
            "distilled_config_hints",
            "ts",
            (
                *(_needs("hint_id"), _needs("ts", "time"), _needs("path"), _needs("key")),
                *(_has("value", "any"), _has("reason")),
            ),
            _config_hint,
        ),
        Transform(
            "contract_analyses",
            "analyzed_at",
            (
                *(_needs("analysis_id"), _needs("analyzed_at", "time"), _needs("contract")),
                *(
                    _needs("passed", "boolean"),
                    _has("findings", "strings"),
                    _has("model"),
                    _has("provider"),
                ),
                _has("tokens", "tokens"),
            ),
            _contract_analysis,
        ),
        Transform(
            "mode_experiments",
            "ts",
            (
                *(_needs("experiment_id"), _needs("ts", "time"), _needs("mode")),
                _needs("outcome", "string", "success", "failure"),
                *(
                    _has("model"),
                    _has("provider"),
                    _has("score", "number"),
                    _has("latency_ms", "number"),
                ),
                _has("cost_usd", "number"),
            ),
            _mode_experiment,
        ),
        Transform(
            "scrum_reviews",
            "reviewed_at",
            (
                *(_needs("review_id"), _needs("reviewed_at", "time"), _needs("file")),
                *(_needs("verdict", "string", "pass", "needs_patch", "fail"), _needs("summary")),
                *(_has("reviewer_model"), _has("findings_count", "integer")),
            ),
            _scrum_review,
        ),
        Transform(
            "observer_escalations",
            "ts",
            (
                *(
                    _needs("escalation_id"),
                    _needs("ts", "time"),
                    _needs("task"),
                    _needs("from_model"),
                ),
                *(_needs("to_model"), _needs("reason")),
            ),
            _observer_escalation,
        ),
        Transform(
            "audit_facts",
            "extracted_at",
            (
                *(_needs("head_sha"), _needs("extracted_at", "time"), _needs("facts", "strings")),
                *(_has("pr", "integer"), _has("extractor_model")),
            ),
            _audit_facts,
        ),
        Transform(
            "auto_apply",
            "ts",
            (
                *(_needs("apply_id"), _needs("ts", "time"), _needs("file")),
                *(_needs("action", "string", "applied", "reverted", "skipped"), _has("reason")),
                _has("commands", "strings"),
            ),
            _auto_apply,
        ),
        Transform(
            "observer_reviews",
            "ts",
            (
                *(_needs("review_id"), _needs("ts", "time"), _needs("artifact")),
                *(
                    _needs("verdict", "string", "accept", "reject", "override"),
                    _needs("reviewer"),
                    _has("note"),
                ),
            ),
            _observer_review,
        ),
        Transform(
            "audits",
            "created_at",
            (
                *(_needs("audit_id"), _needs("created_at", "time"), _needs("check")),
                *(
                    _needs("severity", "string", "block", "warn", "info"),
                    _needs("evidence"),
                    _has("pr", "integer"),
                ),
            ),
            _audit,
        ),
        Transform(
            "outcomes",
            "finished_at",
            (
                *(
                    _needs("task_id"),
                    _needs("finished_at", "time"),
                    _needs("ok", "boolean"),
                    _has("text"),
                ),
                *(_has("model"), _has("provider"), _has("prompt_tokens", "integer")),
                *(
                    _has("completion_tokens", "integer"),
                    _has("latency_ms", "number"),
                    _has("cost_usd", "number"),
                ),
            ),
            _outcome,
        ),
    )
}
"""By source, in the order in which sources are read."""
