import Type, { type Static } from 'typebox';
import { ResourceId, Severity, Status, Timestamp } from './primitives.ts';
import { AnomalyAlert } from './snapshot.ts';

export const HealthChange = Type.Object({
  resource_id: ResourceId,
  old_status: Status,
  new_status: Status,
  health_score: Type.Number(),
});

/**
 * The whole alert besides the original's four fields: the original's page puts the event's data straight into its list
 * of anomalies and formats every number of it.
 */
export const AnomalyDetected = Type.Object({ ...AnomalyAlert.properties, description: Type.String() });

export const TrafficAnomaly = Type.Object({
  source_id: ResourceId,
  target_id: ResourceId,
  anomaly_type: Type.Enum(['error_rate', 'latency', 'low_traffic']),
  description: Type.String(),
});

export const AnomalyResolved = Type.Object({
  alert_id: Type.String(),
  resource_id: ResourceId,
  metric_name: Type.String(),
  severity: Severity,
  duration_s: Type.Number(),
  target_id: Type.Optional(Type.String()),
});

/**
 * Every kind of event. The first three are the original protocol's; `anomaly_resolved` goes only to clients that asked
 * for the extended stream, since the original's page does not know it. All four are kept in the history.
 */
export const EVENT_DATA = {
  health_change: HealthChange,
  anomaly_detected: AnomalyDetected,
  traffic_anomaly: TrafficAnomaly,
  anomaly_resolved: AnomalyResolved,
} as const;

export type EventType = keyof typeof EVENT_DATA;
export const EVENT_TYPES = Object.keys(EVENT_DATA) as EventType[];
export const ORIGINAL_EVENT_TYPES: readonly EventType[] = ['health_change', 'anomaly_detected', 'traffic_anomaly'];

/** An event as the engine produces it; `at` is the evaluation time of the values that caused it, epoch milliseconds. */
export type DiagnosticsEvent = {
  [T in EventType]: { readonly type: T; readonly atMs: number; readonly data: Static<(typeof EVENT_DATA)[T]> };
}[EventType];

/** The resources an event is about: what subscriptions and history filters match. The first is the one it is filed under. */
export function eventResources(event: Pick<DiagnosticsEvent, 'data'>): readonly [string, ...string[]] {
  const data = event.data;
  if ('source_id' in data) return [data.source_id, data.target_id];
  if ('target_id' in data && data.target_id !== undefined) return [data.resource_id, data.target_id];
  return [data.resource_id];
}

/** A stored event as `GET …/events` returns it. */
export const HistoryEvent = Type.Object({
  id: Type.Integer({ description: 'Ascending; use as a cursor' }),
  type: Type.Enum([...EVENT_TYPES]),
  timestamp: Timestamp,
  resource_id: ResourceId,
  data: Type.Unknown(),
});
export type HistoryEvent = Static<typeof HistoryEvent>;
