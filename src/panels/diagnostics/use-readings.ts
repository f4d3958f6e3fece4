import { useMemo, useRef } from 'react';
import type { DataFrame } from '@grafana/data';
import { FRAME_KINDS, readFrames, tableOf, type Reading, type Readings } from './read-frames.ts';

function isSame(a: Reading<never>, b: Reading<never>): boolean {
  const [left, right] = [tableOf(a), tableOf(b)];
  if (left === undefined || right === undefined) return false;
  return (
    left.version === right.version &&
    left.length === right.length &&
    left.frame.fields.length === right.frame.fields.length &&
    left.frame.refId === right.frame.refId &&
    JSON.stringify(left.notices) === JSON.stringify(right.notices)
  );
}

/**
 * What the frames hold. Each packet of the data source brings all frames though one has changed; the tables of the others
 * stay the same objects, so that nothing is sorted or drawn for them.
 */
export function useReadings(series: readonly DataFrame[]): Readings {
  const held = useRef<Readings | undefined>(undefined);
  return useMemo(() => {
    const next: Record<string, unknown> = { ...readFrames(series) };
    for (const kind of FRAME_KINDS) {
      const before = held.current?.[kind];
      if (before && isSame(before as Reading<never>, next[kind] as Reading<never>)) next[kind] = before;
    }
    held.current = next as unknown as Readings;
    return held.current;
  }, [series]);
}
