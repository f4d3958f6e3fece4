/** FNV-1a over bytes; seeds and steps are shared by everything that hashes label values. */
export const HASH_SEED = 0x811c9dc5 | 0;
export const hashStep = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);

export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED;
  for (let at = start; at < end; at += 1) hash = hashStep(hash, bytes[at]);
  return hash;
}

/** Where the values of the wanted labels of one series stand in an answer; end -1 where the series has no such label. */
export class LabelSpans {
  readonly bytes: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly hashes: Int32Array;

  constructor(bytes: Buffer, count: number) {
    this.bytes = bytes;
    this.starts = new Int32Array(count);
    this.ends = new Int32Array(count).fill(-1);
    this.hashes = new Int32Array(count);
  }
}

/**
 * Remembers what a label value resolved to, keyed by its bytes: in an answer of 50,000 series nearly every value has been
 * seen before, and finding it must neither make a string of it nor run a regular expression.
 * Open addressing, linear probing, at most half full.
 */
export class LabelTable {
  readonly #resolve: (value: string) => number;
  readonly #maxEntries: number;
  #slots = new Int32Array(1024);
  #hashes: number[] = [];
  #starts: number[] = [0];
  #results: number[] = [];
  #arena = Buffer.alloc(16 * 1024);
  /** Answers come sorted by label: the value of the series before is the likeliest one. */
  #last = -1;

  /** `maxEntries` bounds the memory under label values that never repeat (pods that come and go): at it, all is forgotten. */
  constructor(resolve: (value: string) => number, maxEntries = 500_000) {
    this.#resolve = resolve;
    this.#maxEntries = maxEntries;
  }

  /** What `resolve` gives for the value of the label `index`, which must have one. */
  lookup(spans: LabelSpans, index: number): number {
    const hash = spans.hashes[index];
    const last = this.#last;
    if (last >= 0 && this.#hashes[last] === hash && this.#equals(last, spans, index)) return this.#results[last];
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot] - 1;
      if (entry < 0) return this.#insert(spans.bytes.subarray(spans.starts[index], spans.ends[index]), hash);
      if (this.#hashes[entry] === hash && this.#equals(entry, spans, index)) {
        this.#last = entry;
        return this.#results[entry];
      }
    }
  }

  #equals(entry: number, { bytes, starts, ends }: LabelSpans, index: number): boolean {
    const from = this.#starts[entry];
    const start = starts[index];
    const end = ends[index];
    if (this.#starts[entry + 1] - from !== end - start) return false;
    const arena = this.#arena;
    for (let at = start, other = from; at < end; at += 1, other += 1) if (bytes[at] !== arena[other]) return false;
    return true;
  }

  #insert(value: Buffer, hash: number): number {
    if (this.#results.length >= this.#maxEntries) this.#forget();
    const result = this.#resolve(value.toString('utf8'));
    const from = this.#starts.at(-1) as number;
    if (from + value.length > this.#arena.length) {
      const larger = Buffer.alloc(Math.max(this.#arena.length * 2, from + value.length));
      this.#arena.copy(larger);
      this.#arena = larger;
    }
    value.copy(this.#arena, from);
    this.#starts.push(from + value.length);
    this.#hashes.push(hash);
    this.#results.push(result);
    if (this.#results.length * 2 > this.#slots.length) this.#grow();
    else this.#place(this.#results.length - 1);
    return result;
  }

  #place(entry: number): void {
    const mask = this.#slots.length - 1;
    let slot = this.#hashes[entry] & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = entry + 1;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let entry = 0; entry < this.#results.length; entry += 1) this.#place(entry);
  }

  #forget(): void {
    this.#slots = new Int32Array(1024);
    this.#hashes = [];
    this.#starts = [0];
    this.#results = [];
    this.#last = -1;
  }
}
