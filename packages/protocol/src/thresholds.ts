import Type, { type Static } from 'typebox';

/** The original's static rules; a configuration may change them for all entities or for some by pattern. No defaults here: overrides are partial. */
export const Thresholds = Type.Object(
  {
    healthy_score: Type.Number({ minimum: 0, maximum: 100, description: 'score ≥ this is healthy' }),
    degraded_score: Type.Number({
      minimum: 0,
      maximum: 100,
      description: 'score ≥ this is degraded, below it failed',
    }),
    error_rate: Type.Number({
      minimum: 0,
      maximum: 1,
      description: 'ratio above which errors are abnormal',
    }),
    latency_p95_s: Type.Number({ exclusiveMinimum: 0, description: 'seconds above which p95 is abnormal' }),
    cpu_usage: Type.Number({
      exclusiveMinimum: 0,
      description: 'cores (or ratio) above which a service is saturated',
    }),
    low_request_rate: Type.Number({
      minimum: 0,
      description: '1/s; with low_rate_error_rate marks a dying edge',
    }),
    low_rate_error_rate: Type.Number({ minimum: 0, maximum: 1 }),
  },
  { additionalProperties: false },
);
export type Thresholds = Static<typeof Thresholds>;

export const DEFAULT_THRESHOLDS: Thresholds = {
  healthy_score: 70,
  degraded_score: 50,
  error_rate: 0.05,
  latency_p95_s: 1,
  cpu_usage: 0.9,
  low_request_rate: 0.1,
  low_rate_error_rate: 0.01,
};

/** Overall health: critical when any service failed, degraded above this share of degraded services. */
export const OVERALL_DEGRADED_SHARE = 0.3;
/** Severity by anomaly score, gravest first. */
export const SEVERITY_BY_SCORE = [
  { atLeast: 0.8, severity: 'critical' },
  { atLeast: 0.6, severity: 'high' },
  { atLeast: 0.4, severity: 'medium' },
  { atLeast: 0, severity: 'low' },
] as const;
/** Traffic score: what each crossed floor adds; above ABNORMAL_TRAFFIC_SCORE the edge is abnormal. */
export const TRAFFIC_SCORE = { errorRate: 0.4, latency: 0.3, lowTraffic: 0.3 } as const;
export const ABNORMAL_TRAFFIC_SCORE = 0.5;
/** Relative change between the means of two half windows that counts as a trend. */
export const TREND_CHANGE = 0.1;
/** Finite stand-in where the expected value is 0 and a deviation in percent has no value. */
export const MAX_DEVIATION_PERCENT = 999_999;
