import Type, { type Static } from 'typebox';
import type { DiagnosticsEvent } from './events.ts';
import type { Labels } from './primitives.ts';
import { RootCause, RootCauseSuspect } from './root-cause.ts';
import { ResourceId, Severity, Timestamp } from './primitives.ts';

export const CHANGE_KINDS = ['deploy', 'config', 'flag', 'scale', 'other'] as const;
export const ChangeKind = Type.Enum([...CHANGE_KINDS]);
export type ChangeKind = (typeof CHANGE_KINDS)[number];

const LINK_PATTERN = '^https?://';
const about = {
  resource_id: Type.Optional(ResourceId),
  labels: Type.Optional(
    Type.Record(Type.String(), Type.String({ maxLength: 256 }), {
      description: 'Stands for every resource that has all of these labels',
    }),
  ),
};
const described = {
  kind: ChangeKind,
  title: Type.String({ minLength: 1, maxLength: 200, description: 'One line: what was changed' }),
  link: Type.Optional(Type.String({ maxLength: 2048, pattern: LINK_PATTERN, description: 'Where to read more' })),
};

/** What a pipeline or a person tells of a change. `resource_id`, `labels` or both. */
export const ChangeRequest = Type.Object(
  { ...about, ...described, at: Type.Optional(Timestamp) },
  { additionalProperties: false, description: 'at: when it took effect; absent: now' },
);
export type ChangeRequest = Static<typeof ChangeRequest>;

/** A change as it is kept. */
export const ChangeEvent = Type.Object({
  change_id: Type.Integer({ description: 'Ascending' }),
  at: Timestamp,
  ...about,
  ...described,
});
export type ChangeEvent = Static<typeof ChangeEvent>;

export const INCIDENT_STATES = ['open', 'resolved'] as const;

const IncidentCause = Type.Object({
  resource_id: ResourceId,
  resource_name: Type.String(),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  text: Type.String(),
});

/** Lists of an incident are cut there; `blast_radius` counts all. */
export const MAX_INCIDENT_ITEMS = 200;
const ids = (description: string) => Type.Array(ResourceId, { description, maxItems: MAX_INCIDENT_ITEMS });

/** What one fault did, from its first anomaly until all is calm again. */
export const Incident = Type.Object(
  {
    incident_id: Type.String({ description: 'Stable while it is open and when it re-opens' }),
    state: Type.Enum([...INCIDENT_STATES]),
    severity: Severity,
    opened_at: Timestamp,
    updated_at: Timestamp,
    resolved_at: Type.Optional(Timestamp),
    title: Type.String(),
    text: Type.String({ description: 'What, since when, where it began, whom it hurts' }),
    cause: Type.Optional(IncidentCause),
    suspects: Type.Array(RootCauseSuspect, { description: 'Most suspect first' }),
    first_failure: RootCause.properties.first_failure,
    impacted: ids('Resources that suffer without being suspects'),
    entry_points: ids('Resources that nobody calls and that are hurt'),
    resource_ids: ids('Every resource that has been part of it'),
    alert_ids: Type.Array(Type.String(), {
      description: 'Every anomaly that has been part of it',
      maxItems: MAX_INCIDENT_ITEMS,
    }),
    blast_radius: Type.Object({
      services: Type.Integer({ description: 'Resources that have been part of it' }),
      entry_points: Type.Integer(),
      request_share: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
        description: 'Of the requests that enter the system, those that enter at hurt entry points; null: not known',
      }),
    }),
    changes: Type.Array(ChangeEvent, { description: 'Near its opening, at a suspect or a dependency of one' }),
    reopened: Type.Integer({ description: 'How often it came back' }),
    merged_ids: Type.Array(Type.String(), { description: 'Incidents that turned out to be this one' }),
    merged_into: Type.Optional(Type.String({ description: 'Resolved because it turned out to be that one' })),
  },
  { description: 'Anomalies and failing services near each other in the graph and in time' },
);
export type Incident = Static<typeof Incident>;

/** Sent to clients that connected with `incidents=1`, and kept in the history. */
export const INCIDENT_EVENT_TYPES = ['incident_opened', 'incident_updated', 'incident_resolved'] as const;
export type IncidentEventType = (typeof INCIDENT_EVENT_TYPES)[number];
export interface IncidentEvent {
  readonly type: IncidentEventType;
  readonly atMs: number;
  readonly data: Incident;
}

export type StreamEvent = DiagnosticsEvent | IncidentEvent;

/** Newest first. */
export const compareIncidents = (a: Incident, b: Incident): number => {
  const [x, y] = [a, b].map(({ opened_at, incident_id }) => `${opened_at} ${incident_id}`);
  return x === y ? 0 : x < y ? 1 : -1;
};

export const HistoryIncidentEvent = Type.Object({
  id: Type.Integer({ description: 'Ascending; of the same counter as the ids of events' }),
  type: Type.Enum([...INCIDENT_EVENT_TYPES]),
  timestamp: Timestamp,
  data: Incident,
});
export type HistoryIncidentEvent = Static<typeof HistoryIncidentEvent>;

export const IncidentsQuery = Type.Object({
  state: Type.Optional(Type.Enum([...INCIDENT_STATES])),
  since: Type.Optional(Timestamp),
  until: Type.Optional(Timestamp),
  severity: Type.Optional(Severity),
  resource_id: Type.Optional(ResourceId),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
});
export type IncidentsQuery = Static<typeof IncidentsQuery>;
/** Newest first. */
export const IncidentsResponse = Type.Array(Incident);
export const IncidentParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
export const IncidentResponse = Type.Object({
  incident: Incident,
  events: Type.Array(HistoryIncidentEvent, { description: 'Oldest first' }),
});
export type IncidentResponse = Static<typeof IncidentResponse>;

export const ChangesQuery = Type.Object({
  since: Type.Optional(Timestamp),
  until: Type.Optional(Timestamp),
  resource_id: Type.Optional(ResourceId),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});
export type ChangesQuery = Static<typeof ChangesQuery>;
/** Newest first. */
export const ChangesResponse = Type.Array(ChangeEvent);

export const RootCauseQuery = Type.Object({
  lookback_hours: Type.Optional(Type.Integer({ minimum: 1, maximum: 24, default: 1 })),
});
export type RootCauseQuery = Static<typeof RootCauseQuery>;
export const RootCauseResponse = Type.Object({
  ...RootCause.properties,
  timestamp: Timestamp,
  lookback_hours: Type.Integer(),
  incidents: Type.Array(Incident, {
    description: 'That this resource was part of within lookback_hours, newest first',
  }),
});
export type RootCauseResponse = Static<typeof RootCauseResponse>;

/** Whether a change concerns a resource. */
export function concerns(
  change: Pick<ChangeEvent, 'resource_id' | 'labels'>,
  resource: { readonly id: string; readonly labels: Labels },
): boolean {
  if (change.resource_id !== undefined && change.resource_id !== resource.id) return false;
  if (change.labels === undefined) return change.resource_id !== undefined;
  return Object.entries(change.labels).every(
    ([name, value]) => Object.hasOwn(resource.labels, name) && resource.labels[name] === value,
  );
}
