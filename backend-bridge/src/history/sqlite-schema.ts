import type { DatabaseSync } from 'node:sqlite';
import { BridgeError } from '../errors.ts';

/** "TDLD" in the file's header: tells our files from other programs' databases. */
const APPLICATION_ID = 0x54444c44;

/**
 * Entry n brings a file from version n to n + 1; entries are never edited once released. Ids come from AUTOINCREMENT, so
 * that a cursor never names another event after the newest ones were pruned. Each index ends in the rowid by itself, so
 * (column, at_ms) serves a filter in the order of the answer.
 */
const MIGRATIONS: readonly string[] = [
  `CREATE TABLE event (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at_ms INTEGER NOT NULL,
     type TEXT NOT NULL,
     resource_id TEXT NOT NULL,
     other_resource_id TEXT,
     data TEXT NOT NULL
   ) STRICT;
   CREATE INDEX event_by_time ON event (at_ms);
   CREATE INDEX event_by_type ON event (type, at_ms);
   CREATE INDEX event_by_resource ON event (resource_id, at_ms);
   CREATE INDEX event_by_other_resource ON event (other_resource_id, at_ms) WHERE other_resource_id IS NOT NULL;`,
  // The samples of one service lie together, which is how they are read; a key of a few bytes stands for its long id.
  `CREATE TABLE resource (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
   CREATE TABLE health (
     resource INTEGER NOT NULL,
     at_ms INTEGER NOT NULL,
     status INTEGER NOT NULL,
     score REAL,
     PRIMARY KEY (resource, at_ms)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE watched (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     start_ms INTEGER NOT NULL,
     end_ms INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX watched_by_end ON watched (end_ms);`,
  `CREATE TABLE place (
     ordinal INTEGER PRIMARY KEY,
     resource_id TEXT NOT NULL,
     x REAL NOT NULL,
     y REAL NOT NULL,
     has_left INTEGER NOT NULL
   ) STRICT;`,
  // An incident as it is read, whole; the columns are what it is found by. Its events are kept apart from those of
  // services, whose readers know no incidents.
  `CREATE TABLE incident (
     id TEXT PRIMARY KEY,
     opened_ms INTEGER NOT NULL,
     resolved_ms INTEGER,
     severity TEXT NOT NULL,
     data TEXT NOT NULL
   ) STRICT;
   CREATE INDEX incident_by_time ON incident (opened_ms, id);
   CREATE INDEX incident_by_end ON incident (resolved_ms);
   CREATE TABLE incident_resource (
     resource_id TEXT NOT NULL,
     incident_id TEXT NOT NULL,
     PRIMARY KEY (resource_id, incident_id)
   ) STRICT, WITHOUT ROWID;
   CREATE INDEX incident_resource_by_incident ON incident_resource (incident_id);
   CREATE TABLE incident_event (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     incident_id TEXT NOT NULL,
     at_ms INTEGER NOT NULL,
     type TEXT NOT NULL,
     data TEXT NOT NULL
   ) STRICT;
   CREATE INDEX incident_event_by_incident ON incident_event (incident_id);
   CREATE TABLE change (id INTEGER PRIMARY KEY AUTOINCREMENT, at_ms INTEGER NOT NULL, data TEXT NOT NULL) STRICT;
   CREATE INDEX change_by_time ON change (at_ms);`,
];

const numberOf = (database: DatabaseSync, sql: string): number =>
  Number(Object.values(database.prepare(sql).get() ?? {})[0]);

export function inTransaction<T>(database: DatabaseSync, action: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = action();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has already rolled back by itself after some faults, a full disk for one.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Creates the tables of a new file or brings those of an older version up to date; refuses what is not ours. */
export function migrate(database: DatabaseSync, path: string): void {
  const refuse = (why: string): never => {
    throw new BridgeError('HISTORY_UNAVAILABLE', { detail: `${path}: ${why}` });
  };
  inTransaction(database, () => {
    const isNew = numberOf(database, 'SELECT count(*) FROM sqlite_schema') === 0;
    if (!isNew && numberOf(database, 'PRAGMA application_id') !== APPLICATION_ID) {
      refuse('it is the database of another program; name another file');
    }
    const version = isNew ? 0 : numberOf(database, 'PRAGMA user_version');
    if (version > MIGRATIONS.length) refuse(`it was written by a newer version (schema ${version})`);
    for (const migration of MIGRATIONS.slice(version)) database.exec(migration);
    if (isNew) database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    if (version < MIGRATIONS.length) database.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
  });
}
