import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { healthChange } from '../stub-feed.ts';
import { TestBridge, quiet, until, type TestClient } from './test-bridge.ts';

let bridge: TestBridge;
beforeEach(async () => {
  bridge = await TestBridge.start({
    collectIntervalMs: 1000,
    limits: { maxQueueBytes: 100_000, slowClientTimeoutMs: 20_000 },
  });
  bridge.feed.tick({ a: 1 });
});
afterEach(() => bridge.stop());

/** Large enough that a few of them fill the kernel's buffers of a loopback connection. */
const large = (score: number): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`service-${i}`, score]));

async function tick(...args: Parameters<TestBridge['feed']['tick']>): Promise<void> {
  await bridge.clock.advance(1000);
  bridge.feed.tick(...args);
}

/** Ticks until the bridge holds back from the client; returns how many it took. */
async function saturate(client: TestClient): Promise<number> {
  client.socket.pause();
  for (let ticks = 1; ticks < 30; ticks += 1) {
    await tick(large(ticks), [healthChange('a', ticks)]);
    await quiet(150);
    if ((await skipped()) > 0) return ticks;
  }
  throw new Error('the kernel took it all');
}

const skipped = async (): Promise<number> => (await bridge.metrics.statesSkipped.get()).values[0]?.value ?? 0;

describe('a client that does not read', () => {
  test('LIM-8 is closed with 4001 after the timeout, while others get everything in time', async () => {
    const slow = await bridge.joined('?update_interval=1');
    const other = await bridge.joined('?update_interval=1');
    const ticks = await saturate(slow);
    expect(other.ofType('snapshot_update')).toHaveLength(1 + ticks);
    expect(other.ofType('health_change')).toHaveLength(ticks);
    for (let i = 0; i < 21; i += 1) await tick({ a: i });
    await until('other is served', () => other.ofType('snapshot_update').length === 1 + ticks + 21);
    expect(slow.closed).toBeUndefined();
    slow.socket.resume();
    expect(await slow.isClosed()).toEqual({ code: 4001, reason: 'SLOW_CLIENT' });
    expect(other.closed).toBeUndefined();
    expect(await bridge.metric('connectionsClosed')).toEqual({ SLOW_CLIENT: 1 });
    expect(slow.ofType('snapshot_update').length).toBeLessThan(2 + ticks);
  }, 60_000);

  test('LIM-8 is cut off when it does not even read the close', async () => {
    const slow = await bridge.joined('?update_interval=1');
    await saturate(slow);
    await bridge.clock.advance(21_000);
    // ws waits five real seconds for the closing handshake.
    await until('gone', () => bridge.manager.connectionCount() === 0, 10_000);
  }, 60_000);

  test('LIM-8 an original client goes on with the newest state once it has read', async () => {
    const slow = await bridge.joined('?update_interval=1');
    await saturate(slow);
    await tick(large(98), [healthChange('a', 98)]);
    await tick(large(99), [healthChange('a', 99)]);
    slow.socket.resume();
    await until('newest', () => slow.ofType('snapshot_update').at(-1)?.data.services[0]?.health_score === 99, 10_000);
    const seen = slow.ofType('snapshot_update').map((m) => m.data.services[0]?.health_score);
    expect(seen).not.toContain(98);
    expect(slow.ofType('health_change').map((m) => m.data.health_score)).not.toContain(99);
    await tick({ a: 50 }, [healthChange('a', 50)]);
    await until('goes on', () => slow.ofType('snapshot_update').at(-1)?.data.services[0]?.health_score === 50);
    expect(slow.ofType('health_change').at(-1)?.data.health_score).toBe(50);
  }, 60_000);

  test('LIM-8 an extended client gets the events in between and one delta from the state it holds', async () => {
    const slow = await bridge.joined('?update_interval=1&delta=1');
    const ticks = await saturate(slow);
    await tick(large(98), [healthChange('a', 98)]);
    await tick(large(99), [healthChange('a', 99)]);
    slow.socket.resume();
    await until('newest', () => slow.received.at(-1)?.seq === bridge.feed.seq, 10_000);
    const events = slow.ofType('health_change').map((m) => m.data.health_score);
    expect(events).toEqual([...Array.from({ length: ticks }, (_, i) => i + 1), 98, 99]);
    const deltas = slow.ofType('snapshot_delta');
    expect(deltas.at(-1)?.base_seq).toBe(deltas.at(-2)?.seq);
    expect((deltas.at(-1)?.seq ?? 0) - (deltas.at(-1)?.base_seq ?? 0)).toBeGreaterThan(2);
    const seqs = slow.received.map((m) => m.seq ?? 0);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  }, 60_000);

  test('LIM-8 an extended client whose events have left the log gets what is left and a full snapshot', async () => {
    const slow = await bridge.joined('?update_interval=1&delta=1');
    await saturate(slow);
    await tick(large(97), [healthChange('a', 97)]);
    await tick(large(98), [healthChange('a', 98)]);
    bridge.feed.logStartsAt = bridge.feed.seq - 1;
    slow.socket.resume();
    await until('newest', () => slow.received.at(-1)?.seq === bridge.feed.seq, 10_000);
    expect(slow.types.slice(-2)).toEqual(['health_change', 'snapshot_update']);
    expect(slow.ofType('health_change').map((m) => m.data.health_score)).not.toContain(97);
    expect(slow.ofType('health_change').at(-1)?.data.health_score).toBe(98);
  }, 60_000);

  test('LIM-8 what it asks for meanwhile waits, and is answered in order when it has read', async () => {
    const slow = await bridge.joined('?update_interval=60');
    slow.socket.pause();
    bridge.feed.tick(large(1));
    for (let i = 0; i < 8; i += 1) slow.send({ type: 'get_snapshot' });
    await quiet(500);
    const before = bridge.feed.renders.length;
    for (let i = 0; i < 8; i += 1) slow.send({ type: 'get_snapshot' });
    slow.send({ type: 'ping' });
    await quiet(300);
    expect(bridge.feed.renders.length).toBe(before);
    slow.socket.resume();
    await until('pong', () => slow.ofType('pong')[0], 10_000);
    await until('answers', () => slow.ofType('snapshot_update').length === 17, 10_000);
  }, 60_000);
});
