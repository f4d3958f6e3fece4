import { useMemo, useSyncExternalStore } from 'react';
import { useClock, type Clock } from './clock.ts';

interface Ticker {
  readonly subscribe: (listener: () => void) => () => void;
  readonly nowMs: () => number;
}

/** One timer for all who look, so that a long list of ages costs no more than one of them. */
function createTicker(clock: Clock, intervalMs: number): Ticker {
  const listeners = new Set<() => void>();
  let shownMs = clock.nowMs();
  let cancel: (() => void) | undefined;
  const tick = (): void => {
    shownMs = clock.nowMs();
    cancel = clock.schedule(intervalMs, tick);
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      if (cancel === undefined) {
        shownMs = clock.nowMs();
        cancel = clock.schedule(intervalMs, tick);
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        cancel?.();
        cancel = undefined;
      };
    },
    nowMs() {
      // Nobody was told of the time that has passed since the last of them left.
      if (cancel === undefined && clock.nowMs() - shownMs >= intervalMs) shownMs = clock.nowMs();
      return shownMs;
    },
  };
}

const tickers = new WeakMap<Clock, Map<number, Ticker>>();

function tickerOf(clock: Clock, intervalMs: number): Ticker {
  const ofClock = tickers.get(clock) ?? new Map<number, Ticker>();
  tickers.set(clock, ofClock);
  const ticker = ofClock.get(intervalMs) ?? createTicker(clock, intervalMs);
  ofClock.set(intervalMs, ticker);
  return ticker;
}

/** Epoch milliseconds, renewed every `intervalMs` while the component is mounted. */
export function useNow(intervalMs = 1000): number {
  const clock = useClock();
  const ticker = useMemo(() => tickerOf(clock, intervalMs), [clock, intervalMs]);
  return useSyncExternalStore(ticker.subscribe, ticker.nowMs);
}
