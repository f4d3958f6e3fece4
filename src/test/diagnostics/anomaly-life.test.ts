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
import { anomalies, type FrameMore } from './fixtures.ts';

const table = (ids: readonly string[], more?: FrameMore) =>
  new Table(
    'anomalies',
    anomalies(
      ids.map((alert_id) => ({ alert_id })),
      more,
    ),
  );
const next = (life: AnomalyLife, ids: readonly string[], nowMs: number, more?: FrameMore): AnomalyLife =>
  follow(life, { table: table(ids, more), identity: 'q' }, nowMs);
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
    const other = follow(life, { table: table(['b']), identity: 'other' }, 1_000);
    expect([resolved(other), [...other.open.keys()]]).toEqual([[], ['b']]);
  });

  test('calls nothing resolved of a list that was cut to its limit', () => {
    const text = 'Showing 1 of 2 anomalies. Narrow the filter or raise the limit.';
    const life = next(next(NO_ANOMALIES, ['a', 'b'], 0), ['b'], 1_000, { notices: [{ severity: 'warning', text }] });
    expect(resolved(life)).toEqual([]);
  });

  test('is the same object while nothing changes', () => {
    const held = table(['a']);
    const life = follow(NO_ANOMALIES, { table: held, identity: 'q' }, 0);
    expect(follow(life, { table: held, identity: 'q' }, 9_000)).toBe(life);
  });

  test('calls new what began within minutes, and is not over', () => {
    const ages = new Table('anomalies', anomalies([20, 299, 300].map((age_s) => ({ alert_id: `${age_s}`, age_s }))));
    expect([0, 1, 2].map((row) => isNew({ table: ages, row }))).toEqual([true, true, false]);
    expect(isNew({ table: ages, row: 0, resolvedMs: 1 })).toBe(false);
  });
});
