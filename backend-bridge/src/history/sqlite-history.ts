import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eventResources, type DiagnosticsEvent, type HistoryEvent, type StreamEvent } from '@topdeck/protocol';
import type { HealthRecord, HistoryStore } from './history-store.ts';
import { isIncidentEvent, type IncidentStore } from './incident-store.ts';
import { orUnavailable } from './sqlite-faults.ts';
import { createSqliteHealth } from './sqlite-health.ts';
import { createSqliteIncidents } from './sqlite-incidents.ts';
import { createSqlitePlaces } from './sqlite-places.ts';
import { eventsQuery, statementsOf } from './sqlite-query.ts';
import { inTransaction, migrate } from './sqlite-schema.ts';

interface Row {
  readonly id: number;
  readonly at_ms: number;
  readonly type: HistoryEvent['type'];
  readonly resource_id: string;
  readonly data: string;
}

/** The thread waits meanwhile, so this is short: a second process on the same file is a mistake, a backup is brief. */
const LOCK_WAIT_MS = 1000;
const MAX_WAL_BYTES = 64 * 1024 * 1024;

function open(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
  try {
    migrate(database, path);
    // With a write-ahead log NORMAL survives a killed process whole; only a power cut may take the newest transactions.
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = ${MAX_WAL_BYTES};`,
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const toHistoryEvent = (row: Row): HistoryEvent => ({
  id: row.id,
  type: row.type,
  timestamp: new Date(row.at_ms).toISOString(),
  resource_id: row.resource_id,
  data: JSON.parse(row.data) as unknown,
});

const incidentReads = (path: string, incidents: IncidentStore): IncidentStore => ({
  incidents: (query) => orUnavailable(path, () => incidents.incidents(query)),
  incident: (id) => orUnavailable(path, () => incidents.incident(id)),
  incidentEvents: (id) => orUnavailable(path, () => incidents.incidentEvents(id)),
  keepChange: (change) => orUnavailable(path, () => incidents.keepChange(change)),
  changes: (range) => orUnavailable(path, () => incidents.changes(range)),
});

/**
 * Events, incidents, health and places in one SQLite file, created with its folder where absent. Throws HISTORY_UNAVAILABLE for a file that cannot
 * be used; it is left as it is.
 */
export function createSqliteHistory(path: string): HistoryStore {
  const database = orUnavailable(path, () => open(path));
  const insert = database.prepare(
    'INSERT INTO event (at_ms, type, resource_id, other_resource_id, data) VALUES (?, ?, ?, ?, ?)',
  );
  const drop = database.prepare('DELETE FROM event WHERE at_ms < ?');
  const prepared = statementsOf(database);
  const insertEvent = ({ type, atMs, data }: DiagnosticsEvent): void => {
    const [resource, other = null] = eventResources({ data });
    insert.run(Math.trunc(atMs), type, resource, other, JSON.stringify(data));
  };
  const health = createSqliteHealth(database);
  const incidents = createSqliteIncidents(database);
  const { places, keepPlaces } = createSqlitePlaces(database);
  const insertAny = (event: StreamEvent): void =>
    isIncidentEvent(event) ? incidents.insert(event) : insertEvent(event);
  const append = (events: readonly StreamEvent[], record: HealthRecord | undefined): void => {
    try {
      inTransaction(database, () => {
        events.forEach(insertAny);
        if (record !== undefined) health.insert(record);
      });
    } catch (error) {
      health.forget();
      throw error;
    }
  };
  const prune = (beforeMs: number): number => {
    const { changes } = drop.run(Math.ceil(beforeMs));
    health.dropSpans(beforeMs);
    incidents.prune(beforeMs);
    return Number(changes);
  };
  return {
    append: (events, record) => {
      if (events.length > 0 || record !== undefined) orUnavailable(path, () => append(events, record));
    },
    watched: (sinceMs, untilMs) => orUnavailable(path, () => health.watched(sinceMs, untilMs)),
    healthResources: () => orUnavailable(path, () => health.healthResources()),
    newestHealth: () => orUnavailable(path, () => health.newestHealth()),
    samples: (resourceId, range) => orUnavailable(path, () => health.samples(resourceId, range)),
    query: (query) =>
      orUnavailable(path, () => {
        const { sql, parameters } = eventsQuery(query);
        return (prepared(sql).all(parameters) as unknown as Row[]).map(toHistoryEvent);
      }),
    prune: (beforeMs) => orUnavailable(path, () => inTransaction(database, () => prune(beforeMs))),
    pruneHealth: (beforeMs, part) =>
      orUnavailable(path, () => inTransaction(database, () => health.prune(beforeMs, part))),
    ...incidentReads(path, incidents),
    places: () => orUnavailable(path, places),
    keepPlaces: (kept) => orUnavailable(path, () => inTransaction(database, () => keepPlaces(kept))),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}
