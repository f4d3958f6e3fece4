import { describe, expect, test } from '@jest/globals';
import { QueryError } from '@topdeck/grafana-plugin-sdk';
import { service } from '../snapshots.ts';
import { AT_MS, fieldOf, frameOf, namesOf, noticesOf, numericOf, rowsOf, shop, valuesOf } from './fixtures.ts';

const services = { queryType: 'services' } as const;

describe('services as numbers', () => {
  test('are one number a row, with texts that stay as labels', () => {
    const frame = numericOf(services);
    expect(frame.meta).toMatchObject({ type: 'numeric-long', typeVersion: [0, 1] });
    expect(frame.fields.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
      ['id', 'string', false],
      ['name', 'string', false],
      ['type', 'string', false],
      ['namespace', 'string', false],
      ['team', 'string', false],
      ['health_score', 'float64', true],
    ]);
    expect(rowsOf(frame, 'id', 'namespace', 'team', 'health_score')).toEqual([
      { id: 'cart', namespace: 'shop', team: 'orders', health_score: 60 },
      { id: 'db', namespace: '', team: '', health_score: 0 },
      { id: 'mail', namespace: 'outside', team: 'none', health_score: null },
      { id: 'web', namespace: 'shop', team: 'front', health_score: 100 },
    ]);
  });

  test.each([
    ['status_code', [1, 2, null, 0]],
    ['anomaly_count', [2, 0, 0, 0]],
    ['cpu_usage', [0.5, 2, null, null]],
  ])('can be %s', (value, numbers) => {
    expect(valuesOf(numericOf({ ...services, value }), value)).toEqual(numbers);
  });

  test('name the values there are when asked for another', () => {
    const ask = () => numericOf({ ...services, value: 'speed' });
    expect(ask).toThrow(QueryError);
    expect(ask).toThrow(
      /no value "speed".*health_score, status_code, anomaly_count, request_rate, error_rate, cpu_usage, queue_depth/,
    );
  });

  test('take any metric before the first collection, without values', () => {
    const snapshot = shop();
    const early = { ...snapshot, freshness: { ...snapshot.freshness, metric_outcomes: {} } };
    expect(valuesOf(numericOf({ ...services, value: 'heap' }, { snapshot: early }), 'heap')).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  test('without rows are no data for a rule, and keep their fields for a stream', () => {
    const query = { ...services, filter: { ids: ['nobody'] } };
    expect(numericOf(query).fields).toEqual([]);
    expect(namesOf(numericOf(query, { keepFields: true }))).toEqual([
      'id',
      'name',
      'type',
      'namespace',
      'team',
      'health_score',
    ]);
  });

  test('give a label that is called like a column of ours another name, whatever the value', () => {
    const labels = { name: 'x', status_code: 'y', cpu_usage: 'z', alertname: 'q', __private: 'p' };
    const snapshot = shop({ services: [service('web', { labels })] });
    expect(namesOf(numericOf(services, { snapshot })).slice(3, -1)).toEqual([
      'label___private',
      'label_alertname',
      'label_cpu_usage',
      'label_name',
      'label_status_code',
    ]);
  });
});

describe('services as a table', () => {
  test('have columns by preset and labels alone, and null where nothing is known', () => {
    const frame = frameOf(services);
    expect(namesOf(frame)).toEqual(
      ['id', 'name', 'type', 'status', 'health_score', 'request_rate', 'error_rate', 'cpu_usage', 'queue_depth'].concat(
        ['anomaly_count', 'anomaly', 'namespace', 'team', 'updated'],
      ),
    );
    const columns = ['status', 'health_score', 'error_rate', 'queue_depth', 'anomaly', 'team', 'updated'] as const;
    expect(rowsOf(frame, ...columns)).toEqual([
      {
        status: 'degraded',
        health_score: 60,
        error_rate: 0.02,
        queue_depth: null,
        anomaly: 'slow',
        team: 'orders',
        updated: AT_MS,
      },
      {
        status: 'failed',
        health_score: 0,
        error_rate: null,
        queue_depth: null,
        anomaly: null,
        team: null,
        updated: AT_MS,
      },
      {
        status: 'unknown',
        health_score: null,
        error_rate: null,
        queue_depth: null,
        anomaly: null,
        team: 'none',
        updated: AT_MS,
      },
      {
        status: 'healthy',
        health_score: 100,
        error_rate: null,
        queue_depth: null,
        anomaly: null,
        team: 'front',
        updated: AT_MS,
      },
    ]);
    expect(namesOf(frameOf({ ...services, filter: { ids: ['nobody'] } }))).toEqual(namesOf(frame));
  });

  test('say how to show them', () => {
    const frame = frameOf(services);
    expect(fieldOf(frame, 'error_rate').config).toMatchObject({ unit: 'percentunit' });
    expect(fieldOf(frame, 'request_rate').config).toMatchObject({ unit: 'reqps' });
    expect(fieldOf(frame, 'queue_depth').config).toMatchObject({ unit: 'messages' });
    expect(fieldOf(frame, 'status').config?.mappings).toEqual([
      expect.objectContaining({
        options: expect.objectContaining({ failed: { text: 'Failed', color: '#F2495C', index: 2 } }),
      }),
    ]);
    expect(fieldOf(frame, 'health_score').config?.thresholds?.steps.map(({ value }) => value)).toEqual([null, 50, 70]);
  });

  test('call a metric that is named like a column metric_…', () => {
    const snapshot = shop();
    snapshot.freshness.metric_outcomes = { 'service.status': { outcome: 'ok', scope: 'service', unit: '1' } };
    expect(namesOf(frameOf(services, { snapshot }))).toEqual(expect.arrayContaining(['status', 'metric_status']));
  });

  test('cut by a limit keep the worst, and say so', () => {
    const frame = frameOf({ ...services, limit: 2 });
    expect(valuesOf(frame, 'id')).toEqual(['cart', 'db']);
    expect(noticesOf(frame)).toEqual(['Showing 2 of 4 services. Narrow the filter or raise the limit.']);
  });

  test('tell that their source cannot be read', () => {
    const snapshot = shop();
    snapshot.freshness.metrics = {
      source: 'prometheus',
      state: 'stale',
      last_success: '2026-01-31T11:00:00.000Z',
      error: 'refused',
    };
    expect(noticesOf(frameOf(services, { snapshot }))).toEqual([
      'Metrics (prometheus) could not be read since 2026-01-31T11:00:00.000Z: refused',
    ]);
  });
});
