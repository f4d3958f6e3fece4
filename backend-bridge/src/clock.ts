/** Where the time comes from. Everything that waits or stamps takes one, so that tests can drive it. */
export interface Clock {
  /** Wall time, epoch milliseconds. May jump. */
  nowMs(): number;
  /** Monotonic time, milliseconds. Never jumps; for durations and schedules. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`; the returned function cancels it. Never keeps the process alive by itself. */
  schedule(delayMs: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, Math.max(0, delayMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs` or rejects with the signal's reason as soon as it aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = (): void => {
      cancel();
      reject(signal?.reason as Error);
    };
    const cancel = clock.schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
