import { eventResources, type EventsQuery, type HistoryEvent } from '@topdeck/protocol';
import { DEFAULT_QUERY_LIMIT, type HistoryStore, type KeptPlace } from './history-store.ts';
import { isIncidentEvent } from './incident-store.ts';
import { createMemoryHealth } from './memory-health.ts';
import { createMemoryIncidents } from './memory-incidents.ts';

interface Entry {
  readonly atMs: number;
  readonly resources: readonly string[];
  readonly event: HistoryEvent;
}

const DEFAULT_MAX_EVENTS = 50_000;
/** About 100 bytes each. */
const DEFAULT_MAX_SAMPLES = 500_000;

/** Index of the first entry later than `atMs`. */
function firstAfter(entries: readonly Entry[], atMs: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle].atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function filterOf(query: EventsQuery): (entry: Entry) => boolean {
  const sinceMs = query.since === undefined ? -Infinity : Date.parse(query.since);
  const untilMs = query.until === undefined ? Infinity : Date.parse(query.until);
  return (entry) =>
    entry.atMs >= sinceMs &&
    entry.atMs < untilMs &&
    (query.type === undefined || entry.event.type === query.type) &&
    (query.resource_id === undefined || entry.resources.includes(query.resource_id));
}

/** Events and health of this run only, the oldest of them dropped beyond the limits. */
export function createMemoryHistory(maxEvents = DEFAULT_MAX_EVENTS, maxSamples = DEFAULT_MAX_SAMPLES): HistoryStore {
  const health = createMemoryHealth(maxSamples);
  const { insert: insertIncident, prune: pruneIncidents, ...incidents } = createMemoryIncidents();
  /** Ascending by time, then id. */
  const entries: Entry[] = [];
  let lastId = 0;
  let places: readonly KeptPlace[] = [];
  return {
    ...incidents,
    places: () => places,
    keepPlaces: (kept) => void (places = [...kept]),
    watched: health.watched,
    healthResources: health.healthResources,
    newestHealth: health.newestHealth,
    samples: health.samples,
    append(events, record) {
      for (const appended of events) {
        if (isIncidentEvent(appended)) {
          insertIncident(appended);
          continue;
        }
        const { type, atMs, data } = appended;
        const resources = eventResources({ data });
        const timestamp = new Date(atMs).toISOString();
        const event: HistoryEvent = { id: ++lastId, type, timestamp, resource_id: resources[0], data };
        // At the end, unless the wall clock stepped back.
        entries.splice(firstAfter(entries, atMs), 0, { atMs, resources, event });
      }
      if (entries.length > maxEvents) entries.splice(0, entries.length - maxEvents);
      if (record !== undefined) health.insert(record);
    },
    query(query) {
      const matches = filterOf(query);
      const limit = query.limit ?? DEFAULT_QUERY_LIMIT;
      const found: HistoryEvent[] = [];
      const end =
        query.before_id === undefined
          ? entries.length
          : entries.findIndex((entry) => entry.event.id === query.before_id);
      for (let index = end - 1; index >= 0 && found.length < limit; index--) {
        const entry = entries[index];
        if (matches(entry)) found.push(entry.event);
      }
      return found;
    },
    prune(beforeMs) {
      health.dropSpans(beforeMs);
      pruneIncidents(beforeMs);
      return entries.splice(0, firstAfter(entries, beforeMs - 1)).length;
    },
    pruneHealth: health.prune,
    close: () => undefined,
  };
}
