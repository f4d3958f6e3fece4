import type { Clock } from '../clock.ts';

interface Entry<T> {
  readonly value: T;
  readonly bornMs: number;
}

/** What was made of the newest state, by key; emptied when a newer one comes. */
export class RenderCache<T> {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes what is not there yet, or is older than `maxAgeMs`. */
  get(key: string, make: () => T, maxAgeMs = Infinity): T {
    const nowMs = this.#clock.monotonicMs();
    const entry = this.#entries.get(key);
    if (entry !== undefined && nowMs - entry.bornMs <= maxAgeMs) return entry.value;
    const value = make();
    this.#entries.set(key, { value, bornMs: nowMs });
    return value;
  }

  /** Forgets `value`, unless another has taken its place. */
  forget(key: string, value: T): void {
    if (this.#entries.get(key)?.value === value) this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}

/** CONN-5: an original client is told the time of sending, in the envelope; who asks within this time shares a message. */
export const ORIGINAL_MAX_AGE_MS = 500;
