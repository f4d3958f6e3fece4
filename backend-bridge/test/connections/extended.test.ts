import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  apply,
  type EventMessage,
  type IncidentEvent,
  type ServerMessage,
  type Snapshot,
  type SnapshotDelta,
} from '@topdeck/protocol';
import { BridgeError } from '../../src/errors.ts';
import { incidentOf } from '../history/incident-store.contract.ts';
import { anomalyResolved, healthChange } from '../stub-feed.ts';
import { TestBridge, quiet, until, type TestClient } from './test-bridge.ts';

let bridge: TestBridge;
beforeEach(async () => {
  bridge = await TestBridge.start({ collectIntervalMs: 1000 });
  bridge.feed.tick({ a: 1, b: 1 });
});
afterEach(() => bridge.stop());

const DELTA = '?delta=1&update_interval=1';
const EVENTS = new Set(['health_change', 'anomaly_detected', 'traffic_anomaly', 'anomaly_resolved']);
const isEvent = (message: ServerMessage): message is EventMessage => EVENTS.has(message.type);

async function tick(...args: Parameters<TestBridge['feed']['tick']>): Promise<void> {
  await bridge.clock.advance(1000);
  bridge.feed.tick(...args);
}

/** What a client holds that applies all it received, checking each base. */
function replay(messages: readonly ServerMessage[], from?: { state: Snapshot; seq: number }): Snapshot | undefined {
  let held = from;
  for (const message of messages) {
    if (message.type === 'snapshot_update') held = { state: message.data, seq: message.seq ?? -1 };
    if (message.type !== 'snapshot_delta') continue;
    expect(message.base_seq).toBe(held?.seq);
    held = { state: apply(held!.state, message.data as unknown as SnapshotDelta), seq: message.seq ?? -1 };
  }
  return held?.state;
}

const scoresOf = (snapshot: Snapshot | undefined): Record<string, number> =>
  Object.fromEntries((snapshot?.services ?? []).map((s) => [s.resource_id, s.health_score]));

async function connected(): Promise<TestClient> {
  const client = await bridge.client(DELTA).isOpen();
  await client.next('connected');
  return client;
}

describe('extended stream', () => {
  test('EXT-1 every message has epoch and seq, seq never falls, answers repeat the position', async () => {
    const client = await bridge.joined(DELTA);
    client.send({ type: 'ping' });
    expect(await client.next('pong')).toMatchObject({ epoch: 'epoch-1', seq: 1 });
    await tick({ a: 2 }, [healthChange('a'), healthChange('b')]);
    await until('delta', () => client.ofType('snapshot_delta')[0]);
    client.send({ type: 'nonsense' });
    client.send({ type: 'subscribe', resource_ids: ['a'] });
    client.send({ type: 'get_snapshot' });
    await until('snapshots', () => client.ofType('snapshot_update').length === 2);
    await quiet();
    expect(client.received.map((m) => [m.type, m.seq])).toEqual([
      ['connected', 0],
      ['snapshot_update', 1],
      ['pong', 1],
      ['health_change', 2],
      ['health_change', 3],
      ['snapshot_delta', 4],
      ['error', 4],
      ['subscribed', 4],
      ['snapshot_update', 4],
    ]);
    expect(new Set(client.received.map((m) => m.epoch))).toEqual(new Set(['epoch-1']));
  });

  test('EXT-2, EXT-3 one full snapshot, then deltas, each on the state before', async () => {
    const client = await bridge.joined(DELTA);
    for (let i = 2; i <= 5; i += 1) {
      await tick({ a: i, b: 1 });
      await client.next('snapshot_delta');
    }
    expect(scoresOf(replay(client.received))).toEqual({ a: 5, b: 1 });
    expect(client.ofType('snapshot_update')).toHaveLength(1);
  });

  test('EXT-3 clients with longer intervals get deltas over several states', async () => {
    const client = await bridge.joined('?delta=1&update_interval=3');
    for (let i = 2; i <= 7; i += 1) await tick({ a: i });
    await until('two deltas', () => client.ofType('snapshot_delta').length === 2);
    expect(client.ofType('snapshot_delta').map((m) => [m.base_seq, m.seq])).toEqual([
      [1, 4],
      [4, 7],
    ]);
    expect(scoresOf(replay(client.received))).toEqual({ a: 7 });
  });

  test('MSG-2 get_snapshot is answered with a full snapshot that the next delta builds on', async () => {
    const client = await bridge.joined('?delta=1&update_interval=3');
    await tick({ a: 2 });
    client.send({ type: 'get_snapshot' });
    expect(await client.next('snapshot_update')).toMatchObject({ seq: 2 });
    await tick({ a: 3 });
    await tick({ a: 4 });
    expect(await client.next('snapshot_delta')).toMatchObject({ base_seq: 2, seq: 4 });
  });

  test('a state that has left the log is followed by a full snapshot', async () => {
    const client = await bridge.joined('?delta=1&update_interval=3');
    for (let i = 2; i <= 4; i += 1) {
      bridge.feed.logStartsAt = i;
      await tick({ a: i });
    }
    expect(await client.next('snapshot_update')).toMatchObject({ seq: 4 });
  });

  test('in a new epoch every extended client gets a full snapshot, whatever its interval', async () => {
    const client = await bridge.joined('?delta=1&update_interval=60');
    const original = await bridge.joined('?update_interval=60');
    bridge.feed.restart('epoch-2');
    await tick({ a: 5 }, [healthChange('a')]);
    expect(await client.next('health_change')).toMatchObject({ epoch: 'epoch-2', seq: 1 });
    expect(await client.next('snapshot_update')).toMatchObject({ epoch: 'epoch-2', seq: 2 });
    await original.next('health_change');
    client.send({ type: 'ping' });
    expect(await client.next('pong')).toMatchObject({ epoch: 'epoch-2', seq: 2 });
    expect(original.types).toEqual(['connected', 'snapshot_update', 'health_change']);
  });

  test('a rendering of the old epoch that arrives in the new one is dropped', async () => {
    const client = await bridge.joined(DELTA);
    await tick({ a: 2 });
    await client.next('snapshot_delta');
    bridge.feed.stall();
    await tick({ a: 3 });
    await until('rendering', () => bridge.feed.renders.length === 3);
    bridge.feed.restart('epoch-2');
    await tick({ a: 4 });
    bridge.feed.release();
    expect(await client.next('snapshot_update')).toMatchObject({ epoch: 'epoch-2', seq: 1 });
    await tick({ a: 5 });
    expect(await client.next('snapshot_delta')).toMatchObject({ epoch: 'epoch-2', base_seq: 1, seq: 2 });
  });
});

describe('resume', () => {
  test('EXT-6, EXT-8 events after seq, then the change since it; nothing else', async () => {
    const first = await bridge.joined(DELTA);
    await tick({ a: 2 }, [healthChange('a', 2)]);
    const last = await until('delta', () => first.ofType('snapshot_delta')[0]);
    const held = replay(first.received);
    first.socket.terminate();
    await tick({ a: 3 }, [healthChange('a', 3), anomalyResolved('b')]);
    await tick({ a: 4 });

    const second = await connected();
    second.send({ type: 'resume', epoch: last.epoch, seq: last.seq });
    expect(await second.next('health_change')).toMatchObject({ seq: 4, data: { health_score: 3 } });
    expect(await second.next('anomaly_resolved')).toMatchObject({ seq: 5 });
    expect(await second.next('snapshot_delta')).toMatchObject({ base_seq: 3, seq: 7 });
    await bridge.clock.advance(400);
    await quiet();
    expect(second.types).toEqual(['connected', 'health_change', 'anomaly_resolved', 'snapshot_delta']);
    expect(scoresOf(replay(second.received, { state: held!, seq: 3 }))).toEqual({ a: 4 });
  });

  test('EXT-6 with an event as the last message, state_seq names the state', async () => {
    await tick({ a: 2 }, [healthChange('a', 1), healthChange('a', 2)]);
    const client = await connected();
    client.send({ type: 'resume', epoch: 'epoch-1', seq: 2, state_seq: 1 });
    expect(await client.next('health_change')).toMatchObject({ seq: 3 });
    expect(await client.next('snapshot_delta')).toMatchObject({ base_seq: 1, seq: 4 });
  });

  test('EXT-6 when nothing was missed the answer is an empty delta', async () => {
    const client = await connected();
    client.send({ type: 'resume', epoch: 'epoch-1', seq: 1 });
    expect(await client.next('snapshot_delta')).toMatchObject({ base_seq: 1, seq: 1 });
  });

  test('EXT-7 another epoch: a full snapshot and no old events', async () => {
    await tick({ a: 2 }, [healthChange('a', 2)]);
    const client = await connected();
    client.send({ type: 'resume', epoch: 'epoch-0', seq: 1 });
    expect(await client.next('snapshot_update')).toMatchObject({ seq: 3 });
    await quiet();
    expect(client.types).toEqual(['connected', 'snapshot_update']);
  });

  test('EXT-7 a state that left the log: the events that are left, then a full snapshot', async () => {
    await tick({ a: 2 }, [healthChange('a', 2)]);
    await tick({ a: 3 }, [healthChange('a', 3)]);
    bridge.feed.logStartsAt = 4;
    const client = await connected();
    client.send({ type: 'resume', epoch: 'epoch-1', seq: 1 });
    expect(await client.next('health_change')).toMatchObject({ seq: 4 });
    expect(await client.next('snapshot_update')).toMatchObject({ seq: 5 });
    await quiet();
    expect(client.types).toEqual(['connected', 'health_change', 'snapshot_update']);
  });

  test('EXT-7 a seq or a state that never was: a full snapshot', async () => {
    const ahead = await connected();
    ahead.send({ type: 'resume', epoch: 'epoch-1', seq: 999 });
    expect(await ahead.next('snapshot_update')).toMatchObject({ seq: 1 });
    await tick({ a: 2 }, [healthChange('a')]);
    const absurd = await connected();
    absurd.send({ type: 'resume', epoch: 'epoch-1', seq: 1, state_seq: 2 });
    await absurd.next('health_change');
    expect(await absurd.next('snapshot_update')).toMatchObject({ seq: 3 });
  });

  test('EXT-8 without resume the full snapshot comes after a moment, with any other first message at once', async () => {
    const waiting = await connected();
    const asking = await connected();
    await quiet();
    expect(waiting.types).toEqual(['connected']);
    asking.send({ type: 'ping' });
    await asking.next('pong');
    await asking.next('snapshot_update');
    await bridge.clock.advance(250);
    await waiting.next('snapshot_update');
  });

  test('EXT-8 events of a tick in that moment are not lost', async () => {
    const client = await connected();
    await bridge.clock.advance(100);
    bridge.feed.tick({ a: 2 }, [healthChange('a', 2)]);
    await quiet();
    expect(client.types).toEqual(['connected']);
    await bridge.clock.advance(200);
    expect(await client.next('health_change')).toMatchObject({ seq: 2 });
    expect(await client.next('snapshot_update')).toMatchObject({ seq: 3 });
  });

  test('EXT-8, EXT-10 a late resume still brings the events before the connection, none twice, and a full snapshot', async () => {
    await tick({ a: 2 }, [healthChange('a', 2)]);
    const client = await bridge.joined(DELTA);
    await tick({ a: 3 }, [healthChange('a', 3)]);
    await client.next('health_change');
    await client.next('snapshot_delta');
    client.send({ type: 'resume', epoch: 'epoch-1', seq: 1 });
    expect(await client.next('health_change')).toMatchObject({ seq: 2 });
    expect(await client.next('snapshot_update')).toMatchObject({ seq: 5 });
    client.send({ type: 'resume', epoch: 'epoch-1', seq: 1 });
    await client.next('snapshot_update');
    await tick({ a: 4 }, [healthChange('a', 4)]);
    expect(await client.next('health_change')).toMatchObject({ seq: 6 });
    expect(await client.next('snapshot_delta')).toMatchObject({ base_seq: 5, seq: 7 });
    expect(client.received.filter(isEvent).map((m) => m.seq)).toEqual([4, 2, 6]);
  });

  test('EXT-8, SUB-5 after a change of subscription resume brings the events and keeps the full snapshot', async () => {
    await tick({ a: 2, b: 2 }, [healthChange('a', 2), healthChange('b', 2)]);
    const client = await connected();
    client.send({ type: 'subscribe', resource_ids: ['b'] });
    client.send({ type: 'resume', epoch: 'epoch-1', seq: 1 });
    await client.next('subscribed');
    expect(await client.next('health_change')).toMatchObject({ seq: 3, data: { resource_id: 'b' } });
    expect((await client.next('snapshot_update')).data.services.map((s) => s.resource_id)).toEqual(['b']);
    await quiet();
    expect(client.received).toHaveLength(4);
  });

  test('EXT-8 a subscription right after resume loses no event of its view', async () => {
    await tick({ a: 2, b: 2 }, [healthChange('a', 2), healthChange('b', 2)]);
    const client = await connected();
    client.send({ type: 'resume', epoch: 'epoch-1', seq: 1 });
    client.send({ type: 'subscribe', resource_ids: ['b'] });
    await until('snapshot', () => client.ofType('snapshot_update')[0]);
    await quiet();
    expect(client.received.filter(isEvent).map((m) => m.seq)).toEqual([3]);
    expect(client.types).toEqual(['connected', 'subscribed', 'health_change', 'snapshot_update']);
  });

  test('EXT-9 on an original connection resume is answered with RESUME_NEEDS_DELTA', async () => {
    const client = await bridge.joined();
    client.send({ type: 'resume', epoch: 'epoch-1', seq: 1 });
    expect((await client.next('error')).code).toBe('RESUME_NEEDS_DELTA');
  });

  test('a fault of the feed answers resume with its code; the cursor stays and is served afterwards', async () => {
    await tick({ a: 2 }, [healthChange('a', 2)]);
    const client = await connected();
    bridge.feed.fault = new BridgeError('PIPELINE_FAILED');
    client.send({ type: 'resume', epoch: 'epoch-1', seq: 1 });
    expect((await client.next('error')).code).toBe('PIPELINE_FAILED');
    bridge.feed.fault = undefined;
    await bridge.clock.advance(1000);
    expect(await client.next('health_change')).toMatchObject({ seq: 2 });
    expect(await client.next('snapshot_delta')).toMatchObject({ base_seq: 1, seq: 3 });
  });

  test('EXT-8 whenever a client breaks off and resumes, it ends with the same events and state as one that stayed', async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ do: fc.constant('tick' as const), events: fc.integer({ min: 0, max: 3 }) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('get_snapshot' as const, 'ping' as const) }) },
    );
    let score = 1;
    const nextScore = (): number => (score = (score + 1) % 100);
    const tickOn = (events: number): Promise<void> =>
      tick(
        { a: nextScore() },
        Array.from({ length: events }, () => healthChange('a', nextScore())),
      );

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const steady = await bridge.joined(DELTA);
        const roaming = [await bridge.joined(DELTA)];
        const current = (): TestClient => roaming.at(-1) as TestClient;
        const got = (): ServerMessage[] => roaming.flatMap((client) => client.received).filter((m) => m.seq !== 0);
        const joinSeq = got()[0]?.seq ?? 0;
        for (const one of steps) {
          // What has arrived when the connection breaks is left to chance.
          if (one.do === 'tick') await tickOn(one.events);
          else if (one.do !== 'reconnect') current().send({ type: one.do });
          else {
            current().socket.terminate();
            const states = got().filter((m) => m.type === 'snapshot_update' || m.type === 'snapshot_delta');
            const resume = { type: 'resume', epoch: 'epoch-1', seq: got().at(-1)?.seq, state_seq: states.at(-1)?.seq };
            roaming.push(await connected());
            current().send(resume);
          }
        }
        await until('resumed', () => current().received.length > 1);
        await tickOn(1);
        const isAtEnd = (client: TestClient): boolean =>
          client.received.some((m) => m.type.startsWith('snapshot') && m.seq === bridge.feed.seq);
        await until('both at the end', () => isAtEnd(steady) && isAtEnd(current()));
        const eventsOf = (messages: ServerMessage[]): (number | undefined)[] =>
          messages.filter(isEvent).map((m) => m.seq);
        expect(eventsOf(got())).toEqual(eventsOf(steady.received).filter((seq) => (seq ?? 0) > joinSeq));
        expect(scoresOf(replay(got()))).toEqual(scoresOf(replay(steady.received)));
        for (const client of [steady, ...roaming]) client.socket.terminate();
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});

describe('EXT-12 the events of incidents', () => {
  const told = (type: 'opened' | 'resolved'): IncidentEvent => ({
    type: `incident_${type}`,
    atMs: 0,
    data: incidentOf('a', 0),
  });

  test('go to those that asked alone, in the order of their numbers, and come again after resume', async () => {
    const asking = await bridge.joined(`${DELTA}&incidents=1`);
    const plain = await bridge.joined(DELTA);
    const original = await bridge.joined('?update_interval=1');
    await tick({ a: 2 }, [healthChange('a'), told('opened')]);
    for (const client of [asking, plain]) await until('delta', () => client.ofType('snapshot_delta')[0]);
    await until('state', () => original.ofType('snapshot_update')[1]);
    await quiet();
    const seen = (client: TestClient): unknown[] => client.received.slice(2).map(({ type, seq }) => [type, seq]);
    expect(seen(asking)).toEqual([
      ['health_change', 2],
      ['incident_opened', 3],
      ['snapshot_delta', 4],
    ]);
    expect(seen(plain)).toEqual([
      ['health_change', 2],
      ['snapshot_delta', 4],
    ]);
    expect(seen(original)).toEqual([
      ['health_change', undefined],
      ['snapshot_update', undefined],
    ]);
    const back = await bridge.client(`${DELTA}&incidents=1`).isOpen();
    await back.next('connected');
    back.send({ type: 'resume', epoch: 'epoch-1', seq: 1 });
    await back.next('health_change');
    expect(await back.next('incident_opened')).toMatchObject({ seq: 3, data: { incident_id: 'a' } });
  });

  test('alone in a tick, they move those that did not ask on to the next state', async () => {
    const plain = await bridge.joined(DELTA);
    await tick({ a: 1 }, [told('opened')]);
    await until('delta', () => plain.ofType('snapshot_delta')[0]);
    await tick({ a: 3 }, [healthChange('a')]);
    await until('delta', () => plain.ofType('snapshot_delta')[1]);
    expect(plain.received.slice(2).map(({ type, seq }) => [type, seq])).toEqual([
      ['snapshot_delta', 3],
      ['health_change', 4],
      ['snapshot_delta', 5],
    ]);
  });
});
