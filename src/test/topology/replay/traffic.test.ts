import { describe, expect, test } from '@jest/globals';
import { FieldType, toDataFrame, type DataFrame } from '@grafana/data';
import { trafficAt, trafficOf } from '../../../panels/topology/replay/traffic.ts';

const line = (values: readonly (number | null)[]): DataFrame =>
  toDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: values.map((_, at) => at * 10_000), config: { interval: 10_000 } },
      {
        name: 'web → cart',
        type: FieldType.number,
        values: [...values],
        labels: { source_id: 'web', target_id: 'cart' },
      },
    ],
  });

describe('traffic at a time', () => {
  const ends = ['web', 'cart'] as const;

  test('is judged by the rules of live traffic', () => {
    const traffic = trafficOf([
      line([0.01, 0.06, 0.06, 0.02, null]),
      line([50, 50, 50, 0.05, null]),
      line([0.2, 0.2, 1.5, 0.2, null]),
    ]);
    const at = [0, 10_000, 20_000, 30_000, 40_000].map((ms) => trafficAt(traffic, ends, ms));
    expect(at).toEqual(['healthy', 'degraded', 'failed', 'degraded', 'unknown']);
  });

  test('holds a value for two steps, and knows nothing before, after and of others', () => {
    const traffic = trafficOf([line([0.5]), undefined, undefined]);
    expect([-1, 0, 9_000, 20_000, 20_001].map((ms) => trafficAt(traffic, ends, ms))).toEqual([
      'unknown',
      'degraded',
      'degraded',
      'degraded',
      'unknown',
    ]);
    expect(trafficAt(traffic, ['cart', 'web'], 0)).toBe('unknown');
  });
});
