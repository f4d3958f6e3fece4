import Type, { type Static } from 'typebox';
import { EVENT_TYPES, HistoryEvent } from './events.ts';
import { METRIC_SCOPES } from './metrics.ts';
import { ResourceId, Severity, Status, Timestamp } from './primitives.ts';

const durationHours = Type.Integer({
  minimum: 1,
  maximum: 24,
  default: 1,
  description: 'Accepted for compatibility; diagnosis is continuous, so the answer is always about now',
});

export const SnapshotQuery = Type.Object({ duration_hours: Type.Optional(durationHours) });
export const ServiceParams = Type.Object({ id: ResourceId });
export const AnomaliesQuery = Type.Object({
  severity: Type.Optional(Severity),
  duration_hours: Type.Optional(durationHours),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
});
export type AnomaliesQuery = Static<typeof AnomaliesQuery>;
export const TrafficQuery = Type.Object({
  duration_hours: Type.Optional(durationHours),
  abnormal_only: Type.Optional(Type.Boolean({ default: false })),
});
export type TrafficQuery = Static<typeof TrafficQuery>;
export const EventsQuery = Type.Object({
  since: Type.Optional(Timestamp),
  until: Type.Optional(Timestamp),
  type: Type.Optional(Type.Enum([...EVENT_TYPES])),
  resource_id: Type.Optional(ResourceId),
  before_id: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Only what follows this event in the answer: the next page' }),
  ),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});
export type EventsQuery = Static<typeof EventsQuery>;
/** Newest first. */
export const EventsResponse = Type.Array(HistoryEvent);

/** Original shape; `detail` entries are the extension. */
export const HealthResponse = Type.Object({
  status: Type.Enum(['healthy', 'degraded', 'unhealthy']),
  timestamp: Timestamp,
  components: Type.Record(Type.String(), Type.Enum(['healthy', 'unhealthy', 'unknown'])),
  detail: Type.Record(Type.String(), Type.String()),
});
export type HealthResponse = Static<typeof HealthResponse>;

export const SocketHealthResponse = Type.Object({
  status: Type.Literal('healthy'),
  active_connections: Type.Integer(),
  publisher_running: Type.Boolean(),
  timestamp: Timestamp,
});
export type SocketHealthResponse = Static<typeof SocketHealthResponse>;

/** Position of the state that a manual refresh produced. */
export const RefreshResponse = Type.Object({ epoch: Type.String(), seq: Type.Integer(), timestamp: Timestamp });
export type RefreshResponse = Static<typeof RefreshResponse>;

/** Every refusal over HTTP. `detail` repeats the message, for clients of the original read it there. */
export const ErrorResponse = Type.Object({
  code: Type.String(),
  message: Type.String(),
  action: Type.String({ description: 'What the caller or operator can do about it' }),
  detail: Type.String(),
});
export type ErrorResponse = Static<typeof ErrorResponse>;

/** Where each resource is drawn: one layout for everybody, layered by dependency, the same from one read to the next. */
export const LayoutResponse = Type.Object({
  topology_version: Type.String({ description: 'As in freshness: read the layout again when it changes' }),
  positions: Type.Array(Type.Tuple([ResourceId, Type.Number(), Type.Number()]), {
    description: '[resource_id, x, y] by id; unitless, y grows downwards, callers above what they call',
  }),
});
export type LayoutResponse = Static<typeof LayoutResponse>;

/** Of one answer with bands. */
export const MAX_BANDED_SERIES = 50;

const range = { since: Timestamp, until: Timestamp };
const resourceIds = Type.Optional(
  Type.Union([ResourceId, Type.Array(ResourceId, { maxItems: 500 })], { description: 'May be repeated; absent: all' }),
);

export const HealthHistoryQuery = Type.Object({ ...range, resource_id: resourceIds });
export type HealthHistoryQuery = Static<typeof HealthHistoryQuery>;
/** A value holds from its time to the next one's; null and `unknown` where nothing was known or the bridge was down. */
export const HealthPoint = Type.Tuple([
  Type.Integer({ description: 'epoch milliseconds' }),
  Status,
  Type.Union([Type.Number(), Type.Null()], { description: 'health score' }),
]);
export const HealthHistoryResponse = Type.Object({
  ...range,
  truncated: Type.Boolean({ description: 'true when the answer was cut: ask for fewer resources or a shorter range' }),
  services: Type.Array(
    Type.Object({
      resource_id: ResourceId,
      points: Type.Array(HealthPoint, { description: 'The first is the state in force at `since`, when it is known' }),
    }),
  ),
});
export type HealthHistoryResponse = Static<typeof HealthHistoryResponse>;

export const MetricRangeParams = Type.Object({ metric: Type.String({ pattern: '^[a-z][a-z0-9_]*$' }) });
export type MetricRangeParams = Static<typeof MetricRangeParams>;
export const MetricRangeQuery = Type.Object({
  ...range,
  scope: Type.Optional(Type.Enum([...METRIC_SCOPES], { default: 'service' })),
  step_s: Type.Optional(Type.Integer({ minimum: 1, description: 'Raised where the range would have too many points' })),
  resource_id: resourceIds,
  bands: Type.Optional(
    Type.Boolean({ description: `Each series with what was expected of it; of ${MAX_BANDED_SERIES} series at most` }),
  ),
});
export type MetricRangeQuery = Static<typeof MetricRangeQuery>;
/** One for each time; null where nothing is known. */
const numbers = (description?: string) =>
  Type.Array(Type.Union([Type.Number(), Type.Null()]), description === undefined ? {} : { description });
const bandOf = (description: string) => Type.Optional(numbers(description));
export const MetricRangeResponse = Type.Object({
  metric: Type.String(),
  scope: Type.Enum([...METRIC_SCOPES]),
  unit: Type.String(),
  step_s: Type.Number(),
  times: Type.Array(Type.Integer(), { description: 'epoch milliseconds, ascending, one for each value of a series' }),
  series: Type.Array(
    Type.Object({
      resource_id: ResourceId,
      target_id: Type.Optional(ResourceId),
      values: numbers(),
      expected: bandOf('With bands: what the detectors expected for this time, from the values before it'),
      lower: bandOf('With bands: least value that is normal'),
      upper: bandOf('With bands: largest value that is normal'),
    }),
    { description: 'By resource, then target; those without any value are left out' },
  ),
});
export type MetricRangeResponse = Static<typeof MetricRangeResponse>;
