"""The twelve transforms: for each source, the members that it reads and its conversion.

The order of members is that of `docs/distillation.md`, because it decides which reason a bad row
gets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference_impl.materializer.service import records
from reference_impl.materializer.service.members import Member

if TYPE_CHECKING:
    from collections.abc import Callable

    from reference_impl.materializer.service.records import Fields, Row


@dataclass(frozen=True, slots=True)
class Transform:
    """The conversion of one source into evidence."""

    source: str
    time: str
    members: tuple[Member, ...]
    build: Callable[[Row], Fields]


def _needs(name: str, kind: str = "string", *words: str) -> Member:
    return Member(name, kind, required=True, words=words)


def _has(name: str, kind: str = "string") -> Member:
    return Member(name, kind)


TRANSFORMS = {
    each.source: each
    for each in (
        Transform(
            "distilled_facts",
            "ts",
            (
                _needs("fact_id"),
                _needs("ts", "time"),
                _needs("fact"),
                _has("source_files", "strings"),
                _has("model"),
                _has("confidence", "number"),
            ),
            records.distilled_fact,
        ),
        Transform(
            "distilled_procedures",
            "ts",
            (
                _needs("procedure_id"),
                _needs("ts", "time"),
                _needs("title"),
                _needs("steps", "strings"),
                _has("commands", "strings"),
                _has("model"),
            ),
            records.distilled_procedure,
        ),
        Transform(
            "distilled_config_hints",
            "ts",
            (
                _needs("hint_id"),
                _needs("ts", "time"),
                _needs("path"),
                _needs("key"),
                _has("value", "any"),
                _has("reason"),
            ),
            records.config_hint,
        ),
        Transform(
            "contract_analyses",
            "analyzed_at",
            (
                _needs("analysis_id"),
                _needs("analyzed_at", "time"),
                _needs("contract"),
                _needs("passed", "boolean"),
                _has("findings", "strings"),
                _has("model"),
                _has("provider"),
                _has("tokens", "tokens"),
            ),
            records.contract_analysis,
        ),
        Transform(
            "mode_experiments",
            "ts",
            (
                _needs("experiment_id"),
                _needs("ts", "time"),
                _needs("mode"),
                _needs("outcome", "string", "success", "failure"),
                _has("model"),
                _has("provider"),
                _has("score", "number"),
                _has("latency_ms", "number"),
                _has("cost_usd", "number"),
            ),
            records.mode_experiment,
        ),
        Transform(
            "scrum_reviews",
            "reviewed_at",
            (
                _needs("review_id"),
                _needs("reviewed_at", "time"),
                _needs("file"),
                _needs("verdict", "string", "pass", "needs_patch", "fail"),
                _needs("summary"),
                _has("reviewer_model"),
                _has("findings_count", "integer"),
            ),
            records.scrum_review,
        ),
        Transform(
            "observer_escalations",
            "ts",
            (
                _needs("escalation_id"),
                _needs("ts", "time"),
                _needs("task"),
                _needs("from_model"),
                _needs("to_model"),
                _needs("reason"),
            ),
            records.observer_escalation,
        ),
        Transform(
            "audit_facts",
            "extracted_at",
            (
                _needs("head_sha"),
                _needs("extracted_at", "time"),
                _needs("facts", "strings"),
                _has("pr", "integer"),
                _has("extractor_model"),
            ),
            records.audit_facts,
        ),
        Transform(
            "auto_apply",
            "ts",
            (
                _needs("apply_id"),
                _needs("ts", "time"),
                _needs("file"),
                _needs("action", "string", "applied", "reverted", "skipped"),
                _has("reason"),
                _has("commands", "strings"),
            ),
            records.auto_apply,
        ),
        Transform(
            "observer_reviews",
            "ts",
            (
                _needs("review_id"),
                _needs("ts", "time"),
                _needs("artifact"),
                _needs("verdict", "string", "accept", "reject", "override"),
                _needs("reviewer"),
                _has("note"),
            ),
            records.observer_review,
        ),
        Transform(
            "audits",
            "created_at",
            (
                _needs("audit_id"),
                _needs("created_at", "time"),
                _needs("check"),
                _needs("severity", "string", "block", "warn", "info"),
                _needs("evidence"),
                _has("pr", "integer"),
            ),
            records.audit,
        ),
        Transform(
            "outcomes",
            "finished_at",
            (
                _needs("task_id"),
                _needs("finished_at", "time"),
                _needs("ok", "boolean"),
                _has("text"),
                _has("model"),
                _has("provider"),
                _has("prompt_tokens", "integer"),
                _has("completion_tokens", "integer"),
                _has("latency_ms", "number"),
                _has("cost_usd", "number"),
            ),
            records.outcome,
        ),
    )
}
"""The transforms by source, in the order in which sources are read."""
