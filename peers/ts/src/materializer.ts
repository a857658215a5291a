/** The materializer: sources in, evidence by day out, a receipt last. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { toldNow, UsageError, utcTime } from "./clock.ts";
import { DayFile, openDay } from "./day_file.ts";
import { everyLine, isThere, LineReader, lookedAt, print, removeUnfinished, replaceFile } from "./files.ts";
import { canonical, type Json, type JsonObject } from "./json.ts";
import { recordLine } from "./record.ts";
import { checkMembers, readRow, RowError, signature } from "./row.ts";
import { type Transform, TRANSFORMS } from "./transforms.ts";

const SKIPS = "data/_kb/distillation_skips.jsonl";
/** Left alone, the engine lets its heap grow with the memory of the machine; a collection takes as long as some thousand rows. */
const ROWS_A_COLLECTION = 25_000;
const RECEIPTS = "reports/distillation";
const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,98}$/;
const BLANK = new Set([0x20, 0x09, 0x0d]);

interface Options {
  root: string;
  sources: readonly Transform[];
  runId: string;
  now: string;
  dryRun: boolean;
  asJson: boolean;
}

interface SourceEntry {
  source: string;
  file: string;
  sha256: string;
  bytes: number;
  read: number;
  written: number;
  deduplicated: number;
  skipped: number;
  torn: boolean;
}

interface OutputEntry {
  file: string;
  sha256: string;
  records: number;
  written: number;
}

export function materializer(words: string[]): number {
  const options = optionsFrom(words);
  const receipt = materialize(options);
  print(options.asJson ? `${JSON.stringify(receipt)}\n` : summary(receipt));
  return 0;
}

function optionsFrom(words: string[]): Options {
  const { values } = parseArgs({
    args: words,
    options: {
      root: { type: "string", default: "." },
      source: { type: "string", multiple: true },
      "run-id": { type: "string" },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  if (!lookedAt(values.root)?.isDirectory()) throw new UsageError(`--root ${values.root}: no such folder`);
  const unknown = values.source?.find((name) => !TRANSFORMS.has(name));
  if (unknown !== undefined) throw new UsageError(`--source ${unknown}: wanted one of ${[...TRANSFORMS.keys()].join(", ")}`);
  const now = toldNow();
  const runId = values["run-id"] ?? `${now.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
  if (!RUN_ID.test(runId)) throw new UsageError(`--run-id ${runId}: wanted letters, digits, '.', '_' and '-'`);
  const sources = [...TRANSFORMS.values()].filter((each) => values.source?.includes(each.source) ?? true);
  return { root: values.root, sources, runId, now, dryRun: values["dry-run"], asJson: values.json };
}

type Receipt = ReturnType<typeof materialize>;

function materialize(options: Options) {
  if (!options.dryRun) for (const folder of ["data", RECEIPTS]) removeUnfinished(join(options.root, folder));
  const skips = new Skips(options);
  const sources: SourceEntry[] = [];
  const outputs: OutputEntry[] = [];
  for (const transform of options.sources) {
    const work = new SourceWork(options, transform, skips);
    if (!isThere(join(options.root, work.file))) continue;
    sources.push(work.read());
    outputs.push(...work.write());
  }
  if (!options.dryRun) skips.write();
  outputs.sort((a, b) => (a.file < b.file ? -1 : 1));
  const receipt = receiptOf(options, sources, outputs);
  if (!options.dryRun) {
    const file = join(options.root, RECEIPTS, options.runId, "receipt.json");
    replaceFile(file, [Buffer.from(`${JSON.stringify(receipt)}\n`)]);
  }
  return receipt;
}

function receiptOf(options: Options, sources: SourceEntry[], outputs: OutputEntry[]) {
  const total = (name: "read" | "written" | "deduplicated" | "skipped"): number =>
    sources.reduce((sum, entry) => sum + entry[name], 0);
  const claim: Json = new Map<string, Json>([["outputs", outputs.map(asJson)], ["sources", sources.map(asJson)]]);
  return {
    schema: "distillation_receipt.v1",
    run_id: options.runId,
    recorded_at: options.now,
    sources,
    outputs,
    read: total("read"),
    written: total("written"),
    deduplicated: total("deduplicated"),
    skipped: total("skipped"),
    exit: total("written") > 0 ? "ok" : "nothing_new",
    digest: createHash("sha256").update(canonical(claim)).digest("hex"),
  };
}

function asJson(entry: SourceEntry | OutputEntry): Json {
  return new Map<string, Json>(Object.entries(entry));
}

/** The lines that were left out before, and those that are now. */
class Skips {
  readonly #options: Options;
  readonly #known = new Set<string>();
  readonly #there: string[] = [];
  readonly #fresh: string[] = [];

  constructor(options: Options) {
    this.#options = options;
    for (const line of everyLine(join(options.root, SKIPS))) {
      this.#there.push(`${line}\n`);
      const known = identityOf(line);
      if (known !== undefined) this.#known.add(known);
    }
  }

  add(source: string, lineOffset: number, line: Uint8Array, reason: string): void {
    const lineHash = createHash("sha256").update(line).digest("hex");
    const identity = `${source} ${lineHash}`;
    if (this.#known.has(identity)) return;
    this.#known.add(identity);
    const skip = { source, line_offset: lineOffset, line_hash: lineHash, reason, recorded_at: this.#options.now };
    this.#fresh.push(`${JSON.stringify(skip)}\n`);
  }

  write(): void {
    if (this.#fresh.length === 0) return;
    replaceFile(join(this.#options.root, SKIPS), [Buffer.from([...this.#there, ...this.#fresh].join(""))]);
  }
}

function identityOf(line: string): string | undefined {
  try {
    const skip: unknown = JSON.parse(line);
    const { source, line_hash } = skip as { source?: unknown; line_hash?: unknown };
    return typeof source === "string" && typeof line_hash === "string" ? `${source} ${line_hash}` : undefined;
  } catch {
    return undefined;
  }
}

/** One source on its way to its day files. */
class SourceWork {
  readonly file: string;
  readonly #options: Options;
  readonly #transform: Transform;
  readonly #skips: Skips;
  readonly #days = new Map<string, DayFile>();

  constructor(options: Options, transform: Transform, skips: Skips) {
    this.#options = options;
    this.#transform = transform;
    this.#skips = skips;
    this.file = `data/_kb/${transform.source}.jsonl`;
  }

  read(): SourceEntry {
    const reader = new LineReader(join(this.#options.root, this.file));
    const counts = { read: 0, written: 0, skipped: 0 };
    let offset = -1;
    for (const line of reader) {
      offset += 1;
      if (line.every((byte) => BLANK.has(byte))) continue;
      counts.read += 1;
      if (counts.read % ROWS_A_COLLECTION === 0) Bun.gc(true);
      try {
        counts.written += this.#take(offset, line) ? 1 : 0;
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        counts.skipped += 1;
        this.#skips.add(this.#transform.source, offset, line, error.message);
      }
    }
    const { read, written, skipped } = counts;
    return {
      source: this.#transform.source, file: this.file, sha256: reader.sha256, bytes: reader.sizeBytes,
      read, written, deduplicated: read - written - skipped, skipped, torn: reader.torn,
    };
  }

  /** Turn a row into a record of its day; tell whether that is new. */
  #take(offset: number, line: Uint8Array): boolean {
    const row = readRow(line);
    checkMembers(row, this.#transform.members);
    const sigHash = signature(row);
    const timestamp = utcTime(row.get(this.#transform.time) as string) as string;
    const day = this.#day(timestamp.slice(0, 10));
    if (day.holds(sigHash)) return false;
    day.add(sigHash, this.#record(row, timestamp, offset, sigHash));
    return true;
  }

  #record(row: JsonObject, timestamp: string, offset: number, sigHash: string): string {
    const given = row.get("run_id");
    const runId = typeof given === "string" && given !== "" ? given : `${this.#transform.source}:${sigHash.slice(0, 16)}`;
    const provenance = { source_file: this.file, line_offset: offset, sig_hash: sigHash, recorded_at: this.#options.now };
    return recordLine(runId, timestamp, provenance, this.#transform.build(row));
  }

  #day(date: string): DayFile {
    let day = this.#days.get(date);
    if (day === undefined) {
      day = openDay(this.#options.root, `data/evidence/${date.replaceAll("-", "/")}/${this.#transform.source}.jsonl`);
      this.#days.set(date, day);
    }
    return day;
  }

  /** Replace the day files that have something new; in a dry run, say which they would be. */
  write(): OutputEntry[] {
    const changed = [...this.#days.values()].filter((day) => day.written > 0);
    return changed.map((day) => ({
      file: day.file,
      sha256: this.#options.dryRun ? day.digest() : day.replace(),
      records: day.before + day.written,
      written: day.written,
    }));
  }
}

function summary(receipt: Receipt): string {
  const lines = receipt.sources.map(
    (entry) =>
      `${entry.source}: ${entry.read} read, ${entry.written} written, ${entry.deduplicated} deduplicated, ` +
      `${entry.skipped} skipped${entry.torn ? ", last line torn" : ""}\n`,
  );
  const last = receipt.written > 0 ? `${receipt.written} records in ${receipt.outputs.length} files` : "nothing new";
  return `${lines.join("")}${last}\n`;
}
