/** The records of one source on one day: which are there, and which are new. */

import { createHash } from "node:crypto";
import { join } from "node:path";
import { DigestSet } from "./digest_set.ts";
import { everyLine, lookedAt, pieceByPiece, replaceFile } from "./files.ts";
import { Spool } from "./spool.ts";

const SPILL_BYTES = 1 << 16;
const DIGEST = /^[0-9a-f]{64}$/;

export class DayFile {
  readonly file: string;
  readonly before: number;
  written = 0;
  readonly #path: string;
  readonly #known: DigestSet;
  readonly #bytes: number;
  #spool: Spool | undefined;
  #lines: string[] = [];
  #heldCharacters = 0;

  constructor(root: string, file: string, known: DigestSet, before: number, bytes: number) {
    this.file = file;
    this.before = before;
    this.#path = join(root, file);
    this.#known = known;
    this.#bytes = bytes;
  }

  holds(sigHash: string): boolean {
    return this.#known.has(sigHash);
  }

  add(sigHash: string, line: string): void {
    this.#known.add(sigHash);
    this.written += 1;
    this.#lines.push(line);
    this.#heldCharacters += line.length;
    if (this.#heldCharacters > SPILL_BYTES) this.#spill();
  }

  /** Write what was there and what is new; return the digest of the whole file. */
  replace(): string {
    const hash = createHash("sha256");
    replaceFile(this.#path, hashed(this.#content(), hash.update.bind(hash)));
    return hash.digest("hex");
  }

  /** Return the digest that the file would have. */
  digest(): string {
    const hash = createHash("sha256");
    for (const piece of this.#content()) hash.update(piece);
    return hash.digest("hex");
  }

  *#content(): Generator<Uint8Array> {
    let last = 0x0a;
    let left = this.#bytes;
    if (left > 0) {
      for (const piece of pieceByPiece(this.#path)) {
        const part = piece.subarray(0, left);
        left -= part.length;
        last = part.at(-1) ?? last;
        yield part;
      }
    }
    if (last !== 0x0a) yield Buffer.from("\n");
    if (this.#spool !== undefined) yield* this.#spool.take();
    yield Buffer.from(this.#lines.join(""));
  }

  #spill(): void {
    this.#spool ??= new Spool();
    this.#spool.add(Buffer.from(this.#lines.join("")));
    this.#lines = [];
    this.#heldCharacters = 0;
  }
}

function* hashed(content: Iterable<Uint8Array>, update: (piece: Uint8Array) => unknown): Generator<Uint8Array> {
  for (const piece of content) {
    update(piece);
    yield piece;
  }
}

/** Read which records a day's file holds; a line that is none is left where it is and counts for nothing. */
export function openDay(root: string, file: string): DayFile {
  const path = join(root, file);
  const known = new DigestSet();
  const bytes = lookedAt(path)?.size ?? 0; // What another run puts there from now on is not copied.
  let before = 0;
  for (const line of everyLine(path)) {
    if (line.trim() === "") continue;
    before += 1;
    const sigHash = sigHashOf(line);
    if (sigHash !== undefined) known.add(sigHash);
  }
  return new DayFile(root, file, known, before, bytes);
}

function sigHashOf(line: string): string | undefined {
  try {
    const record = JSON.parse(line) as { provenance?: { sig_hash?: unknown } } | null;
    const sigHash = record?.provenance?.sig_hash;
    return typeof sigHash === "string" && DIGEST.test(sigHash) ? sigHash : undefined;
  } catch {
    return undefined;
  }
}
