import { WELL_KNOWN_METRICS, type MetricsBatch, type MetricSpec, type Topology } from '@topdeck/protocol';

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

/** Throws a RangeError for a batch of another topology or of other metrics. */
export function checkBatch(batch: MetricsBatch, topology: Topology, metrics: readonly MetricSpec[]): void {
  if (batch.topologyVersion !== topology.version) {
    throw new RangeError(`a batch of topology ${batch.topologyVersion}, but the engine has ${topology.version}`);
  }
  const fits =
    batch.columns.length === metrics.length &&
    batch.columns.every(({ spec, values }, position) => {
      const expected = metrics[position];
      const length = expected.scope === 'service' ? topology.resources.length : topology.dependencies.length;
      return spec.name === expected.name && spec.scope === expected.scope && values.length === length;
    });
  if (!fits) throw new RangeError('a batch whose columns are not those of the engine’s metrics');
}
