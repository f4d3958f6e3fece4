import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apply, WS_PATH, type ServerMessage, type Snapshot, type SnapshotDelta } from '@topdeck/protocol';
import { parseServerMessage } from '@topdeck/protocol/validate';
import { WebSocket } from 'ws';
import { BridgeProcess } from '../fixtures/bridge-process.ts';

const EVENT_TYPES = new Set(['health_change', 'anomaly_detected', 'traffic_anomaly', 'anomaly_resolved']);

interface Held {
  readonly state: Snapshot;
  readonly seq: number;
}

/** Keeps what a client of the extended stream keeps, and checks each message against the schema and its base. */
class ExtendedClient {
  readonly received: ServerMessage[] = [];
  held: Held | undefined;
  readonly #socket: WebSocket;
  readonly #waiting = new Set<() => void>();

  constructor(url: string, held?: Held) {
    this.held = held;
    this.#socket = new WebSocket(`${url.replace('http', 'ws')}${WS_PATH}?update_interval=1&delta=1`);
    this.#socket.on('message', (data: Buffer) => this.#take(data.toString()));
  }

  async until<T>(what: string, found: () => T | undefined, timeoutMs = 10_000): Promise<T> {
    const deadline = performance.now() + timeoutMs;
    for (let value = found(); ; value = found()) {
      if (value !== undefined) return value;
      if (performance.now() > deadline) {
        throw new Error(`no ${what} in ${this.received.map((m) => `${m.type}#${String(m.seq)}`).join(' ')}`);
      }
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        setTimeout(resolve, 100);
      });
      this.#waiting.clear();
    }
  }

  ofType<T extends ServerMessage['type']>(type: T): Extract<ServerMessage, { type: T }>[] {
    return this.received.filter((m): m is Extract<ServerMessage, { type: T }> => m.type === type);
  }

  get eventSeqs(): number[] {
    return this.received.filter(({ type }) => EVENT_TYPES.has(type)).map(({ seq }) => seq ?? NaN);
  }

  send(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** As when a network fails: without a closing handshake. */
  breakOff(): void {
    this.#socket.terminate();
  }

  #take(text: string): void {
    const parsed = parseServerMessage(text);
    if (!parsed.ok) throw new Error(`${parsed.detail}: ${text.slice(0, 200)}`);
    const message = parsed.value;
    this.received.push(message);
    if (message.type === 'snapshot_update') this.held = { state: message.data, seq: message.seq ?? NaN };
    if (message.type === 'snapshot_delta') {
      if (this.held?.seq !== message.base_seq) throw new Error(`base ${message.base_seq}, held ${this.held?.seq}`);
      const state = apply(this.held.state, message.data as unknown as SnapshotDelta);
      this.held = { state, seq: message.seq ?? NaN };
    }
    for (const wake of this.#waiting) wake();
  }
}

describe('a client of the extended stream at the embedded demo', () => {
  let bridge: BridgeProcess;
  let url: string;
  let client: ExtendedClient;

  beforeAll(async () => {
    bridge = new BridgeProcess({ COLLECT_INTERVAL_S: '1' });
    url = await bridge.url();
    client = new ExtendedClient(url);
  }, 30_000);

  afterAll(async () => {
    client.breakOff();
    await bridge.stop();
  });

  /** Asks for full snapshots until one is of the state that the deltas have led to, and compares. */
  async function expectHeldIsTrue(one: ExtendedClient): Promise<void> {
    for (let i = 0; i < 20; i += 1) {
      const before = one.held;
      const seen = one.ofType('snapshot_update').length;
      one.send({ type: 'get_snapshot' });
      const full = await one.until('answer', () => one.ofType('snapshot_update')[seen]);
      if (full.seq !== before?.seq) continue;
      expect(before?.state).toEqual(full.data);
      return;
    }
    throw new Error('the state changed with each answer');
  }

  test('EXT-2, EXT-3, EXT-4 what one full snapshot and the deltas lead to is what a full snapshot says', async () => {
    await client.until('deltas', () => client.ofType('snapshot_delta')[4], 20_000);
    expect(client.ofType('snapshot_update')).toHaveLength(1);
    await expectHeldIsTrue(client);
  }, 40_000);

  test('EXT-1 epoch and seq are on every message, and seq never falls', () => {
    expect(new Set(client.received.map(({ epoch }) => epoch)).size).toBe(1);
    const seqs = client.received.map(({ seq }) => seq ?? NaN);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
  });

  test('EXT-6, EXT-8 a client that breaks off misses nothing that one that stays has seen', async () => {
    const steady = client;
    const first = new ExtendedClient(url);
    await first.until('delta', () => first.ofType('snapshot_delta')[0]);
    const last = first.received.at(-1);
    const held = first.held as Held;
    first.breakOff();
    await new Promise((resolve) => setTimeout(resolve, 4000));

    const second = new ExtendedClient(url, held);
    await second.until('greeting', () => second.ofType('connected')[0]);
    second.send({ type: 'resume', epoch: last?.epoch, seq: last?.seq, state_seq: held.seq });
    const answer = await second.until('delta', () => second.ofType('snapshot_delta')[0]);
    expect(answer.base_seq).toBe(held.seq);
    expect(second.ofType('snapshot_update')).toHaveLength(0);
    await second.until('next tick', () => second.ofType('snapshot_delta')[2]);
    const until = Math.min(second.held?.seq ?? 0, steady.held?.seq ?? 0);
    const missed = steady.eventSeqs.filter((seq) => seq > (last?.seq ?? 0) && seq <= until);
    expect(second.eventSeqs.filter((seq) => seq <= until)).toEqual(missed);
    await expectHeldIsTrue(second);
    second.breakOff();
  }, 40_000);

  test('SUB-1, SUB-2, SUB-5 a subscription cuts the stream to a service and its neighbours', async () => {
    const { state } = client.held as Held;
    const [source, target] = state.dependencies[0];
    const seen = client.ofType('snapshot_update').length;
    client.send({ type: 'subscribe', resource_ids: [source], depth: 1 });
    await client.until('subscribed', () => client.ofType('subscribed')[0]);
    const full = await client.until('view', () => client.ofType('snapshot_update')[seen]);
    const neighbours = state.dependencies.filter((edge) => edge.includes(source)).flat();
    expect(full.data.services.map((service) => service.resource_id)).toEqual([...new Set(neighbours)].sort());
    expect(neighbours).toContain(target);
    const deltas = client.ofType('snapshot_delta').length;
    await client.until('delta of the view', () => client.ofType('snapshot_delta')[deltas + 1]);
    await expectHeldIsTrue(client);
    expect(client.held?.state.services.length).toBe(new Set(neighbours).size);
  }, 40_000);
});
