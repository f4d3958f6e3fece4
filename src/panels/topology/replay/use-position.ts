import { useCallback, useEffect, useMemo, useState } from 'react';
import { useClock } from '../../../ui/clock.ts';
import { useLatest } from '../state/use-latest.ts';
import { changeBeside, rowAt, type Timeline } from './timeline.ts';

/** How fast the history passes. */
export const SPEEDS = [1, 10, 60] as const;
export type Speed = (typeof SPEEDS)[number];
/** Faster than this nobody sees the steps. */
const MIN_DELAY_MS = 50;

interface Position {
  /** undefined: now. */
  readonly atMs: number | undefined;
  readonly isPlaying: boolean;
  readonly speed: Speed;
}

const LIVE: Position = { atMs: undefined, isPlaying: false, speed: 10 };

/** The row that follows at this speed, and how long until then. */
function nextStep({ times }: Timeline, row: number, speed: Speed): { readonly row: number; readonly delayMs: number } {
  let next = row + 1;
  while (next < times.length - 1 && (times[next] - times[row]) / speed < MIN_DELAY_MS) next += 1;
  return { row: next, delayMs: Math.max(MIN_DELAY_MS, (times[next] - times[row]) / speed) };
}

/** Where on the timeline one looks, and how that moves. At the end of a range that ends now it is now again. */
export function usePosition(timeline: Timeline, isLiveRange: boolean) {
  const clock = useClock();
  const latest = useLatest(timeline);
  const [{ atMs, isPlaying, speed }, setPosition] = useState(LIVE);
  const patch = useCallback((next: Partial<Position>) => setPosition((before) => ({ ...before, ...next })), []);
  useEffect(() => {
    const known = latest.current;
    if (!isPlaying || atMs === undefined) return undefined;
    const { times } = known;
    const row = rowAt(known, atMs);
    if (row >= times.length - 1) {
      patch({ isPlaying: false, ...(isLiveRange && { atMs: undefined }) });
      return undefined;
    }
    const next = nextStep(known, row, speed);
    return clock.schedule(next.delayMs, () => patch({ atMs: times[next.row] }));
  }, [isPlaying, atMs, speed, isLiveRange, clock, latest, patch]);
  const commands = useMemo(() => {
    const lastRow = (): number => latest.current.times.length - 1;
    const goTo = (row: number): void => {
      if (row > lastRow() && isLiveRange) patch({ atMs: undefined, isPlaying: false });
      else patch({ atMs: latest.current.times[Math.min(lastRow(), Math.max(0, row))], isPlaying: false });
    };
    return {
      goTo,
      live: () => patch({ atMs: undefined, isPlaying: false }),
      setSpeed: (next: Speed) => patch({ speed: next }),
      toChange: (from: number, direction: -1 | 1) => {
        const row = changeBeside(latest.current, from, direction);
        if (row !== undefined) goTo(row);
      },
      togglePlay: () =>
        setPosition((before) => {
          const known = latest.current;
          if (before.isPlaying) return { ...before, isPlaying: false };
          // From the beginning where there is nothing left to play.
          const isAtEnd = before.atMs === undefined || rowAt(known, before.atMs) >= lastRow();
          return { ...before, isPlaying: true, atMs: isAtEnd ? known.times[0] : before.atMs };
        }),
    };
  }, [latest, isLiveRange, patch]);
  const row = atMs === undefined ? undefined : rowAt(timeline, atMs);
  return { row, isPlaying, speed, ...commands };
}
export type PositionState = ReturnType<typeof usePosition>;
