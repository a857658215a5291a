/** Bytes that wait on the disk until they are wanted: a file without a name, gone with the process. */

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { naming } from "./files.ts";

const PIECE_BYTES = 1 << 20;

export class Spool {
  readonly #path: string;
  readonly #descriptor: number;
  #bytes = 0;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), "materializer-"));
    this.#path = join(folder, "spool");
    this.#descriptor = openSync(this.#path, "w+");
    rmSync(folder, { recursive: true });
  }

  add(piece: Uint8Array): void {
    naming(this.#path, () => {
      for (let from = 0; from < piece.length; ) {
        const size = writeSync(this.#descriptor, piece, from, piece.length - from, this.#bytes);
        from += size;
        this.#bytes += size;
      }
    });
  }

  /** Give all that was added, piece by piece, and the file back. */
  *take(): Generator<Uint8Array> {
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    for (let at = 0; at < this.#bytes; ) {
      const size = readSync(this.#descriptor, buffer, 0, PIECE_BYTES, at);
      yield buffer.subarray(0, size);
      at += size;
    }
    closeSync(this.#descriptor);
  }
}
