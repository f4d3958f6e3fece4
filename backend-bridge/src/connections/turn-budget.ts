/** A 10 KB write to a loopback socket takes 5 to 15 µs; this keeps a turn of the event loop at a few milliseconds. */
const MAX_WRITES = 256;
const MAX_BYTES = 2 * 1024 * 1024;

/**
 * How much all fan-outs together may write in one turn of the event loop, so that ten thousand clients never delay a
 * handshake or a ping by more than a few milliseconds.
 */
export class TurnBudget {
  #writes = 0;
  #bytes = 0;
  #nextTurn: Promise<void> | undefined;

  spend(bytes: number): void {
    this.#writes += 1;
    this.#bytes += bytes;
  }

  /** Look again after waiting: whoever resumed earlier in the same turn may have spent it all. */
  get isSpent(): boolean {
    return this.#writes >= MAX_WRITES || this.#bytes >= MAX_BYTES;
  }

  nextTurn(): Promise<void> {
    this.#nextTurn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#writes = 0;
        this.#bytes = 0;
        this.#nextTurn = undefined;
        resolve();
      });
    });
    return this.#nextTurn;
  }
}
