/** Files: read line by line, replaced whole, appended to with one write. */

import {
  closeSync, constants, fdatasyncSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync, renameSync, rmSync,
  statSync, type Stats, writeSync,
} from "node:fs";
import { createHash, randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";

const PIECE_BYTES = 1 << 20;
const LINE_END = 0x0a;
/** An unfinished file is named after who writes it: the first 8 of its 16 hex digits are the process. */
const UNFINISHED = /^\..*?(?:\.([0-7][0-9a-f]{7})[0-9a-f]{8})?\.tmp$/s;

/** Return what has this name, undefined where nothing has. Throws where that cannot be told; existsSync would say no. */
export function lookedAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as { code?: string }).code === "ENOTDIR") return undefined;
    throw error;
  }
}

export function isThere(path: string): boolean {
  return lookedAt(path) !== undefined;
}

/** Write to standard output at once, so that a failure comes before the exit code. */
export function print(text: string): void {
  onFile("standard output", () => writeAll(1, Buffer.from(text)));
}

/** Do something with an open file; an error of it names the file, which the system does not. */
function onFile<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof Error) Object.assign(error, { message: `${path}: ${error.message}`, path });
    throw error;
  }
}

/** A file being read: iterate over its whole lines, without their ends, then ask what was read. */
export class LineReader {
  torn = false;
  sizeBytes = 0;
  readonly #hash = createHash("sha256");
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  *[Symbol.iterator](): Generator<Uint8Array> {
    const descriptor = openSync(this.#path, "r");
    try {
      let rest = Buffer.alloc(0);
      for (const piece of pieces(descriptor, this.#path)) {
        const held = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
        const end = held.lastIndexOf(LINE_END) + 1;
        this.#hash.update(held.subarray(0, end));
        this.sizeBytes += end;
        yield* lines(held.subarray(0, end));
        rest = Buffer.from(held.subarray(end));
      }
      this.torn = rest.length > 0;
    } finally {
      closeSync(descriptor);
    }
  }

  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }
}

function* pieces(descriptor: number, path: string): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  const read = (): number => onFile(path, () => readSync(descriptor, buffer));
  for (let size = read(); size > 0; size = read()) {
    yield buffer.subarray(0, size);
  }
}

function* lines(held: Buffer): Generator<Uint8Array> {
  for (let start = 0; start < held.length; ) {
    const end = held.indexOf(LINE_END, start);
    yield held.subarray(start, end);
    start = end + 1;
  }
}

/** Return every line of a file, a last one without an end included; none where there is no file. */
export function* everyLine(path: string): Generator<string> {
  if (!isThere(path)) return;
  const descriptor = openSync(path, "r");
  try {
    let rest = "";
    const decoder = new TextDecoder();
    for (const piece of pieces(descriptor, path)) {
      const held = (rest + decoder.decode(piece, { stream: true })).split("\n");
      rest = held.pop() ?? "";
      yield* held;
    }
    if (rest !== "") yield rest;
  } finally {
    closeSync(descriptor);
  }
}

/** Return the bytes of a file piece by piece; each is only good until the next. */
export function* pieceByPiece(path: string): Generator<Uint8Array> {
  const descriptor = openSync(path, "r");
  try {
    yield* pieces(descriptor, path);
  } finally {
    closeSync(descriptor);
  }
}

/** Replace a file by some content: beside it, to the disk, then in its place, its name to the disk. */
export function replaceFile(path: string, content: Iterable<Uint8Array>): void {
  naming(path, () => putInPlace(path, content));
}

/** Do some work on a file; an error of the system names the file. */
export function naming<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    // The system tells nothing of the file where it was written to or synced by its descriptor.
    if (error instanceof Error && !("path" in error)) error.message = `${path}: ${error.message}`;
    throw error;
  }
}

function putInPlace(path: string, content: Iterable<Uint8Array>): void {
  mkdirSync(dirname(path), { recursive: true });
  const owner = process.pid.toString(16).padStart(8, "0");
  const unfinished = join(dirname(path), `.${basename(path)}.${owner}${randomBytes(4).toString("hex")}.tmp`);
  try {
    const descriptor = openSync(unfinished, "wx");
    try {
      for (const piece of content) writeAll(descriptor, piece);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

function writeAll(descriptor: number, piece: Uint8Array): void {
  for (let done = 0; done < piece.length; ) done += writeSync(descriptor, piece, done);
}

function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Remove what a run that died left half written. */
export function removeUnfinished(folder: string): void {
  if (!isThere(folder)) return;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const found = UNFINISHED.exec(entry.name);
    if (entry.isFile() && found !== null && !isAlive(parseInt(found[1] ?? "0", 16))) {
      rmSync(join(entry.parentPath, entry.name), { force: true });
    }
  }
}

/** Tell whether another process lives. This one has begun nothing when it asks. */
function isAlive(owner: number): boolean {
  if (owner === 0 || owner === process.pid) return false;
  try {
    return process.kill(owner, 0);
  } catch (error) {
    return (error as { code?: string }).code !== "ESRCH";
  }
}

export const MAX_RECORD_BYTES = 65_536;

/** Append one record to a log that others append to: one buffer, one write, once more where it fell short. */
export function appendRecord(path: string, record: string): void {
  const buffer = Buffer.from(`\n${record}\n`);
  if (buffer.length > MAX_RECORD_BYTES) throw new Error(`${path}: a record of ${buffer.length} bytes, of ${MAX_RECORD_BYTES} allowed`);
  mkdirSync(dirname(path), { recursive: true });
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT, 0o644);
  try {
    if (writeSync(descriptor, buffer) < buffer.length && writeSync(descriptor, buffer) < buffer.length) {
      throw new Error(`${path}: only a part of the record could be written`);
    }
    fdatasyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
