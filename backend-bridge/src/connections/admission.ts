import type { ConnectionLimits } from './limits.ts';
import { createBucket, isFull, secondsToToken, takeToken, type TokenBucket } from './token-bucket.ts';

export type Refusal =
  | { readonly code: 'TOO_MANY_CONNECTIONS' | 'TOO_MANY_CONNECTIONS_FROM_ADDRESS' }
  | { readonly code: 'CONNECTION_RATE_EXCEEDED'; readonly retryAfterS: number };

type Limits = Pick<ConnectionLimits, 'maxConnections' | 'maxConnectionsPerAddress' | 'connectionRatePerAddress'>;

/** LIM-1 to LIM-3: who may still connect. Holds only addresses with connections or with recent attempts. */
export class Admission {
  readonly #limits: Limits;
  readonly #counts = new Map<string, number>();
  readonly #attempts = new Map<string, TokenBucket>();
  #total = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Charges an attempt, whatever becomes of it: guesses at a token are attempts too. */
  chargeAttempt(address: string, nowMs: number): Refusal | undefined {
    const rate = this.#limits.connectionRatePerAddress;
    let bucket = this.#attempts.get(address);
    if (bucket === undefined) {
      bucket = createBucket(rate, nowMs);
      this.#attempts.set(address, bucket);
    }
    if (takeToken(bucket, rate, nowMs)) return undefined;
    return { code: 'CONNECTION_RATE_EXCEEDED', retryAfterS: Math.max(1, Math.ceil(secondsToToken(bucket, rate))) };
  }

  refusal(address: string): Refusal | undefined {
    if (this.#total >= this.#limits.maxConnections) return { code: 'TOO_MANY_CONNECTIONS' };
    if ((this.#counts.get(address) ?? 0) >= this.#limits.maxConnectionsPerAddress) {
      return { code: 'TOO_MANY_CONNECTIONS_FROM_ADDRESS' };
    }
    return undefined;
  }

  enter(address: string): void {
    this.#total += 1;
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1);
  }

  leave(address: string): void {
    this.#total -= 1;
    const left = (this.#counts.get(address) ?? 0) - 1;
    if (left > 0) this.#counts.set(address, left);
    else this.#counts.delete(address);
  }

  /** Forgets addresses that have not tried for long enough to have their whole burst again. */
  sweep(nowMs: number): void {
    for (const [address, bucket] of this.#attempts) {
      if (isFull(bucket, this.#limits.connectionRatePerAddress, nowMs)) this.#attempts.delete(address);
    }
  }

  /** Addresses remembered, for whatever reason. */
  get size(): number {
    return new Set([...this.#counts.keys(), ...this.#attempts.keys()]).size;
  }
}
