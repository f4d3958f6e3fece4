import type { Clock } from './clock.ts';

/** Newer events than this push out the oldest: a reader that far behind is helped by the newest alone. */
const MAX_HELD = 10_000;

/** Collects what happened while its reader was busy, and wakes it: at once, or when nothing came for `quietMs`. */
export class Mailbox<T> {
  readonly #clock: Clock;
  readonly #quietMs: number;
  #held: T[] = [];
  #woken = true;
  #waiting: (() => void) | undefined;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, quietMs: number) {
    this.#clock = clock;
    this.#quietMs = quietMs;
  }

  put(item: T): void {
    this.#held.push(item);
    if (this.#held.length > MAX_HELD) this.#held.shift();
    this.wake();
  }

  wake(): void {
    this.#woken = true;
    this.#waiting?.();
  }

  /** Everything put since the last call. */
  take(): readonly T[] {
    const taken = this.#held;
    this.#held = [];
    this.#woken = false;
    return taken;
  }

  /** Resolves when something was put or `wake` called since `take`, or after `quietMs`. One reader. */
  wait(): Promise<void> {
    if (this.#woken) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = () => {
        this.#cancel?.();
        this.#waiting = undefined;
        resolve();
      };
      this.#cancel = this.#clock.schedule(this.#quietMs, this.#waiting);
    });
  }

  close(): void {
    this.#waiting?.();
    this.#held = [];
  }
}
