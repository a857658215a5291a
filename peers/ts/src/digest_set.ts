/** A set of SHA-256 digests by their first 128 bits: four words each in one array, instead of a string each on the heap. */

const WORDS = 4;
const DIGITS = 8;
const FEWEST_SLOTS = 64;

export class DigestSet {
  #slots = new Uint32Array(FEWEST_SLOTS * WORDS);
  #size = 0;

  has(hex: string): boolean {
    return this.#isAt(this.#slotOf(this.#slots, words(hex)));
  }

  add(hex: string): void {
    if (this.#size * 2 * WORDS >= this.#slots.length) this.#grow();
    const digest = words(hex);
    const slot = this.#slotOf(this.#slots, digest);
    if (!this.#isAt(slot)) this.#size += 1;
    this.#slots.set(digest, slot);
  }

  #isAt(slot: number): boolean {
    return this.#slots.subarray(slot, slot + WORDS).some((word) => word !== 0);
  }

  /** Give where a digest is, or where it would go. */
  #slotOf(slots: Uint32Array, digest: ArrayLike<number>): number {
    for (let slot = ((digest[0] ?? 0) * WORDS) % slots.length; ; slot = (slot + WORDS) % slots.length) {
      let same = true;
      let empty = true;
      for (let word = 0; word < WORDS; word += 1) {
        same &&= slots[slot + word] === digest[word];
        empty &&= slots[slot + word] === 0;
      }
      if (same || empty) return slot;
    }
  }

  #grow(): void {
    const wider = new Uint32Array(this.#slots.length * 2);
    for (let slot = 0; slot < this.#slots.length; slot += WORDS) {
      const digest = this.#slots.subarray(slot, slot + WORDS);
      if (this.#isAt(slot)) wider.set(digest, this.#slotOf(wider, digest));
    }
    this.#slots = wider;
  }
}

function words(hex: string): number[] {
  return Array.from({ length: WORDS }, (_, word) => Number.parseInt(hex.slice(word * DIGITS, (word + 1) * DIGITS), 16));
}
