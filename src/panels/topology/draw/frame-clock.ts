/** Frames and time of a page or of a worker, which have the same. Handed in, so that tests turn the hands. */
export interface FrameClock {
  /** Milliseconds since whenever: only differences mean something. */
  now(): number;
  nextFrame(run: () => void): number;
  cancelFrame(id: number): void;
  after(delayMs: number, run: () => void): number;
  cancel(id: number): void;
}

export const frameClock: FrameClock = {
  now: () => performance.now(),
  nextFrame: (run) => requestAnimationFrame(run),
  cancelFrame: (id) => cancelAnimationFrame(id),
  after: (delayMs, run) => Number(setTimeout(run, delayMs)),
  cancel: (id) => clearTimeout(id),
};
