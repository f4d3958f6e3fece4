import {
  compareIncidents,
  type ChangeEvent,
  type HistoryIncidentEvent,
  type Incident,
  type IncidentEvent,
  type IncidentsQuery,
} from '@topdeck/protocol';
import { DEFAULT_INCIDENTS, type IncidentStore } from './incident-store.ts';

type MemoryIncidents = IncidentStore & {
  readonly insert: (event: IncidentEvent) => void;
  readonly prune: (beforeMs: number) => void;
};

const MAX_INCIDENTS = 10_000;
const MAX_CHANGES = 10_000;
/** Of one incident; the oldest go first, but for the one that opened it. */
const MAX_EVENTS = 500;

function filterOf({ state, since, until, severity, resource_id }: IncidentsQuery): (incident: Incident) => boolean {
  const sinceMs = since === undefined ? -Infinity : Date.parse(since);
  const untilMs = until === undefined ? Infinity : Date.parse(until);
  return (incident) =>
    (state === undefined || incident.state === state) &&
    (severity === undefined || incident.severity === severity) &&
    (resource_id === undefined || incident.resource_ids.includes(resource_id)) &&
    Date.parse(incident.opened_at) < untilMs &&
    (incident.resolved_at === undefined || Date.parse(incident.resolved_at) >= sinceMs);
}

/** Incidents and changes of this run only, the oldest of them dropped beyond the limits. */
export function createMemoryIncidents(): MemoryIncidents {
  const newest = new Map<string, Incident>();
  const events = new Map<string, HistoryIncidentEvent[]>();
  /** In the order of keeping. */
  let changes: ChangeEvent[] = [];
  let [lastEventId, lastChangeId] = [0, 0];
  const drop = (id: string): void => {
    newest.delete(id);
    events.delete(id);
  };
  return {
    insert({ type, atMs, data }) {
      const { incident_id: id } = data;
      newest.set(id, data);
      const own = events.get(id) ?? [];
      events.set(id, own);
      own.push({ id: ++lastEventId, type, timestamp: new Date(atMs).toISOString(), data });
      if (own.length > MAX_EVENTS) own.splice(1, 1);
      if (newest.size <= MAX_INCIDENTS) return;
      const [oldest] = [...newest.values()].sort(compareIncidents).slice(-1);
      drop(oldest.incident_id);
    },
    incidents(query) {
      const found = [...newest.values()].filter(filterOf(query)).sort(compareIncidents);
      return found.slice(0, query.limit ?? DEFAULT_INCIDENTS);
    },
    incident: (id) => newest.get(id),
    incidentEvents: (id) => [...(events.get(id) ?? [])],
    keepChange(change) {
      const kept = { change_id: ++lastChangeId, ...change };
      changes.push(kept);
      if (changes.length > MAX_CHANGES) changes.shift();
      return kept;
    },
    changes: ({ sinceMs, untilMs, limit }) =>
      changes
        .filter(({ at }) => Date.parse(at) >= sinceMs && Date.parse(at) < untilMs)
        .sort((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.change_id - a.change_id)
        .slice(0, limit),
    prune(beforeMs) {
      for (const { incident_id, resolved_at } of [...newest.values()]) {
        if (resolved_at !== undefined && Date.parse(resolved_at) < beforeMs) drop(incident_id);
      }
      changes = changes.filter(({ at }) => Date.parse(at) >= beforeMs);
    },
  };
}
