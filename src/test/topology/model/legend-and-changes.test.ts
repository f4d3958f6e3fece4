import { describe, expect, test } from '@jest/globals';
import { FieldColorModeId } from '@grafana/data';
import { STATUSES } from '@topdeck/protocol';
import { changesBetween, type HealthAt } from '../../../panels/topology/model/changes.ts';
import { ICON_NAMES, iconPath } from '../../../panels/topology/model/icons.ts';
import { legendOf } from '../../../panels/topology/model/legend.ts';
import { paletteOf } from '../../../panels/topology/model/palette.ts';
import { frameOf, graphOf, shopFrames, theme } from './fixtures.ts';

const palette = paletteOf(theme);

describe('legend', () => {
  test('counts every status, those that nobody has too, and the marks that there are', () => {
    const entries = legendOf(graphOf(...shopFrames()), palette);
    expect(entries.slice(0, 4)).toEqual(
      STATUSES.map((status, index) => ({
        kind: 'status',
        status,
        color: palette.status[status],
        count: [3, 1, 1, 1][index],
      })),
    );
    expect(entries.slice(4)).toEqual([
      { kind: 'mark', mark: 'cause', count: 1 },
      { kind: 'mark', mark: 'first-failure', count: 1 },
      { kind: 'mark', mark: 'impacted', count: 1 },
    ]);
  });

  test('tells the sections of the rings where no health is known', () => {
    const frame = frameOf(
      { id: ['a', 'b'], arc__ok: [1, 0.5], arc__bad: [0, 0.5] },
      { arc__ok: { displayName: 'Fine', color: { mode: FieldColorModeId.Fixed, fixedColor: '#111111' } } },
    );
    expect(legendOf(graphOf(frame), palette)).toEqual([
      { kind: 'arc', label: 'Fine', color: '#111111', share: 0.75 },
      { kind: 'arc', label: 'bad', color: palette.series(1), share: 0.25 },
    ]);
  });
});

describe('changes between two times', () => {
  const at = (entries: Record<string, HealthAt>) => new Map(Object.entries(entries));
  const kinds = (before: Record<string, HealthAt>, after: Record<string, HealthAt>) =>
    changesBetween(at(before), at(after)).map(({ id, kind }) => [id, kind]);

  test('the worst worsening stands first, recovery last, and what stayed is left out', () => {
    expect(
      kinds(
        {
          a: { status: 'failed', score: 10 },
          b: { status: 'healthy', score: 100 },
          c: { status: 'healthy', score: 100 },
          d: { status: 'healthy', score: 90 },
          e: { status: 'healthy' },
          f: { status: 'healthy', score: 95 },
        },
        {
          a: { status: 'healthy', score: 90 },
          b: { status: 'degraded', score: 60 },
          c: { status: 'failed', score: 5 },
          d: { status: 'healthy', score: 75 },
          f: { status: 'healthy', score: 92 },
          g: { status: 'unknown' },
        },
      ),
    ).toEqual([
      ['c', 'worse'],
      ['b', 'worse'],
      ['d', 'worse'],
      ['g', 'appeared'],
      ['e', 'disappeared'],
      ['a', 'better'],
    ]);
  });

  test('who is no longer known is worse than healthy, and better than failed', () => {
    expect(kinds({ a: { status: 'healthy' } }, { a: { status: 'unknown' } })).toEqual([['a', 'worse']]);
    expect(kinds({ a: { status: 'failed' } }, { a: { status: 'unknown' } })).toEqual([['a', 'better']]);
  });

  test('changes as bad as each other stand by id', () => {
    const health = (status: HealthAt['status']) => ({ z: { status }, a: { status }, m: { status } });
    expect(kinds(health('healthy'), health('failed')).map(([id]) => id)).toEqual(['a', 'm', 'z']);
  });
});

describe('icons', () => {
  test('each name that this project’s frames use has a shape', () => {
    for (const name of ['database', 'bolt', 'envelope', 'archive-alt', 'cloud', 'sitemap', 'browser-alt']) {
      expect(iconPath(name)).toMatch(/^M/);
    }
    expect(iconPath('toString')).toBeUndefined();
  });

  test.each(ICON_NAMES)('%s is a path of plain commands within its square', (name) => {
    const path = iconPath(name)!;
    expect(path).toMatch(/^[MLHVCSAZmlhvcsaz0-9 .-]+$/);
    const starts = [...path.matchAll(/M(-?[\d.]+) (-?[\d.]+)/g)];
    expect(starts.length).toBeGreaterThan(0);
    for (const [, x, y] of starts) {
      expect(Number(x)).toBeGreaterThanOrEqual(0);
      expect(Number(x)).toBeLessThanOrEqual(24);
      expect(Number(y)).toBeGreaterThanOrEqual(0);
      expect(Number(y)).toBeLessThanOrEqual(24);
    }
  });
});
