import { dateTime, rangeUtil, type TimeRange } from '@grafana/data';
import { useMemo } from 'react';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The dashboard's range, which moves on by itself where it is relative to now. */
export interface SpanReader {
  readonly now: () => Span;
  /** Whether there will be more of it. */
  readonly isMoving: boolean;
  /** Whether its end is now. */
  readonly isLive: boolean;
}

/** The same for the same range, however often a dashboard makes it anew. */
export function useSpan({ from, to, raw }: TimeRange): SpanReader {
  const isMoving = typeof raw.from === 'string' && typeof raw.to === 'string';
  const [fromKey, toKey] = isMoving ? [String(raw.from), String(raw.to)] : [from.valueOf(), to.valueOf()];
  return useMemo(() => {
    const spanOf = (range: TimeRange): Span => ({ fromMs: range.from.valueOf(), toMs: range.to.valueOf() });
    const fixed = spanOf({ from, to, raw });
    const now = (): Span => (isMoving ? spanOf(rangeUtil.convertRawToRange(raw)) : fixed);
    return { now, isMoving, isLive: raw.to === 'now' };
  }, [isMoving, fromKey, toKey]);
}

export function rangeOf({ fromMs, toMs }: Span): TimeRange {
  const [from, to] = [dateTime(fromMs), dateTime(toMs)];
  return { from, to, raw: { from, to } };
}
