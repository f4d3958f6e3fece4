import type { Clock } from '../clock.ts';
import type { Connection } from './connection.ts';

/**
 * EXT-8: how long an extended client may take to send `resume` before it gets a full snapshot. It is sent at the
 * earliest when the handshake's answer has arrived, so this is the longest round trip that still saves the snapshot:
 * enough between continents.
 */
export const RESUME_WAIT_MS = 250;

/** Connections that may still resume. All wait equally long, so they come due in order and one timer does. */
export class ResumeWait {
  readonly #clock: Clock;
  readonly #onOver: (connection: Connection) => void;
  #waiting: { readonly connection: Connection; readonly untilMs: number }[] = [];
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onOver: (connection: Connection) => void) {
    this.#clock = clock;
    this.#onOver = onOver;
  }

  add(connection: Connection): void {
    this.#waiting.push({ connection, untilMs: this.#clock.monotonicMs() + RESUME_WAIT_MS });
    this.#schedule();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting = [];
  }

  #schedule(): void {
    const [first] = this.#waiting;
    if (first === undefined || this.#cancel !== undefined) return;
    this.#cancel = this.#clock.schedule(first.untilMs - this.#clock.monotonicMs(), () => {
      this.#cancel = undefined;
      const nowMs = this.#clock.monotonicMs();
      const open = this.#waiting.findIndex(({ untilMs }) => untilMs > nowMs);
      const over = this.#waiting.splice(0, open === -1 ? this.#waiting.length : open);
      for (const { connection } of over) this.#onOver(connection);
      this.#schedule();
    });
  }
}
