/** Where the time comes from. Everything that waits or stamps takes one, so that tests can drive it. */
export interface Clock {
  /** Wall time, epoch milliseconds. May jump. */
  nowMs(): number;
  /** Runs `task` once after `delayMs`; the returned function calls it off. Never keeps the process alive by itself. */
  schedule(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, Math.max(0, delayMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
