import { describe, expect, test } from '@jest/globals';
import { SocketHealthResponse } from '@topdeck/protocol';
import { validator } from '@topdeck/protocol/validate';
import { BridgeError } from '../../src/errors.ts';
import { READY } from './rest-feed.ts';
import { closeAfterEach, NOW, startHttp } from './start-http.ts';

closeAfterEach();

test('/healthz tells that the process lives, whatever the pipeline does', async () => {
  const { app, feed } = await startHttp();
  feed.currentStatus = new BridgeError('PIPELINE_FAILED');
  feed.fault = new BridgeError('PIPELINE_FAILED');
  expect((await app.inject('/healthz')).json()).toEqual({ status: 'alive' });
});

describe('/readyz', () => {
  const asleep = { ...READY, running: false, atMs: undefined };

  test('wakes the pipeline once, is NOT_READY until the first state, and lets it sleep afterwards', async () => {
    const { app, feed } = await startHttp();
    feed.currentStatus = asleep;
    for (let probe = 0; probe < 3; probe++) {
      const answer = await app.inject('/readyz');
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ code: 'NOT_READY' });
      expect(feed.listenerCount).toBe(1);
    }
    feed.tick();
    expect(feed.listenerCount).toBe(0);
    expect((await app.inject('/readyz')).json()).toEqual({ status: 'ready' });
    feed.currentStatus = { ...READY, running: false };
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    expect(feed.listenerCount).toBe(0);
  });

  test('is 503 while the pipeline is broken, and wakes the one that takes its place', async () => {
    const { app, feed } = await startHttp();
    feed.currentStatus = new BridgeError('PIPELINE_FAILED');
    expect((await app.inject('/readyz')).json()).toMatchObject({ code: 'PIPELINE_FAILED' });
    feed.currentStatus = asleep;
    await app.inject('/readyz');
    expect(feed.listenerCount).toBe(1);
  });

  test('a bridge that closes listens no more', async () => {
    const { app, feed } = await startHttp();
    feed.currentStatus = asleep;
    await app.inject('/readyz');
    await app.close();
    expect(feed.listenerCount).toBe(0);
  });
});

describe('CONN-8 /api/v1/ws/live-diagnostics/health', () => {
  test('tells the number of connections and whether diagnosis runs', async () => {
    const { app, feed } = await startHttp();
    const get = async () => (await app.inject('/api/v1/ws/live-diagnostics/health')).json<SocketHealthResponse>();
    expect(await get()).toEqual({
      status: 'healthy',
      active_connections: 3,
      publisher_running: true,
      timestamp: NOW,
    });
    feed.currentStatus = { ...READY, running: false };
    expect(await get()).toMatchObject({ publisher_running: false });
    feed.currentStatus = new BridgeError('PIPELINE_FAILED');
    expect(await get()).toMatchObject({ publisher_running: false });
    expect(validator(SocketHealthResponse)(await get())).toMatchObject({ ok: true });
  });

  test('the WebSocket’s own path tells who comes without a handshake what is missing', async () => {
    const { app } = await startHttp();
    const answer = await app.inject('/api/v1/ws/live-diagnostics');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'INVALID_REQUEST', detail: expect.stringContaining('WebSocket') });
  });
});

describe('/metrics', () => {
  test('has the metrics of both threads, and requests by route and not by path', async () => {
    const { app } = await startHttp();
    await app.inject('/api/v1/live-diagnostics/services/web/health');
    await app.inject('/api/v1/live-diagnostics/services/nobody/health');
    await app.inject('/some/random/path');
    const answer = await app.inject('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.body).toContain('topdeck_ticks_total{outcome="done"} 3');
    expect(answer.body).toContain('nodejs_eventloop_lag_p99_seconds');
    const route = 'route="/api/v1/live-diagnostics/services/:id/health"';
    expect(answer.body).toContain(`topdeck_http_request_seconds_count{${route},status="200"} 1`);
    expect(answer.body).toContain(`topdeck_http_request_seconds_count{${route},status="404"} 1`);
    expect(answer.body).toContain('topdeck_http_request_seconds_count{route="unmatched",status="404"} 1');
    expect(answer.body).not.toMatch(/nobody|random/);
  });

  test('still tells what this thread knows while the pipeline is dead', async () => {
    const { app, feed, events } = await startHttp();
    feed.metrics = new BridgeError('PIPELINE_FAILED');
    const answer = await app.inject('/metrics');
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toContain('topdeck_clients');
    expect(answer.body).not.toContain('topdeck_ticks_total');
    expect(events()).toContainEqual(expect.objectContaining({ event: 'metrics.pipeline_unreadable' }));
  });
});
