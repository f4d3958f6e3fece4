import { describe, expect, test } from '@jest/globals';
import { AT_MS, fieldOf, frameOf, namesOf, numericOf, rowsOf, shop, valuesOf } from './fixtures.ts';

describe('dependencies', () => {
  test('are every edge with its traffic and the state of its target', () => {
    const frame = frameOf({ queryType: 'dependencies' });
    const columns = ['source_name', 'target_id', 'request_rate', 'is_abnormal', 'target_status', 'target_health_score'];
    expect(rowsOf(frame, ...columns, 'target_namespace', 'source_team', 'updated')).toEqual([
      {
        source_name: 'Cart',
        target_id: 'db',
        request_rate: 99,
        is_abnormal: true,
        target_status: 'failed',
        target_health_score: 0,
        target_namespace: null,
        source_team: 'orders',
        updated: AT_MS,
      },
      {
        source_name: 'Cart',
        target_id: 'mail',
        request_rate: null,
        is_abnormal: null,
        target_status: 'unknown',
        target_health_score: null,
        target_namespace: 'outside',
        source_team: 'orders',
        updated: AT_MS,
      },
      {
        source_name: 'web',
        target_id: 'cart',
        request_rate: 10,
        is_abnormal: false,
        target_status: 'degraded',
        target_health_score: 60,
        target_namespace: 'shop',
        source_team: 'front',
        updated: AT_MS,
      },
    ]);
    expect(fieldOf(frame, 'latency_p95').config).toEqual({ unit: 's' });
  });

  test.each([
    [undefined, 'request_rate', [99, null, 10]],
    ['target_status_code', 'target_status_code', [2, null, 1]],
    ['target_health_score', 'target_health_score', [0, null, 60]],
    ['cpu_usage', 'cpu_usage', [2, null, 0.5]],
  ])('as numbers of %s', (value, name, expected) => {
    const frame = numericOf({ queryType: 'dependencies', ...(value && { value }) });
    expect(valuesOf(frame, name)).toEqual(expected);
    expect(frame.fields.filter(({ type }) => type !== 'string')).toHaveLength(1);
  });

  test('carry no text that changes among their labels', () => {
    expect(namesOf(numericOf({ queryType: 'dependencies' }))).toEqual(
      ['source_id', 'source_name', 'source_type', 'target_id', 'target_name', 'target_type'].concat([
        'source_namespace',
        'source_team',
        'target_namespace',
        'target_team',
        'request_rate',
      ]),
    );
  });

  test('of a large system are all there for a rule, and the worst of them for a table', () => {
    const ids = Array.from({ length: 10_100 }, (_, i) => `t${i}`);
    const snapshot = shop({ dependencies: [...ids.map((id): [string, string] => ['web', id]), ['cart', 'db']] });
    expect(valuesOf(numericOf({ queryType: 'dependencies' }, { snapshot }), 'target_id')).toHaveLength(10_101);
    const frame = frameOf({ queryType: 'dependencies' }, { snapshot });
    expect(valuesOf(frame, 'target_id')).toHaveLength(10_000);
    expect(valuesOf(frame, 'target_id').at(-1)).toBe('db');
    expect(frame.meta?.notices?.[0].text).toMatch(/10000 of 10101/);
  });

  test('know no value of other types', () => {
    expect(() => numericOf({ queryType: 'dependencies', value: 'age_s' })).toThrow(/no value "age_s" of dependencies/);
  });
});

describe('traffic', () => {
  test('is of the edges with data', () => {
    const frame = frameOf({ queryType: 'traffic' });
    expect(rowsOf(frame, 'source_id', 'anomaly_score', 'trend')).toEqual([
      { source_id: 'cart', anomaly_score: 0.9, trend: 'stable' },
      { source_id: 'web', anomaly_score: 0.1, trend: 'stable' },
    ]);
    expect(valuesOf(numericOf({ queryType: 'traffic', value: 'is_abnormal' }), 'is_abnormal')).toEqual([1, 0]);
    expect(valuesOf(numericOf({ queryType: 'traffic' }), 'anomaly_score')).toEqual([0.9, 0.1]);
  });

  test('cut by a limit keeps the most abnormal', () => {
    const frame = frameOf({ queryType: 'traffic', limit: 1 });
    expect(valuesOf(frame, 'source_id')).toEqual(['cart']);
  });
});

describe('failing dependencies', () => {
  const query = { queryType: 'failing-dependencies' } as const;
  test('tell what fails, who calls it and why', () => {
    const columns = ['source_name', 'target_name', 'target_status', 'target_health_score', 'anomaly', 'request_rate'];
    expect(rowsOf(frameOf(query), ...columns)).toEqual([
      {
        source_name: 'Cart',
        target_name: 'db',
        target_status: 'failed',
        target_health_score: 20,
        anomaly: 'errors',
        request_rate: 3,
      },
      {
        source_name: 'web',
        target_name: 'Cart',
        target_status: 'degraded',
        target_health_score: 60,
        anomaly: 'errors',
        request_rate: 3,
      },
    ]);
    expect(valuesOf(numericOf(query), 'target_status_code')).toEqual([2, 1]);
  });

  test('are chosen by the status of what fails, and by either end otherwise', () => {
    expect(valuesOf(frameOf({ ...query, filter: { statuses: ['degraded'] } }), 'target_id')).toEqual(['cart']);
    expect(valuesOf(frameOf({ ...query, filter: { ids: ['cart'], statuses: ['failed'] } }), 'target_id')).toEqual([
      'db',
    ]);
  });

  test('when nothing fails are no data for a rule and an empty table for a panel', () => {
    const snapshot = shop({ failing_dependencies: [] });
    expect(numericOf(query, { snapshot }).fields).toEqual([]);
    expect(namesOf(frameOf(query, { snapshot }))).toEqual(namesOf(frameOf(query)));
    expect(valuesOf(frameOf(query, { snapshot }), 'source_id')).toEqual([]);
  });

  test('are told of a target that is no service any more', () => {
    const snapshot = shop({ services: [] });
    expect(rowsOf(frameOf(query, { snapshot }), 'source_name', 'target_name', 'target_type')).toEqual([
      { source_name: 'cart', target_name: 'db', target_type: '' },
      { source_name: 'web', target_name: 'Cart', target_type: '' },
    ]);
  });
});
