import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { healthChange } from '../stub-feed.ts';
import { TestBridge, quiet, until, type TestClient } from './test-bridge.ts';

let bridge: TestBridge;
beforeEach(async () => {
  bridge = await TestBridge.start({ collectIntervalMs: 1000, limits: { maxSubscriptions: 4 } });
  bridge.feed.tick({ a: 1, b: 2, c: 3 });
});
afterEach(() => bridge.stop());

const idsOf = async (client: TestClient): Promise<string[]> =>
  (await client.next('snapshot_update')).data.services.map((service) => service.resource_id);

describe('messages from clients', () => {
  test('MSG-1 pong is the next message after ping, while a rendering is under way too', async () => {
    const client = await bridge.joined();
    bridge.feed.stall();
    client.send({ type: 'get_snapshot' });
    await until('rendering', () => bridge.feed.renders.length === 2);
    bridge.feed.release();
    client.send({ type: 'ping' });
    client.send({ type: 'ping' });
    client.send({ type: 'ping' });
    await until('all', () => client.received.length === 6);
    expect(client.types.filter((type) => type !== 'snapshot_update')).toEqual(['connected', 'pong', 'pong', 'pong']);
  });

  test('MSG-1 pings and other messages of one packet are answered in their order', async () => {
    const client = await bridge.joined();
    client.socket.pause();
    for (let i = 0; i < 50; i += 1) client.send(i % 2 === 0 ? { type: 'ping' } : { type: `nonsense ${i}` });
    client.socket.resume();
    await until('all', () => client.received.length === 52);
    expect(client.types.slice(2)).toEqual(Array.from({ length: 50 }, (_, i) => (i % 2 === 0 ? 'pong' : 'error')));
  });

  test.each(['', '{', 'ping', '{"type":"ping"', '[1,2', '\u0000', '{"type":"ping"}{"type":"ping"}'])(
    'MSG-3 %j is answered with INVALID_JSON; the connection stays',
    async (text) => {
      const client = await bridge.joined();
      client.send(text);
      expect(await client.next('error')).toMatchObject({ code: 'INVALID_JSON', message: 'Invalid JSON format' });
      client.send({ type: 'ping' });
      await client.next('pong');
    },
  );

  test.each([
    ['{"type":"dance"}', 'dance'],
    ['{}', 'undefined'],
    ['null', 'undefined'],
    ['[]', 'undefined'],
    ['"ping"', 'undefined'],
    ['{"type":7}', '7'],
    ['{"type":null}', 'null'],
    ['{"type":{"toString":1}}', 'object'],
    ['{"type":["ping"]}', 'object'],
    ['{"type":"__proto__"}', '__proto__'],
    ['{"type":"constructor"}', 'constructor'],
    [`{"type":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, 'object'],
  ])('MSG-4 %.40s is answered with UNKNOWN_MESSAGE_TYPE, naming the type', async (text, name) => {
    const client = await bridge.joined();
    client.send(text);
    const error = await client.next('error');
    expect(error.code).toBe('UNKNOWN_MESSAGE_TYPE');
    expect(error.message).toBe(`Unknown message type: ${name}`);
    client.send({ type: 'ping' });
    await client.next('pong');
  });

  test.each([
    [{ type: 'subscribe' }, 'resource_ids'],
    [{ type: 'subscribe', resource_ids: 'a' }, 'resource_ids'],
    [{ type: 'subscribe', resource_ids: [''] }, 'resource_ids'],
    [{ type: 'subscribe', resource_ids: [1] }, 'resource_ids'],
    [{ type: 'subscribe', resource_ids: ['a'], depth: 6 }, 'depth'],
    [{ type: 'subscribe', resource_ids: ['a'], depth: -1 }, 'depth'],
    [{ type: 'unsubscribe', resource_ids: {} }, 'resource_ids'],
    [{ type: 'resume', epoch: 'x' }, 'seq'],
    [{ type: 'resume', epoch: 1, seq: 1.5 }, 'epoch'],
  ])('MSG-5 %j is answered with INVALID_MESSAGE, naming the field', async (message, field) => {
    const client = await bridge.joined();
    client.send(message);
    const error = await client.next('error');
    expect(error.code).toBe('INVALID_MESSAGE');
    expect(error.message).toContain(field);
  });

  test('MSG-5 unknown fields are ignored', async () => {
    const client = await bridge.joined();
    client.send({ type: 'ping', timestamp: 'now', data: { deep: [{}] } });
    await client.next('pong');
  });

  test('MSG-6 a binary message is answered like one that is not JSON', async () => {
    const client = await bridge.joined();
    client.send(Buffer.from('{"type":"ping"}'));
    expect(await client.next('error')).toMatchObject({ code: 'INVALID_JSON' });
    client.send({ type: 'ping' });
    await client.next('pong');
  });

  test('messages are counted by type and by refusal', async () => {
    const client = await bridge.joined();
    for (const text of ['{"type":"ping"}', '{"type":"ping"}', '{', '{"type":"x"}']) client.send(text);
    await until('all', () => client.received.length === 6);
    expect(await bridge.metric('messagesReceived')).toEqual({ ping: 2, INVALID_JSON: 1, UNKNOWN_MESSAGE_TYPE: 1 });
    expect(await bridge.metric('messagesSent')).toEqual({ connected: 1, snapshot_update: 1, pong: 2, error: 2 });
  });
});

describe('subscriptions', () => {
  test('SUB-1, SUB-5 subscribe is answered with its ids, then with a full snapshot of the view, at once', async () => {
    const client = await bridge.joined();
    client.send({ type: 'subscribe', resource_ids: ['b'] });
    expect(await client.next('subscribed')).toMatchObject({ resource_ids: ['b'] });
    expect(await idsOf(client)).toEqual(['b']);
    client.send({ type: 'subscribe', resource_ids: ['c', 'b'] });
    expect(await client.next('subscribed')).toMatchObject({ resource_ids: ['c', 'b'] });
    expect(await idsOf(client)).toEqual(['b', 'c']);
  });

  test('SUB-2 the newest depth counts for all and is passed on; without one it stays', async () => {
    const client = await bridge.joined('?delta=1');
    client.send({ type: 'subscribe', resource_ids: ['b'], depth: 2 });
    expect(await client.next('subscribed')).toMatchObject({ depth: 2 });
    await client.next('snapshot_update');
    client.send({ type: 'subscribe', resource_ids: ['a'] });
    expect(await client.next('subscribed')).toMatchObject({ depth: 2 });
    await client.next('snapshot_update');
    expect(bridge.feed.renders.at(-1)?.view).toEqual({ kind: 'resources', resourceIds: ['a', 'b'], depth: 2 });
  });

  test('SUB-3 events are cut to the view', async () => {
    const client = await bridge.joined('?update_interval=60');
    client.send({ type: 'subscribe', resource_ids: ['b'] });
    await client.next('subscribed');
    await client.next('snapshot_update');
    await bridge.clock.advance(1000);
    bridge.feed.tick({ a: 1, b: 2 }, [healthChange('a'), healthChange('b'), healthChange('c')]);
    expect((await client.next('health_change')).data.resource_id).toBe('b');
    await quiet();
    expect(client.ofType('health_change')).toHaveLength(1);
  });

  test('SUB-4 unsubscribe removes some or all; with none left the client sees everything', async () => {
    const client = await bridge.joined();
    client.send({ type: 'subscribe', resource_ids: ['a', 'b'] });
    await client.next('subscribed');
    await client.next('snapshot_update');
    client.send({ type: 'unsubscribe', resource_ids: ['a', 'z'] });
    expect(await client.next('unsubscribed')).toMatchObject({ resource_ids: ['a', 'z'] });
    expect(await idsOf(client)).toEqual(['b']);
    client.send({ type: 'unsubscribe' });
    expect(await client.next('unsubscribed')).toMatchObject({ resource_ids: ['b'] });
    expect(await idsOf(client)).toEqual(['a', 'b', 'c']);
  });

  test('SUB-5 what was being rendered of the old view is not sent any more', async () => {
    const client = await bridge.joined('?update_interval=1');
    bridge.feed.stall();
    await bridge.clock.advance(1000);
    bridge.feed.tick({ a: 9, b: 9, c: 9 }, [healthChange('a'), healthChange('c')]);
    await until('rendering', () => bridge.feed.renders.length === 2);
    client.send({ type: 'subscribe', resource_ids: ['c'] });
    await client.next('subscribed');
    bridge.feed.release();
    expect((await client.next('health_change')).data.resource_id).toBe('c');
    expect(await idsOf(client)).toEqual(['c']);
    await quiet();
    expect(client.received).toHaveLength(5);
  });

  test('SUB-6 ids that the topology does not hold are accepted', async () => {
    const client = await bridge.joined();
    client.send({ type: 'subscribe', resource_ids: ['nowhere'] });
    await client.next('subscribed');
    expect(await idsOf(client)).toEqual([]);
  });

  test('LIM-6 above MAX_SUBSCRIPTIONS the whole subscribe is refused and the view stays', async () => {
    const client = await bridge.joined();
    client.send({ type: 'subscribe', resource_ids: ['a', 'b', 'b', 'b', 'b', 'b'] });
    await client.next('subscribed');
    expect(await idsOf(client)).toEqual(['a', 'b']);
    client.send({ type: 'subscribe', resource_ids: ['c', 'd', 'e'] });
    expect((await client.next('error')).code).toBe('TOO_MANY_SUBSCRIPTIONS');
    client.send({ type: 'get_snapshot' });
    expect(await idsOf(client)).toEqual(['a', 'b']);
  });
});
