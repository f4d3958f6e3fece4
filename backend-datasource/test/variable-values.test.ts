import { describe, expect, test } from '@jest/globals';
import { searchTopology } from '../src/frames/search-topology.ts';
import { variableValues } from '../src/variable-values.ts';
import { service, snapshotOf } from './snapshots.ts';

const SNAPSHOT = snapshotOf([
  service('svc-checkout', { resource_name: 'checkout', labels: { namespace: 'shop', team: 'pay' } }),
  service('svc-cart', { resource_name: 'cart', labels: { namespace: 'shop' } }),
  service('db', { resource_name: 'Orders DB', resource_type: 'database', labels: { namespace: 'data', team: '' } }),
]);
const texts = (query: Parameters<typeof variableValues>[0]): string[] =>
  variableValues(query, SNAPSHOT).map(({ text }) => text);

describe('values of variables', () => {
  test('services are shown by name and used by id', () => {
    expect(variableValues({ kind: 'services' }, SNAPSHOT)).toEqual([
      { text: 'cart', value: 'svc-cart' },
      { text: 'checkout', value: 'svc-checkout' },
      { text: 'Orders DB', value: 'db' },
    ]);
  });

  test('each kind lists what there is, once, without empty ones', () => {
    expect(texts({ kind: 'types' })).toEqual(['database', 'service']);
    expect(texts({ kind: 'namespaces' })).toEqual(['data', 'shop']);
    expect(texts({ kind: 'teams' })).toEqual(['pay']);
    expect(texts({ kind: 'label-keys' })).toEqual(['namespace', 'team']);
    expect(texts({ kind: 'label-values', label: 'namespace' })).toEqual(['data', 'shop']);
    expect(texts({ kind: 'metrics' })).toEqual(['request_rate']);
    expect(texts({ kind: 'edge-metrics' })).toEqual(['latency_p95']);
  });

  test('a filter narrows them, so that one variable can depend on another', () => {
    const filter = { labels: [{ key: 'namespace', op: '=' as const, value: 'shop' }] };
    expect(texts({ kind: 'services', filter })).toEqual(['cart', 'checkout']);
    expect(texts({ kind: 'types', filter })).toEqual(['service']);
  });

  test('values of no label in particular are refused', () => {
    expect(() => texts({ kind: 'label-values' })).toThrow(/which label/);
  });
});

describe('search', () => {
  const names = (text: string, limit = 10): string[] => searchTopology(text, limit, SNAPSHOT).map(({ name }) => name);

  test('finds by name or id, whatever the case, better matches first', () => {
    expect(names('c')).toEqual(['cart', 'checkout']);
    expect(names('DB')).toEqual(['Orders DB']);
    expect(names('svc-cart')).toEqual(['cart']);
    expect(names('nothing')).toEqual([]);
  });

  test('gives all for an empty text, up to the limit', () => {
    expect(names('')).toEqual(['cart', 'checkout', 'Orders DB']);
    expect(names('', 2)).toHaveLength(2);
  });
});
