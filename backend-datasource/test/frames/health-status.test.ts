import { describe, expect, test } from '@jest/globals';
import type { HealthHistoryResponse } from '@topdeck/protocol';
import { QUERY_TYPE_ENTRIES } from '../../src/frames/query-types.ts';
import { AT_MS, fieldOf, frameOf, inputOf, shop, valuesOf } from './fixtures.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

describe('health-history of statuses', () => {
  const query = { queryType: 'health-history', value: 'status_code' } as const;
  const history: HealthHistoryResponse = {
    since: iso(AT_MS - 5_000),
    until: iso(AT_MS),
    truncated: false,
    services: [
      {
        resource_id: 'cart',
        points: [
          [AT_MS - 5_000, 'healthy', 90],
          // Thresholds of its own: no score tells the status.
          [AT_MS - 3_500, 'failed', 95],
          [AT_MS - 3_200, 'degraded', 20],
          [AT_MS - 1_900, 'unknown', null],
        ],
      },
    ],
  };

  test('has the gravest code since the time before, and null while it was unknown', () => {
    const frame = frameOf(query, { extras: { healthHistories: [history], stepMs: 1_000 } });
    expect(valuesOf(frame, 'time').map(Number)).toEqual([5, 4, 3, 2, 1, 0].map((s) => AT_MS - s * 1_000));
    expect(valuesOf(frame, 'cart')).toEqual([0, 0, 2, 1, 1, null]);
    expect(valuesOf(frame, 'db')).toEqual([null, null, null, null, null, null]);
    expect(fieldOf(frame, 'cart').config?.mappings).toBeDefined();
  });

  test('goes on with the codes of each new state', () => {
    const snapshot = shop();
    const added = QUERY_TYPE_ENTRIES['health-history'].appended?.(inputOf(query, { snapshot }), undefined);
    const codes = { healthy: 0, degraded: 1, failed: 2, unknown: null };
    expect(added?.fields.slice(1).map(({ name, values }) => [name, values[0]])).toEqual(
      snapshot.services.map(({ resource_id, status }) => [resource_id, codes[status]]),
    );
  });

  test('refuses what it has not, and names what it has', () => {
    expect(() => frameOf({ ...query, value: 'latency' })).toThrow(
      expect.objectContaining({ status: 400, message: expect.stringContaining('health_score, status_code') }),
    );
  });
});
