import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Logger } from '@topdeck/grafana-plugin-sdk';
import type { EventMessage } from '@topdeck/protocol';
import { BridgeUnavailable, type BridgeState } from '../../src/bridge/bridge.ts';
import { BridgeClient } from '../../src/bridge/bridge-client.ts';
import { fault } from '../../src/bridge/faults.ts';
import type { PolledSnapshot, Reads } from '../../src/bridge/rest-reads.ts';
import type { SocketEvents } from '../../src/bridge/transport.ts';
import { FakeClock } from '../fake-clock.ts';
import { isoAt, snapshotOf } from './snapshots.ts';
import { OPTIONS } from './test-session.ts';

const REFUSED = fault('CONNECTION_REFUSED');
const A = snapshotOf({ a: 90 });
const position = { timestamp: isoAt(0), epoch: 'e', seq: 1 };
const CONNECTED = JSON.stringify({ type: 'connected', ...position, message: '', update_interval: 5 });
const FULL = JSON.stringify({ type: 'snapshot_update', ...position, data: A });
const eventText = (seq: number): string =>
  JSON.stringify({
    type: 'traffic_anomaly',
    ...position,
    seq,
    data: { source_id: 'a', target_id: 'b', anomaly_type: 'latency', description: '' },
  });

interface TestSocket extends SocketEvents {
  readonly sent: string[];
  isEnded: boolean;
}

const clock = new FakeClock();
let sockets: TestSocket[];
let lines: string[];
let snapshotRead: PromiseWithResolvers<PolledSnapshot>;
let pollSignal: AbortSignal | undefined;
let lifetime: AbortController;
let bridge: BridgeClient;

const note = (level: string) => (message: string, fields?: object) =>
  void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
const log: Logger = {
  trace: note('trace'),
  debug: note('debug'),
  info: note('info'),
  warn: note('warn'),
  error: note('error'),
  with: () => log,
};
const reads = {
  snapshot: (signal: AbortSignal) => {
    pollSignal = signal;
    snapshotRead = Promise.withResolvers();
    return snapshotRead.promise;
  },
} as unknown as Reads;

beforeEach(() => {
  [sockets, lines, pollSignal, lifetime] = [[], [], undefined, new AbortController()];
  const openSocket = (events: SocketEvents) => {
    const socket: TestSocket = { ...events, sent: [], isEnded: false };
    sockets.push(socket);
    return { send: (text: string) => void socket.sent.push(text), end: () => void (socket.isEnded = true) };
  };
  bridge = new BridgeClient({ log, clock, random: () => 0, options: OPTIONS, openSocket, reads, lifetime });
});

afterEach(async () => {
  await bridge.close();
  expect(clock.scheduled).toBe(0);
});

const socket = (): TestSocket => sockets[sockets.length - 1];
const stream = (): void => {
  socket().opened();
  socket().message(CONNECTED);
  socket().message(FULL);
};
const { signal } = new AbortController();

describe('ready', () => {
  test('resolves with the first snapshot, and at once when there is one', async () => {
    const ready = bridge.ready(signal);
    stream();
    expect(await ready).toBe(bridge.state());
    expect((await bridge.ready(signal)).received?.snapshot).toEqual(A);
  });

  test('resolves with the first fault', async () => {
    const ready = bridge.ready(signal);
    socket().failed(REFUSED);
    expect((await ready).connection).toMatchObject({ state: 'disconnected', fault: REFUSED });
  });

  test('does not take an open stream without a state for an answer, and rejects when aborted', async () => {
    socket().opened();
    socket().message(CONNECTED);
    const caller = new AbortController();
    const ready = bridge.ready(caller.signal);
    caller.abort(new Error('impatient'));
    await expect(ready).rejects.toThrow('impatient');
    await expect(bridge.ready(caller.signal)).rejects.toThrow('impatient');
  });
});

describe('listeners', () => {
  test('EVT-2 hear each event before the state of its tick, and nothing after they left', () => {
    const heard: (string | number)[] = [];
    stream();
    const leave = bridge.listen({
      onEvent: ({ seq }: EventMessage) => heard.push(`event ${String(seq)}`),
      onState: ({ received }: BridgeState) => heard.push(received?.position?.seq ?? 0),
    });
    socket().message(eventText(2));
    socket().message(JSON.stringify({ type: 'snapshot_update', ...position, seq: 3, data: A }));
    leave();
    socket().message(eventText(4));
    expect(heard).toEqual(['event 2', 3]);
  });

  test('that throw harm neither the others nor the stream', () => {
    const heard: string[] = [];
    bridge.listen({
      onState: () => {
        throw new Error('of the listener');
      },
    });
    bridge.listen({ onState: ({ connection }) => heard.push(connection.state) });
    stream();
    expect(heard).toEqual(['websocket', 'websocket']);
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(2);
  });

  test('may close the bridge while they are told', () => {
    bridge.listen({ onState: () => void bridge.close() });
    stream();
    expect(socket().isEnded).toBe(true);
    expect(clock.scheduled).toBe(0);
  });
});

describe('a bridge that cannot be reached', () => {
  const nextTry = (): void => {
    for (const { length } = sockets; sockets.length === length;) clock.advance(500);
  };
  const failFor = (tries: number): void => {
    socket().failed(REFUSED);
    for (let i = 1; i < tries; i += 1) {
      nextTry();
      socket().failed(REFUSED);
    }
  };

  test('is tried again by the clock, polled from the fifth try on, and streamed when it is back', async () => {
    failFor(5);
    expect([sockets.length, pollSignal?.aborted]).toEqual([5, false]);
    snapshotRead.resolve({ snapshot: A, sentAtMs: 7 });
    await snapshotRead.promise;
    expect(bridge.state()).toMatchObject({ connection: { state: 'polling' }, received: { sentAtMs: 7 } });
    clock.advance(30_000);
    expect([sockets.length, pollSignal?.aborted]).toEqual([6, false]);
    stream();
    expect([bridge.state().connection.state, pollSignal?.aborted]).toEqual(['websocket', true]);
  });

  test('fails to be polled in the words of the read', async () => {
    failFor(5);
    snapshotRead.reject(new BridgeUnavailable(fault('TIMEOUT')));
    await new Promise(setImmediate);
    expect(bridge.state().connection).toMatchObject({ state: 'disconnected', fault: { code: 'TIMEOUT' } });
  });

  test('is told of in the log when it begins and when it ends, and not with each try', () => {
    failFor(4);
    nextTry();
    stream();
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['warn', 'info']);
    expect(lines[0]).toContain('CONNECTION_REFUSED');
  });
});

test('the end leaves no socket, timer, request or listener behind', async () => {
  let told = 0;
  bridge.listen({ onState: () => (told += 1) });
  stream();
  socket().failed(fault('CONNECTION_LOST'));
  const before = told;
  await bridge.close();
  expect(told).toBe(before + 1);
  expect([clock.scheduled, socket().isEnded, lifetime.signal.aborted]).toEqual([0, true, true]);
  expect(lifetime.signal.reason).toMatchObject({ fault: { code: 'CLOSED' } });
  socket().opened();
  socket().message(FULL);
  clock.advance(120_000);
  expect([sockets.length, told]).toEqual([1, before + 1]);
});
