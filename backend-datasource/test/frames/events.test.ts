import { describe, expect, test } from '@jest/globals';
import type { EventMessage, EventsQuery, HistoryEvent } from '@topdeck/protocol';
import type { QueryFilter } from '@topdeck/protocol/grafana';
import { QUERY_TYPE_ENTRIES } from '../../src/frames/query-types.ts';
import { anomaly, AT, AT_MS, frameOf, inputOf, noticesOf, readOf, rowsOf, valuesOf } from './fixtures.ts';

const query = { queryType: 'events' } as const;

const stored = (id: number, type: HistoryEvent['type'], data: unknown, ageS = 0): HistoryEvent => ({
  id,
  type,
  timestamp: new Date(AT_MS - ageS * 1000).toISOString(),
  resource_id: 'cart',
  data,
});
const change = { resource_id: 'cart', old_status: 'healthy', new_status: 'degraded', health_score: 60.4 };
const opened = { ...anomaly('a2'), description: 'latency_p95 of Cart is 2 s' };
const closed = {
  alert_id: 'a2',
  resource_id: 'cart',
  metric_name: 'latency_p95',
  severity: 'high',
  duration_s: 300,
  target_id: 'db',
};
const abnormal = { source_id: 'web', target_id: 'cart', anomaly_type: 'latency', description: 'web → cart is slow' };
/** Newest first, as the bridge answers. */
const EVENTS = [
  stored(4, 'anomaly_resolved', closed, 10),
  stored(3, 'traffic_anomaly', abnormal, 20),
  stored(2, 'anomaly_detected', opened, 30),
  stored(1, 'health_change', change, 40),
];

describe('events', () => {
  test('are lines of a log, oldest first, so that live ones follow', () => {
    const frame = frameOf(query, { extras: { events: EVENTS } });
    expect(frame.meta).toMatchObject({ type: 'log-lines', preferredVisualisationType: 'logs' });
    expect(frame.fields.map(({ name, type }) => [name, type])).toEqual([
      ['timestamp', 'time'],
      ['body', 'string'],
      ['severity', 'string'],
      ['id', 'string'],
      ['labels', 'json'],
    ]);
    expect(rowsOf(frame, 'id', 'timestamp', 'severity', 'body')).toEqual([
      {
        id: 'h1',
        timestamp: AT_MS - 40_000,
        severity: 'warning',
        body: 'Cart is degraded, was healthy (health score 60)',
      },
      { id: 'h2', timestamp: AT_MS - 30_000, severity: 'error', body: 'latency_p95 of Cart is 2 s' },
      { id: 'h3', timestamp: AT_MS - 20_000, severity: 'warning', body: 'web → cart is slow' },
      {
        id: 'h4',
        timestamp: AT_MS - 10_000,
        severity: 'info',
        body: 'latency_p95 of Cart → db is back to normal after 5 min',
      },
    ]);
    expect(valuesOf(frame, 'labels').slice(0, 2)).toEqual([
      {
        type: 'health_change',
        resource_id: 'cart',
        resource_name: 'Cart',
        status: 'degraded',
        namespace: 'shop',
        team: 'orders',
      },
      {
        type: 'anomaly_detected',
        resource_id: 'cart',
        resource_name: 'Cart',
        metric_name: 'latency_p95',
        severity: 'high',
        alert_id: 'a2',
        namespace: 'shop',
        team: 'orders',
      },
    ]);
  });

  test.each<[QueryFilter, string[]]>([
    [{}, ['h1', 'h2', 'h3', 'h4']],
    [{ statuses: ['degraded'] }, ['h1']],
    [{ statuses: ['failed'] }, []],
    [{ severities: ['high'] }, ['h2', 'h4']],
    [{ severities: ['high'], statuses: ['degraded'] }, ['h1', 'h2', 'h4']],
    [{ severities: ['low'], abnormal_only: true }, ['h3']],
    [{ min_score: 0.8 }, ['h4']],
    [{ ids: ['db'] }, ['h4']],
    [{ ids: ['web'] }, ['h3']],
  ])('pass %j', (filter, expected) => {
    expect(valuesOf(frameOf({ ...query, filter }, { extras: { events: EVENTS } }), 'id')).toEqual(expected);
  });

  test('cut by a limit are the newest, and say so', () => {
    const frame = frameOf({ ...query, limit: 2 }, { extras: { events: EVENTS } });
    expect(valuesOf(frame, 'id')).toEqual(['h3', 'h4']);
    expect(noticesOf(frame)[0]).toMatch(/newest 2 events/);
  });

  test('of another version are counted and left out', () => {
    const frame = frameOf(query, { extras: { events: [stored(9, 'health_change', { old: 1 }), ...EVENTS] } });
    expect(valuesOf(frame, 'id')).toHaveLength(4);
    expect(noticesOf(frame)).toEqual(['1 events of another version could not be read.']);
  });

  test('without any keep their columns', () => {
    expect(frameOf(query).fields).toHaveLength(5);
  });

  test('go on with a row for each event that passes', () => {
    const { appended } = QUERY_TYPE_ENTRIES.events;
    const message = { type: 'health_change', timestamp: AT, epoch: 'e1', seq: 8, data: change } as EventMessage;
    const row = appended?.(inputOf(query), message);
    expect(row && rowsOf(row, 'id', 'timestamp', 'severity')).toEqual([
      { id: 'e1.8', timestamp: AT_MS, severity: 'warning' },
    ]);
    expect(row?.fields.map(({ name, type }) => [name, type])).toEqual(
      frameOf(query).fields.map(({ name, type }) => [name, type]),
    );
    expect(appended?.(inputOf({ ...query, filter: { ids: ['db'] } }), message)).toBeUndefined();
    expect(appended?.(inputOf(query), undefined)).toBeUndefined();
  });
});

describe('the history of events', () => {
  const page = (from: number, count: number): HistoryEvent[] =>
    Array.from({ length: count }, (_, index) => stored(from - index, 'health_change', change, 1));

  test('is read page by page until there are more than the limit', async () => {
    const asked: EventsQuery[] = [];
    const events = async (wanted: EventsQuery) => {
      asked.push(wanted);
      return page((wanted.before_id ?? 10_001) - 1, 1000);
    };
    const read = await readOf({ ...query, limit: 1500 }, { events });
    expect(read.events).toHaveLength(2000);
    const span = {
      since: new Date(AT_MS - 600_000).toISOString(),
      until: new Date(AT_MS + 600_000).toISOString(),
      limit: 1000,
    };
    expect(asked).toEqual([span, { ...span, before_id: 9001 }]);
    const frame = frameOf({ ...query, limit: 1500 }, { extras: read });
    expect(valuesOf(frame, 'id').slice(-1)).toEqual(['h10000']);
  });

  test('is given up after some pages of which nothing passes', async () => {
    let asked = 0;
    const events = async (wanted: EventsQuery) => ((asked += 1), page((wanted.before_id ?? 1_000_001) - 1, 1000));
    const read = await readOf({ ...query, filter: { statuses: ['failed'] } }, { events });
    expect(read.events).toEqual([]);
    expect(asked).toBe(20);
  });

  test('is asked of one resource alone where the filter names it', async () => {
    const asked: EventsQuery[] = [];
    await readOf({ ...query, filter: { ids: ['db'] } }, { events: async (wanted) => (asked.push(wanted), []) });
    expect(asked).toEqual([expect.objectContaining({ resource_id: 'db' })]);
  });

  test('is not read of an empty range', async () => {
    await expect(readOf(query, {}, { range: { fromMs: 5, toMs: 5 } })).resolves.toEqual({ events: [] });
  });
});
