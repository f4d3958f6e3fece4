import type { DatabaseSync } from 'node:sqlite';
import type { Status } from '@topdeck/protocol';
import type { HealthRecord, HealthSample, HealthState, HistoryStore, Part } from './history-store.ts';

/** Codes in the file: never reordered, only added to. */
const STATUS_CODES: readonly Status[] = ['unknown', 'healthy', 'degraded', 'failed'];
const UNKNOWN = STATUS_CODES.indexOf('unknown');

interface StateRow {
  readonly status: number;
  readonly score: number | null;
}
type SampleRow = StateRow & { readonly at_ms: number };

const toState = ({ status, score }: StateRow): HealthState => ({ status: STATUS_CODES[status] ?? 'unknown', score });
const toSample = (row: SampleRow): HealthSample => ({ atMs: row.at_ms, ...toState(row) });

/** Of the samples before that time the newest is still in force then, unless it says that nothing is known. */
const DROP_SAMPLES = `
  DELETE FROM health WHERE (resource, at_ms) IN (
    SELECT health.resource, health.at_ms
    FROM (
      SELECT key, (SELECT max(at_ms) FROM health WHERE resource = key AND at_ms < :before) AS in_force
      FROM resource WHERE key % :of = :index
    )
    CROSS JOIN health ON health.resource = key
    WHERE health.at_ms < in_force OR (health.at_ms = in_force AND health.status = ${UNKNOWN})
  )`;

/** The range and the sample in force at its beginning, both found by the primary key. */
export const READ_SAMPLES = `
  SELECT at_ms, status, score FROM health
  WHERE resource = :key AND at_ms < :until
    AND at_ms >= coalesce((SELECT max(at_ms) FROM health WHERE resource = :key AND at_ms < :since), :since)
  ORDER BY at_ms LIMIT :limit`;

type HealthTables = Pick<HistoryStore, 'watched' | 'healthResources' | 'newestHealth' | 'samples'> & {
  /** Within a transaction of the caller, who says `forget` when it failed. */
  insert(record: HealthRecord): void;
  /** Within a transaction of the caller. */
  prune(beforeMs: number, part: Part): void;
  /** Within a transaction of the caller. */
  dropSpans(beforeMs: number): void;
  /** Forgets the keys of resources: those of a transaction that failed were never given out. */
  forget(): void;
};

function createSpans(database: DatabaseSync) {
  const extend = database.prepare(
    `UPDATE watched SET end_ms = max(end_ms, :end)
     WHERE id = (SELECT max(id) FROM watched) AND :at >= start_ms AND :at <= end_ms + :pause`,
  );
  const begin = database.prepare('INSERT INTO watched (start_ms, end_ms) VALUES (:at, :end)');
  const touching = database.prepare(
    `SELECT start_ms AS startMs, end_ms AS endMs FROM watched
     WHERE start_ms < :until AND end_ms > :since ORDER BY start_ms, id`,
  );
  const drop = database.prepare('DELETE FROM watched WHERE end_ms < ?');
  return {
    extend(at: number, { holdMs, pauseMs }: HealthRecord): void {
      const end = at + holdMs;
      if (Number(extend.run({ at, end, pause: pauseMs }).changes) === 0) begin.run({ at, end });
    },
    touching: (since: number, until: number) =>
      touching.all({ since, until }).map(({ startMs, endMs }) => ({ startMs: Number(startMs), endMs: Number(endMs) })),
    drop: (beforeMs: number) => void drop.run(Math.ceil(beforeMs)),
  };
}

/** The health of services in the tables of {@link ./sqlite-schema.ts}. Throws what SQLite throws. */
export function createSqliteHealth(database: DatabaseSync): HealthTables {
  const spans = createSpans(database);
  const findKey = database.prepare('SELECT key FROM resource WHERE id = ?');
  const addKey = database.prepare('INSERT INTO resource (id) VALUES (?)');
  const put = database.prepare('INSERT OR REPLACE INTO health (resource, at_ms, status, score) VALUES (?, ?, ?, ?)');
  const resources = database.prepare('SELECT id FROM resource');
  const newest = database.prepare(
    `SELECT id, status, score FROM resource CROSS JOIN health ON resource = key
     WHERE at_ms = (SELECT max(at_ms) FROM health WHERE resource = key) AND status <> ${UNKNOWN}`,
  );
  const read = database.prepare(READ_SAMPLES);
  const dropSamples = database.prepare(DROP_SAMPLES);
  const dropResources = database.prepare(
    'DELETE FROM resource WHERE key % :of = :index AND NOT EXISTS (SELECT 1 FROM health WHERE resource = key)',
  );
  const keys = new Map<string, number>();
  const knownKey = (id: string): number | undefined => {
    const key = keys.get(id) ?? (findKey.get(id)?.['key'] as number | undefined);
    if (key !== undefined) keys.set(id, key);
    return key;
  };
  const keyOf = (id: string): number => {
    const key = knownKey(id) ?? Number(addKey.run(id).lastInsertRowid);
    keys.set(id, key);
    return key;
  };
  return {
    insert(record) {
      const at = Math.trunc(record.atMs);
      spans.extend(at, record);
      for (const { resourceId, status, score } of record.changes)
        put.run(keyOf(resourceId), at, STATUS_CODES.indexOf(status), score);
    },
    watched: spans.touching,
    // Sorted here: SQLite would order by UTF-8 bytes.
    healthResources: () =>
      resources
        .all()
        .map(({ id }) => String(id))
        .sort(),
    newestHealth: () => new Map(newest.all().map((row) => [String(row['id']), toState(row as unknown as StateRow)])),
    samples(resourceId, { sinceMs, untilMs, limit }) {
      const key = knownKey(resourceId);
      if (key === undefined) return [];
      const range = { key, since: Math.ceil(sinceMs), until: Math.ceil(untilMs), limit };
      return (read.all(range) as unknown as SampleRow[]).map(toSample);
    },
    prune(beforeMs, { index, of }) {
      keys.clear();
      dropSamples.run({ before: Math.ceil(beforeMs), index, of });
      dropResources.run({ index, of });
    },
    dropSpans: spans.drop,
    forget: () => keys.clear(),
  };
}
