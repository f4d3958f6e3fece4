import Type, { type Static } from 'typebox';

/** RFC 3339 time in UTC, millisecond precision, for example `2026-01-31T12:00:00.000Z`. */
export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' });

export const STATUSES = ['healthy', 'degraded', 'failed', 'unknown'] as const;
/** Health of one service. `unknown` means no data; it is never a synonym for healthy. */
export const Status = Type.Enum([...STATUSES]);
export type Status = (typeof STATUSES)[number];

export const OVERALL_HEALTH = ['healthy', 'degraded', 'critical', 'unknown'] as const;
export const OverallHealth = Type.Enum([...OVERALL_HEALTH]);
export type OverallHealth = (typeof OVERALL_HEALTH)[number];

/** Ordered from mild to grave; compare by index. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export const Severity = Type.Enum([...SEVERITIES]);
export type Severity = (typeof SEVERITIES)[number];

export const TRENDS = ['increasing', 'decreasing', 'stable'] as const;
export const Trend = Type.Enum([...TRENDS]);
export type Trend = (typeof TRENDS)[number];

export const ResourceId = Type.String({ minLength: 1, maxLength: 512, description: 'Identifier of a topology node' });

/** Metric name → finite value in the metric's unit. A metric without data is absent, never zero. */
export const MetricValues = Type.Record(Type.String(), Type.Number());
export type MetricValues = Static<typeof MetricValues>;

export const Labels = Type.Record(Type.String(), Type.String());
export type Labels = Static<typeof Labels>;
