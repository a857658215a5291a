"""The records of the twelve sources: the conversion of a row for each.

In: a checked row. Out: the members of an evidence record that depend on the source, as
`docs/distillation.md` defines.
"""

from __future__ import annotations

from typing import Any

import msgspec

from reference_impl.materializer.service.row import canonical

Row = dict[str, Any]
Fields = dict[str, Any]


def _picked(row: Row, *names: str) -> dict[str, Any]:
    """Return the named members that a row has, in this order."""
    return {name: row[name] for name in names if row.get(name) is not None}


def _marked(good: bool, success: str, failure: str) -> Fields:
    return {"success_markers": (success,)} if good else {"failure_markers": (failure,)}


def distilled_fact(row: Row) -> Fields:
    """Return the record of a fact that a model found in texts."""
    return {
        "task_id": row["fact_id"],
        "text": row["fact"],
        "source_files": tuple(row.get("source_files") or ()),
        "model_name": row.get("model"),
        "model_role": "distiller",
        "metadata": _picked(row, "confidence"),
    }


def distilled_procedure(row: Row) -> Fields:
    """Return the record of a procedure; its text is the title and the steps, one per line."""
    return {
        "task_id": row["procedure_id"],
        "text": "\n".join((row["title"], *row["steps"])),
        "commands_run": tuple(row.get("commands") or ()),
        "model_name": row.get("model"),
        "model_role": "distiller",
    }


def config_hint(row: Row) -> Fields:
    """Return the record of a hint on a setting; its value is unchanged, as canonical JSON."""
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


def contract_analysis(row: Row) -> Fields:
    """Return the record of an analysis; a broken contract has its findings as failures."""
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


def mode_experiment(row: Row) -> Fields:
    """Return the record of an experiment; its marker is its mode."""
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


def scrum_review(row: Row) -> Fields:
    """Return the record of a review, which succeeds only if it passed."""
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


def observer_escalation(row: Row) -> Fields:
    """Return the record of an escalation, a failure of the previous model."""
    return {
        "task_id": row["task"],
        "text": row["reason"],
        "model_name": row["to_model"],
        "model_role": "escalation",
        "failure_markers": (f"escalated_from:{row['from_model']}",),
        "metadata": _picked(row, "escalation_id"),
    }


def audit_facts(row: Row) -> Fields:
    """Return the record of the facts of one commit, one per line."""
    return {
        "task_id": row["head_sha"],
        "text": "\n".join(row["facts"]),
        "model_name": row.get("extractor_model"),
        "model_role": "extractor",
        "metadata": _picked(row, "pr"),
    }


def auto_apply(row: Row) -> Fields:
    """Return the record of a change; a skipped one is neither success nor failure."""
    skipped = row["action"] == "skipped"
    return {
        "task_id": row["apply_id"],
        "text": row.get("reason"),
        "source_files": (row["file"],),
        "commands_run": tuple(row.get("commands") or ()),
        "model_role": "applier",
        **({} if skipped else _marked(row["action"] == "applied", "applied", "reverted")),
    }


def observer_review(row: Row) -> Fields:
    """Return the record of a review; an override is recorded as that of a human."""
    overridden = row["verdict"] == "override"
    override = {"by": row["reviewer"], **_picked(row, "note")}
    return {
        "task_id": row["review_id"],
        "text": row.get("note"),
        "source_files": (row["artifact"],),
        "model_role": "observer",
        **(
            {"human_override": override}
            if overridden
            else _marked(row["verdict"] == "accept", "accepted", "rejected")
        ),
    }


def audit(row: Row) -> Fields:
    """Return the record of an audit, which fails only if it blocks."""
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


def outcome(row: Row) -> Fields:
    """Return the record of the outcome of a task."""
    return {
        "task_id": row["task_id"],
        "text": row.get("text"),
        "model_name": row.get("model"),
        "model_provider": row.get("provider"),
        "model_role": "executor",
        **_marked(row["ok"], "ok", "failed"),
        **_picked(row, "cost_usd", "latency_ms", "prompt_tokens", "completion_tokens"),
    }
