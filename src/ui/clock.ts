import { createContext, useContext } from 'react';

/** Where the time comes from. Everything that waits or tells an age takes one, so that tests can drive it. */
export interface Clock {
  /** Epoch milliseconds. */
  nowMs(): number;
  /** Runs `task` once after `delayMs`; the returned function calls it off. */
  schedule(delayMs: number, task: () => void): () => void;
}

export const browserClock: Clock = {
  nowMs: () => Date.now(),
  schedule(delayMs, task) {
    const timer = setTimeout(task, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};

export const ClockContext = createContext<Clock>(browserClock);
export const useClock = (): Clock => useContext(ClockContext);
