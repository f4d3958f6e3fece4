import { describe, expect, test } from '@jest/globals';
import type { ErrorResponse } from '@topdeck/protocol';
import { BridgeError, type ErrorCode } from '../../src/errors.ts';
import { COMPARISON, HEALTH_HISTORY, METRIC_RANGE } from './rest-feed.ts';
import { closeAfterEach, startHttp } from './start-http.ts';

const API = '/api/v1/live-diagnostics';
const RANGE = { since: '2026-01-01T00:00:00.000Z', until: '2026-01-01T01:00:00.000Z' };
const range = new URLSearchParams(RANGE).toString();
closeAfterEach();

describe('REST-12 health-history', () => {
  test('goes out as the feed gave it', async () => {
    const { app, feed } = await startHttp();
    const answer = await app.inject(`${API}/health-history?${range}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.json()).toEqual(HEALTH_HISTORY);
    expect(feed.healthQueries).toEqual([RANGE]);
  });

  test('of one service and of several, whatever their ids are made of', async () => {
    const { app, feed } = await startHttp();
    const one = `resource_id=${encodeURIComponent('orders/eu 1')}`;
    await app.inject(`${API}/health-history?${range}&${one}`);
    await app.inject(`${API}/health-history?${range}&${one}&resource_id=${encodeURIComponent('a,☃')}&resource_id=1`);
    expect(feed.healthQueries).toEqual([
      { ...RANGE, resource_id: 'orders/eu 1' },
      { ...RANGE, resource_id: ['orders/eu 1', 'a,☃', '1'] },
    ]);
  });

  test('a history that cannot be read is HISTORY_UNAVAILABLE, without its path', async () => {
    const { app, feed } = await startHttp();
    feed.fault = new BridgeError('HISTORY_UNAVAILABLE', { detail: '/data/history.sqlite: it is damaged' });
    const answer = await app.inject(`${API}/health-history?${range}`);
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'HISTORY_UNAVAILABLE' });
    expect(answer.body).not.toContain('/data');
  });
});

describe('REST-13 metrics/{metric}/range', () => {
  test('goes out as the feed gave it, of services unless edges are asked for', async () => {
    const { app, feed } = await startHttp();
    const answer = await app.inject(`${API}/metrics/request_rate/range?${range}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(METRIC_RANGE);
    await app.inject(`${API}/metrics/error_rate/range?${range}&scope=edge&step_s=30&resource_id=a&resource_id=b`);
    expect(feed.rangeQueries).toEqual([
      ['request_rate', { ...RANGE, scope: 'service' }],
      ['error_rate', { ...RANGE, scope: 'edge', step_s: 30, resource_id: ['a', 'b'] }],
    ]);
  });

  test('REST-14 is asked for bands by a word of truth alone', async () => {
    const { app, feed } = await startHttp();
    for (const word of ['true', 'false']) await app.inject(`${API}/metrics/request_rate/range?${range}&bands=${word}`);
    expect(feed.rangeQueries.map(([, { bands }]) => bands)).toEqual([true, false]);
    const refused = await app.inject(`${API}/metrics/request_rate/range?${range}&bands=wide`);
    expect(refused.statusCode).toBe(400);
    expect(refused.json<ErrorResponse>().message).toContain('bands must be boolean');
  });

  test.each<[ErrorCode, number]>([
    ['NOT_FOUND', 404],
    ['INVALID_REQUEST', 400],
    ['NOT_READY', 503],
    ['PROMETHEUS_AUTH_FAILED', 502],
    ['PROMETHEUS_UNREACHABLE', 502],
    ['PROMETHEUS_QUERY_FAILED', 502],
    ['PROMETHEUS_ANSWER_TOO_LARGE', 502],
    ['PROMETHEUS_TIMEOUT', 504],
  ])('%s is HTTP %d, and what is inside stays inside (SEC-5)', async (code, status) => {
    const { app, feed, events } = await startHttp();
    feed.fault = new BridgeError(code, { detail: 'service has request_rate' });
    const answer = await app.inject(`${API}/metrics/luck/range?${range}`);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
    expect(answer.body.includes('request_rate')).toBe(status < 500);
    expect(events().filter(({ level }) => (level as number) >= 50)).toEqual([]);
  });
});

describe('REST-15 services/{id}/comparison', () => {
  const id = encodeURIComponent('orders/eu 1');

  test('goes out as the feed gave it, of an hour unless another window is asked for', async () => {
    const { app, feed } = await startHttp();
    const answer = await app.inject(`${API}/services/${id}/comparison`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual(COMPARISON);
    await app.inject(`${API}/services/web/comparison?at=${RANGE.until}&window_s=600&metric=error_rate`);
    expect(feed.comparisonQueries).toEqual([
      ['orders/eu 1', { window_s: 3600 }],
      ['web', { at: RANGE.until, window_s: 600, metric: 'error_rate' }],
    ]);
  });

  test.each<[ErrorCode, number]>([
    ['NOT_FOUND', 404],
    ['NOT_READY', 503],
    ['PROMETHEUS_QUERY_FAILED', 502],
    ['PROMETHEUS_TIMEOUT', 504],
  ])('REST-16 %s is HTTP %d', async (code, status) => {
    const { app, feed } = await startHttp();
    feed.fault = new BridgeError(code);
    const answer = await app.inject(`${API}/services/web/comparison`);
    expect([answer.statusCode, answer.json<ErrorResponse>().code]).toEqual([status, code]);
  });

  test.each([
    ['window_s=299', 'window_s must be >= 300'],
    ['window_s=21601', 'window_s must be <= 21600'],
    ['at=yesterday', 'at must match format'],
    ['metric=Error-Rate', 'metric must match pattern'],
  ])('REST-9 %s is refused', async (query, sentence) => {
    const { app, feed } = await startHttp();
    const answer = await app.inject(`${API}/services/web/comparison?${query}`);
    expect([answer.statusCode, feed.comparisonQueries]).toEqual([400, []]);
    expect(answer.json<ErrorResponse>().message).toContain(sentence);
  });
});

describe('REST-9 refusals', () => {
  const ids = (count: number): string => Array.from({ length: count }, (_, i) => `resource_id=${i}`).join('&');

  test.each([
    ['/health-history', ['since', 'until']],
    ['/health-history?since=2026-01-01T00:00:00Z', ['until']],
    ['/health-history?since=yesterday&until=now', ['since must match format', 'until must match format']],
    [`/health-history?${range}&${ids(501)}`, ['resource_id']],
    [`/health-history?${range}&resource_id=`, ['resource_id']],
    [`/metrics/request_rate/range?${range}&step_s=0`, ['step_s must be >= 1']],
    [`/metrics/request_rate/range?${range}&step_s=0.5`, ['step_s must be integer']],
    [`/metrics/request_rate/range?${range}&scope=world`, ['scope must be one of: service, edge']],
    [`/metrics/Request-Rate/range?${range}`, ['metric must match pattern']],
  ])('%.80s names what is wrong', async (path, sentences) => {
    const { app, feed } = await startHttp();
    const answer = await app.inject(`${API}${path}`);
    expect(answer.statusCode).toBe(400);
    const { code, message } = answer.json<ErrorResponse>();
    expect(code).toBe('INVALID_REQUEST');
    for (const sentence of sentences) expect(message).toContain(sentence);
    expect([feed.healthQueries, feed.rangeQueries]).toEqual([[], []]);
  });

  test('500 ids are taken', async () => {
    const { app, feed } = await startHttp();
    expect((await app.inject(`${API}/health-history?${range}&${ids(500)}`)).statusCode).toBe(200);
    expect(feed.healthQueries[0]?.resource_id).toHaveLength(500);
  });
});
