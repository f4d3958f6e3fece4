import Type, { type Static } from 'typebox';
import { EVENT_TYPES, HistoryEvent } from './events.ts';
import { ResourceId, Severity, Timestamp } from './primitives.ts';

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
