import type { MetricRangeResponse } from '@topdeck/protocol';

type Row = readonly (number | null)[];

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((atMs, index) => atMs === b[index]);

/**
 * Brings an answer's rows to these times: the newest value not after each, as long as it is not older than the answer's
 * step. The bridge widens the step of an answer that would be too large, and of several answers perhaps only some.
 */
export function ontoTimes({ times: own, step_s }: MetricRangeResponse, times: readonly number[]): (row: Row) => Row {
  if (isSame(own, times)) return (row) => row;
  let next = 0;
  const newest = times.map((atMs) => {
    while (next < own.length && own[next] <= atMs) next += 1;
    return next > 0 && atMs - own[next - 1] < step_s * 1000 ? next - 1 : -1;
  });
  return (row) => newest.map((index) => row[index] ?? null);
}
