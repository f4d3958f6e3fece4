import { describe, expect, test } from '@jest/globals';
import type { QueryFilter } from '@topdeck/protocol/grafana';
import { interpolateFilter, interpolateQuery } from '../datasource/query/interpolate.ts';
import { compactFilter, wireQuery } from '../datasource/query/wire-query.ts';
import type { Query } from '../datasource/types.ts';
import { FakeTemplates, type FakeVariable } from './fake-grafana.ts';

const VARIABLES: Record<string, FakeVariable> = {
  one: { value: 'cart' },
  two: { value: ['cart', 'shop'], multi: true },
  dotted: { value: ['a.b', 'c|d'], multi: true },
  every: { value: '$__all', options: ['cart', 'shop', 'mail'], multi: true },
  everyInList: { value: ['$__all'], options: [], multi: true },
  custom: { value: '.*' },
  none: { value: '' },
  pattern: { value: '^ca.t$' },
};
const templates = new FakeTemplates(VARIABLES).asService();
const filtered = (filter: QueryFilter, scoped = {}): QueryFilter | undefined =>
  interpolateFilter(filter, templates, scoped);

describe('lists', () => {
  test.each<[string[], string[] | undefined]>([
    [['$one'], ['cart']],
    [
      ['$two', 'mail', 'cart'],
      ['cart', 'shop', 'mail'],
    ],
    [['eu-${two}'], ['eu-cart', 'eu-shop']],
    [['$every'], undefined],
    [['$everyInList'], undefined],
    [['cart', '$every'], undefined],
    [['$custom'], undefined],
    [['$none'], undefined],
    [['$none', 'cart'], ['cart']],
    [['$unknown'], ['$unknown']],
    [[], undefined],
  ])('%j become %j', (ids, expected) => {
    expect(filtered({ ids })?.ids).toEqual(expected);
  });

  test('of every kind are replaced', () => {
    const filter = { types: ['$one'], statuses: ['$two' as never], severities: ['$one' as never] };
    expect(filtered(filter)).toEqual({ types: ['cart'], statuses: ['cart', 'shop'], severities: ['cart'] });
  });

  test('a repeated panel has its own value of a variable that means all', () => {
    const scoped = { every: { text: 'shop', value: 'shop' } };
    expect(filtered({ ids: ['$every'] }, scoped)).toEqual({ ids: ['shop'] });
  });
});

describe('label matchers', () => {
  const match = (op: '=' | '!=' | '=~' | '!~', value: string) =>
    filtered({ labels: [{ key: 'team', op, value }] })?.labels;

  test('a text stays a text', () => expect(match('=', '$one')).toEqual([{ key: 'team', op: '=', value: 'cart' }]));
  test('several values make an expression of literal texts', () => {
    expect(match('=', '$dotted')).toEqual([{ key: 'team', op: '=~', value: '(a\\.b|c\\|d)' }]);
    expect(match('!=', '$two')).toEqual([{ key: 'team', op: '!~', value: '(cart|shop)' }]);
    expect(match('=~', '$dotted')).toEqual([{ key: 'team', op: '=~', value: '(a\\.b|c\\|d)' }]);
  });
  test('an expression typed into a variable stays one', () => {
    expect(match('=~', '$pattern')).toEqual([{ key: 'team', op: '=~', value: '^ca.t$' }]);
  });
  test('all is no restriction', () => expect(match('=~', '$every')).toBeUndefined());
  test('without a label there is nothing to match', () => {
    expect(filtered({ labels: [{ key: '', op: '=', value: 'x' }] })).toBeUndefined();
  });
});

describe('other texts', () => {
  test('the name is an expression', () => {
    expect(filtered({ name: '^${two}-' })).toEqual({ name: '^(cart|shop)-' });
    expect(filtered({ name: '$every' })).toBeUndefined();
  });
  test('the neighbourhood is that of one service', () => {
    expect(filtered({ around: { id: '$two', depth: 2 } })).toEqual({ around: { id: 'cart', depth: 2 } });
    expect(filtered({ around: { id: '$every', depth: 2 } })).toBeUndefined();
  });
  test('value and metric are replaced, and what is absent stays absent', () => {
    const query: Query = { refId: 'A', queryType: 'metric', metric: '$one', value: '$one' };
    expect(interpolateQuery(query, templates, {})).toEqual({ ...query, metric: 'cart', value: 'cart' });
    expect(Object.keys(interpolateQuery({ refId: 'A', queryType: 'events' }, templates, {}))).toEqual([
      'refId',
      'queryType',
    ]);
  });
});

test('a filter that says nothing is none', () => {
  expect(compactFilter({ ids: [], name: '', labels: [], around: { id: '', depth: 1 } })).toBeUndefined();
  expect(compactFilter({ min_score: 0, ids: ['a'] })).toEqual({ min_score: 0, ids: ['a'] });
});

test('what a subscriber sends has nothing of Grafana and of the browser', () => {
  const query = {
    refId: 'A',
    datasource: { uid: 'x' },
    hide: false,
    key: 'k',
    live: true,
    streaming: true,
    queryType: 'services',
    format: 'table',
    filter: { ids: [] },
    limit: 5,
  } as const;
  expect(wireQuery({ ...query, filter: { ids: [] } })).toEqual({ queryType: 'services', format: 'table', limit: 5 });
});
