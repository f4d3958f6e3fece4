import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { healthChange } from '../stub-feed.ts';
import { TestBridge, quiet, until, type TestBridgeOptions } from './test-bridge.ts';

let bridge: TestBridge;
const start = async (options: TestBridgeOptions = {}): Promise<void> => {
  bridge = await TestBridge.start({ collectIntervalMs: 1000, ...options });
  bridge.feed.tick({ a: 1 });
};
afterEach(() => bridge.stop());

describe('message size', () => {
  test('LIM-4 a message above MAX_MESSAGE_BYTES closes with 1009 and MESSAGE_TOO_LARGE; others stay', async () => {
    await start({ limits: { maxMessageBytes: 1000 } });
    const other = await bridge.joined();
    const client = await bridge.joined();
    client.send(JSON.stringify({ type: 'ping', padding: 'x'.repeat(950) }));
    await client.next('pong');
    client.send(JSON.stringify({ type: 'ping', padding: 'x'.repeat(1000) }));
    expect(await client.isClosed()).toEqual({ code: 1009, reason: 'MESSAGE_TOO_LARGE' });
    other.send({ type: 'ping' });
    await other.next('pong');
    expect(await bridge.metric('connectionsClosed')).toEqual({ MESSAGE_TOO_LARGE: 1 });
  });

  test('LIM-4 a message that is small only while compressed counts by what it holds', async () => {
    await start({ limits: { maxMessageBytes: 10_000 } });
    const client = await bridge.joined('', { perMessageDeflate: { threshold: 0 } });
    client.send(JSON.stringify({ type: 'ping', padding: 'x'.repeat(5_000_000) }));
    expect(await client.isClosed()).toEqual({ code: 1009, reason: 'MESSAGE_TOO_LARGE' });
  });
});

describe('message rate', () => {
  test('LIM-5 above MESSAGE_RATE a message is refused and not carried out; later ones pass', async () => {
    await start({ limits: { messageRate: 3 } });
    const client = await bridge.joined('?update_interval=60');
    for (let i = 0; i < 3; i += 1) client.send({ type: 'ping' });
    client.send({ type: 'subscribe', resource_ids: ['z'] });
    for (let i = 0; i < 3; i += 1) await client.next('pong');
    expect((await client.next('error')).code).toBe('MESSAGE_RATE_EXCEEDED');
    await bridge.clock.advance(1000);
    client.send({ type: 'get_snapshot' });
    expect((await client.next('snapshot_update')).data.services).toHaveLength(1);
  });

  test('LIM-5 one that goes on at more than ten times the rate is closed with 4003', async () => {
    await start({ limits: { messageRate: 2 } });
    const client = await bridge.joined();
    for (let i = 0; i < 2 + 20; i += 1) client.send({ type: 'ping' });
    await until('answers', () => client.received.length === 2 + 22);
    expect(client.closed).toBeUndefined();
    client.send({ type: 'ping' });
    expect(await client.isClosed()).toEqual({ code: 4003, reason: 'MESSAGE_RATE_EXCEEDED' });
    expect(await bridge.metric('messagesReceived')).toEqual({ ping: 2, MESSAGE_RATE_EXCEEDED: 21 });
  });

  test('LIM-5 one that stays below ten times the rate is only ever refused', async () => {
    await start({ limits: { messageRate: 2 } });
    const client = await bridge.joined('?update_interval=60');
    for (let second = 0; second < 5; second += 1) {
      for (let i = 0; i < 15; i += 1) client.send({ type: 'ping' });
      await until('answers', () => client.received.length === 2 + 15 * (second + 1));
      await bridge.clock.advance(1000);
    }
    expect(client.closed).toBeUndefined();
    expect(client.ofType('pong')).toHaveLength(10);
  });
});

describe('idle clients', () => {
  test('LIM-7 a client from which nothing came for IDLE_TIMEOUT_S is closed with 4002', async () => {
    await start({ limits: { idleTimeoutMs: 30_000 } });
    const silent = await bridge.joined('?update_interval=60', { autoPong: false });
    await bridge.clock.advance(29_000);
    expect(silent.closed).toBeUndefined();
    await bridge.clock.advance(2000);
    expect(await silent.isClosed()).toEqual({ code: 4002, reason: 'IDLE_TIMEOUT' });
  });

  test('LIM-7 the bridge sends WebSocket pings, and a pong counts', async () => {
    await start({ limits: { idleTimeoutMs: 30_000 } });
    const client = await bridge.joined('?update_interval=60');
    let pings = 0;
    client.socket.on('ping', () => (pings += 1));
    for (let i = 0; i < 12; i += 1) {
      await bridge.clock.advance(5000);
      await quiet(10);
    }
    expect(client.closed).toBeUndefined();
    expect(pings).toBeGreaterThanOrEqual(5);
    expect(pings).toBeLessThanOrEqual(6);
  });

  test('LIM-7 messages count, and so do pings of the client', async () => {
    await start({ limits: { idleTimeoutMs: 10_000 } });
    const [talking, pinging] = [
      await bridge.joined('?update_interval=60', { autoPong: false }),
      await bridge.joined('?update_interval=60', { autoPong: false }),
    ];
    for (let i = 0; i < 4; i += 1) {
      await bridge.clock.advance(6000);
      talking.send({ type: 'ping' });
      pinging.socket.ping();
      await until('pong', () => talking.ofType('pong').length === i + 1);
      await quiet(10);
    }
    expect([talking.closed, pinging.closed]).toEqual([undefined, undefined]);
  });
});

describe('permessage-deflate', () => {
  /** Random text is not compressible, names are; what matters is that it is long. */
  const many = Object.fromEntries(Array.from({ length: 800 }, (_, i) => [`service-${i}`, i % 100]));

  test.each([
    ['with compression', true],
    ['without compression', false],
  ])('LIM-9 %s long and short messages, above 125 bytes and above 64 KiB, arrive as they were', async (_, deflate) => {
    await start();
    bridge.feed.tick({ a: 2 });
    const client = await bridge.joined('?update_interval=1', { perMessageDeflate: deflate });
    expect(client.socket.extensions).toBe(deflate ? 'permessage-deflate' : '');
    await bridge.clock.advance(1000);
    bridge.feed.tick(many, [healthChange('a'), healthChange('b')]);
    await client.next('health_change');
    await client.next('health_change');
    const large = await client.next('snapshot_update');
    expect(Buffer.byteLength(client.texts.at(-1) ?? '')).toBeGreaterThan(65_536);
    expect(large.data.services).toHaveLength(800);
    await bridge.clock.advance(1000);
    bridge.feed.tick({ a: 3 });
    expect((await client.next('snapshot_update')).data.services).toHaveLength(1);
    client.send({ type: 'ping' });
    await client.next('pong');
  });

  test('LIM-9 compression is negotiated without context takeover, and saves bytes', async () => {
    await start();
    bridge.feed.tick(many);
    const bytes: number[] = [];
    for (const perMessageDeflate of [true, false]) {
      const client = bridge.client('', { perMessageDeflate });
      const upgraded = new Promise<IncomingMessage>((resolve) => client.socket.once('upgrade', resolve));
      const { headers, socket } = await upgraded;
      const extensions = headers['sec-websocket-extensions'] ?? 'none';
      expect(extensions).toBe(
        perMessageDeflate ? 'permessage-deflate; server_no_context_takeover; client_no_context_takeover' : 'none',
      );
      await client.next('connected');
      await client.next('snapshot_update');
      bytes.push(socket.bytesRead);
    }
    expect(bytes[0]).toBeLessThan((bytes[1] ?? 0) / 5);
  });

  test('LIM-9 a client that compresses its own messages is understood', async () => {
    await start();
    const client = await bridge.joined('', { perMessageDeflate: { threshold: 0 } });
    for (let i = 0; i < 20; i += 1) client.send({ type: 'ping', padding: 'x'.repeat(i * 100) });
    for (let i = 0; i < 20; i += 1) await client.next('pong');
  });

  test('LIM-9 a client that insists on a smaller window is served uncompressed', async () => {
    await start();
    bridge.feed.tick(many);
    const client = await bridge.joined('', { perMessageDeflate: { serverMaxWindowBits: 9 } });
    expect(client.socket.extensions).toBe('');
    expect(client.ofType('snapshot_update')[0]?.data.services).toHaveLength(800);
  });
});

describe('shutting down', () => {
  test('all connections are closed with 1001, those that do not answer are ended', async () => {
    await start();
    const polite = await bridge.joined();
    const deaf = await bridge.joined();
    deaf.socket.pause();
    const closed = bridge.manager.close(1000);
    expect(await polite.isClosed()).toEqual({ code: 1001, reason: 'SHUTTING_DOWN' });
    await until('one left', () => bridge.manager.connectionCount() === 1);
    await bridge.clock.advance(1000);
    await closed;
    expect(bridge.manager.connectionCount()).toBe(0);
    expect(bridge.feed.listeners).toBe(0);
    expect(bridge.clock.pending).toBe(0);
    expect(await bridge.metric('connectionsClosed')).toEqual({ SHUTTING_DOWN: 2 });
  });

  test('without connections it is done at once', async () => {
    await start();
    await bridge.manager.close();
    expect(bridge.clock.pending).toBe(0);
  });

  test('after the last client has left nothing runs on', async () => {
    await start();
    const client = await bridge.joined();
    client.socket.close();
    await until('gone', () => bridge.manager.connectionCount() === 0);
    await bridge.clock.advance(3000);
    expect(bridge.clock.pending).toBe(0);
    expect(bridge.feed.listeners).toBe(0);
    expect(await bridge.metric('connectionsClosed')).toEqual({ client: 1 });
    expect(await bridge.metric('clients')).toEqual({ original: 0 });
  });
});
