import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import type { HealthChange, HistoryStore } from '../../src/history/history-store.ts';
import { createMemoryHistory } from '../../src/history/memory-history.ts';
import { READ_SAMPLES } from '../../src/history/sqlite-health.ts';
import { createSqliteHistory } from '../../src/history/sqlite-history.ts';
import { healthChange } from './events.ts';
import { at, degraded, healthStoreContract, healthy, record, WHOLE } from './health-store.contract.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'topdeck-history-'));
  path = join(folder, 'history.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

healthStoreContract('SQLite', () => createSqliteHistory(path));

const ALL = { sinceMs: at(-1000), untilMs: at(10_000), limit: 1000 };

describe('REST-12 over restarts', () => {
  test('health of a file that was closed is read and continued', () => {
    const first = createSqliteHistory(path);
    first.append([], record(0, healthy('a'), degraded('b')));
    first.close();
    const second = createSqliteHistory(path);
    expect(second.newestHealth().get('b')).toEqual({ status: 'degraded', score: 60 });
    second.append([], record(12, degraded('a')));
    second.append([], record(60, healthy('a')));
    expect(second.watched(at(0), at(100))).toEqual([
      { startMs: at(0), endMs: at(17) },
      { startMs: at(60), endMs: at(65) },
    ]);
    expect(second.samples('a', ALL).map(({ status }) => status)).toEqual(['healthy', 'degraded', 'healthy']);
    second.close();
  });

  test('a file of the version before, with events alone, gets what it lacks', () => {
    createSqliteHistory(path).close();
    const database = new DatabaseSync(path);
    database.exec(
      'DROP TABLE health; DROP TABLE resource; DROP TABLE watched; DROP TABLE place; ' +
        'DROP TABLE incident; DROP TABLE incident_resource; DROP TABLE incident_event; DROP TABLE change; PRAGMA user_version = 1',
    );
    database.close();
    const store = createSqliteHistory(path);
    store.append([healthChange('a')], record(0, healthy('a')));
    expect([store.query({}).length, store.samples('a', ALL).length]).toEqual([1, 1]);
    store.close();
  });

  test('a batch that cannot be written leaves no health behind, and the store goes on', () => {
    const store = createSqliteHistory(path);
    const circular = healthChange('b');
    Object.assign(circular.data, { self: circular.data });
    expect(() => store.append([circular], record(0, healthy('a')))).toThrow();
    const invalid = { ...healthy('new'), score: {} as unknown as number };
    expect(() => store.append([healthChange('c')], record(0, healthy('new'), invalid))).toThrow();
    expect([store.query({}), store.healthResources(), store.watched(at(-10), at(10))]).toEqual([[], [], []]);
    store.append([], record(5, healthy('other')));
    store.append([], record(6, healthy('new')));
    expect(store.healthResources()).toEqual(['new', 'other']);
    expect(store.samples('new', ALL)).toHaveLength(1);
    store.close();
  });
});

describe('one of many services', () => {
  test('is read by its key, whatever the others have', () => {
    createSqliteHistory(path).close();
    const database = new DatabaseSync(path);
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${READ_SAMPLES}`)
      .all({ key: 1, since: 5, until: 9, limit: 10 })
      .map((step) => String(step['detail']));
    database.close();
    expect(plan.filter((step) => /^(SEARCH|SCAN)/.test(step))).toEqual([
      expect.stringContaining('SEARCH health USING PRIMARY KEY (resource=? AND at_ms>? AND at_ms<?)'),
      expect.stringContaining('SEARCH health USING PRIMARY KEY (resource=? AND at_ms<?)'),
    ]);
    expect(plan.join()).not.toContain('TEMP B-TREE');
  });
});

type Step =
  | { readonly kind: 'tick'; readonly second: number; readonly changes: readonly HealthChange[] }
  | { readonly kind: 'prune'; readonly second: number };

test('SQLite keeps health as memory does', () => {
  const id = fc.constantFrom('a', 'b', 'c');
  const second = fc.integer({ min: 0, max: 60 });
  const change = fc
    .record({ resourceId: id, status: fc.constantFrom('healthy', 'failed', 'unknown'), score: fc.nat({ max: 100 }) })
    .map(({ score, ...rest }): HealthChange => ({ ...rest, score: rest.status === 'unknown' ? null : score }));
  const changes = fc.uniqueArray(change, { selector: ({ resourceId }) => resourceId, maxLength: 3 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('tick' as const), second, changes }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune' as const), second }) },
  );
  const apply = (store: HistoryStore, { kind, second: s, ...rest }: Step): void => {
    if (kind === 'prune') {
      store.prune(at(s));
      store.pruneHealth(at(s), WHOLE);
    } else if ('changes' in rest) store.append([], record(s, ...rest.changes));
  };
  const seen = (store: HistoryStore, sinceS: number, untilS: number): unknown => [
    store.healthResources(),
    [...store.newestHealth()].sort(([a], [b]) => (a < b ? -1 : 1)),
    store.watched(at(sinceS), at(untilS)),
    ['a', 'b', 'c'].map((one) => store.samples(one, { sinceMs: at(sinceS), untilMs: at(untilS), limit: 5 })),
  ];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), second, second, (steps, sinceS, untilS) => {
      const [sqlite, memory] = [createSqliteHistory(':memory:'), createMemoryHistory()];
      for (const one of steps) for (const store of [sqlite, memory]) apply(store, one);
      expect(seen(sqlite, sinceS, untilS)).toEqual(seen(memory, sinceS, untilS));
      sqlite.close();
    }),
    { numRuns: 150 },
  );
});
