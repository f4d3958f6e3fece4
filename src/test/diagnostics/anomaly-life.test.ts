import { describe, expect, test } from '@jest/globals';
import {
  follow,
  forget,
  isNew,
  NO_ANOMALIES,
  RESOLVED_SHOWN_MS,
  type AnomalyLife,
} from '../../panels/diagnostics/anomaly-life.ts';
import { Table } from '../../panels/diagnostics/read-frames.ts';
import { anomalies } from './fixtures.ts';

const table = (ids: readonly string[]) => new Table('anomalies', anomalies(ids.map((alert_id) => ({ alert_id }))));
const next = (life: AnomalyLife, ids: readonly string[], nowMs: number, limit = 1_000): AnomalyLife =>
  follow(life, { table: table(ids), identity: 'q', limit }, nowMs);
const resolved = ({ resolved: items }: AnomalyLife): [string, number | undefined][] =>
  items.map(({ table: from, row, resolvedMs }) => [from.text('alert_id', row), resolvedMs]);

describe('the life of anomalies', () => {
  test('keeps those that are gone as resolved, newest first, for five minutes', () => {
    let life = next(NO_ANOMALIES, ['a', 'b', 'c'], 0);
    expect(resolved(life)).toEqual([]);
    life = next(life, ['b', 'c'], 1_000);
    life = next(life, ['c'], 2_000);
    expect([...life.open.keys()]).toEqual(['c']);
    expect(resolved(life)).toEqual([
      ['b', 2_000],
      ['a', 1_000],
    ]);
    expect(resolved(forget(life, 1_000 + RESOLVED_SHOWN_MS))).toEqual([['b', 2_000]]);
    expect(resolved(next(life, ['c'], 2_000 + RESOLVED_SHOWN_MS))).toEqual([]);
  });

  test('takes one that comes back for open', () => {
    const gone = next(next(NO_ANOMALIES, ['a'], 0), [], 1_000);
    const back = next(gone, ['a'], 2_000);
    expect([resolved(back), [...back.open.keys()]]).toEqual([[], ['a']]);
    expect(resolved(next(back, [], 3_000))).toEqual([['a', 3_000]]);
  });

  test('calls nothing resolved when another query is asked', () => {
    const life = next(NO_ANOMALIES, ['a'], 0);
    const other = follow(life, { table: table(['b']), identity: 'other', limit: 9 }, 1_000);
    expect([resolved(other), [...other.open.keys()]]).toEqual([[], ['b']]);
  });

  test('calls nothing resolved of a list that was cut to its limit', () => {
    const after = (limit: number) => next(next(NO_ANOMALIES, ['a', 'b'], 0), ['b', 'c'], 1_000, limit);
    expect(resolved(after(2))).toEqual([]);
    expect(resolved(after(3))).toEqual([['a', 1_000]]);
  });

  test('is the same object while nothing changes', () => {
    const held = table(['a']);
    const life = follow(NO_ANOMALIES, { table: held, identity: 'q', limit: 9 }, 0);
    expect(follow(life, { table: held, identity: 'q', limit: 9 }, 9_000)).toBe(life);
  });

  test('calls new what began within minutes, and is not over', () => {
    const ages = new Table('anomalies', anomalies([20, 299, 300].map((age_s) => ({ alert_id: `${age_s}`, age_s }))));
    expect([0, 1, 2].map((row) => isNew({ table: ages, row }))).toEqual([true, true, false]);
    expect(isNew({ table: ages, row: 0, resolvedMs: 1 })).toBe(false);
  });
});
