import type { Clock } from '../../ui/clock.ts';

interface Task {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  #nowMs: number;
  #tasks: Task[] = [];

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  get waiting(): number {
    return this.#tasks.length;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const task = { atMs: this.#nowMs + delayMs, run };
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
    };
  }

  /** Runs what is due on the way, in order, and lets what it began come to rest. */
  async advance(ms: number): Promise<void> {
    for (const run of this.#due(ms)) {
      run();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  }

  /** Runs what is due on the way, in order, for tests of what does not wait for anything else. */
  skip(ms: number): void {
    for (const run of this.#due(ms)) run();
  }

  *#due(ms: number): Generator<() => void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      const [next] = this.#tasks.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#nowMs = next.atMs;
      this.#tasks = this.#tasks.filter((task) => task !== next);
      yield next.run;
    }
    this.#nowMs = untilMs;
  }
}
