import type { Clock } from '../clock.ts';

/** Answers of some 10 kB each. */
const MAX_ENTRIES = 200;

interface Entry {
  readonly answer: Promise<Uint8Array>;
  readonly bornMs: number;
}

/** Answers that cost several upstream requests, kept for a short while, so that panels which ask the same share one. */
export class AnswerCache {
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock, maxAgeMs: number) {
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  /** A fault reaches those who wait for it, and is not kept. */
  get(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const nowMs = this.#clock.monotonicMs();
    const kept = this.#entries.get(key);
    if (kept !== undefined && nowMs - kept.bornMs < this.#maxAgeMs) return kept.answer;
    this.#entries.delete(key);
    this.#makeRoom(nowMs);
    const entry = { answer: make(), bornMs: nowMs };
    this.#entries.set(key, entry);
    entry.answer.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return entry.answer;
  }

  #makeRoom(nowMs: number): void {
    for (const [key, { bornMs }] of this.#entries) {
      if (this.#entries.size < MAX_ENTRIES && nowMs - bornMs < this.#maxAgeMs) return;
      this.#entries.delete(key);
    }
  }
}
