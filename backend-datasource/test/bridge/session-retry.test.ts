import { describe, expect, test } from '@jest/globals';
import type { ServerMessage, Snapshot } from '@topdeck/protocol';
import { isoAt, snapshotOf, START_MS } from './snapshots.ts';
import { TestSession } from './test-session.ts';

const A = snapshotOf({ a: 90 });
const POLLED = snapshotOf({ a: 89.5 }, 60_000);

const connected = {
  type: 'connected',
  timestamp: isoAt(0),
  epoch: 'e',
  seq: 0,
  message: '',
  update_interval: 5,
} as const;
const full = (seq: number, data: Snapshot): ServerMessage => ({
  type: 'snapshot_update',
  timestamp: isoAt(0),
  epoch: 'e',
  seq,
  data,
});
const empty = (base: number, seq: number): ServerMessage => ({
  type: 'snapshot_delta',
  timestamp: isoAt(0),
  epoch: 'e',
  seq,
  base_seq: base,
  data: { timestamp: A.timestamp, overall_health: A.overall_health },
});

const streaming = (): TestSession => new TestSession().start().opened().message(connected).message(full(1, A));

const failTimes = (one: TestSession, count: number): TestSession => {
  for (let i = 0; i < count; i += 1) one.due('retry').failed();
  return one;
};

const polled = (one: TestSession): TestSession => {
  one.input({ kind: 'polled', poll: one.poll ?? -1, snapshot: POLLED, sentAtMs: START_MS });
  return one;
};
const pollFailed = (one: TestSession): TestSession => {
  one.input({ kind: 'poll-failed', poll: one.poll ?? -1, fault: { code: 'TIMEOUT', message: 'late', action: 'none' } });
  return one;
};

describe('tries', () => {
  test('are 3 s apart at first and then twice as far each time, up to 30 s', () => {
    const one = new TestSession().start().failed();
    const waits = [one.until('retry')];
    for (let i = 0; i < 6; i += 1) waits.push(one.due('retry').failed().until('retry'));
    expect(waits).toEqual([3000, 6000, 12_000, 24_000, 30_000, 30_000, 30_000]);
  });

  test('chance takes up to half of each wait', () => {
    const one = new TestSession().start();
    one.random = 0.999_999;
    expect(one.failed().until('retry')).toBeCloseTo(1500, 0);
    one.random = 0.5;
    expect(one.due('retry').failed().until('retry')).toBe(4500);
  });

  test('begin anew after a state has come, not after a mere handshake', () => {
    const one = failTimes(new TestSession().start().failed(), 2);
    expect(one.due('retry').opened().message(connected).failed().until('retry')).toBe(24_000);
    one.due('retry').opened().message(connected).message(full(1, A));
    expect(one.failed().until('retry')).toBe(3000);
    expect(one.bridge.connection).toMatchObject({ state: 'disconnected', attempts: 0 });
  });

  test('tell the fault, how many failed, and when the next is', () => {
    const one = failTimes(streaming().failed('CONNECTION_LOST'), 2);
    expect(one.bridge.connection).toEqual({
      state: 'disconnected',
      sinceMs: START_MS,
      fault: expect.objectContaining({ code: 'CONNECTION_REFUSED' }),
      attempts: 2,
      nextAttemptAtMs: one.nowMs + 12_000,
    });
    expect(one.bridge.received?.snapshot).toEqual(A);
  });

  test.each(['UNAUTHENTICATED', 'FORBIDDEN_SCOPE', 'AUTH_EXPIRED'])(
    'SEC-1, SEC-4 are 30 s apart after %s, for a person has to act',
    (code) => {
      expect(new TestSession().start().failed(code).until('retry')).toBe(30_000);
      const again = streaming().failed(code);
      expect(again.until('retry')).toBe(30_000);
      expect(again.due('retry').opened().message(connected).message(empty(1, 2)).state).toBe('websocket');
    },
  );

  test('end when nothing is said after the handshake, or no handshake comes, for as long as an answer may take', () => {
    const silent = new TestSession().start();
    expect(silent.until('answer')).toBe(10_000);
    expect(silent.due('answer').bridge.lastFault?.code).toBe('TIMEOUT');
    const mute = silent.due('retry').opened().due('answer');
    expect(mute.bridge.connection).toMatchObject({ state: 'disconnected', attempts: 2 });
  });
});

describe('pings', () => {
  test('go out every 30 s, and two in a row without any message end the connection', () => {
    const one = streaming();
    one.takeSent();
    expect(one.until('ping')).toBe(30_000);
    one.due('ping').due('ping');
    expect(one.takeSent()).toEqual([{ type: 'ping' }, { type: 'ping' }]);
    expect(one.state).toBe('websocket');
    one.due('ping');
    expect(one.bridge.connection).toMatchObject({ state: 'disconnected', fault: { code: 'STREAM_SILENT' } });
    expect(one.socket).toBeUndefined();
  });

  test('are answered by any message', () => {
    const one = streaming();
    for (let i = 0; i < 10; i += 1) {
      one.due('ping');
      if (i % 2 === 1) one.message({ type: 'pong', timestamp: isoAt(0), epoch: 'e', seq: 1 });
    }
    expect(one.state).toBe('websocket');
  });
});

describe('polling', () => {
  test('begins with the fifth try that fails and goes on beside the tries, 30 s after each answer', () => {
    const one = failTimes(streaming().failed('CONNECTION_LOST'), 4);
    expect([one.poll, one.state]).toEqual([undefined, 'disconnected']);
    failTimes(one, 1);
    expect(one.poll).toBeDefined();
    expect(one.state).toBe('disconnected');
    polled(one);
    expect(one.bridge.connection).toMatchObject({
      state: 'polling',
      attempts: 5,
      fault: { code: 'CONNECTION_REFUSED' },
    });
    expect(one.bridge.received).toEqual({ snapshot: POLLED, sentAtMs: START_MS, receivedAtMs: one.nowMs });
    expect(one.until('poll')).toBe(30_000);
    failTimes(one, 1);
    expect(one.state).toBe('polling');
    one.due('poll');
    expect(one.until('poll')).toBeUndefined();
  });

  test('that fails is told as disconnected, keeps what was read, and is polling again when it succeeds', () => {
    const one = polled(failTimes(streaming().failed(), 5));
    pollFailed(one.due('poll'));
    expect(one.bridge.connection).toMatchObject({ state: 'disconnected', fault: { code: 'TIMEOUT' } });
    expect(one.bridge.received?.snapshot).toEqual(POLLED);
    polled(one.due('poll'));
    expect(one.bridge.connection).toMatchObject({ state: 'polling', fault: { code: 'CONNECTION_REFUSED' } });
  });

  test('EXT-8 leaves the cursor of the stream alone: the resume after it is from the last streamed state, to which its deltas apply', () => {
    const one = polled(failTimes(streaming().failed(), 5));
    one.takeSent();
    one.due('retry').opened();
    expect(one.takeSent()[0]).toEqual({ type: 'resume', epoch: 'e', seq: 1 });
    one.message(connected);
    expect([one.state, one.bridge.received?.snapshot]).toEqual(['websocket', POLLED]);
    one.message(empty(1, 9));
    expect(one.bridge.received).toMatchObject({ snapshot: A, position: { epoch: 'e', seq: 9 } });
    expect([one.poll, one.until('poll')]).toEqual([undefined, undefined]);
  });

  test('goes on until the stream brings a state, and what it brings after that is not listened to', () => {
    const one = polled(failTimes(streaming().failed(), 5));
    one.due('retry').opened().message(connected).due('poll');
    const { poll = 0 } = one;
    polled(one);
    expect([one.state, one.bridge.received?.position]).toEqual(['websocket', undefined]);
    one.due('poll').message(full(7, A));
    one.input({ kind: 'polled', poll: poll + 1, snapshot: POLLED, sentAtMs: 0 });
    expect(one.bridge.received?.position?.seq).toBe(7);
  });
});

test('the end closes the socket, the poll and all timers, and nothing brings the session back', () => {
  const one = polled(failTimes(streaming().failed(), 5)).due('poll');
  one.due('retry').opened();
  const { socket = 0, poll = 0 } = one;
  one.input({ kind: 'stop' });
  expect([one.socket, one.poll, one.timers.size]).toEqual([undefined, undefined, 0]);
  expect(one.bridge.connection).toMatchObject({ state: 'disconnected', fault: { code: 'CLOSED' } });
  const { session } = one;
  one.input({ kind: 'due', timer: 'retry' });
  one.input({ kind: 'opened', socket });
  one.input({ kind: 'polled', poll, snapshot: POLLED, sentAtMs: 0 });
  one.input({ kind: 'start' });
  expect(one.session).toBe(session);
});
