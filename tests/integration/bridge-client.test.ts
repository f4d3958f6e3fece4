import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WS_PATH } from '@topdeck/protocol';
import { BridgeWatch, type ClientOptions } from '../fixtures/bridge-client.ts';
import { BridgeProcess } from '../fixtures/bridge-process.ts';
import { BridgeProxy } from '../fixtures/bridge-proxy.ts';
import { freePort } from '../fixtures/free-port.ts';
import { eventually, getJson, type Env } from '../fixtures/node-process.ts';

const TOKEN = 'read-token-of-the-tests';
const JWT_SECRET = 'a secret of at least thirty-two bytes';
const QUICK: Env = { COLLECT_INTERVAL_S: '1' };

let bridge: BridgeProcess;
let watches: BridgeWatch[];
let proxy: BridgeProxy | undefined;

const watch = (options: ClientOptions): BridgeWatch => {
  const one = new BridgeWatch(options);
  watches.push(one);
  return one;
};

beforeEach(() => {
  [watches, proxy] = [[], undefined];
});

afterEach(async () => {
  await Promise.all(watches.map((one) => one.bridge.close()));
  await proxy?.close();
  await bridge.stop();
});

const jwt = (claims: object): string => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', JWT_SECRET).update(text).digest('base64url')}`;
};

const seqOf = (one: BridgeWatch): number => one.bridge.state().received?.position?.seq ?? 0;

describe('the connection of a data source to a real bridge', () => {
  test('EXT-2, EXT-3, EXT-4 streams, ends up with what the bridge says, and leaves nothing behind', async () => {
    bridge = new BridgeProcess({ ...QUICK, DELTA_RESOLUTION: '0' });
    const url = await bridge.url();
    const one = watch({ url: `${url}/` });
    const { received } = await one.streaming(seqOf(one) + 3);
    expect(received?.snapshot.services.length).toBeGreaterThan(10);
    const { signal } = new AbortController();
    expect(await one.bridge.reads.sourceHealth(signal)).toMatchObject({ status: 'healthy' });
    const layout = await one.bridge.reads.layout(received?.snapshot.freshness.topology_version ?? '', signal);
    expect(layout.positions).toHaveLength(received?.snapshot.services.length ?? 0);

    const two = watch({ url });
    await two.streaming();
    await one.streaming(seqOf(two));
    await two.streaming(seqOf(one) - 1);
    expect(seqOf(two)).toBe(seqOf(one));
    expect(one.bridge.state().received?.snapshot).toEqual(two.bridge.state().received?.snapshot);

    await Promise.all([one.bridge.close(), two.bridge.close()]);
    await eventually(
      'empty bridge',
      async () => {
        const health = await getJson<{ active_connections: number }>(`${url}${WS_PATH}/health`);
        return health.active_connections === 0 ? true : undefined;
      },
      5000,
    );
  }, 60_000);

  test('EXT-6, EXT-8 over cuts it tells each event once and resumes without a full snapshot', async () => {
    bridge = new BridgeProcess(QUICK);
    const url = await bridge.url();
    proxy = await BridgeProxy.before(url);
    const steady = watch({ url });
    const shaken = watch({ url: proxy.url });
    await Promise.all([steady.streaming(), shaken.streaming()]);
    const since = Math.max(seqOf(steady), seqOf(shaken));
    // The demo's first fault begins after 10 s and spreads.
    let cuts = 0;
    for (const deadline = performance.now() + 45_000; steady.events.length < 8; cuts += 1) {
      expect(performance.now()).toBeLessThan(deadline);
      await shaken.streaming(seqOf(shaken));
      proxy.cut();
      await shaken.until('cut', ({ connection }) => connection.state === 'disconnected');
    }
    await shaken.streaming(seqOf(shaken));
    await Promise.all([steady.streaming(seqOf(shaken)), shaken.streaming(seqOf(steady))]);
    const until = Math.min(seqOf(steady), seqOf(shaken));
    const told = ({ events }: BridgeWatch): number[] =>
      events.map(({ seq = 0 }) => seq).filter((seq) => seq > since && seq <= until);
    expect(told(steady).length).toBeGreaterThanOrEqual(8);
    expect(told(shaken)).toEqual(told(steady));
    expect(shaken.bridge.state()).toMatchObject({ reconnects: cuts, lastFault: { code: 'CONNECTION_LOST' } });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(/^topdeck_messages_sent_total\{type="snapshot_update"\} (\d+)$/m.exec(metrics)?.[1]).toBe('2');
  }, 90_000);

  test('EXT-7 a bridge that is killed is told as disconnected, its last state kept, and streamed again by its new epoch', async () => {
    const port = await freePort();
    const env = { ...QUICK, PORT: String(port) };
    bridge = new BridgeProcess(env);
    const url = await bridge.url();
    const one = watch({ url });
    const before = await one.streaming(1);
    await bridge.kill();
    const lost = await one.until('loss', ({ lastFault }) => lastFault?.code === 'CONNECTION_REFUSED');
    expect(lost.connection).toMatchObject({ state: 'disconnected', fault: { code: 'CONNECTION_REFUSED' } });
    expect(lost.received?.snapshot.services).toHaveLength(before.received?.snapshot.services.length ?? 0);
    // Long enough for polling to be tried, too.
    await one.until('five failed tries', ({ connection }) => 'attempts' in connection && connection.attempts >= 5);
    expect(one.bridge.state().connection.state).toBe('disconnected');

    bridge = new BridgeProcess(env);
    await bridge.url();
    const epoch = before.received?.position?.epoch;
    const again = await one.until('new epoch', ({ received }) => (received?.position?.epoch ?? epoch) !== epoch);
    expect(again).toMatchObject({ connection: { state: 'websocket' }, reconnects: 1 });
  }, 60_000);

  test('EXT-8 behind a proxy that passes no stream it polls, and goes on with the stream when that is passed again', async () => {
    bridge = new BridgeProcess(QUICK);
    proxy = await BridgeProxy.before(await bridge.url());
    proxy.refusesStreams = true;
    const one = watch({ url: proxy.url });
    const polling = await one.until('polling', ({ connection }) => connection.state === 'polling');
    expect(polling.connection).toMatchObject({ fault: { code: 'HTTP_FAILED', httpStatus: 501 } });
    expect('attempts' in polling.connection && polling.connection.attempts).toBeGreaterThanOrEqual(5);
    expect(polling.received?.snapshot.services.length).toBeGreaterThan(10);
    expect(polling.received?.position).toBeUndefined();

    proxy.refusesStreams = false;
    const streamed = await one.streaming();
    expect(streamed.received?.position).toBeDefined();
    // Cut and polled again, the stream is resumed from what it had brought, not from what polling has.
    proxy.refusesStreams = true;
    proxy.cut();
    await one.until('polling again', ({ connection }) => connection.state === 'polling');
    proxy.refusesStreams = false;
    await one.streaming(seqOf(one));
    expect(one.bridge.state().reconnects).toBe(1);
  }, 60_000);

  test('SEC-1, SEC-2 tells a missing, a wrong and a too weak token by what to do about each', async () => {
    bridge = new BridgeProcess({ ...QUICK, AUTH_TOKENS: `${TOKEN}:read` });
    const url = await bridge.url();
    for (const token of ['', 'something-else']) {
      const refused = await watch({ url, secureJsonData: { token } }).bridge.ready(AbortSignal.timeout(10_000));
      expect(refused.connection).toMatchObject({
        state: 'disconnected',
        fault: { code: 'UNAUTHENTICATED', httpStatus: 401, action: expect.stringContaining('“Token”') },
      });
    }
    const one = watch({ url, secureJsonData: { token: TOKEN } });
    await one.streaming();
    await expect(one.bridge.reads.refresh(AbortSignal.timeout(5000))).rejects.toMatchObject({
      fault: { code: 'FORBIDDEN_SCOPE', httpStatus: 403 },
    });
  }, 60_000);

  test('SEC-4 a token that expires ends the stream in words', async () => {
    bridge = new BridgeProcess({ ...QUICK, JWT_SECRET });
    const url = await bridge.url();
    const token = jwt({ scope: 'read', exp: Math.floor(Date.now() / 1000) + 4 });
    const one = watch({ url, secureJsonData: { token } });
    await one.streaming();
    const ended = await one.until('end', ({ connection }) => connection.state === 'disconnected');
    expect(ended.connection).toMatchObject({ fault: { code: 'AUTH_EXPIRED' } });
  }, 60_000);

  test('a URL with a path that leads to no bridge says so', async () => {
    bridge = new BridgeProcess(QUICK);
    const one = watch({ url: `${await bridge.url()}/elsewhere` });
    const { connection } = await one.bridge.ready(AbortSignal.timeout(10_000));
    expect(connection).toMatchObject({ fault: { code: 'NOT_A_BRIDGE', httpStatus: 404 } });
  }, 60_000);
});
