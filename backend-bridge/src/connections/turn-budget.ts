/** A write of 10 KB takes 10 to 20 µs, nearly all of it in the kernel, so a turn stays at two or three milliseconds. */
const MAX_WRITES = 128;
const MAX_BYTES = 1024 * 1024;

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
