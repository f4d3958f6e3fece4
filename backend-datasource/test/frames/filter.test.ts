import { describe, expect, test } from '@jest/globals';
import { QueryError } from '@topdeck/grafana-plugin-sdk';
import type { LabelMatcher, QueryFilter } from '@topdeck/protocol/grafana';
import { select } from '../../src/frames/filter.ts';
import { frameOf, shop, valuesOf } from './fixtures.ts';

const ids = (filter: QueryFilter): unknown[] => valuesOf(frameOf({ queryType: 'services', filter }), 'id');
const edges = (filter: QueryFilter): string[] => {
  const frame = frameOf({ queryType: 'dependencies', filter });
  const targets = valuesOf(frame, 'target_id') as string[];
  return (valuesOf(frame, 'source_id') as string[]).map((source, row) => `${source}>${targets[row]}`);
};
const ALL = ['cart', 'db', 'mail', 'web'];

describe('a filter lets services through', () => {
  test.each<[string, QueryFilter, string[]]>([
    ['all of them without a key', {}, ALL],
    ['all of them with empty keys', { ids: [], name: '', types: [], labels: [], statuses: [] }, ALL],
    ['by id', { ids: ['db', 'web', 'gone'] }, ['db', 'web']],
    ['by a part of the name or id', { name: 'Car|^d' }, ['cart', 'db']],
    ['by name ignoring case', { name: '(?i)CART' }, ['cart']],
    ['by type', { types: ['database', 'external'] }, ['db', 'mail']],
    ['by status', { statuses: ['failed', 'unknown'] }, ['db', 'mail']],
    ['when all keys hold', { types: ['service'], statuses: ['degraded'] }, ['cart']],
    ['around one of them', { around: { id: 'web', depth: 1 } }, ['cart', 'web']],
    ['around one of them, against the direction too', { around: { id: 'db', depth: 2 } }, ALL],
    ['around itself alone', { around: { id: 'cart', depth: 0 } }, ['cart']],
    ['around nothing', { around: { id: 'gone', depth: 3 } }, []],
  ])('%s', (_, filter, expected) => {
    expect(ids(filter)).toEqual(expected);
  });

  test.each<[LabelMatcher['op'], string, string[]]>([
    ['=', 'shop', ['cart', 'web']],
    ['!=', 'shop', ['db', 'mail']],
    ['=', '', ['db']],
    ['=~', 'sh.p|out.*', ['cart', 'mail', 'web']],
    ['=~', 'sho', []],
    ['!~', '.+', ['db']],
  ])('by a label %s %s', (op, value, expected) => {
    expect(ids({ labels: [{ key: 'namespace', op, value }] })).toEqual(expected);
  });

  test.each<[string, QueryFilter]>([
    ['name', { name: '(' }],
    ['a label', { labels: [{ key: 'team', op: '=~', value: '[' }] }],
    ['a look-behind, which RE2 does not know', { name: '(?<=a)b' }],
  ])('unless the expression of %s is none', (_, filter) => {
    expect(() => ids(filter)).toThrow(
      expect.objectContaining({ constructor: QueryError, status: 400, source: 'downstream' }),
    );
  });

  test('in time that grows with the text alone, whatever the expression', () => {
    const { service } = select(
      { name: '(a+)+$' },
      shop({ services: shop().services.map((one) => ({ ...one, resource_name: `${'a'.repeat(20_000)}!` })) }),
    );
    expect(service(shop().services[0])).toBe(false);
  });
});

describe('an edge passes', () => {
  test.each<[string, QueryFilter, string[]]>([
    ['when either end does', { ids: ['web'] }, ['web>cart']],
    ['when its target does', { types: ['database'] }, ['cart>db']],
    ['with both ends inside of around', { around: { id: 'web', depth: 1 } }, ['web>cart']],
    ['with around and one end of the rest', { around: { id: 'cart', depth: 1 }, ids: ['db'] }, ['cart>db']],
    ['with abnormal traffic', { abnormal_only: true }, ['cart>db']],
    ['with a score', { min_score: 0.1 }, ['cart>db', 'web>cart']],
  ])('%s', (_, filter, expected) => {
    expect(edges(filter)).toEqual(expected);
  });

  test('not when its ends hold a key each', () => {
    expect(edges({ ids: ['web'], statuses: ['degraded'] })).toEqual([]);
  });
});
