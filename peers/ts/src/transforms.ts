/** The twelve transforms: which members each reads of a row, and what it makes of them. */

import { isObject, type Json, type JsonObject } from "./json.ts";
import type { Fields, Member as Named } from "./record.ts";
import type { Kind, Member } from "./row.ts";

export interface Transform {
  source: string;
  time: string;
  members: readonly Member[];
  build: (row: JsonObject) => Fields;
}

const needs = (name: string, kind: Kind = "string", ...words: string[]): Member => ({ name, kind, required: true, words });
const has = (name: string, kind: Kind = "string"): Member => ({ name, kind, required: false, words: [] });
const text = (row: JsonObject, name: string): string => row.get(name) as string;
const list = (row: JsonObject, name: string): readonly Json[] => (row.get(name) as Json[] | null | undefined) ?? [];
const picked = (row: JsonObject, ...names: string[]): Named[] => names.map((name) => [name, row.get(name)] as const);
const marked = (good: boolean, success: string, failure: string): Partial<Fields> =>
  good ? { success_markers: [success] } : { failure_markers: [failure] };

const ROWS: readonly Transform[] = [
  {
    source: "distilled_facts",
    time: "ts",
    members: [needs("fact_id"), needs("ts", "time"), needs("fact"), has("source_files", "strings"), has("model"), has("confidence", "number")],
    build: (row) => ({
      task_id: text(row, "fact_id"),
      text: row.get("fact"),
      source_files: list(row, "source_files"),
      model_name: row.get("model"),
      model_role: "distiller",
      metadata: picked(row, "confidence"),
    }),
  },
  {
    source: "distilled_procedures",
    time: "ts",
    members: [needs("procedure_id"), needs("ts", "time"), needs("title"), needs("steps", "strings"), has("commands", "strings"), has("model")],
    build: (row) => ({
      task_id: text(row, "procedure_id"),
      text: [text(row, "title"), ...list(row, "steps")].join("\n"),
      commands_run: list(row, "commands"),
      model_name: row.get("model"),
      model_role: "distiller",
    }),
  },
  {
    source: "distilled_config_hints",
    time: "ts",
    members: [needs("hint_id"), needs("ts", "time"), needs("path"), needs("key"), has("value", "any"), has("reason")],
    build: (row) => ({
      task_id: text(row, "hint_id"),
      text: `${text(row, "path")}: ${text(row, "key")}`,
      source_files: [text(row, "path")],
      model_role: "distiller",
      metadata: picked(row, "key", "value", "reason"),
    }),
  },
  {
    source: "contract_analyses",
    time: "analyzed_at",
    members: [
      needs("analysis_id"), needs("analyzed_at", "time"), needs("contract"), needs("passed", "boolean"),
      has("findings", "strings"), has("model"), has("provider"), has("tokens", "tokens"),
    ],
    build: (row) => {
      const tokens = row.get("tokens");
      const findings = list(row, "findings");
      const broken = findings.length > 0 ? findings : ["contract_broken"];
      return {
        task_id: text(row, "analysis_id"),
        text: row.get("contract"),
        model_name: row.get("model"),
        model_provider: row.get("provider"),
        model_role: "analyst",
        ...(row.get("passed") === true ? { success_markers: ["contract_holds"] } : { failure_markers: broken }),
        validation_results: [[["check", "contract"], ["passed", row.get("passed")]]],
        prompt_tokens: isObject(tokens) ? tokens.get("prompt") : undefined,
        completion_tokens: isObject(tokens) ? tokens.get("completion") : undefined,
      };
    },
  },
  {
    source: "mode_experiments",
    time: "ts",
    members: [
      needs("experiment_id"), needs("ts", "time"), needs("mode"), needs("outcome", "string", "success", "failure"),
      has("model"), has("provider"), has("score", "number"), has("latency_ms", "number"), has("cost_usd", "number"),
    ],
    build: (row) => {
      const marker = `mode:${text(row, "mode")}`;
      return {
        task_id: text(row, "experiment_id"),
        text: row.get("mode"),
        model_name: row.get("model"),
        model_provider: row.get("provider"),
        model_role: "candidate",
        ...marked(row.get("outcome") === "success", marker, marker),
        cost_usd: row.get("cost_usd"),
        latency_ms: row.get("latency_ms"),
        metadata: picked(row, "score"),
      };
    },
  },
  {
    source: "scrum_reviews",
    time: "reviewed_at",
    members: [
      needs("review_id"), needs("reviewed_at", "time"), needs("file"), needs("verdict", "string", "pass", "needs_patch", "fail"),
      needs("summary"), has("reviewer_model"), has("findings_count", "integer"),
    ],
    build: (row) => {
      const marker = `verdict:${text(row, "verdict")}`;
      return {
        task_id: text(row, "review_id"),
        text: row.get("summary"),
        source_files: [text(row, "file")],
        model_name: row.get("reviewer_model"),
        model_role: "reviewer",
        ...marked(row.get("verdict") === "pass", marker, marker),
        metadata: picked(row, "findings_count"),
      };
    },
  },
  {
    source: "observer_escalations",
    time: "ts",
    members: [
      needs("escalation_id"), needs("ts", "time"), needs("task"), needs("from_model"), needs("to_model"), needs("reason"),
    ],
    build: (row) => ({
      task_id: text(row, "task"),
      text: row.get("reason"),
      model_name: row.get("to_model"),
      model_role: "escalation",
      failure_markers: [`escalated_from:${text(row, "from_model")}`],
      metadata: picked(row, "escalation_id"),
    }),
  },
  {
    source: "audit_facts",
    time: "extracted_at",
    members: [needs("head_sha"), needs("extracted_at", "time"), needs("facts", "strings"), has("pr", "integer"), has("extractor_model")],
    build: (row) => ({
      task_id: text(row, "head_sha"),
      text: list(row, "facts").join("\n"),
      model_name: row.get("extractor_model"),
      model_role: "extractor",
      metadata: picked(row, "pr"),
    }),
  },
  {
    source: "auto_apply",
    time: "ts",
    members: [
      needs("apply_id"), needs("ts", "time"), needs("file"), needs("action", "string", "applied", "reverted", "skipped"),
      has("reason"), has("commands", "strings"),
    ],
    build: (row) => ({
      task_id: text(row, "apply_id"),
      text: row.get("reason"),
      source_files: [text(row, "file")],
      commands_run: list(row, "commands"),
      model_role: "applier",
      ...(row.get("action") === "skipped" ? {} : marked(row.get("action") === "applied", "applied", "reverted")),
    }),
  },
  {
    source: "observer_reviews",
    time: "ts",
    members: [
      needs("review_id"), needs("ts", "time"), needs("artifact"), needs("verdict", "string", "accept", "reject", "override"),
      needs("reviewer"), has("note"),
    ],
    build: (row) => {
      const overridden: Partial<Fields> = { human_override: [["by", row.get("reviewer")], ["note", row.get("note")]] };
      return {
        task_id: text(row, "review_id"),
        text: row.get("note"),
        source_files: [text(row, "artifact")],
        model_role: "observer",
        ...(row.get("verdict") === "override" ? overridden : marked(row.get("verdict") === "accept", "accepted", "rejected")),
      };
    },
  },
  {
    source: "audits",
    time: "created_at",
    members: [
      needs("audit_id"), needs("created_at", "time"), needs("check"), needs("severity", "string", "block", "warn", "info"),
      needs("evidence"), has("pr", "integer"),
    ],
    build: (row) => {
      const blocks = row.get("severity") === "block";
      return {
        task_id: text(row, "audit_id"),
        text: row.get("evidence"),
        model_role: "auditor",
        failure_markers: blocks ? [text(row, "check")] : [],
        validation_results: [[["check", row.get("check")], ["severity", row.get("severity")], ["passed", !blocks]]],
        metadata: picked(row, "pr"),
      };
    },
  },
  {
    source: "outcomes",
    time: "finished_at",
    members: [
      needs("task_id"), needs("finished_at", "time"), needs("ok", "boolean"), has("text"), has("model"), has("provider"),
      has("prompt_tokens", "integer"), has("completion_tokens", "integer"), has("latency_ms", "number"), has("cost_usd", "number"),
    ],
    build: (row) => ({
      task_id: text(row, "task_id"),
      text: row.get("text"),
      model_name: row.get("model"),
      model_provider: row.get("provider"),
      model_role: "executor",
      ...marked(row.get("ok") === true, "ok", "failed"),
      cost_usd: row.get("cost_usd"),
      latency_ms: row.get("latency_ms"),
      prompt_tokens: row.get("prompt_tokens"),
      completion_tokens: row.get("completion_tokens"),
    }),
  },
];

/** By source, in the order in which sources are read. */
export const TRANSFORMS: ReadonlyMap<string, Transform> = new Map(ROWS.map((each) => [each.source, each]));
