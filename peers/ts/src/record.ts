/** Evidence records: their members, and the order in which they are written. */

import { canonical, type Json } from "./json.ts";

export interface Provenance {
  source_file: string;
  line_offset: number;
  sig_hash: string;
  recorded_at: string;
}

/** What a transform makes of a row; undefined and empty members are left out. */
export interface Fields {
  task_id: string;
  model_name?: Json | undefined;
  model_role?: string;
  model_provider?: Json | undefined;
  text?: Json | undefined;
  source_files?: readonly Json[];
  commands_run?: readonly Json[];
  success_markers?: readonly Json[];
  failure_markers?: readonly Json[];
  human_override?: Member[];
  validation_results?: readonly Member[][];
  cost_usd?: Json | undefined;
  latency_ms?: Json | undefined;
  prompt_tokens?: Json | undefined;
  completion_tokens?: Json | undefined;
  metadata?: Member[];
}

/** A named value, in an object whose order counts. */
export type Member = readonly [string, Json | undefined];

const ORDER = [
  "model_name", "model_role", "model_provider", "text", "source_files", "commands_run", "success_markers",
  "failure_markers", "human_override", "validation_results", "cost_usd", "latency_ms", "prompt_tokens",
  "completion_tokens", "metadata",
] as const;

export function recordLine(runId: string, timestamp: string, provenance: Provenance, fields: Fields): string {
  const head = { run_id: runId, task_id: fields.task_id, timestamp, schema_version: "evidence_record.v1", provenance };
  const parts = [JSON.stringify(head).slice(0, -1)];
  for (const name of ORDER) {
    const written = member(name, fields);
    if (written !== undefined) parts.push(`"${name}":${written}`);
  }
  return `${parts.join(",")}}\n`;
}

function member(name: (typeof ORDER)[number], fields: Fields): string | undefined {
  switch (name) {
    case "human_override":
    case "metadata":
      return object(fields[name] ?? []);
    case "validation_results":
      return list((fields[name] ?? []).map(object));
    case "source_files":
    case "commands_run":
    case "success_markers":
    case "failure_markers":
      return list((fields[name] ?? []).map(canonical));
    default: {
      const value = fields[name];
      return value === undefined || value === null ? undefined : canonical(value);
    }
  }
}

function list(items: readonly (string | undefined)[]): string | undefined {
  return items.length === 0 ? undefined : `[${items.join(",")}]`;
}

function object(members: readonly Member[]): string | undefined {
  const there = members.filter(([, value]) => value !== undefined && value !== null);
  if (there.length === 0) return undefined;
  return `{${there.map(([name, value]) => `${JSON.stringify(name)}:${canonical(value as Json)}`).join(",")}}`;
}
