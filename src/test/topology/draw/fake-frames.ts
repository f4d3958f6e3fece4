import type { FrameClock } from '../../../panels/topology/draw/frame-clock.ts';

interface Task {
  readonly id: number;
  readonly atMs: number;
  readonly run: () => void;
}

const FRAME_MS = 16;

/** Frames and time that pass when a test says so. */
export class FakeFrames implements FrameClock {
  #nowMs = 0;
  #tasks: Task[] = [];
  #ids = 0;

  now(): number {
    return this.#nowMs;
  }

  nextFrame(run: () => void): number {
    return this.after(FRAME_MS, run);
  }

  cancelFrame(id: number): void {
    this.cancel(id);
  }

  after(delayMs: number, run: () => void): number {
    const id = ++this.#ids;
    this.#tasks.push({ id, atMs: this.#nowMs + delayMs, run });
    return id;
  }

  cancel(id: number): void {
    this.#tasks = this.#tasks.filter((task) => task.id !== id);
  }

  /** What is still to come. */
  get waiting(): number {
    return this.#tasks.length;
  }

  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = this.#tasks.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.cancel(next.id);
      this.#nowMs = next.atMs;
      next.run();
    }
    this.#nowMs = endMs;
  }

  frame(): void {
    this.advance(FRAME_MS);
  }
}
