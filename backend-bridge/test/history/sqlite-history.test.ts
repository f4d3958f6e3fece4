import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { EVENT_TYPES, type EventsQuery } from '@topdeck/protocol';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { openHistory } from '../../src/history/open-history.ts';
import { createSqliteHistory } from '../../src/history/sqlite-history.ts';
import { eventsQuery } from '../../src/history/sqlite-query.ts';
import { anomalyResolved, healthChange, START_MS, trafficAnomaly } from './events.ts';
import { historyStoreContract } from './history-store.contract.ts';
import { incidentStoreContract } from './incident-store.contract.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topdeck-history-'));
  path = join(folder, 'history.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

historyStoreContract('SQLite', () => createSqliteHistory(path));
incidentStoreContract('SQLite', () => createSqliteHistory(path));

const unavailable = (message: string | RegExp) =>
  expect.objectContaining({ code: 'HISTORY_UNAVAILABLE', message: expect.stringMatching(message) });

describe('REST-7 over restarts', () => {
  test('a file that was closed is read and continued', () => {
    const first = createSqliteHistory(path);
    first.append([healthChange('a'), trafficAnomaly('b', 'c')]);
    const before = first.query({});
    first.close();
    const second = createSqliteHistory(path);
    expect(second.query({})).toEqual(before);
    second.append([healthChange('d')]);
    expect(second.query({})[0]?.id).toBe(before[0]?.id + 1);
    second.close();
  });

  test('a process killed in mid-write leaves every batch whole or absent', async () => {
    const script = join(import.meta.dirname, 'write-until-killed.ts');
    for (let run = 0; run < 6; run++) {
      const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, path, String(run)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await delay(30 + run * 17);
      child.kill('SIGKILL');
      await once(child, 'exit');
      createSqliteHistory(path).close();
    }
    const database = new DatabaseSync(path);
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    const batches = database.prepare('SELECT resource_id, count(*) AS events FROM event GROUP BY resource_id').all();
    expect(batches.length).toBeGreaterThan(6);
    expect(batches.filter((batch) => batch['events'] !== 100)).toEqual([]);
    const runs = new Set(batches.map((batch) => String(batch['resource_id']).split('-')[0]));
    expect(runs.size).toBe(6);
    database.close();
  });

  test('a batch that cannot be written leaves nothing behind, and the store goes on', () => {
    const store = createSqliteHistory(path);
    const circular = healthChange('b');
    Object.assign(circular.data, { self: circular.data });
    expect(() => store.append([healthChange('a'), circular])).toThrow(unavailable('circular'));
    expect(store.query({})).toEqual([]);
    store.append([healthChange('c')]);
    expect(store.query({})).toHaveLength(1);
    store.close();
  });
});

describe('HISTORY_UNAVAILABLE', () => {
  test('the folder is created', () => {
    const nested = join(folder, 'not', 'yet', 'there', 'history.sqlite');
    createSqliteHistory(nested).close();
    expect(existsSync(nested)).toBe(true);
  });

  test('what is no database is refused and left as it is', () => {
    writeFileSync(path, 'These are my notes, not a database. '.repeat(100));
    expect(() => createSqliteHistory(path)).toThrow(unavailable(/history\.sqlite: it is not a SQLite database/));
    expect(readFileSync(path, 'utf8')).toMatch(/^These are my notes/);
  });

  test('another program’s database is refused and left as it is', () => {
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE customer (id INTEGER); INSERT INTO customer VALUES (7)');
    other.close();
    expect(() => createSqliteHistory(path)).toThrow(unavailable('database of another program'));
    const again = new DatabaseSync(path);
    expect(again.prepare('SELECT name FROM sqlite_schema').all()).toEqual([{ name: 'customer' }]);
    again.close();
  });

  test('a file of a newer version is refused', () => {
    createSqliteHistory(path).close();
    const database = new DatabaseSync(path);
    database.exec('PRAGMA user_version = 99');
    database.close();
    expect(() => createSqliteHistory(path)).toThrow(unavailable('newer version \\(schema 99\\)'));
  });

  test('a damaged file is told as such and left as it is', () => {
    const store = createSqliteHistory(path);
    store.append(Array.from({ length: 2000 }, (_, index) => healthChange(`s${index}`)));
    store.close();
    truncateSync(path, 20_000);
    const damaged = readFileSync(path);
    expect(() => {
      const opened = createSqliteHistory(path);
      try {
        opened.query({ limit: 1000 });
      } finally {
        opened.close();
      }
    }).toThrow(unavailable('it is damaged; move it away'));
    expect(readFileSync(path).equals(damaged)).toBe(true);
  });

  test('a folder in its place, and a file in its folder’s place', () => {
    mkdirSync(path);
    expect(() => createSqliteHistory(path)).toThrow(unavailable('cannot be opened'));
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => createSqliteHistory(join(file, 'history.sqlite'))).toThrow(unavailable('file'));
  });

  test('a file that another process holds locked', () => {
    createSqliteHistory(path).close();
    const other = new DatabaseSync(path);
    const store = createSqliteHistory(path);
    other.exec('BEGIN IMMEDIATE');
    expect(() => store.append([healthChange('a')])).toThrow(unavailable('another process holds it locked'));
    other.exec('ROLLBACK');
    other.close();
    store.append([healthChange('a')]);
    expect(store.query({})).toHaveLength(1);
    store.close();
  });

  test('a closed store says so, and closing twice is no trouble', () => {
    const store = createSqliteHistory(path);
    store.close();
    store.close();
    expect(() => store.query({})).toThrow(unavailable(''));
  });
});

test('HISTORY_FILE=memory writes no file', () => {
  const store = openHistory('memory');
  store.append([healthChange('a')]);
  expect(store.query({})).toHaveLength(1);
  store.close();
  expect(existsSync('memory')).toBe(false);
});

describe('queries', () => {
  test.each<EventsQuery>([
    {},
    { since: new Date(START_MS).toISOString(), until: new Date().toISOString() },
    { type: 'health_change', since: new Date(START_MS).toISOString() },
    { resource_id: 'a' },
    { resource_id: 'a', type: 'health_change', before_id: 7 },
  ])('%j is read from an index in the order of the answer, without sorting', (query) => {
    createSqliteHistory(path).close();
    const database = new DatabaseSync(path);
    const { sql, parameters } = eventsQuery(query);
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(parameters)
      .map((step) => String(step['detail']));
    database.close();
    expect(plan.join('\n')).toMatch(/USING INDEX event_by_/);
    expect(plan.join('\n')).not.toMatch(/TEMP B-TREE|SCAN event(?! USING INDEX)/);
  });

  test('SQLite answers any query as memory does', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const atMs = fc.integer({ min: START_MS, max: START_MS + 20 });
    const iso = atMs.map((ms) => new Date(ms).toISOString());
    const event = fc.oneof(
      fc.tuple(name, atMs).map(([r, ms]) => healthChange(r, ms)),
      fc.tuple(atMs).map(([ms]) => trafficAnomaly('a', 'b', ms)),
      fc.tuple(name, atMs).map(([r, ms]) => anomalyResolved(r, undefined, ms)),
    );
    const query: fc.Arbitrary<EventsQuery> = fc.record(
      {
        since: iso,
        until: iso,
        type: fc.constantFrom(...EVENT_TYPES),
        resource_id: name,
        before_id: fc.integer({ min: 1, max: 40 }),
        limit: fc.integer({ min: 1, max: 8 }),
      },
      { requiredKeys: [] },
    );
    const pruneAt = fc.option(atMs, { nil: undefined });
    fc.assert(
      fc.property(
        fc.array(fc.array(event, { maxLength: 6 }), { maxLength: 6 }),
        pruneAt,
        fc.array(query),
        (batches, prune, queries) => {
          const [sqlite, memory] = [createSqliteHistory(':memory:'), createMemoryHistory()];
          for (const batch of batches) for (const store of [sqlite, memory]) store.append(batch);
          if (prune !== undefined) expect(sqlite.prune(prune)).toBe(memory.prune(prune));
          for (const q of queries) expect(sqlite.query(q)).toEqual(memory.query(q));
          sqlite.close();
        },
      ),
      { numRuns: 60 },
    );
  });
});
