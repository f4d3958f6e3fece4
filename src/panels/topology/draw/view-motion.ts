import type { FrameClock } from './frame-clock.ts';
import type { View } from './scene.ts';

const DURATION_MS = 250;

/**
 * Moves a view over some frames. d3-zoom would do it by d3-transition, which knows no clock but its own: a test could
 * only wait, and a second move would begin where the first one was interrupted rather than where it was going.
 */
export class ViewMotion {
  readonly #clock: FrameClock;
  #frame: number | undefined;
  #target: View | undefined;

  constructor(clock: FrameClock) {
    this.#clock = clock;
  }

  /** Where it is going; undefined at rest. */
  get target(): View | undefined {
    return this.#target;
  }

  run(from: View, to: View, apply: (view: View) => void): void {
    this.stop();
    this.#target = to;
    const startMs = this.#clock.now();
    const step = (): void => {
      const share = Math.min(1, (this.#clock.now() - startMs) / DURATION_MS);
      this.#frame = share < 1 ? this.#clock.nextFrame(step) : undefined;
      if (share === 1) this.#target = undefined;
      apply(share === 1 ? to : between(from, to, 1 - (1 - share) ** 3));
    };
    this.#frame = this.#clock.nextFrame(step);
  }

  stop(): void {
    if (this.#frame !== undefined) this.#clock.cancelFrame(this.#frame);
    this.#frame = undefined;
    this.#target = undefined;
  }
}

/** Scales grow by equal factors, and the offset with them, so that a zoom about a point keeps this point in its place. */
function between(from: View, to: View, share: number): View {
  const k = from.k * (to.k / from.k) ** share;
  const moved = Math.abs(to.k - from.k) < 1e-9 ? share : (k - from.k) / (to.k - from.k);
  return { k, x: from.x + (to.x - from.x) * moved, y: from.y + (to.y - from.y) * moved };
}
