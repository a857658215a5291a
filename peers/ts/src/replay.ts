/** Replay: one task, from what is remembered of it to one line in the shared log. */

import { createHash, randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ask, type ChatAnswer, NoAnswerError } from "./chat.ts";
import { toldNow, UsageError } from "./clock.ts";
import { appendRecord } from "./files.ts";
import { codePoints, makeBundle, retrieve, wordsOf } from "./retrieval.ts";

const GATEWAY = /^https?:\/\/[^/\s?#]+(?:\/[^\s?#]*)?$/;
const MAX_CHARACTERS = 4_000;

interface Options {
  root: string;
  task: string;
  gateway: string;
  models: readonly [string, ...string[]];
  budgetTokens: number;
  retrieves: boolean;
  dryRun: boolean;
  asJson: boolean;
  runId: string;
  now: string;
}

export async function replay(words: string[]): Promise<number> {
  const options = optionsFrom(words);
  const run = await runOf(options);
  const line = JSON.stringify(run);
  if (!options.dryRun) appendRecord(join(options.root, "data/_kb/replay_runs.jsonl"), line);
  const told = run.passed ? `passed with ${run.model}` : `failed: ${run.reasons.at(-1)}`;
  process.stdout.write(`${options.asJson ? line : told}\n`);
  return run.passed || options.dryRun ? 0 : 1;
}

function optionsFrom(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      task: { type: "string" },
      root: { type: "string", default: "." },
      gateway: { type: "string" },
      model: { type: "string", multiple: true },
      budget: { type: "string", default: "1500" },
      "no-retrieval": { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      "run-id": { type: "string" },
    },
  });
  const gateway = values.gateway || process.env["LAKEHOUSE_GATEWAY"] || "http://127.0.0.1:5110";
  if (!GATEWAY.test(gateway)) throw new UsageError(`--gateway ${gateway}: wanted http:// or https://, a host, and no query`);
  if (!/^\d+$/.test(values.budget)) throw new UsageError(`--budget ${values.budget}: wanted a number of tokens from 0 on`);
  if (values.task === undefined || values.task.trim() === "") throw new UsageError("--task: wanted what to do");
  if (!existsSync(values.root) || !statSync(values.root).isDirectory()) throw new UsageError(`--root ${values.root}: no such folder`);
  const [first = "local", ...others] = values.model ?? [];
  return {
    root: values.root,
    task: values.task,
    gateway,
    models: [first, ...others],
    budgetTokens: Number(values.budget),
    retrieves: !values["no-retrieval"],
    dryRun: values["dry-run"],
    asJson: values.json,
    runId: values["run-id"] ?? randomBytes(16).toString("hex"),
    now: toldNow(),
  };
}

async function runOf(options: Options) {
  const records = options.retrieves ? retrieve(options.root, options.task) : [];
  const bundle = makeBundle(records, options.budgetTokens);
  const attempt = options.dryRun ? { ...nothingAsked(), reasons: ["dry run"] } : await askInTurn(options, bundle);
  return {
    schema: "replay_run.v1",
    run_id: options.runId,
    task: options.task,
    task_hash: createHash("sha256").update(options.task).digest("hex"),
    retrieved: records.map((record) => record.sigHash),
    bundle_chars: codePoints(bundle),
    model: attempt.asked.at(-1) ?? options.models[0],
    escalation_path: attempt.asked,
    passed: attempt.passed,
    reasons: attempt.reasons,
    prompt_tokens: attempt.promptTokens,
    completion_tokens: attempt.completionTokens,
    latency_ms: Math.round(attempt.milliseconds),
    recorded_at: options.now,
  };
}

interface Attempt {
  asked: string[];
  reasons: string[];
  passed: boolean;
  promptTokens: number;
  completionTokens: number;
  milliseconds: number;
}

function nothingAsked(): Attempt {
  return { asked: [], reasons: [], passed: false, promptTokens: 0, completionTokens: 0, milliseconds: 0 };
}

async function askInTurn(options: Options, bundle: string): Promise<Attempt> {
  const attempt = nothingAsked();
  for (const model of options.models) {
    attempt.asked.push(model);
    const started = performance.now();
    const answer = await answerOf(options, model, bundle);
    attempt.milliseconds += performance.now() - started;
    const reason = typeof answer === "string" ? answer : faultOf(answer.content, options.task);
    if (typeof answer !== "string") {
      attempt.promptTokens += answer.promptTokens;
      attempt.completionTokens += answer.completionTokens;
    }
    if (reason === undefined) return { ...attempt, passed: true };
    attempt.reasons.push(reason);
  }
  return attempt;
}

/** Return an answer, or the reason why there is none. */
async function answerOf(options: Options, model: string, bundle: string): Promise<ChatAnswer | string> {
  try {
    return await ask(options.gateway, model, bundle, options.task);
  } catch (error) {
    if (error instanceof NoAnswerError) return `the model could not be asked: ${error.message}`;
    throw error;
  }
}

/** Return the first reason why an answer does not pass. */
export function faultOf(answer: string, task: string): string | undefined {
  if (/^[ \t\r\n]*$/.test(answer)) return "the answer is empty";
  if (codePoints(answer) > MAX_CHARACTERS) return `the answer is longer than ${MAX_CHARACTERS} characters`;
  return wordsOf(task).isDisjointFrom(wordsOf(answer)) ? "the answer has no word of the task" : undefined;
}
