const RECENT_TICKS = 8;

/** What a batch's time means for the ones before it. `stale`: not later than the last; `paused`: after a long gap. */
export type Passage = 'stale' | 'paused' | 'next';

/**
 * The engine's own time. It runs with the times of the batches but never back: after a clock step backwards it goes on
 * from the new wall time, so that one odd batch costs one tick and not the length of the step.
 */
export class EngineTime {
  readonly #pauseMs: number;
  #nowMs = 0;
  #lastAtMs: number | undefined;
  #recentMs: readonly number[] = [];

  constructor(pauseMs: number) {
    this.#pauseMs = pauseMs;
  }

  /** Milliseconds since the first batch. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /** Wall time of the newest batch. */
  get atMs(): number {
    return this.#lastAtMs ?? 0;
  }

  /** Wall times of the newest ticks that moved the engine, newest first, none from before a pause. */
  get recentMs(): readonly number[] {
    return this.#recentMs;
  }

  /** Goes on from a time that was saved: its ticks count for nothing any more. */
  resume(saved: { nowMs: number; atMs: number }): void {
    this.#nowMs = saved.nowMs;
    this.#lastAtMs = saved.atMs;
    this.#recentMs = [];
  }

  isLater(atMs: number): boolean {
    return this.#lastAtMs === undefined || atMs > this.#lastAtMs;
  }

  moveTo(atMs: number): Passage {
    const elapsedMs = this.#lastAtMs === undefined ? undefined : atMs - this.#lastAtMs;
    this.#lastAtMs = atMs;
    if (elapsedMs !== undefined && elapsedMs <= 0) {
      this.#recentMs = this.#recentMs.map((tickMs) => tickMs + elapsedMs);
      return 'stale';
    }
    this.#nowMs += elapsedMs ?? 0;
    const paused = (elapsedMs ?? 0) > this.#pauseMs;
    this.#recentMs = [atMs, ...(paused ? [] : this.#recentMs)].slice(0, RECENT_TICKS);
    return paused ? 'paused' : 'next';
  }
}
