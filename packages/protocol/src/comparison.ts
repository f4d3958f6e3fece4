import Type, { type Static } from 'typebox';
import { ResourceId, Timestamp } from './primitives.ts';

/** Stretches of the past that a service's newest values are held against. */
export const COMPARISON_REFERENCES = [
  'previous_hour',
  'previous_day',
  'previous_week',
  'same_hour_yesterday',
  'same_hour_last_week',
] as const;
export type ComparisonReference = (typeof COMPARISON_REFERENCES)[number];

/** `unknown` means that too little is known of now or of then; it is never a synonym for normal. */
export const COMPARISON_VERDICTS = ['normal', 'higher', 'lower', 'much_higher', 'much_lower', 'unknown'] as const;
export type ComparisonVerdict = (typeof COMPARISON_VERDICTS)[number];

/** Of one answer; a preset may have more, of which the rest are named in `metrics_left_out`. */
export const MAX_COMPARED_METRICS = 6;

export const ComparisonQuery = Type.Object({
  at: Type.Optional(
    Type.String({ format: 'date-time', description: 'RFC 3339; end of what is compared. Absent, or after now: now' }),
  ),
  window_s: Type.Optional(
    Type.Integer({ minimum: 300, maximum: 21_600, default: 3600, description: 'Length of what is compared' }),
  ),
  metric: Type.Optional(Type.String({ pattern: '^[a-z][a-z0-9_]*$', description: 'Absent: those of the preset' })),
});
export type ComparisonQuery = Static<typeof ComparisonQuery>;

const count = (description: string) => Type.Integer({ minimum: 0, description });
const KnownValues = {
  known: count('Values that are known'),
  of: count('Values there would be without a gap'),
};
const maybe = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

export const MetricNow = Type.Object({
  mean: Type.Number(),
  median: Type.Number(),
  min: Type.Number(),
  max: Type.Number(),
  ...KnownValues,
});
export type MetricNow = Static<typeof MetricNow>;

export const MetricComparison = Type.Object({
  against: Type.Enum([...COMPARISON_REFERENCES]),
  since: Timestamp,
  until: Timestamp,
  value: maybe('Median of then, in the unit of the metric: what was usual'),
  change: maybe(
    'Of the mean of now from that, as a ratio: 0.5 is half as much again; null where it was 0, or next to it',
  ),
  z: maybe('The same in robust standard deviations of then, in the domain in which the metric is judged'),
  verdict: Type.Enum([...COMPARISON_VERDICTS]),
  worse: Type.Union([Type.Boolean(), Type.Null()], {
    description:
      'Whether the difference is on the bad side of the metric; null where that is not known, or has no such side',
  }),
  text: Type.String({ description: 'The same for a person' }),
  ...KnownValues,
});
export type MetricComparison = Static<typeof MetricComparison>;

/** One service now and in the past, metric by metric. */
export const ComparisonResponse = Type.Object({
  resource_id: ResourceId,
  at: Timestamp,
  window_s: Type.Integer(),
  metrics: Type.Array(
    Type.Object({
      metric: Type.String(),
      unit: Type.String(),
      now: Type.Union([MetricNow, Type.Null()], { description: 'null where no value is known' }),
      comparisons: Type.Array(MetricComparison),
    }),
    { description: 'In the order of the preset' },
  ),
  metrics_left_out: Type.Array(Type.String(), { description: 'Ask for them by name' }),
});
export type ComparisonResponse = Static<typeof ComparisonResponse>;
