/** What is remembered of a task: the best records, and the bundle that a model is told. */

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { everyLine } from "./files.ts";

export interface Remembered {
  sigHash: string;
  timestamp: string;
  text: string;
  failed: boolean;
  checks: string[];
}

const BEST = 5;
const CHARACTERS_A_TOKEN = 4;

export function wordsOf(text: string): Set<string> {
  return new Set(text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()).match(/[a-z0-9]{3,}/g) ?? []);
}

/** Return the records below a root that share most words with a task, the best first. */
export function retrieve(root: string, task: string): Remembered[] {
  const wanted = wordsOf(task);
  const scored: { score: number; record: Remembered }[] = [];
  for (const record of evidence(join(root, "data/evidence"))) {
    const score = wordsOf(record.text).intersection(wanted).size;
    if (score > 0) scored.push({ score, record });
  }
  scored.sort((a, b) => b.score - a.score || compared(b.record.timestamp, a.record.timestamp) || compared(a.record.sigHash, b.record.sigHash));
  return scored.slice(0, BEST).map(({ record }) => record);
}

function compared(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function* evidence(folder: string): Generator<Remembered> {
  if (!existsSync(folder)) return;
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(".jsonl")).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    for (const line of everyLine(file)) {
      const record = remembered(line);
      if (record !== undefined) yield record;
    }
  }
}

/** Read an evidence record; undefined where a line is none. */
function remembered(line: string): Remembered | undefined {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { provenance, timestamp = "", text = "", failure_markers = [], validation_results = [] } = (row ?? {}) as Record<string, unknown>;
  const sigHash = (provenance as { sig_hash?: unknown } | null | undefined)?.sig_hash;
  const checks = Array.isArray(validation_results) ? validation_results.map((result: { check?: unknown } | null) => result?.check) : [null];
  const isRecord =
    typeof sigHash === "string" && typeof timestamp === "string" && typeof text === "string" &&
    areStrings(failure_markers) && areStrings(checks);
  return isRecord ? { sigHash, timestamp, text, failed: failure_markers.length > 0, checks } : undefined;
}

function areStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Return what a model is told of some records, the best first; empty where nothing fits the budget. */
export function makeBundle(records: readonly Remembered[], budgetTokens: number): string {
  const parts: [string, string[]][] = [
    ["Examples:", records.filter((record) => !record.failed).map((record) => record.text)],
    ["Failures:", records.filter((record) => record.failed).map((record) => record.text)],
    ["Validation steps:", [...new Set(records.flatMap((record) => record.checks))]],
  ];
  let left = budgetTokens;
  const lines = parts.flatMap(([heading, texts]) => {
    const entries = texts.flatMap((text) => {
      const entry = text.replaceAll(/\r\n|\r|\n/g, " ");
      const cost = Math.ceil(codePoints(entry) / CHARACTERS_A_TOKEN);
      if (cost > left) return [];
      left -= cost;
      return [`- ${entry}`];
    });
    return entries.length > 0 ? [heading, ...entries] : [];
  });
  return lines.join("\n");
}

export function codePoints(text: string): number {
  return [...text].length;
}
