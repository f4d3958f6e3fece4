import type { Clock } from '../src/clock.ts';

interface Task {
  readonly atMs: number;
  readonly run: () => void;
}

/** A clock that moves when a test says so. */
export class FakeClock implements Clock {
  #nowMs: number;
  readonly #tasks = new Set<Task>();

  constructor(nowMs = Date.parse('2026-01-31T12:00:00Z')) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const task = { atMs: this.#nowMs + Math.max(0, delayMs), run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /** Tasks that have not run yet. */
  get scheduled(): number {
    return this.#tasks.size;
  }

  /** Runs what falls due on the way, in the order of its time. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = [...this.#tasks].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#tasks.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = endMs;
  }
}
