import { MAX_BANDED_SERIES, WELL_KNOWN_METRICS } from '@topdeck/protocol';
import { bandsOf, warmUpMs, type Band } from '../engine/bands.ts';
import { isSampled } from '../engine/measures.ts';
import { BridgeError } from '../errors.ts';
import type { MetricRange, MetricsSource, RangeRequest } from '../sources/metrics-source.ts';

export interface BandParts {
  readonly source: MetricsSource;
  /** Interval between ticks. */
  readonly intervalMs: number;
  /** Span over which the source counts the requests that a value stands for. */
  readonly ratioWindowMs: number;
}

/** Keeps the answer small, and the computing within one turn of the thread. Throws INVALID_REQUEST. */
export function checkBanded(count: number): void {
  if (count <= MAX_BANDED_SERIES) return;
  const detail = `bands are given for ${MAX_BANDED_SERIES} series at most, and resource_id names ${count}`;
  throw new BridgeError('INVALID_REQUEST', { detail });
}

/** The newest values not after each time; undefined where they are older than their own step. */
function newestAt(times: readonly number[], ranges: readonly MetricRange[]): (Float64Array | undefined)[] {
  const samples = ranges.flatMap(({ stepMs, times: ofRange, columns }) =>
    ofRange.map((atMs, k) => ({ atMs, validMs: stepMs, values: columns[k] })),
  );
  let next = 0;
  return times.map((atMs) => {
    while (next < samples.length && samples[next].atMs <= atMs) next += 1;
    const newest = samples[next - 1];
    return newest !== undefined && atMs - newest.atMs < newest.validMs ? newest.values : undefined;
  });
}

/**
 * Bands of a range that was read with this request, one for each of its times. Reads the stretch before it, for the
 * baseline to learn from, and the requests behind values whose scatter depends on them. Rejects with the source's faults.
 */
export async function readBands(parts: BandParts, request: RangeRequest, range: MetricRange): Promise<Band[]> {
  const { source, intervalMs, ratioWindowMs } = parts;
  const [firstMs] = range.times;
  if (firstMs === undefined || range.entities.length === 0) return [];
  const { metric } = request;
  const stepMs = Math.max(intervalMs, range.stepMs);
  const before = { ...request, stepMs: range.stepMs, fromMs: firstMs - warmUpMs(stepMs), toMs: firstMs - 1 };
  const rate = isSampled(metric)
    ? source.metrics.find(({ name, scope }) => name === WELL_KNOWN_METRICS.requestRate && scope === metric.scope)
    : undefined;
  const rates = rate === undefined ? [] : [before, { ...request, stepMs: range.stepMs }];
  const [past, ...rateRanges] = await Promise.all([
    source.range(before),
    ...rates.map((span) => source.range({ ...span, metric: rate ?? metric })),
  ]);
  const times = [...past.times, ...range.times];
  const requests = newestAt(times, rateRanges).map((values) => values?.map((perS) => (perS * ratioWindowMs) / 1000));
  const columns = [...past.columns, ...range.columns];
  return bandsOf({ spec: metric, stepMs, times, columns, requests }).slice(past.times.length);
}
