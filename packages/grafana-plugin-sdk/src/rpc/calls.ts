/** Whether a call ends by itself, or lives until somebody ends it. */
export type CallKind = 'finite' | 'endless';

interface Running {
  readonly kind: CallKind;
  readonly controller: AbortController;
}

/** The calls that run at the moment: what a shutdown waits for, and whom it tells. */
export class Calls {
  readonly #running = new Set<Running>();
  #ending = false;
  #idle: (() => void)[] = [];

  /** Runs one call with its signal; `cancel` aborts it from outside. */
  async run<T>(kind: CallKind, body: (signal: AbortSignal, cancel: () => void) => Promise<T>): Promise<T> {
    const running: Running = { kind, controller: new AbortController() };
    this.#running.add(running);
    if (this.#ending && kind === 'endless') running.controller.abort();
    try {
      return await body(running.controller.signal, () => {
        // The library reports the end of a stream as a cancel also when the call is over.
        if (this.#running.has(running)) running.controller.abort();
      });
    } finally {
      this.#running.delete(running);
      if (this.#running.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** Ends the endless calls, also those to come, and waits for the others until `graceOver` ends them as well. */
  async drain(graceOver: AbortSignal): Promise<void> {
    this.#ending = true;
    for (const { kind, controller } of [...this.#running]) if (kind === 'endless') controller.abort();
    const abortAll = (): void => {
      for (const { controller } of [...this.#running]) controller.abort();
    };
    graceOver.addEventListener('abort', abortAll, { once: true });
    if (graceOver.aborted) abortAll();
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }
}
