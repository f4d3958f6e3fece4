import type { Clock } from '../src/clock.ts';

interface Task {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Lets promises that are already settled, and what hangs on them, run on. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A clock that stands still until a test advances it. Wall time can be set apart, to play a clock that jumps. */
export class FakeClock implements Clock {
  #monotonicMs = 0;
  #wallOffsetMs: number;
  #order = 0;
  readonly #tasks = new Set<Task>();

  constructor(startMs = Date.parse('2026-01-01T00:00:00Z')) {
    this.#wallOffsetMs = startMs;
  }

  nowMs(): number {
    return this.#wallOffsetMs + this.#monotonicMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const task = { dueMs: this.#monotonicMs + Math.max(0, delayMs), order: (this.#order += 1), run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  /** Tasks not yet due. */
  get pending(): number {
    return this.#tasks.size;
  }

  /** Wall time jumps; monotonic time does not. */
  jumpWall(byMs: number): void {
    this.#wallOffsetMs += byMs;
  }

  /** Time passes while nothing runs, as when the thread is held up. */
  stall(byMs: number): void {
    this.#monotonicMs += byMs;
  }

  /** Runs what is due on the way in order, with the promises that follow from it, and stops `byMs` later. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.#monotonicMs + byMs;
    await settle();
    for (let task = this.#next(endMs); task !== undefined; task = this.#next(endMs)) {
      this.#tasks.delete(task);
      this.#monotonicMs = Math.max(this.#monotonicMs, task.dueMs);
      task.run();
      await settle();
    }
    this.#monotonicMs = endMs;
  }

  #next(endMs: number): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks) {
      if (task.dueMs > endMs) continue;
      if (next === undefined || task.dueMs < next.dueMs || (task.dueMs === next.dueMs && task.order < next.order))
        next = task;
    }
    return next;
  }
}
