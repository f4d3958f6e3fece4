import type { Snapshot } from '@topdeck/protocol';
import type { ReadRequest } from './query-type.ts';

/** Points that no screen needs more of. */
const MAX_TIMES = 5_000;
const MIN_STEP_MS = 1_000;
/** Of the ids in one request, percent-encoded: Node's servers refuse headers of more than 16 KiB, address included. */
const MAX_IDS_LENGTH = 6_000;
/** Frames are made in browsers too, which have no Buffer. */
const utf8 = new TextEncoder();

export interface Past {
  readonly since: string;
  readonly until: string;
  readonly stepMs: number;
}

/**
 * The query's range up to the newest state, with which a stream goes on: later rows must not lie before earlier ones.
 * Undefined when nothing of it has happened yet.
 */
export function pastOf({ range, snapshot, maxDataPoints, intervalMs }: ReadRequest): Past | undefined {
  const fromMs = Math.max(0, range.fromMs);
  const toMs = Math.min(range.toMs, newestMs(snapshot));
  if (!(fromMs < toMs)) return undefined;
  const points = Math.min(MAX_TIMES, Math.max(1, maxDataPoints));
  const stepMs = Math.ceil(Math.max(MIN_STEP_MS, intervalMs, (toMs - fromMs) / points) / 1000) * 1000;
  return { since: new Date(fromMs).toISOString(), until: new Date(toMs).toISOString(), stepMs };
}

export const newestMs = ({ timestamp }: Snapshot): number => Date.parse(timestamp);

/** In lists of which each fits into a request, and has answers of at most `most` series where it holds several ids. */
export function inRequests(
  ids: readonly string[],
  { seriesOf, most }: { seriesOf: (id: string) => number; most: number } = { seriesOf: () => 0, most: 0 },
): string[][] {
  const requests: string[][] = [];
  let left = { length: 0, series: 0 };
  for (const id of ids) {
    const length = 'resource_id=&'.length + 3 * utf8.encode(id).length;
    const series = seriesOf(id);
    if (length > left.length || series > left.series || requests.length === 0) {
      requests.push([]);
      left = { length: MAX_IDS_LENGTH, series: most };
    }
    requests[requests.length - 1].push(id);
    left = { length: left.length - length, series: left.series - series };
  }
  return requests;
}
