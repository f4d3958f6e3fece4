import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ErrorResponse } from '@topdeck/protocol';
import type { FastifyInstance, InjectOptions } from 'fastify';
import Value from 'typebox/value';
import type { BridgeError } from '../../src/errors.ts';
import { createControlApi } from '../../src/simulator/control-api.ts';
import { LiveSystem } from '../../src/simulator/live-system.ts';
import { FakeClock } from '../fake-clock.ts';
import { SHOP } from './system.ts';

describe('the control API', () => {
  let clock: FakeClock;
  let app: FastifyInstance;
  let system: LiveSystem;
  let reported: BridgeError[];
  beforeEach(() => {
    clock = new FakeClock();
    reported = [];
    system = new LiveSystem({ topology: SHOP, seed: 1, demo: false, startMs: clock.nowMs() });
    app = createControlApi({
      system,
      clock,
      serviceGraph: false,
      health: () => ({ neo4j: 'off' }),
      report: (fault) => reported.push(fault),
    });
  });
  afterEach(() => app.close());

  const ask = async (options: InjectOptions | string) => {
    const response = await app.inject(options);
    return { status: response.statusCode, body: response.json<Record<string, unknown>>(), headers: response.headers };
  };
  const post = (body: object) => ask({ method: 'POST', url: '/faults', payload: body });

  test('starts a fault, lists it, ends it', async () => {
    const started = await post({ kind: 'latency', target: 'catalog', duration_s: 60, magnitude: 0.5 });
    expect(started).toMatchObject({
      status: 201,
      headers: { location: '/faults/fault-1' },
      body: {
        id: 'fault-1',
        kind: 'latency',
        target: 'catalog',
        magnitude: 0.5,
        origin: 'api',
        strength: 0,
        started_at: '2026-01-01T00:00:00.000Z',
        ends_at: '2026-01-01T00:01:00.000Z',
      },
    });
    await clock.advance(10_000);
    expect((await ask('/faults')).body).toMatchObject([{ id: 'fault-1', strength: 0.5 }]);
    expect(await ask({ method: 'DELETE', url: '/faults/fault-1' })).toMatchObject({
      status: 200,
      body: { id: 'fault-1', ends_at: '2026-01-01T00:00:10.000Z' },
    });
    await clock.advance(10_000);
    expect((await ask('/faults')).body).toEqual([]);
  });

  test('a fault has magnitude 0.8 and no end unless told otherwise', async () => {
    const { body } = await post({ kind: 'down', target: 'catalog' });
    expect(body['magnitude']).toBe(0.8);
    expect(body).not.toHaveProperty('ends_at');
  });

  test.each([
    ['an unknown target', { kind: 'down', target: 'nobody' }, 404, 'NOT_FOUND', 'nobody'],
    ['an unknown kind', { kind: 'flood', target: 'shop' }, 400, 'INVALID_REQUEST', 'kind: expected one of latency, '],
    ['no target', { kind: 'down' }, 400, 'INVALID_REQUEST', 'target'],
    ['a magnitude of 2', { kind: 'down', target: 'shop', magnitude: 2 }, 400, 'INVALID_REQUEST', 'magnitude'],
    ['a duration of 0', { kind: 'down', target: 'shop', duration_s: 0 }, 400, 'INVALID_REQUEST', 'duration_s'],
    ['a mistyped key', { kind: 'down', target: 'shop', duration: 9 }, 400, 'INVALID_REQUEST', 'duration: unknown key'],
    ['a body that is too large', { kind: 'down', target: 'x'.repeat(20_000) }, 413, 'PAYLOAD_TOO_LARGE', ''],
  ])('refuses %s and says why', async (_name, body, status, code, detail) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status, body: { code, detail: expect.stringContaining(detail) } });
    expect(Value.Check(ErrorResponse, answer.body)).toBe(true);
    expect(system.faults(clock.nowMs())).toEqual([]);
  });

  test.each([
    ['DELETE', '/faults/fault-9'],
    ['GET', '/nothing'],
    ['POST', '/metrics'],
  ] as const)('%s %s is not found', async (method, url) => {
    expect(await ask({ method, url })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  test('refuses more than a thousand faults at once', async () => {
    for (let i = 0; i < 1_000; i += 1)
      system.startFault({ kind: 'latency', target: 'shop', magnitude: 0.1 }, clock.nowMs());
    expect(await post({ kind: 'down', target: 'shop' })).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('1000 faults') },
    });
  });

  test('a fault of its own is reported, and its insides stay inside', async () => {
    system.advance = () => {
      throw new Error('secret detail');
    };
    const { status, body } = await ask('/metrics');
    expect({ status, code: body['code'] }).toEqual({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(body)).not.toContain('secret detail');
    expect(reported.map(({ cause }) => (cause as Error).message)).toEqual(['secret detail']);
  });

  test('serves metrics, the topology in the form of a topology file, health, and a list of what there is', async () => {
    await clock.advance(5_000);
    const metrics = await app.inject('/metrics');
    expect(metrics.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(metrics.body).toMatch(/^# HELP http_requests_total /);
    const topology = (await ask('/topology')).body;
    expect(topology).toEqual({ resources: SHOP.resources, dependencies: SHOP.dependencies });
    expect((await ask('/healthz')).body).toEqual({
      status: 'ok',
      resources: SHOP.resources.length,
      dependencies: SHOP.dependencies.length,
      neo4j: 'off',
    });
    expect(Object.keys((await ask('/')).body['kinds'] as object)).toHaveLength(6);
  });
});
