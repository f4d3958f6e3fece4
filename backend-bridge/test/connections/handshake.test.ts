import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WS_PATH } from '@topdeck/protocol';
import { TestBridge, quiet, until, type TestBridgeOptions } from './test-bridge.ts';

let bridge: TestBridge;
const start = async (options: TestBridgeOptions = {}): Promise<void> => {
  bridge = await TestBridge.start(options);
};
afterEach(() => bridge.stop());

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Record<string, string>;
}

const HANDSHAKE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** A handshake that is expected to be refused; rejects when it is not. */
function refused(path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`http://${bridge.origin}${path}`, { headers: { ...HANDSHAKE, ...headers } });
    outgoing.on('upgrade', (_, socket) => {
      socket.destroy();
      reject(new Error('not refused'));
    });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) }),
      );
    });
    outgoing.end();
  });
}

describe('target', () => {
  beforeEach(() => start());

  test.each(['?update_interval=0', '?update_interval=61', '?update_interval=2.5', '?delta=2'])(
    'CONN-1 %s is refused with 400 and INVALID_REQUEST, naming the parameter',
    async (query) => {
      const answer = await refused(WS_PATH + query);
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ code: 'INVALID_REQUEST', action: expect.any(String) });
      expect(answer.body['message']).toContain(/(\w+)=/.exec(query)?.[1]);
      expect(answer.body['detail']).toBe(answer.body['message']);
      expect(answer.headers['connection']).toBe('close');
      expect(await bridge.metric('connectionsRefused')).toEqual({ INVALID_REQUEST: 1 });
    },
  );

  test('CONN-1 another path is refused with 404', async () => {
    expect(await refused('/api/v1/ws/other')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });

  test('CONN-1 the interval is taken over, 10 s when absent', async () => {
    expect(await bridge.client().next('connected')).toMatchObject({ update_interval: 10 });
    expect(await bridge.client('?update_interval=7').next('connected')).toMatchObject({ update_interval: 7 });
  });

  test('a handshake that breaks RFC 6455 is refused in the same form', async () => {
    expect(await refused(WS_PATH, { 'Sec-WebSocket-Key': 'short' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST', message: expect.stringContaining('Sec-WebSocket-Key') },
    });
    expect(await refused(WS_PATH, { 'Sec-WebSocket-Version': '12' })).toMatchObject({ status: 400 });
  });

  test('a socket that breaks off in mid-handshake leaves nothing behind', async () => {
    const socket = connect(bridge.port, '127.0.0.1');
    socket.write(`GET ${WS_PATH} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`);
    socket.resetAndDestroy();
    await quiet();
    expect(bridge.manager.connectionCount()).toBe(0);
    expect(bridge.feed.listeners).toBe(0);
    await bridge.client().next('connected');
  });

  test('the feed is listened to from the first connection to the last', async () => {
    expect(bridge.feed.listeners).toBe(0);
    const first = await bridge.client().isOpen();
    const second = await bridge.client().isOpen();
    await until('both in', () => bridge.manager.connectionCount() === 2);
    expect(bridge.feed.listeners).toBe(1);
    first.socket.close();
    await until('one left', () => bridge.manager.connectionCount() === 1);
    expect(bridge.feed.listeners).toBe(1);
    second.socket.close();
    await until('none left', () => bridge.manager.connectionCount() === 0);
    expect(bridge.feed.listeners).toBe(0);
  });

  test('CONN-8 the number of connections is told, by stream in the metrics', async () => {
    await bridge.client().next('connected');
    await bridge.client('?delta=1').next('connected');
    expect(bridge.manager.connectionCount()).toBe(2);
    expect(await bridge.metric('clients')).toEqual({ original: 1, extended: 1 });
  });
});

describe('access', () => {
  test('SEC-1 without a valid token the handshake is refused with 401', async () => {
    await start({ route: { authenticate: () => Promise.resolve({ ok: false, code: 'UNAUTHENTICATED' }) } });
    const answer = await refused(WS_PATH);
    expect(answer).toMatchObject({ status: 401, body: { code: 'UNAUTHENTICATED' } });
    expect(answer.headers['www-authenticate']).toBe('Bearer');
    expect(bridge.manager.connectionCount()).toBe(0);
    expect(bridge.feed.listeners).toBe(0);
  });

  test('SEC-1 the header and the subprotocols reach the check; topdeck.v1 is selected, the token never echoed', async () => {
    const seen: unknown[] = [];
    await start({
      route: {
        authenticate: (credentials) => {
          seen.push(credentials);
          return Promise.resolve({ ok: true });
        },
      },
    });
    const byProtocol = await bridge.client('', {}, ['topdeck.v1', 'bearer.s3cret']).isOpen();
    expect(byProtocol.socket.protocol).toBe('topdeck.v1');
    const byHeader = await bridge.client('', { headers: { authorization: 'Bearer s3cret' } }).isOpen();
    expect(byHeader.socket.protocol).toBe('');
    expect(seen).toEqual([
      { authorization: undefined, protocols: ['topdeck.v1', 'bearer.s3cret'] },
      { authorization: 'Bearer s3cret', protocols: [] },
    ]);
    expect(bridge.logged.text()).not.toContain('s3cret');
  });

  test('SEC-4 a connection whose token expires is closed with 4004', async () => {
    const expiresAtMs = Date.parse('2026-01-01T00:00:10Z');
    await start({ route: { authenticate: () => Promise.resolve({ ok: true, expiresAtMs }) } });
    const client = await bridge.client().isOpen();
    await client.next('connected');
    await bridge.clock.advance(9500);
    expect(client.closed).toBeUndefined();
    await bridge.clock.advance(1000);
    expect(await client.isClosed()).toEqual({ code: 4004, reason: 'AUTH_EXPIRED' });
    await until('gone', () => bridge.manager.connectionCount() === 0);
    expect(await bridge.metric('connectionsClosed')).toEqual({ AUTH_EXPIRED: 1 });
  });

  test('SEC-3, SEC-7 a foreign origin or host is refused before the token is looked at', async () => {
    let asked = 0;
    await start({
      route: {
        isAllowedOrigin: (origin) => origin !== 'https://evil.example',
        isAllowedHost: (host) => host !== 'evil.example',
        authenticate: () => {
          asked += 1;
          return Promise.resolve({ ok: true });
        },
      },
    });
    expect(await refused(WS_PATH, { Origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN_ORIGIN' },
    });
    expect(await refused(WS_PATH, { Host: 'evil.example' })).toMatchObject({ body: { code: 'FORBIDDEN_HOST' } });
    expect(asked).toBe(0);
  });

  test('SEC-5 when the check itself fails the answer tells nothing about it, and the log does', async () => {
    await start({ route: { authenticate: () => Promise.reject(new Error('inner workings')) } });
    const answer = await refused(WS_PATH);
    expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL' } });
    expect(JSON.stringify(answer)).not.toContain('inner workings');
    expect(bridge.logged.text()).toContain('inner workings');
  });

  test('a client that leaves while its token is checked is not let in', async () => {
    let answer: (result: { ok: true }) => void = () => undefined;
    await start({ route: { authenticate: () => new Promise((resolve) => (answer = resolve)) } });
    const client = bridge.client();
    await quiet();
    client.socket.terminate();
    await quiet();
    answer({ ok: true });
    await quiet();
    expect(bridge.manager.connectionCount()).toBe(0);
    expect(bridge.feed.listeners).toBe(0);
  });
});

describe('limits on connecting', () => {
  test('LIM-1 above MAX_CONNECTIONS: 503 with Retry-After, and room again when one leaves', async () => {
    await start({ limits: { maxConnections: 2 } });
    const first = await bridge.client().isOpen();
    await bridge.client().isOpen();
    const answer = await refused(WS_PATH);
    expect(answer).toMatchObject({ status: 503, body: { code: 'TOO_MANY_CONNECTIONS' } });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    first.socket.close();
    await until('one left', () => bridge.manager.connectionCount() === 1);
    await bridge.client().next('connected');
  });

  test('LIM-2 above MAX_CONNECTIONS_PER_ADDRESS: 429, for that address alone', async () => {
    let address = 'a';
    await start({ limits: { maxConnectionsPerAddress: 1 }, route: { addressOf: () => address } });
    await bridge.client().next('connected');
    expect(await refused(WS_PATH)).toMatchObject({
      status: 429,
      body: { code: 'TOO_MANY_CONNECTIONS_FROM_ADDRESS' },
    });
    address = 'b';
    await bridge.client().next('connected');
  });

  test('LIM-3 above CONNECTION_RATE_PER_ADDRESS: 429 with Retry-After, and in again after that time', async () => {
    await start({ limits: { connectionRatePerAddress: 0.5 } });
    await bridge.client().next('connected');
    const answer = await refused(WS_PATH);
    expect(answer).toMatchObject({ status: 429, body: { code: 'CONNECTION_RATE_EXCEEDED' } });
    expect(answer.headers['retry-after']).toBe('2');
    await bridge.clock.advance(2000);
    await bridge.client().next('connected');
    expect(await bridge.metric('connectionsRefused')).toEqual({ CONNECTION_RATE_EXCEEDED: 1 });
  });

  test('LIM-3 attempts with a wrong token count', async () => {
    await start({
      limits: { connectionRatePerAddress: 2 },
      route: { authenticate: () => Promise.resolve({ ok: false, code: 'UNAUTHENTICATED' }) },
    });
    expect([await refused(WS_PATH), await refused(WS_PATH), await refused(WS_PATH)].map((a) => a.status)).toEqual([
      401, 401, 429,
    ]);
  });

  test('a bridge that is closing refuses with 503', async () => {
    await start();
    await bridge.manager.close();
    expect(await refused(WS_PATH)).toMatchObject({ status: 503, body: { code: 'SHUTTING_DOWN' } });
  });
});
