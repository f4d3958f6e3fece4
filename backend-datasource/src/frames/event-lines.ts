import {
  EVENT_DATA,
  eventResources,
  type DiagnosticsEvent,
  type EventType,
  type HistoryEvent,
  type Severity,
  type Snapshot,
  type Status,
} from '@topdeck/protocol';
import { validator, type Parsed } from '@topdeck/protocol/validate';
import { labelNames } from './labels.ts';
import { labelOf, servicesById } from './graph.ts';

/** One event as a line of a log. */
export interface EventLine {
  readonly atMs: number;
  readonly id: string;
  readonly event: DiagnosticsEvent;
}

const checks = Object.fromEntries(
  Object.entries(EVENT_DATA).map(([type, schema]) => [type, validator(schema)]),
) as Record<EventType, (data: unknown) => Parsed<unknown>>;

/** Undefined for one that does not read as its type: the history outlives versions of the bridge. */
export function historyLine({ id, type, timestamp, data }: HistoryEvent): EventLine | undefined {
  const atMs = Date.parse(timestamp);
  if (Number.isNaN(atMs) || !checks[type](data).ok) return undefined;
  return { atMs, id: `h${id}`, event: { type, atMs, data } as DiagnosticsEvent };
}

/** Words that Grafana's logs know and colour. */
export type LogSeverity = 'critical' | 'error' | 'warning' | 'info';
const OF_STATUS: Readonly<Record<Status, LogSeverity>> = {
  failed: 'critical',
  degraded: 'warning',
  unknown: 'warning',
  healthy: 'info',
};
const OF_SEVERITY: Readonly<Record<Severity, LogSeverity>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
};

export function severityOf(event: DiagnosticsEvent): LogSeverity {
  switch (event.type) {
    case 'health_change':
      return OF_STATUS[event.data.new_status];
    case 'anomaly_detected':
      return OF_SEVERITY[event.data.severity];
    case 'traffic_anomaly':
      return 'warning';
    case 'anomaly_resolved':
      return 'info';
  }
}

const duration = (seconds: number): string =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${Math.round(seconds / 3600)} h`;

export type NameOf = (resourceId: string) => string;

export function bodyOf(event: DiagnosticsEvent, nameOf: NameOf): string {
  const { type, data } = event;
  switch (type) {
    case 'health_change': {
      const score = data.new_status === 'unknown' ? '' : ` (health score ${Math.round(data.health_score)})`;
      return `${nameOf(data.resource_id)} is ${data.new_status}, was ${data.old_status}${score}`;
    }
    case 'anomaly_detected':
    case 'traffic_anomaly':
      return data.description;
    case 'anomaly_resolved': {
      const target = data.target_id === undefined ? '' : ` → ${nameOf(data.target_id)}`;
      return `${data.metric_name} of ${nameOf(data.resource_id)}${target} is back to normal after ${duration(data.duration_s)}`;
    }
  }
}

const OWN = ['type', 'resource_id', 'resource_name', 'target_id', 'metric_name', 'severity', 'status', 'alert_id'];

/** What each line can be filtered by in Explore: what it is about, and the labels of that resource. */
export function labelsOf(snapshot: Snapshot): (event: DiagnosticsEvent) => Readonly<Record<string, string>> {
  const services = servicesById(snapshot);
  const names = labelNames(snapshot, OWN);
  return (event) => {
    const [resourceId, targetId] = eventResources(event);
    const service = services.get(resourceId);
    const { data } = event;
    return Object.fromEntries(
      [
        ['type', event.type],
        ['resource_id', resourceId],
        ['resource_name', service?.resource_name],
        ['target_id', targetId],
        ['metric_name', 'metric_name' in data ? data.metric_name : undefined],
        ['severity', 'severity' in data ? data.severity : undefined],
        ['status', 'new_status' in data ? data.new_status : undefined],
        ['alert_id', 'alert_id' in data ? data.alert_id : undefined],
        ...names.map(({ key, name }) => [name, labelOf(service, key)] as const),
      ].filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  };
}
