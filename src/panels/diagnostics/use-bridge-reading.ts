import { useState } from 'react';
import { useClock } from '../../ui/clock.ts';
import type { BridgeReading } from './connection-state.ts';
import type { Table } from './read-frames.ts';

/** What a data source can be set to. */
const LEAST_INTERVAL_MS = 5_000;
const LONGEST_INTERVAL_MS = 60_000;
/** Changes come between the regular frames: the longest of some gaps is the interval. */
const GAPS_KEPT = 6;

export interface Arrivals {
  /** `updated` of the newest frame, by the data source's clock. */
  readonly updated: number | null;
  readonly arrivedMs: number;
  readonly gapsMs: readonly number[];
}

export function arrive(held: Arrivals | undefined, updated: number | null, nowMs: number): Arrivals {
  if (held === undefined) return { updated, arrivedMs: nowMs, gapsMs: [] };
  if (held.updated === updated) return held;
  return { updated, arrivedMs: nowMs, gapsMs: [nowMs - held.arrivedMs, ...held.gapsMs].slice(0, GAPS_KEPT) };
}

/** The longest there can be before two frames have come. */
export const intervalOf = ({ gapsMs }: Arrivals): number =>
  gapsMs.length === 0 ? LONGEST_INTERVAL_MS : Math.min(LONGEST_INTERVAL_MS, Math.max(LEAST_INTERVAL_MS, ...gapsMs));

/** The connection frame with the time it came at by the browser's clock. */
export function useBridgeReading(table: Table<'connection'> | undefined): BridgeReading | undefined {
  const clock = useClock();
  const [held, setHeld] = useState<Arrivals | undefined>();
  if (table === undefined) return undefined;
  const arrivals = arrive(held, table.number('updated', 0), clock.nowMs());
  if (arrivals !== held) setHeld(arrivals);
  return { table, arrivedMs: arrivals.arrivedMs, intervalMs: intervalOf(arrivals) };
}
