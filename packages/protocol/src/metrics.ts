import Type, { type Static } from 'typebox';

export const METRIC_SCOPES = ['service', 'edge'] as const;
export const BAD_DIRECTIONS = ['up', 'down', 'both', 'none'] as const;

/** One row of a metrics preset: what a metric is called, whom it describes, and which way is bad. */
export const MetricSpec = Type.Object(
  {
    name: Type.String({
      pattern: '^[a-z][a-z0-9_]*$',
      description: 'request_rate, error_rate, latency_p95, cpu_usage …',
    }),
    scope: Type.Enum([...METRIC_SCOPES]),
    unit: Type.String({ description: 'UCUM-like: 1/s, ratio, s, cores, bytes' }),
    bad_direction: Type.Enum([...BAD_DIRECTIONS], {
      description: 'Deviations on this side are anomalies; none only records the value',
    }),
  },
  { additionalProperties: false },
);
export type MetricSpec = Static<typeof MetricSpec>;

/** Names that health and traffic rules know; any other metric is recorded and watched by the detectors alone. */
export const WELL_KNOWN_METRICS = {
  requestRate: 'request_rate',
  errorRate: 'error_rate',
  latencyP95: 'latency_p95',
  cpuUsage: 'cpu_usage',
  memoryUsage: 'memory_usage',
} as const;

/** How the reading of one metric went in one collection. Only `ok` and `partial` carry values. */
export type MetricReport =
  | {
      readonly outcome: 'ok';
      readonly seriesMatched: number;
      readonly seriesUnmatched: number;
      readonly warnings: readonly string[];
    }
  | {
      readonly outcome: 'partial';
      readonly seriesMatched: number;
      readonly seriesUnmatched: number;
      readonly warnings: readonly string[];
    }
  | { readonly outcome: 'missing'; readonly seriesUnmatched: number; readonly warnings: readonly string[] }
  | { readonly outcome: 'error'; readonly code: string; readonly message: string };

/** All values of one metric at one time; `values[i]` belongs to resources[i] or dependencies[i]; NaN where nothing is known. */
export interface MetricColumn {
  readonly spec: MetricSpec;
  readonly values: Float64Array;
  readonly report: MetricReport;
}

/** One collection: every metric at one timestamp, aligned with one topology. */
export interface MetricsBatch {
  /** Evaluation time of all values, epoch milliseconds. */
  readonly atMs: number;
  readonly topologyVersion: string;
  readonly columns: readonly MetricColumn[];
}
