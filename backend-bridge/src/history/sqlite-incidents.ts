import type { DatabaseSync } from 'node:sqlite';
import type { ChangeEvent, HistoryIncidentEvent, Incident, IncidentEvent, IncidentsQuery } from '@topdeck/protocol';
import { DEFAULT_INCIDENTS, type IncidentStore } from './incident-store.ts';
import { statementsOf } from './sqlite-query.ts';

type IncidentTables = IncidentStore & {
  /** Within a transaction of the caller. */
  readonly insert: (event: IncidentEvent) => void;
  /** Within a transaction of the caller. */
  readonly prune: (beforeMs: number) => void;
};

interface EventRow {
  readonly id: number;
  readonly at_ms: number;
  readonly type: HistoryIncidentEvent['type'];
  readonly data: string;
}

const CONDITIONS: Readonly<Record<Exclude<keyof IncidentsQuery, 'limit'>, string>> = {
  state: `(resolved_ms IS NULL) = (:state = 'open')`,
  since: '(resolved_ms IS NULL OR resolved_ms >= :since)',
  until: 'opened_ms < :until',
  severity: 'severity = :severity',
  resource_id: 'id IN (SELECT incident_id FROM incident_resource WHERE resource_id = :resource_id)',
};

function incidentsQuery(query: IncidentsQuery): { sql: string; parameters: Record<string, string | number> } {
  const parameters: Record<string, string | number> = { limit: query.limit ?? DEFAULT_INCIDENTS };
  const conditions: string[] = [];
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const value = query[name as keyof typeof CONDITIONS];
    if (value === undefined) continue;
    conditions.push(condition);
    parameters[name] = name === 'since' || name === 'until' ? Date.parse(value) : value;
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  return { sql: `SELECT data FROM incident ${where} ORDER BY opened_ms DESC, id DESC LIMIT :limit`, parameters };
}

function createChanges(database: DatabaseSync) {
  const insert = database.prepare('INSERT INTO change (at_ms, data) VALUES (?, ?)');
  const read = database.prepare(
    'SELECT id, data FROM change WHERE at_ms >= ? AND at_ms < ? ORDER BY at_ms DESC, id DESC LIMIT ?',
  );
  const drop = database.prepare('DELETE FROM change WHERE at_ms < ?');
  return {
    keep: (change: Omit<ChangeEvent, 'change_id'>): ChangeEvent => {
      const { lastInsertRowid } = insert.run(Date.parse(change.at), JSON.stringify(change));
      return { change_id: Number(lastInsertRowid), ...change };
    },
    inRange: (sinceMs: number, untilMs: number, limit: number): ChangeEvent[] =>
      read.all(sinceMs, untilMs, limit).map(({ id, data }) => {
        const change = JSON.parse(String(data)) as Omit<ChangeEvent, 'change_id'>;
        return { change_id: Number(id), ...change };
      }),
    drop: (beforeMs: number) => void drop.run(beforeMs),
  };
}

const MAX_MS = 8_640_000_000_000_000;
const bounded = (ms: number): number => Math.ceil(Math.max(-MAX_MS, Math.min(MAX_MS, ms)));

/** Incidents and changes in the tables of {@link ./sqlite-schema.ts}. Throws what SQLite throws. */
export function createSqliteIncidents(database: DatabaseSync): IncidentTables {
  const changes = createChanges(database);
  const put = database.prepare(
    'INSERT OR REPLACE INTO incident (id, opened_ms, resolved_ms, severity, data) VALUES (?, ?, ?, ?, ?)',
  );
  const putResource = database.prepare(
    'INSERT OR IGNORE INTO incident_resource (resource_id, incident_id) VALUES (?, ?)',
  );
  const putEvent = database.prepare('INSERT INTO incident_event (incident_id, at_ms, type, data) VALUES (?, ?, ?, ?)');
  const readOne = database.prepare('SELECT data FROM incident WHERE id = ?');
  const readEvents = database.prepare(
    'SELECT id, at_ms, type, data FROM incident_event WHERE incident_id = ? ORDER BY id',
  );
  const over = 'SELECT id FROM incident WHERE resolved_ms < ?';
  const drops = [
    `DELETE FROM incident_event WHERE incident_id IN (${over})`,
    `DELETE FROM incident_resource WHERE incident_id IN (${over})`,
    'DELETE FROM incident WHERE resolved_ms < ?',
  ].map((sql) => database.prepare(sql));
  const prepared = statementsOf(database);
  const parse = (row: Readonly<Record<string, unknown>>): Incident => JSON.parse(String(row['data'])) as Incident;
  return {
    insert({ type, atMs, data }) {
      const { incident_id: id, opened_at, resolved_at, severity } = data;
      const resolvedMs = resolved_at === undefined ? null : Date.parse(resolved_at);
      put.run(id, Date.parse(opened_at), resolvedMs, severity, JSON.stringify(data));
      for (const resourceId of data.resource_ids) putResource.run(resourceId, id);
      putEvent.run(id, Math.trunc(atMs), type, JSON.stringify(data));
    },
    incidents(query) {
      const { sql, parameters } = incidentsQuery(query);
      return prepared(sql).all(parameters).map(parse);
    },
    incident(id) {
      const row = readOne.get(id);
      return row && parse(row);
    },
    incidentEvents: (id) =>
      (readEvents.all(id) as unknown as EventRow[]).map((row) => ({
        id: row.id,
        type: row.type,
        timestamp: new Date(row.at_ms).toISOString(),
        data: JSON.parse(row.data) as Incident,
      })),
    keepChange: changes.keep,
    changes: ({ sinceMs, untilMs, limit }) => changes.inRange(bounded(sinceMs), bounded(untilMs), limit),
    prune(beforeMs) {
      for (const drop of drops) drop.run(Math.ceil(beforeMs));
      changes.drop(Math.ceil(beforeMs));
    },
  };
}
