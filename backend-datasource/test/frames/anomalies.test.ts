import { describe, expect, test } from '@jest/globals';
import type { QueryFilter } from '@topdeck/protocol/grafana';
import { AT_MS, frameOf, namesOf, numericOf, rowsOf, shop, valuesOf } from './fixtures.ts';

const anomalies = { queryType: 'anomalies' } as const;

describe('anomalies', () => {
  test('are a row each, worst first', () => {
    const frame = frameOf(anomalies);
    const columns = [
      'alert_id',
      'severity',
      'target_id',
      'score',
      'age_s',
      'detected_at',
      'potential_causes',
      'namespace',
    ];
    const detected_at = AT_MS - 60_000;
    expect(rowsOf(frame, ...columns)).toEqual([
      {
        alert_id: 'a1',
        severity: 'critical',
        target_id: null,
        score: 0.9,
        age_s: 62,
        detected_at,
        potential_causes: 'db',
        namespace: null,
      },
      {
        alert_id: 'a2',
        severity: 'high',
        target_id: 'db',
        score: 0.7,
        age_s: 62,
        detected_at,
        potential_causes: 'db',
        namespace: 'shop',
      },
      {
        alert_id: 'a3',
        severity: 'low',
        target_id: null,
        score: 0.2,
        age_s: 62,
        detected_at,
        potential_causes: 'db',
        namespace: 'shop',
      },
    ]);
    expect(valuesOf(frame, 'updated')).toEqual([AT_MS, AT_MS, AT_MS]);
  });

  test('as numbers have what stays over their life as labels', () => {
    const frame = numericOf({ ...anomalies, value: 'deviation_percentage' });
    expect(namesOf(frame)).toEqual(
      ['alert_id', 'resource_id', 'resource_name', 'target_id', 'metric_name', 'severity', 'namespace', 'team'].concat(
        'deviation_percentage',
      ),
    );
    expect(valuesOf(frame, 'target_id')).toEqual(['', 'db', '']);
    expect(valuesOf(numericOf(anomalies), 'score')).toEqual([0.9, 0.7, 0.2]);
  });

  test.each<[QueryFilter, string[]]>([
    [{ severities: ['critical', 'low'] }, ['a1', 'a3']],
    [{ min_score: 0.5 }, ['a1', 'a2']],
    [{ ids: ['db'] }, ['a1', 'a2']],
    [{ types: ['service'] }, ['a2', 'a3']],
    [{ around: { id: 'web', depth: 1 } }, ['a3']],
  ])('pass %j', (filter, expected) => {
    expect(valuesOf(frameOf({ ...anomalies, filter }), 'alert_id')).toEqual(expected);
  });

  test('when there are none are no data for a rule and an empty table for a panel', () => {
    const snapshot = shop({ anomalies: [] });
    expect(numericOf(anomalies, { snapshot })).toMatchObject({ name: 'anomalies', fields: [] });
    expect(valuesOf(frameOf(anomalies, { snapshot }), 'alert_id')).toEqual([]);
  });
});
