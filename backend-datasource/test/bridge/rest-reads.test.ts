import { createServer, type AddressInfo } from 'node:net';
import type { RequestListener, Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { LayoutResponse } from '@topdeck/protocol';
import { BridgeUnavailable } from '../../src/bridge/bridge.ts';
import { fault } from '../../src/bridge/faults.ts';
import { createRequest } from '../../src/bridge/http-request.ts';
import { createReads, type Reads } from '../../src/bridge/rest-reads.ts';
import { systemClock } from '../../src/clock.ts';
import { FakeClock } from '../fake-clock.ts';
import { closed, listening, serve, settingsFor, url } from './local-server.ts';
import { isoAt, snapshotOf, START_MS } from './snapshots.ts';

const PREFIX = '/api/v1/live-diagnostics';
const json = { 'content-type': 'application/json' };
const { signal } = new AbortController();

let server: Server | undefined;
let lifetime = new AbortController();

afterEach(async () => {
  lifetime.abort();
  lifetime = new AbortController();
  if (server) await closed(server);
  server = undefined;
});

const readsOf = (at: string, clock = systemClock, token?: string): Reads => {
  const settings = settingsFor(at, {}, token === undefined ? {} : { token });
  return createReads(settings.address, createRequest(settings, clock), lifetime.signal);
};

async function readsFrom(answer: RequestListener, token?: string): Promise<Reads> {
  server = await serve(answer);
  return readsOf(`${url(server)}/p`, systemClock, token);
}

const asked: string[] = [];
const answering =
  (body: unknown): RequestListener =>
  ({ method, url: path, headers }, response) => {
    asked.push(`${String(method)} ${String(path)} ${headers.authorization ?? '-'}`);
    response.writeHead(200, json).end(JSON.stringify(body));
  };

const faultOf = async (read: Promise<unknown>): Promise<object> => {
  const error: unknown = await read.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BridgeUnavailable);
  return (error as BridgeUnavailable).fault;
};

describe('a read', () => {
  afterEach(() => void asked.splice(0));

  test('REST-1 of the snapshot tells when it was sent by the bridge’s clock, never before it was taken', async () => {
    const snapshot = snapshotOf({ a: 90 }, 1500);
    let date = new Date(START_MS + 4000);
    const reads = await readsFrom((_request, response) =>
      response.writeHead(200, { ...json, date: date.toUTCString() }).end(JSON.stringify(snapshot)),
    );
    expect(await reads.snapshot(signal)).toEqual({ snapshot, sentAtMs: START_MS + 4000 });
    date = new Date(START_MS + 1000);
    expect((await reads.snapshot(signal)).sentAtMs).toBe(START_MS + 1500);
  });

  test('SEC-1, REST-7, REST-12, REST-13, REST-15 asks below the prefix, with the token, lists repeated', async () => {
    const reads = await readsFrom(answering([]), 'abc');
    await reads.events({ type: 'health_change', limit: 2, since: isoAt(0) }, signal);
    await faultOf(reads.healthHistory({ since: isoAt(0), until: isoAt(1), resource_id: ['a&b', 'c'] }, signal));
    await faultOf(reads.metricRange('cpu_usage', { since: isoAt(0), until: isoAt(1), step_s: 5, bands: true }, signal));
    await faultOf(reads.comparison('a/b 1', { metric: 'cpu_usage', window_s: 600 }, signal));
    const range = 'since=2026-01-01T00%3A00%3A00.000Z&until=2026-01-01T00%3A00%3A00.001Z';
    expect(asked).toEqual([
      `GET /p${PREFIX}/events?type=health_change&limit=2&since=2026-01-01T00%3A00%3A00.000Z Bearer abc`,
      `GET /p${PREFIX}/health-history?${range}&resource_id=a%26b&resource_id=c Bearer abc`,
      `GET /p${PREFIX}/metrics/cpu_usage/range?${range}&step_s=5&bands=true Bearer abc`,
      `GET /p${PREFIX}/services/a%2Fb%201/comparison?metric=cpu_usage&window_s=600 Bearer abc`,
    ]);
  });

  test('REST-10 refreshes by POST', async () => {
    const position = { epoch: 'e', seq: 3, timestamp: isoAt(0) };
    const reads = await readsFrom(answering(position));
    expect(await reads.refresh(signal)).toEqual(position);
    expect(asked).toEqual([`POST /p${PREFIX}/refresh -`]);
  });

  test('of what does not follow the protocol names what is wrong', async () => {
    const reads = await readsFrom(answering({ ...snapshotOf({ a: 1 }), services: 7 }));
    expect(await faultOf(reads.snapshot(signal))).toMatchObject({
      code: 'BAD_ANSWER',
      message: expect.stringContaining('/services'),
    });
  });

  test.each([
    ['a web page', 200, 'text/html', '<html>', 'NOT_A_BRIDGE'],
    ['a page at another path', 404, 'text/html', '<html>', 'NOT_A_BRIDGE'],
    ['JSON of something else', 404, 'application/json', '{"error":"no"}', 'NOT_A_BRIDGE'],
    ['a login', 302, 'text/html', '', 'NOT_A_BRIDGE'],
    ['a proxy without a bridge', 502, 'text/html', '<html>', 'HTTP_FAILED'],
  ])('of %s says so', async (_, status, type, body, code) => {
    const reads = await readsFrom((_request, response) =>
      response.writeHead(status, { 'content-type': type }).end(body),
    );
    expect(await faultOf(reads.sourceHealth(signal))).toMatchObject({ code, httpStatus: status });
  });

  test.each([
    [401, 'UNAUTHENTICATED'],
    [403, 'FORBIDDEN_SCOPE'],
    [429, 'RATE_LIMITED'],
    [503, 'NOT_READY'],
  ])('SEC-1, REST-8, LIM-10 refused with %i %s says so', async (status, code) => {
    const body = JSON.stringify({ code, message: 'm', action: 'a', detail: 'm' });
    const reads = await readsFrom((_request, response) => response.writeHead(status, json).end(body));
    expect(await faultOf(reads.snapshot(signal))).toMatchObject({ code, httpStatus: status });
  });

  test('of nobody, of a name unknown, and of what is no HTTP says so', async () => {
    const free = await listening(createServer());
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    expect(await faultOf(readsOf(`http://127.0.0.1:${port}`).sourceHealth(signal))).toMatchObject({
      code: 'CONNECTION_REFUSED',
    });
    expect(await faultOf(readsOf('http://bridge.invalid').sourceHealth(signal))).toMatchObject({
      code: 'HOST_NOT_FOUND',
    });

    const talker = await listening(createServer((socket) => socket.resume().end('SSH-2.0-OpenSSH\r\n')));
    expect(await faultOf(readsOf(url(talker)).sourceHealth(signal))).toMatchObject({ code: 'NOT_A_BRIDGE' });
    await new Promise((resolve) => talker.close(resolve));
  });

  test('ends after the time of the settings, in the middle of an answer too, and when it is called off', async () => {
    let begun = Promise.withResolvers<undefined>();
    server = await serve((_request, response) => {
      response.writeHead(200, json).write('[');
      begun.resolve(undefined);
    });
    const clock = new FakeClock();
    const reads = readsOf(url(server), clock);
    const slow = faultOf(reads.events({}, signal));
    await begun.promise;
    clock.advance(10_000);
    expect(await slow).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('not within 10 s') });

    begun = Promise.withResolvers<undefined>();
    const caller = new AbortController();
    const left = reads.events({}, caller.signal);
    await begun.promise;
    caller.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(clock.scheduled).toBe(0);
  });

  test('ends with the bridge', async () => {
    server = await serve(() => undefined);
    const read = faultOf(readsOf(url(server)).events({}, signal));
    lifetime.abort(new BridgeUnavailable(fault('CLOSED')));
    expect(await read).toMatchObject({ code: 'CLOSED' });
  });
});

describe('any other GET', () => {
  test('is passed on as it is, whatever its status', async () => {
    const reads = await readsFrom(({ url: path }, response) =>
      response.writeHead(418, { 'content-type': 'text/tea' }).end(path),
    );
    const { status, type, body } = await reads.raw('services/a%2Fb/health?x=1', signal);
    expect([status, type, Buffer.from(body).toString()]).toEqual([
      418,
      'text/tea',
      `/p${PREFIX}/services/a%2Fb/health?x=1`,
    ]);
  });

  test('outside the prefix is not sent at all', async () => {
    const reads = await readsFrom(answering([]));
    expect(await faultOf(reads.raw('../../../healthz', signal))).toMatchObject({
      code: 'INVALID_PATH',
      httpStatus: 400,
    });
    expect(asked).toEqual([]);
  });

  test('of more than 64 MiB is cut off', async () => {
    const cut = Promise.withResolvers<undefined>();
    const reads = await readsFrom((_request, response) => {
      const chunk = Buffer.alloc(1024 * 1024);
      const fill = (): void => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', fill).on('close', () => cut.resolve(undefined));
      fill();
    });
    expect(await faultOf(reads.raw('snapshot', signal))).toMatchObject({ code: 'ANSWER_TOO_LARGE' });
    await cut.promise;
  });
});

describe('the layout', () => {
  const layout = (version: string): LayoutResponse => ({ topology_version: version, positions: [['a', 1, 2]] });

  test('is read once for all who ask, and again for another version', async () => {
    let version = 'v1';
    const reads = await readsFrom((request, response) => answering(layout(version))(request, response));
    const both = await Promise.all([reads.layout('v1', signal), reads.layout('v1', signal)]);
    await reads.layout('v1', signal);
    expect([both, asked.splice(0).length]).toEqual([[layout('v1'), layout('v1')], 1]);
    version = 'v2';
    expect(await reads.layout('v2', signal)).toEqual(layout('v2'));
    expect(asked.splice(0)).toHaveLength(1);
  });

  test('of another version than was asked for is not kept', async () => {
    const reads = await readsFrom(answering(layout('v2')));
    expect(await reads.layout('v1', signal)).toEqual(layout('v2'));
    await reads.layout('v1', signal);
    expect(asked.splice(0)).toHaveLength(2);
  });

  test('that failed is read again, and one who leaves does not take it from the others', async () => {
    let isBroken = true;
    const reads = await readsFrom((request, response) => {
      if (isBroken) response.writeHead(502).end();
      else answering(layout('v1'))(request, response);
    });
    expect(await faultOf(reads.layout('v1', signal))).toMatchObject({ code: 'HTTP_FAILED' });
    isBroken = false;
    const caller = new AbortController();
    const left = reads.layout('v1', caller.signal);
    const stayed = reads.layout('v1', signal);
    caller.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    expect(await stayed).toEqual(layout('v1'));
  });
});
