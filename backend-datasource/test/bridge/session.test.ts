import { beforeEach, describe, expect, test } from '@jest/globals';
import { diff, type ServerMessage, type Snapshot } from '@topdeck/protocol';
import { isoAt, snapshotOf, START_MS } from './snapshots.ts';
import { TestSession } from './test-session.ts';

const A = snapshotOf({ a: 90, b: 80 });
const B = snapshotOf({ a: 40, b: 80, c: 70 }, 5000);
const C = snapshotOf({ a: 41, c: 70 }, 10_000);

const at = (seq: number, rest: object, epoch = 'e'): ServerMessage =>
  ({ timestamp: isoAt(seq * 1000), epoch, seq, ...rest }) as ServerMessage;
const connected = (epoch = 'e'): ServerMessage =>
  at(0, { type: 'connected', message: 'hello', update_interval: 5 }, epoch);
const pong = (): ServerMessage => at(0, { type: 'pong' });
const full = (seq: number, data: Snapshot, epoch = 'e'): ServerMessage =>
  at(seq, { type: 'snapshot_update', data }, epoch);
const delta = (base: number, seq: number, [from, to]: readonly [Snapshot, Snapshot]): ServerMessage =>
  at(seq, { type: 'snapshot_delta', base_seq: base, data: diff(from, to) });
const event = (seq: number, epoch = 'e'): ServerMessage =>
  at(
    seq,
    { type: 'traffic_anomaly', data: { source_id: 'a', target_id: 'b', anomaly_type: 'latency', description: '' } },
    epoch,
  );

const held = ({ bridge }: TestSession): unknown => [bridge.received?.position, bridge.received?.snapshot];

/** Connected and holding A as state 1. */
const streaming = (): TestSession => {
  const one = new TestSession().start().opened().message(connected()).message(full(1, A));
  one.takeSent();
  return one;
};

/** Cut, and open again as far as the handshake. */
const reopened = (one: TestSession): TestSession => one.failed('CONNECTION_LOST').due('retry').opened();

describe('the first connection', () => {
  test('is opened at once, told alive by a ping, and is a websocket from its first message', () => {
    const one = new TestSession();
    expect(one.state).toBe('connecting');
    one.start().opened();
    expect(one.takeSent()).toEqual([{ type: 'ping' }]);
    expect(one.state).toBe('connecting');
    one.nowMs += 20;
    one.message(connected());
    expect(one.bridge.connection).toEqual({ state: 'websocket', sinceMs: START_MS + 20 });
    expect(one.bridge.received).toBeUndefined();
  });

  test('EXT-2, EXT-3 holds the full snapshot, then what deltas make of it, with the times of both clocks', () => {
    const one = streaming();
    one.nowMs += 700;
    one.message(delta(1, 4, [A, B]));
    const sentAtMs = Date.parse(isoAt(4000));
    expect(one.bridge.received).toEqual({
      snapshot: B,
      position: { epoch: 'e', seq: 4 },
      sentAtMs,
      receivedAtMs: START_MS + 700,
    });
  });

  test('EVT-1 passes each event on, and an event is no state', () => {
    const one = streaming();
    one
      .message(event(2))
      .message(event(3))
      .message(delta(1, 4, [A, B]))
      .message(event(5));
    expect(one.events).toEqual(['e#2', 'e#3', 'e#5']);
    expect(one.bridge.received?.position?.seq).toBe(4);
  });

  test('a message type that a later bridge may have is passed over', () => {
    const one = streaming().message(at(2, { type: 'forecast', data: {} }));
    expect([one.takeSent(), one.state]).toEqual([[], 'websocket']);
  });

  test('a refusal by message is kept as the last fault, and changes nothing else', () => {
    const one = streaming().message(
      at(1, { type: 'error', message: 'Too many messages', code: 'MESSAGE_RATE_EXCEEDED' }),
    );
    expect(one.bridge.lastFault?.code).toBe('MESSAGE_RATE_EXCEEDED');
    expect(one.state).toBe('websocket');
    expect(one.logged).toEqual(['Too many messages']);
  });
});

describe('after a cut', () => {
  test('EXT-6 resumes with its first message from the state it holds, the ping behind it', () => {
    const one = reopened(streaming());
    expect(one.takeSent()).toEqual([{ type: 'resume', epoch: 'e', seq: 1 }, { type: 'ping' }]);
    one.message(connected()).message(delta(1, 4, [A, B]));
    expect(held(one)).toEqual([{ epoch: 'e', seq: 4 }, B]);
    expect(one.bridge.reconnects).toBe(1);
  });

  test('EXT-8 events that were told before the cut, after the state, are not told again', () => {
    const one = reopened(streaming().message(event(2)));
    one
      .message(event(2))
      .message(event(3))
      .message(delta(1, 4, [A, B]));
    expect(one.events).toEqual(['e#2', 'e#3']);
  });

  test('EXT-10 events that were missed are told although a resume that came too late brings them after a newer state', () => {
    const one = reopened(streaming());
    // The wait was over: event 7 and state 8 are of this connection, 3 and 5 of the time between.
    one
      .message(connected())
      .message(event(7))
      .message(full(8, B))
      .message(delta(8, 9, [B, B]));
    one.message(pong()).message(event(3)).message(event(5)).message(full(10, C));
    expect(one.events).toEqual(['e#7', 'e#3', 'e#5']);
    expect(held(one)).toEqual([{ epoch: 'e', seq: 10 }, C]);
  });

  test('EXT-10 a cut before that is over resumes from where events were known to be complete, and asks for the whole state', () => {
    const one = reopened(streaming());
    one.message(connected()).message(full(8, B));
    reopened(one);
    expect(
      one
        .takeSent()
        .filter(({ type }) => type === 'resume')
        .at(-1),
    ).toEqual({
      type: 'resume',
      epoch: 'e',
      seq: 1,
      state_seq: 8,
    });
    one.message(connected()).message(event(3)).message(full(9, C));
    expect(one.events).toEqual(['e#3']);
  });

  test('EXT-7 a full snapshot in answer settles the events before it once the bridge is known to have read the resume', () => {
    const one = reopened(streaming());
    one.message(connected()).message(pong()).message(event(7)).message(full(8, B));
    one.takeSent();
    reopened(one);
    expect(one.takeSent()[0]).toEqual({ type: 'resume', epoch: 'e', seq: 8 });
  });

  test('EXT-7 a bridge of another epoch begins anew, and what it numbers is not compared with the old', () => {
    const one = reopened(streaming().message(event(9)));
    one
      .message(connected('f'))
      .message(event(1, 'f'))
      .message(full(2, B, 'f'));
    expect(one.events).toEqual(['e#9', 'f#1']);
    expect(held(one)).toEqual([{ epoch: 'f', seq: 2 }, B]);
  });

  test('a cut between the first events of an epoch and its first state resumes the events, holding no state', () => {
    const one = new TestSession().start().opened().message(connected()).message(event(5));
    one.takeSent();
    reopened(one);
    expect(one.takeSent()[0]).toEqual({ type: 'resume', epoch: 'e', seq: 4, state_seq: 0 });
    one.message(connected()).message(event(5)).message(event(6)).message(full(7, A));
    expect(one.events).toEqual(['e#5', 'e#6']);
  });

  test('what an earlier socket still brings is not listened to', () => {
    const one = streaming();
    const { socket: first = 0 } = one;
    reopened(one).message(connected());
    one.input({ kind: 'message', socket: first, text: JSON.stringify(full(2, C)) });
    one.input({ kind: 'failed', socket: first, fault: { code: 'X', message: 'X', action: 'X' } });
    expect(held(one)).toEqual([{ epoch: 'e', seq: 1 }, A]);
    expect(one.state).toBe('websocket');
  });
});

describe('what does not fit', () => {
  let one: TestSession;

  beforeEach(() => {
    one = streaming();
  });

  const expectAsked = (): void => {
    expect(one.takeSent()).toEqual([{ type: 'get_snapshot' }]);
    expect(held(one)).toEqual([{ epoch: 'e', seq: 1 }, A]);
    expect(one.bridge.lastFault?.code).toBe('STREAM_BROKEN');
    expect(one.logged).toHaveLength(1);
    // Until the answer, changes are of a state that is not held.
    one.message(delta(1, 7, [A, C]));
    expect(held(one)).toEqual([{ epoch: 'e', seq: 1 }, A]);
    one.message(full(8, B)).message(delta(8, 9, [B, C]));
    expect(held(one)).toEqual([{ epoch: 'e', seq: 9 }, C]);
    expect(one.timers.has('answer')).toBe(false);
  };

  const upsert = (services: readonly unknown[]): ServerMessage =>
    at(5, {
      type: 'snapshot_delta',
      base_seq: 1,
      data: { timestamp: isoAt(0), overall_health: 'healthy', services: { upsert: services } },
    });

  test.each<readonly [string, () => ServerMessage | string]>([
    ['EXT-3 a change of another state', () => delta(4, 6, [B, C])],
    ['EXT-1 a state whose number falls', () => full(0, C)],
    ['EXT-1 a change whose number falls', () => delta(0, 0, [A, B])],
    ['a change of a new epoch without its first state', () => ({ ...delta(1, 2, [A, B]), epoch: 'f' })],
    ['text that is no JSON', () => '{"type":"snapsh'],
    ['nothing', () => ''],
    ['a state that lacks fields', () => full(5, { ...A, services: undefined } as never)],
    ['a state without a position', () => ({ ...full(5, B), seq: undefined, epoch: undefined })],
    ['a change that makes no whole service', () => upsert([['new', { health_score: 1 }]])],
    ['a change that makes a service invalid', () => upsert([['a', { status: 'tired' }]])],
    ['a service under the key of another', () => upsert([['x', A.services[0]]])],
  ])('%s is answered by asking for the whole state, and nothing of it is served', (_, message) => {
    one.message(message());
    expectAsked();
  });

  test('a second time on one connection it begins with a new one, and with a whole state', () => {
    one.message('').message(full(2, B)).message('');
    expect(one.state).toBe('disconnected');
    one.takeSent();
    one.due('retry').opened();
    expect(one.takeSent()[0]).toEqual({ type: 'resume', epoch: 'e', seq: 2, state_seq: 0 });
  });

  test('without an answer it begins with a new connection', () => {
    one.message('');
    expect(one.until('answer')).toBe(10_000);
    one.due('answer');
    expect(one.bridge.connection).toMatchObject({ state: 'disconnected', fault: { code: 'STREAM_BROKEN' } });
  });

  test('repeats change nothing', () => {
    one.message(event(2)).message(delta(1, 3, [A, B]));
    one
      .message(delta(1, 3, [A, B]))
      .message(event(2))
      .message(full(3, B))
      .message(delta(3, 3, [B, B]));
    expect(one.events).toEqual(['e#2']);
    expect(held(one)).toEqual([{ epoch: 'e', seq: 3 }, B]);
    expect(one.takeSent()).toEqual([]);
  });

  test('events of an epoch that has ended on this connection are repeats', () => {
    one
      .message(event(2))
      .message(event(1, 'f'))
      .message(event(3, 'e'))
      .message(full(2, B, 'f'));
    expect(one.events).toEqual(['e#2', 'f#1']);
    expect(held(one)).toEqual([{ epoch: 'f', seq: 2 }, B]);
  });

  test('an event of a new epoch leaves no state for its changes to be applied to', () => {
    one.message(event(1, 'f')).message({ ...delta(1, 2, [A, B]), epoch: 'f' });
    expect(held(one)).toEqual([{ epoch: 'e', seq: 1 }, A]);
    expect(one.takeSent()).toEqual([{ type: 'get_snapshot' }]);
  });
});
