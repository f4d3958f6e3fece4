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
  /** Latency of an edge as the called side measured it. */
  readonly served: number;
  /** Everything else that has a bad direction upwards: CPU, memory, connections, queues. */
  readonly resources: readonly number[];
}

/** Means add up along calls, and so do medians nearly; high percentiles least. */
const LATENCIES = ['latency_avg', 'latency_mean', 'latency_p50', WELL_KNOWN_METRICS.latencyP95];
const SERVED_LATENCY = 'served_latency_p50';

export function metricRoles(specs: readonly MetricSpec[]): MetricRoles {
  const find = (scope: MetricSpec['scope'], names: readonly string[]): number => {
    for (const name of names) {
      const position = specs.findIndex((spec) => spec.scope === scope && spec.name === name);
      if (position >= 0) return position;
    }
    return -1;
  };
  const rolesOf = (scope: MetricSpec['scope']): ScopeRoles => ({
    latency: find(scope, LATENCIES),
    errors: find(scope, [WELL_KNOWN_METRICS.errorRate]),
    requests: find(scope, [WELL_KNOWN_METRICS.requestRate]),
  });
  const service = rolesOf('service');
  const golden = new Set([service.latency, service.errors, service.requests]);
  const isResource = (spec: MetricSpec, position: number): boolean =>
    spec.scope === 'service' &&
    !golden.has(position) &&
    !spec.name.startsWith('latency') &&
    (spec.bad_direction === 'up' || spec.bad_direction === 'both');
  return {
    service,
    edge: rolesOf('edge'),
    served: find('edge', [SERVED_LATENCY]),
    resources: specs.flatMap((spec, position) => (isResource(spec, position) ? [position] : [])),
  };
}
