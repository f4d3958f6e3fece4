import { WELL_KNOWN_METRICS, type MetricSpec } from '@topdeck/protocol';

export const COMBINE_RULES = ['sum', 'max', 'min', 'avg'] as const;
/**
 * How several series of one resource or dependency (the pods of a service) become one value. Unknown values are left
 * out; a resource of which all are unknown is unknown.
 */
export type CombineRule = (typeof COMBINE_RULES)[number];

/** What the health and traffic rules rely on: a preset may not give these names in another unit. */
export interface WellKnownMetric {
  /** The first is the default. */
  readonly units: readonly [string, ...string[]];
  readonly badDirection: MetricSpec['bad_direction'];
  readonly combine: CombineRule;
}

export const WELL_KNOWN: Readonly<Record<string, WellKnownMetric>> = {
  // More requests than usual are no fault of a service; fewer may be one.
  [WELL_KNOWN_METRICS.requestRate]: { units: ['1/s'], badDirection: 'down', combine: 'sum' },
  // Ratios and quantiles do not add up; without the counts behind them the worst part speaks for the whole.
  [WELL_KNOWN_METRICS.errorRate]: { units: ['ratio'], badDirection: 'up', combine: 'max' },
  [WELL_KNOWN_METRICS.latencyP95]: { units: ['s'], badDirection: 'up', combine: 'max' },
  // The busiest pod: limits hold for a pod, and a sum would move with the number of replicas.
  [WELL_KNOWN_METRICS.cpuUsage]: { units: ['cores', 'ratio'], badDirection: 'up', combine: 'max' },
  [WELL_KNOWN_METRICS.memoryUsage]: { units: ['bytes'], badDirection: 'up', combine: 'max' },
};
