import { WELL_KNOWN_METRICS, type MetricsBatch, type MetricSpec } from '@topdeck/protocol';

/** The columns of a batch that more than their own judgement needs; undefined where the preset has none. */
export interface Readings {
  readonly edgeRate: Float64Array | undefined;
  readonly edgeErrorRate: Float64Array | undefined;
  readonly edgeLatencyS: Float64Array | undefined;
  /** Number of requests behind each value. */
  readonly requests: { readonly [S in MetricSpec['scope']]: Float64Array | undefined };
}

export function readBatch(batch: MetricsBatch, ratioWindowMs: number): Readings {
  const find = (scope: MetricSpec['scope'], name: string): Float64Array | undefined =>
    batch.columns.find(({ spec }) => spec.scope === scope && spec.name === name)?.values;
  const { requestRate, errorRate, latencyP95 } = WELL_KNOWN_METRICS;
  const count = (rates: Float64Array | undefined): Float64Array | undefined =>
    rates?.map((rate) => (rate * ratioWindowMs) / 1000);
  const edgeRate = find('edge', requestRate);
  return {
    edgeRate,
    edgeErrorRate: find('edge', errorRate),
    edgeLatencyS: find('edge', latencyP95),
    requests: { service: count(find('service', requestRate)), edge: count(edgeRate) },
  };
}
