import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { WS_PATH } from '@topdeck/protocol';
import { parseClientMessage } from '@topdeck/protocol/validate';
import { TestBridge, until, type TestClient } from './test-bridge.ts';

let bridge: TestBridge;
beforeEach(async () => {
  bridge = await TestBridge.start({ limits: { messageRate: 100_000 } });
  bridge.feed.tick({ a: 1, b: 2 });
});
afterEach(() => bridge.stop());

const TYPES = ['ping', 'get_snapshot', 'subscribe', 'unsubscribe', 'resume', 'connected', '__proto__', 'toString', ''];
const nested = fc
  .record({ depth: fc.integer({ min: 1, max: 6000 }), pair: fc.constantFrom('[]', '{}') })
  .map(({ depth, pair }) =>
    pair === '[]' ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"type":'.repeat(depth)}1${'}'.repeat(depth)}`,
  );
const shaped = fc
  .record(
    {
      type: fc.oneof(fc.constantFrom(...TYPES), fc.jsonValue()),
      resource_ids: fc.oneof(
        fc.array(fc.string({ unit: 'binary' })),
        fc.array(fc.constantFrom('a', 'b')),
        fc.jsonValue(),
      ),
      depth: fc.oneof(fc.integer({ min: -2, max: 8 }), fc.jsonValue()),
      epoch: fc.oneof(fc.constantFrom('epoch-1', ''), fc.jsonValue()),
      seq: fc.oneof(fc.integer(), fc.double(), fc.jsonValue()),
      state_seq: fc.oneof(fc.nat(5), fc.jsonValue()),
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value));
const truncated = fc.tuple(shaped, fc.nat(60)).map(([text, at]) => text.slice(0, at));
const text = fc.oneof(
  shaped,
  truncated,
  nested,
  nested.map((inner) => `{"type":${inner}}`),
  nested.map((inner) => `{"type":"subscribe","resource_ids":${inner}}`),
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 200 }),
);
const message = fc.oneof(
  { weight: 9, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array().map((b) => Buffer.from(b)) },
);

/** What the rules say about a message, told by the validators of the protocol. */
function expectedAnswer(sent: string | Buffer, isExtended: boolean): string {
  if (typeof sent !== 'string') return 'INVALID_JSON';
  const parsed = parseClientMessage(sent);
  if (!parsed.ok) {
    return { 'invalid-json': 'INVALID_JSON', 'unknown-type': 'UNKNOWN_MESSAGE_TYPE', invalid: 'INVALID_MESSAGE' }[
      parsed.reason
    ];
  }
  if (parsed.value.type === 'resume') return isExtended ? 'none' : 'RESUME_NEEDS_DELTA';
  return { ping: 'pong', subscribe: 'subscribed', unsubscribe: 'unsubscribed', get_snapshot: 'none' }[
    parsed.value.type
  ];
}

const answersOf = (client: TestClient): string[] =>
  client.received.flatMap((m) =>
    m.type === 'error' ? [m.code] : ['pong', 'subscribed', 'unsubscribed'].includes(m.type) ? [m.type] : [],
  );

describe('10,000 malformed and random messages', () => {
  test.each([
    ['original', ''],
    ['extended', '?delta=1'],
  ])(
    'MSG-3, MSG-4, MSG-5, MSG-6 on an %s connection each is answered by its rule, in order; nothing grows',
    async (name, query) => {
      const client = await bridge.joined(query);
      const bystander = await bridge.joined('');
      const messages = fc.sample(message, { numRuns: 5000, seed: 4711 });
      const heapBefore = process.memoryUsage().heapUsed;
      const expected: string[] = [];
      for (const [i, sent] of messages.entries()) {
        client.send(sent);
        expected.push(expectedAnswer(sent, name === 'extended'));
        if (i % 500 === 499) await until('sent', () => client.socket.bufferedAmount === 0);
      }
      client.send({ type: 'ping' });
      expected.push('pong');
      const wanted = expected.filter((answer) => answer !== 'none');
      await until('all answers', () => answersOf(client).length >= wanted.length, 20_000);
      expect(answersOf(client)).toEqual(wanted);
      expect(new Set(wanted).size).toBeGreaterThan(5);
      bystander.send({ type: 'ping' });
      await bystander.next('pong');
      expect(client.closed).toBeUndefined();
      const received = client.texts.reduce((sum, one) => sum + one.length, 0);
      expect(process.memoryUsage().heapUsed - heapBefore - 4 * received).toBeLessThan(150e6);
      expect(bridge.logged.events().filter(({ level }) => Number(level) >= 40)).toEqual([]);
    },
    60_000,
  );

  test('bytes that are no WebSocket frames end that connection and nothing else', async () => {
    const bystander = await bridge.joined();
    const sockets: Socket[] = [];
    const junk = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 2000 }), { numRuns: 300, seed: 42 });
    for (const bytes of junk) {
      const socket = connect(bridge.port, '127.0.0.1');
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write(
        `GET ${WS_PATH} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
      socket.write(bytes);
      socket.resume();
    }
    await until('all arrived', () => sockets.every((socket) => socket.bytesRead > 100), 10_000);
    for (const socket of sockets) socket.destroy();
    await until('only the bystander is left', () => bridge.manager.connectionCount() === 1, 10_000);
    bystander.send({ type: 'ping' });
    await bystander.next('pong');
  }, 30_000);
});
