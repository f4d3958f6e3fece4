import { describe, expect, test } from '@jest/globals';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ErrorResponse, type HealthResponse } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { BridgeError } from '../../src/errors.ts';
import { READY, SNAPSHOT, TIMESTAMP } from './rest-feed.ts';
import { closeAfterEach, startHttp } from './start-http.ts';

const API = '/api/v1/live-diagnostics';
const isErrorResponse = validator(ErrorResponse);
closeAfterEach();

describe('reads', () => {
  test('REST-1 the snapshot goes out as the feed gave it; duration_hours has no effect', async () => {
    const { app, feed } = await startHttp();
    const plain = await app.inject(`${API}/snapshot`);
    expect(plain.statusCode).toBe(200);
    expect(plain.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(plain.headers['cache-control']).toBe('no-store');
    expect(plain.body).toBe(JSON.stringify(SNAPSHOT));
    expect((await app.inject(`${API}/snapshot?duration_hours=24`)).body).toBe(plain.body);
    expect(feed.reads).toEqual([{ read: 'snapshot' }, { read: 'snapshot' }]);
  });

  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('REST-1 a large answer is sent as %s to who takes it', async (encoding, decompress) => {
    const { app, feed } = await startHttp();
    feed.snapshot = { ...SNAPSHOT, services: Array.from({ length: 200 }, () => SNAPSHOT.services[0]) };
    const answer = await app.inject({ url: `${API}/snapshot`, headers: { 'accept-encoding': encoding } });
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers['vary']).toMatch(/accept-encoding/i);
    const whole = JSON.stringify(feed.snapshot);
    expect(answer.rawPayload.length).toBeLessThan(whole.length / 10);
    expect(decompress(answer.rawPayload).toString()).toBe(whole);
  });

  test.each([
    ['gzip', 'gzip'],
    ['br, gzip;q=0.5', 'gzip'],
    ['gzip;q=0', undefined],
    ['identity', undefined],
  ])('REST-1 a very large answer to “%s” is compressed as %s', async (accepted, encoding) => {
    const { app, feed } = await startHttp();
    feed.snapshot = { ...SNAPSHOT, services: Array.from({ length: 2000 }, () => SNAPSHOT.services[0]) };
    const request = { url: `${API}/snapshot`, headers: { 'accept-encoding': accepted } };
    const answers = await Promise.all([app.inject(request), app.inject(request)]);
    for (const answer of answers) {
      expect(answer.headers['content-encoding']).toBe(encoding);
      const body = encoding === 'gzip' ? gunzipSync(answer.rawPayload) : answer.rawPayload;
      expect(body.toString()).toBe(JSON.stringify(feed.snapshot));
    }
  });

  test('REST-2 one service, whatever its id is made of, or NOT_FOUND', async () => {
    const { app } = await startHttp();
    const found = await app.inject(`${API}/services/${encodeURIComponent('orders/eu 1')}/health`);
    expect(found.json()).toEqual(SNAPSHOT.services[0]);
    const missing = await app.inject(`${API}/services/nobody/health`);
    expect(missing.statusCode).toBe(404);
    expect(missing.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('REST-2 an id may have 512 characters of any script and not one more', async () => {
    const { app, feed } = await startHttp();
    expect((await app.inject(`${API}/services/${encodeURIComponent('☃'.repeat(512))}/health`)).statusCode).toBe(404);
    expect(feed.reads).toEqual([{ read: 'service', resourceId: '☃'.repeat(512) }]);
    expect((await app.inject(`${API}/services/${'x'.repeat(513)}/health`)).statusCode).toBe(400);
  });

  test('REST-3 anomalies by severity and limit, 50 when none is given', async () => {
    const { app, feed } = await startHttp();
    expect((await app.inject(`${API}/anomalies`)).json()).toEqual(SNAPSHOT.anomalies);
    expect((await app.inject(`${API}/anomalies?severity=high`)).json()).toEqual([SNAPSHOT.anomalies[1]]);
    expect((await app.inject(`${API}/anomalies?limit=1&unknown=ignored`)).json()).toEqual([SNAPSHOT.anomalies[0]]);
    expect(feed.reads).toEqual([
      { read: 'anomalies', severity: undefined, limit: 50 },
      { read: 'anomalies', severity: 'high', limit: 50 },
      { read: 'anomalies', severity: undefined, limit: 1 },
    ]);
  });

  test.each([
    ['', false],
    ['?abnormal_only=true', true],
    ['?abnormal_only=false', false],
    ['?abnormal_only=True', true],
    ['?abnormal_only=1', true],
    ['?abnormal_only=0&duration_hours=2', false],
  ])('REST-4 traffic patterns%s', async (query, abnormalOnly) => {
    const { app, feed } = await startHttp();
    expect((await app.inject(`${API}/traffic-patterns${query}`)).json()).toEqual(SNAPSHOT.traffic_patterns);
    expect(feed.reads).toEqual([{ read: 'traffic', abnormalOnly }]);
  });

  test('REST-5 failing dependencies', async () => {
    const { app } = await startHttp();
    expect((await app.inject(`${API}/failing-dependencies`)).json()).toEqual(SNAPSHOT.failing_dependencies);
  });

  test('REST-7 events by all filters at once', async () => {
    const { app, feed } = await startHttp();
    const answer = await app.inject(
      `${API}/events?since=2026-01-01T00:00:00Z&until=2026-02-01T00:00:00.000Z&type=health_change&resource_id=web&before_id=9&limit=5`,
    );
    expect(answer.json()).toEqual(feed.history);
    expect(feed.eventQueries).toEqual([
      {
        since: '2026-01-01T00:00:00Z',
        until: '2026-02-01T00:00:00.000Z',
        type: 'health_change',
        resource_id: 'web',
        before_id: 9,
        limit: 5,
      },
    ]);
  });

  test('REST-8 NOT_READY tells when to come again', async () => {
    const { app, feed } = await startHttp();
    feed.fault = new BridgeError('NOT_READY');
    const answer = await app.inject(`${API}/snapshot`);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toMatchObject({ code: 'NOT_READY' });
  });

  test('REST-10 a refresh answers with the new position', async () => {
    const { app, feed } = await startHttp();
    const answer = await app.inject({ method: 'POST', url: `${API}/refresh` });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ epoch: READY.epoch, seq: READY.seq + 1, timestamp: TIMESTAMP });
    expect(feed.refreshes).toBe(1);
    expect((await app.inject(`${API}/refresh`)).statusCode).toBe(404);
  });
});

describe('REST-6 health of the sources', () => {
  const lost = { source: 'prometheus', state: 'unavailable' as const, error_code: 'PROMETHEUS_UNREACHABLE' };
  const stale = { source: 'neo4j', state: 'stale' as const, last_success: TIMESTAMP, error_code: 'NEO4J_UNREACHABLE' };

  test('healthy when everything is fresh, after waking the pipeline', async () => {
    const { app, feed } = await startHttp();
    expect((await app.inject(`${API}/health`)).json()).toEqual({
      status: 'healthy',
      timestamp: TIMESTAMP,
      components: { neo4j: 'healthy', prometheus: 'healthy', diagnosis: 'healthy' },
      detail: { neo4j: `fresh, last read ${TIMESTAMP}`, prometheus: `fresh, last read ${TIMESTAMP}` },
    });
    expect(feed.reads).toHaveLength(1);
  });

  test.each<[HealthResponse['status'], Partial<typeof READY>, HealthResponse['components'], string]>([
    [
      'degraded',
      { topology: stale },
      { neo4j: 'unhealthy', prometheus: 'healthy', diagnosis: 'healthy' },
      'NEO4J_UNREACHABLE',
    ],
    [
      'unhealthy',
      { metrics: lost },
      { neo4j: 'healthy', prometheus: 'unhealthy', diagnosis: 'healthy' },
      'unavailable: PROMETHEUS_UNREACHABLE',
    ],
    [
      'degraded',
      { atMs: undefined, metrics: { source: 'prometheus', state: 'unavailable' } },
      { neo4j: 'healthy', prometheus: 'unknown', diagnosis: 'unknown' },
      'unavailable',
    ],
  ])('%s', async (status, change, components, detail) => {
    const { app, feed } = await startHttp();
    feed.currentStatus = { ...READY, ...change };
    feed.fault = new BridgeError('NOT_READY');
    const answer = await app.inject(`${API}/health`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ status, components });
    expect(answer.body).toContain(detail);
  });

  test('unhealthy while diagnosis stands still', async () => {
    const { app, feed } = await startHttp();
    feed.fault = new BridgeError('PIPELINE_FAILED', { detail: 'heap' });
    const answer = await app.inject(`${API}/health`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ status: 'unhealthy', components: { diagnosis: 'unhealthy' } });
    expect(answer.body).not.toContain('heap');
  });

  test('a fault of another kind is answered as such', async () => {
    const { app, feed } = await startHttp();
    feed.fault = new TypeError('x is not a function');
    expect((await app.inject(`${API}/health`)).json()).toMatchObject({ code: 'INTERNAL' });
  });
});

describe('REST-9 refusals', () => {
  test.each([
    [
      '/anomalies?limit=0&severity=grave',
      ['limit must be >= 1', 'severity must be one of: low, medium, high, critical'],
    ],
    ['/anomalies?limit=many', ['limit must be integer']],
    ['/anomalies?limit=1&limit=2', ['limit must be integer']],
    ['/snapshot?duration_hours=25', ['duration_hours must be <= 24']],
    ['/traffic-patterns?abnormal_only=maybe', ['abnormal_only must be boolean']],
    ['/events?since=yesterday&limit=1001', ['since must match format "date-time"', 'limit must be <= 1000']],
    ['/events?type=birthday', ['type must be one of: health_change']],
    ['/services/%20/../%ff/health', []],
  ])('%s names what is wrong', async (path, sentences) => {
    const { app, feed } = await startHttp();
    const answer = await app.inject(`${API}${path}`);
    expect(answer.statusCode).toBe(400);
    const body = answer.json<ErrorResponse>();
    expect(isErrorResponse(body)).toMatchObject({ ok: true });
    expect(body).toMatchObject({ code: 'INVALID_REQUEST', detail: body.message });
    for (const sentence of sentences) expect(body.message).toContain(sentence);
    expect(feed.reads).toEqual([]);
  });

  test('an unknown route, an unknown method and a body that is too large have codes of their own', async () => {
    const { app } = await startHttp();
    const cases = [
      [await app.inject('/nowhere?token=abc'), 404, 'NOT_FOUND'],
      [await app.inject({ method: 'DELETE', url: `${API}/snapshot` }), 404, 'NOT_FOUND'],
      [
        await app.inject({ method: 'POST', url: `${API}/refresh`, payload: { filler: 'x'.repeat(20_000) } }),
        413,
        'PAYLOAD_TOO_LARGE',
      ],
      [
        await app.inject({
          method: 'POST',
          url: `${API}/refresh`,
          headers: { 'content-type': 'application/json' },
          payload: '{broken',
        }),
        400,
        'INVALID_REQUEST',
      ],
      [
        await app.inject({
          method: 'POST',
          url: `${API}/refresh`,
          headers: { 'content-type': 'text/csv' },
          payload: 'a,b',
        }),
        400,
        'INVALID_REQUEST',
      ],
    ] as const;
    for (const [answer, status, code] of cases) {
      expect([answer.statusCode, answer.json<ErrorResponse>().code]).toEqual([status, code]);
      expect(isErrorResponse(answer.json())).toMatchObject({ ok: true });
    }
  });
});
