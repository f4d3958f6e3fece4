import { WELL_KNOWN_METRICS, type MetricSpec } from '@topdeck/protocol';

/** The part that each column of a batch plays in the search: positions in the order of the specs, -1 where there is none. */
export interface ScopeRoles {
  readonly latency: number;
  readonly errors: number;
  readonly requests: number;
}
export interface MetricRoles {
  readonly service: ScopeRoles;
  readonly edge: ScopeRoles;
  /** What an edge adds to the latency of the called service. */
  readonly network: number;
  /** Everything else of a service that is bad when it rises: CPU, memory, connections, queues. */
  readonly resources: readonly number[];
}

/** Means add up along calls, medians nearly, high percentiles least; only one of them is needed. */
const LATENCIES = ['latency_avg', 'latency_p50', WELL_KNOWN_METRICS.latencyP95];
export const NETWORK_LATENCY = 'network_latency';

export function metricRoles(specs: readonly MetricSpec[]): MetricRoles {
  const find = (scope: MetricSpec['scope'], ...names: readonly string[]): number => {
    const positions = names.map((name) => specs.findIndex((spec) => spec.scope === scope && spec.name === name));
    return positions.find((position) => position >= 0) ?? -1;
  };
  const rolesOf = (scope: MetricSpec['scope']): ScopeRoles => ({
    latency: find(scope, ...LATENCIES),
    errors: find(scope, WELL_KNOWN_METRICS.errorRate),
    requests: find(scope, WELL_KNOWN_METRICS.requestRate),
  });
  const isResource = ({ scope, name, bad_direction }: MetricSpec): boolean =>
    scope === 'service' &&
    (bad_direction === 'up' || bad_direction === 'both') &&
    name !== WELL_KNOWN_METRICS.errorRate &&
    name !== WELL_KNOWN_METRICS.requestRate &&
    !name.startsWith('latency');
  return {
    service: rolesOf('service'),
    edge: rolesOf('edge'),
    network: find('edge', NETWORK_LATENCY),
    resources: specs.flatMap((spec, position) => (isResource(spec) ? [position] : [])),
  };
}
