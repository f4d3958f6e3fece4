import { afterEach, describe, expect, test } from '@jest/globals';
import { BridgeError } from '../../src/errors.ts';
import { anomalyResolved, healthChange } from '../stub-feed.ts';
import { TestBridge, quiet, until, type TestBridgeOptions } from './test-bridge.ts';

let bridge: TestBridge;
const start = async (options: TestBridgeOptions = {}): Promise<TestBridge> => {
  bridge = await TestBridge.start(options);
  return bridge;
};
afterEach(() => bridge.stop());

/** Time passes and a collection ends. */
async function tick(afterMs: number, ...args: Parameters<TestBridge['feed']['tick']>): Promise<void> {
  await bridge.clock.advance(afterMs);
  bridge.feed.tick(...args);
}

describe('joining', () => {
  test('CONN-2, CONN-3, CONN-6 connected comes first, then the snapshot at hand', async () => {
    await start();
    bridge.feed.tick({ a: 90 });
    const client = bridge.client('?update_interval=3');
    expect(await client.next('connected')).toEqual({
      type: 'connected',
      timestamp: '2026-01-01T00:00:00.000Z',
      message: expect.any(String),
      update_interval: 3,
      collect_interval: 5,
    });
    const snapshot = await client.next('snapshot_update');
    expect(snapshot.data.services).toMatchObject([{ resource_id: 'a', health_score: 90 }]);
  });

  test('CONN-3 without a state the snapshot comes as soon as the first collection ends', async () => {
    await start();
    const client = await bridge.client().isOpen();
    await client.next('connected');
    await quiet();
    expect(client.types).toEqual(['connected']);
    await tick(300, { a: 90 });
    await client.next('snapshot_update');
    await quiet();
    expect(client.types).toEqual(['connected', 'snapshot_update']);
  });

  test('CONN-3 a state from before a long sleep is not at hand', async () => {
    await start();
    bridge.feed.tick({ a: 90 });
    await bridge.clock.advance(60_000);
    const client = await bridge.client().isOpen();
    await client.next('connected');
    await quiet();
    expect(client.types).toEqual(['connected']);
    bridge.feed.tick({ a: 10 });
    expect((await client.next('snapshot_update')).data.services[0]?.health_score).toBe(10);
  });

  test('CONN-7 original clients get no epoch, no seq and no type that the original lacks', async () => {
    await start();
    bridge.feed.tick({ a: 90 });
    const client = await bridge.joined();
    client.send({ type: 'ping' });
    await client.next('pong');
    client.send({ type: 'subscribe', resource_ids: ['a'], depth: 2 });
    expect(Object.keys(await client.next('subscribed')).sort()).toEqual(['resource_ids', 'timestamp', 'type']);
    await client.next('snapshot_update');
    client.send({ type: 'unsubscribe' });
    await client.next('unsubscribed');
    await client.next('snapshot_update');
    client.send('nonsense');
    expect(Object.keys(await client.next('error')).sort()).toEqual(['code', 'message', 'timestamp', 'type']);
    await tick(5000, { a: 80 }, [healthChange('a'), anomalyResolved('a')]);
    await client.next('health_change');
    await tick(5000, { a: 80 });
    await client.next('snapshot_update');
    for (const message of client.received) {
      expect(message).not.toHaveProperty('epoch');
      expect(message).not.toHaveProperty('seq');
    }
  });

  test('a feed that cannot tell where it stands does not keep clients out', async () => {
    await start();
    bridge.feed.fault = new BridgeError('PIPELINE_FAILED');
    const client = await bridge.client('?delta=1').isOpen();
    await client.next('connected');
    bridge.feed.fault = undefined;
    await tick(1000, { a: 1 });
    expect(await client.next('snapshot_update')).toMatchObject({ epoch: 'epoch-1', seq: 1 });
  });
});

describe('intervals', () => {
  test('CONN-4 each client is updated at its own interval', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0 });
    const fast = await bridge.joined('?update_interval=1');
    const slow = await bridge.joined('?update_interval=3');
    for (let i = 1; i <= 9; i += 1) {
      await tick(1000, { a: i });
      await fast.next('snapshot_update');
    }
    await quiet();
    expect(fast.ofType('snapshot_update').map((m) => m.data.services[0]?.health_score)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(slow.ofType('snapshot_update').map((m) => m.data.services[0]?.health_score)).toEqual([0, 3, 6, 9]);
  });

  test('CONN-5 between collections an original client gets the newest state again, an extended one an empty delta', async () => {
    await start({ collectIntervalMs: 5000 });
    bridge.feed.tick({ a: 1 });
    const original = await bridge.joined('?update_interval=1');
    const extended = await bridge.joined('?update_interval=1&delta=1');
    const takenAt = original.ofType('snapshot_update')[0]?.data.timestamp;
    await bridge.clock.advance(3000);
    await until('three more', () => original.ofType('snapshot_update').length >= 3);
    await until('deltas', () => extended.ofType('snapshot_delta').length >= 2);
    expect(new Set(original.ofType('snapshot_update').map((m) => m.data.timestamp))).toEqual(new Set([takenAt]));
    expect(original.ofType('snapshot_update').at(-1)?.timestamp).not.toBe(takenAt);
    for (const delta of extended.ofType('snapshot_delta')) {
      expect(delta).toMatchObject({ seq: 1, base_seq: 1 });
      expect(Object.keys(delta.data).sort()).toEqual(['overall_health', 'timestamp']);
    }
  });

  test('MSG-2 get_snapshot answers that client alone, at once, and leaves its schedule as it was', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0 });
    const asking = await bridge.joined('?update_interval=4');
    const other = await bridge.joined('?update_interval=4');
    for (let i = 1; i <= 3; i += 1) await tick(1000, { a: i });
    asking.send({ type: 'get_snapshot' });
    expect((await asking.next('snapshot_update')).data.services[0]?.health_score).toBe(3);
    await quiet();
    expect(other.types).toEqual(['connected', 'snapshot_update']);
    await tick(1000, { a: 4 });
    expect((await asking.next('snapshot_update')).data.services[0]?.health_score).toBe(4);
    expect((await other.next('snapshot_update')).data.services[0]?.health_score).toBe(4);
  });

  test('MSG-2 each get_snapshot has its answer, also while an update is being rendered', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0 });
    const client = await bridge.joined('?update_interval=1');
    bridge.feed.stall();
    await tick(1000, { a: 1 });
    await until('rendering', () => bridge.feed.renders.length === 2);
    client.send({ type: 'get_snapshot' });
    client.send({ type: 'get_snapshot' });
    await quiet();
    expect(client.types).toEqual(['connected', 'snapshot_update']);
    bridge.feed.release();
    await until('update and two answers', () => client.ofType('snapshot_update').length === 4);
    await quiet();
    expect(client.ofType('snapshot_update').length).toBe(4);
  });
});

describe('events', () => {
  test('EVT-1, EVT-2 events are sent once, at their tick, whatever the interval, and before its state', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0 }, [healthChange('a', 1)]);
    const fast = await bridge.joined('?update_interval=1');
    const slow = await bridge.joined('?update_interval=60');
    await tick(1000, { a: 1 }, [healthChange('a', 2), healthChange('b', 3)]);
    await tick(1000, { a: 2 });
    await tick(1000, { a: 3 }, [healthChange('a', 4)]);
    await until('all', () => fast.received.length === 8 && slow.received.length === 5);
    await quiet();
    expect(fast.types.slice(2)).toEqual([
      'health_change',
      'health_change',
      'snapshot_update',
      'snapshot_update',
      'health_change',
      'snapshot_update',
    ]);
    expect(slow.types.slice(2)).toEqual(['health_change', 'health_change', 'health_change']);
    expect(slow.ofType('health_change').map((m) => m.data.health_score)).toEqual([2, 3, 4]);
  });

  test('EVT-2 a state that is newer than the newest tick told of brings its events first', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0 });
    const client = await bridge.joined('?update_interval=60');
    bridge.feed.tickUntold({ a: 1 }, [healthChange('a', 7)]);
    client.send({ type: 'get_snapshot' });
    expect(await client.next('health_change')).toMatchObject({ data: { health_score: 7 } });
    expect((await client.next('snapshot_update')).data.services[0]?.health_score).toBe(1);
    bridge.feed.tellUntold();
    await tick(1000, { a: 2 });
    await quiet();
    expect(client.ofType('health_change')).toHaveLength(1);
  });

  test('EVT-3 anomaly_resolved goes to extended clients only, once', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0 });
    const original = await bridge.joined();
    const extended = await bridge.joined('?delta=1');
    await tick(1000, { a: 1 }, [anomalyResolved('a')]);
    expect(await extended.next('anomaly_resolved')).toMatchObject({ data: { resource_id: 'a' }, seq: 2 });
    await tick(1000, { a: 1 });
    await quiet();
    expect(original.types).toEqual(['connected', 'snapshot_update']);
    expect(extended.ofType('anomaly_resolved')).toHaveLength(1);
  });
});

describe('sharing', () => {
  test('a view is rendered once however many clients share it', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0 });
    const clients = await Promise.all(Array.from({ length: 40 }, () => bridge.client('?update_interval=1').isOpen()));
    for (const client of clients) await client.next('connected');
    for (const client of clients) await client.next('snapshot_update');
    bridge.feed.renders.length = 0;
    await tick(1000, { a: 1 }, [healthChange('a')]);
    for (const client of clients) await client.next('health_change');
    for (const client of clients) await client.next('snapshot_update');
    expect(bridge.feed.renders).toHaveLength(1);
    expect(bridge.feed.eventRenders).toHaveLength(1);
    expect(new Set(clients.map((client) => client.texts.at(-1))).size).toBe(1);
  });

  test('equal subscriptions share, unequal ones do not; compression does not divide', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0, b: 0 });
    const views = [['a', 'b'], ['b', 'a'], ['b']];
    const clients = [];
    for (const [i, ids] of views.entries()) {
      const client = await bridge.joined('?update_interval=1', { perMessageDeflate: i === 0 });
      client.send({ type: 'subscribe', resource_ids: ids });
      await client.next('subscribed');
      await client.next('snapshot_update');
      clients.push(client);
    }
    bridge.feed.renders.length = 0;
    await tick(1000, { a: 1, b: 2 });
    for (const client of clients) await client.next('snapshot_update');
    expect(bridge.feed.renders).toHaveLength(2);
    expect(bridge.feed.renders.map(({ deflate }) => deflate).sort()).toEqual([false, true]);
  });

  test('clients that come in one moment share their first snapshot', async () => {
    await start();
    bridge.feed.tick({ a: 0 });
    bridge.feed.stall();
    const clients = Array.from({ length: 30 }, () => bridge.client());
    for (const client of clients) await client.next('connected');
    await quiet();
    bridge.feed.release();
    for (const client of clients) await client.next('snapshot_update');
    expect(bridge.feed.renders).toHaveLength(1);
  });
});

describe('faults of the feed', () => {
  test('SEC-5 what a client asked for is answered with the code alone; the connection stays and recovers', async () => {
    await start();
    bridge.feed.tick({ a: 0 });
    const client = await bridge.joined();
    bridge.feed.fault = new BridgeError('PIPELINE_FAILED', {
      detail: 'at bolt://inner workings',
      cause: new Error('inner workings'),
    });
    client.send({ type: 'get_snapshot' });
    const error = await client.next('error');
    expect(error.code).toBe('PIPELINE_FAILED');
    expect(JSON.stringify(error)).not.toContain('inner workings');
    bridge.feed.fault = undefined;
    client.send({ type: 'get_snapshot' });
    await client.next('snapshot_update');
    expect(bridge.logged.events().map(({ event }) => event)).toEqual(
      expect.arrayContaining(['connections.feed_failed', 'connections.feed_recovered']),
    );
  });

  test('what was merely due is not answered with an error, and is made up for', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0 });
    const client = await bridge.joined('?update_interval=1');
    bridge.feed.fault = new BridgeError('PIPELINE_FAILED');
    await tick(1000, { a: 1 }, [healthChange('a')]);
    await quiet();
    bridge.feed.fault = undefined;
    await bridge.clock.advance(1000);
    await client.next('health_change');
    expect((await client.next('snapshot_update')).data.services[0]?.health_score).toBe(1);
    expect(client.types).not.toContain('error');
  });

  test('a new subscription gets its error at once and its snapshot when the feed is back', async () => {
    await start({ collectIntervalMs: 1000 });
    bridge.feed.tick({ a: 0, b: 0 });
    const client = await bridge.joined();
    bridge.feed.fault = new BridgeError('PIPELINE_FAILED');
    client.send({ type: 'subscribe', resource_ids: ['b'] });
    await client.next('subscribed');
    await client.next('error');
    bridge.feed.fault = undefined;
    await bridge.clock.advance(1000);
    expect((await client.next('snapshot_update')).data.services.map((s) => s.resource_id)).toEqual(['b']);
  });

  test('get_snapshot before there is a state is answered with NOT_READY', async () => {
    await start();
    const client = await bridge.client().isOpen();
    await client.next('connected');
    client.send({ type: 'get_snapshot' });
    expect((await client.next('error')).code).toBe('NOT_READY');
    bridge.feed.tick({ a: 0 });
    await client.next('snapshot_update');
  });
});
