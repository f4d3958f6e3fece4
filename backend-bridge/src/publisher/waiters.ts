import type { Clock } from '../clock.ts';

/** Those who wait for the next state. */
export class Waiters {
  readonly #clock: Clock;
  readonly #waiting = new Set<(isReleased: boolean) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves to true when released, to false after the time or at the close. */
  wait(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (isReleased: boolean): void => {
        cancel();
        this.#waiting.delete(end);
        resolve(isReleased);
      };
      const cancel = this.#clock.schedule(timeoutMs, () => end(false));
      this.#waiting.add(end);
    });
  }

  release(): void {
    for (const end of [...this.#waiting]) end(true);
  }

  close(): void {
    for (const end of [...this.#waiting]) end(false);
  }
}
