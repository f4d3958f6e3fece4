import { describe, expect, test } from '@jest/globals';
import type { ServerMessage, Snapshot } from '@topdeck/protocol';
import fc from 'fast-check';
import { ModelBridge } from './model-bridge.ts';
import { snapshotOf } from './snapshots.ts';
import { TestSession } from './test-session.ts';

/** One session and one model, with a wire between them that can be cut, delayed and, for the second law, disturbed. */
class Play {
  readonly bridge = new ModelBridge();
  readonly client = new TestSession();
  readonly up: { type: string }[] = [];
  /** Per epoch, the lowest number the client was told: its own time there begins with it. */
  readonly joined = new Map<string, number>();
  #ticks = 0;
  #polled: Snapshot | undefined;

  constructor() {
    this.client.onEffect = (effect) => {
      if (effect.kind === 'send') this.up.push(effect.message as { type: string });
      if (effect.kind === 'close') this.cutWire();
    };
    this.client.start();
  }

  tick(eventCount: number): void {
    this.#ticks += 1;
    const scores = {
      a: (this.#ticks * 37) % 101,
      ...(this.#ticks % 3 > 0 && { b: 80 }),
      ...(this.#ticks % 4 > 1 && { c: this.#ticks % 100 }),
    };
    this.bridge.tick(snapshotOf(scores, this.#ticks * 1000), eventCount);
  }

  cutWire(): void {
    this.up.length = 0;
    this.bridge.connection = undefined;
  }

  cut(): void {
    this.cutWire();
    if (this.client.session.link.kind === 'open') this.client.failed('CONNECTION_LOST');
  }

  /** The next try, as far as the handshake. */
  connect(): void {
    if (this.client.timers.has('retry')) this.client.due('retry');
    if (this.client.session.link.kind !== 'opening') return;
    this.bridge.connect();
    this.client.opened();
  }

  toBridge(count: number): void {
    for (const message of this.up.splice(0, count)) this.bridge.receive(message);
  }

  toClient(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const message = this.bridge.connection?.out.shift();
      if (message === undefined) return;
      this.#join(message);
      this.client.message(message);
      this.expectTruth();
    }
  }

  /** What REST tells has other values than the stream: exact ones. */
  pollEnds(succeeds: boolean): void {
    const { poll } = this.client;
    if (poll === undefined) return;
    this.#polled = snapshotOf({ a: 1.5, polled: this.#ticks });
    const fault = { code: 'TIMEOUT', message: 'TIMEOUT', action: 'none' };
    this.client.input(
      succeeds ? { kind: 'polled', poll, snapshot: this.#polled, sentAtMs: 0 } : { kind: 'poll-failed', poll, fault },
    );
    this.expectTruth();
  }

  /** Whatever is held is a state that there was, never one put together of pieces that do not fit. */
  expectTruth(): void {
    const { received } = this.client.bridge;
    if (received === undefined) return;
    const { position, snapshot } = received;
    expect(snapshot).toEqual(position ? this.bridge.truth.get(`${position.epoch}#${position.seq}`) : this.#polled);
  }

  /** Time goes on undisturbed. */
  settle(rounds = 6): void {
    for (let round = 0; round < rounds; round += 1) {
      this.connect();
      this.toBridge(Infinity);
      this.tick(round % 2);
      this.bridge.stopAwaiting();
      this.bridge.serve();
      this.toClient(1000);
      const { link } = this.client.session;
      const isStuck = link.kind === 'open' && link.intake.awaitsFull && this.up.length === 0;
      if (isStuck && this.client.timers.has('answer')) this.client.due('answer');
    }
  }

  expectNewestHeld(): void {
    expect(this.client.state).toBe('websocket');
    const { received } = this.client.bridge;
    expect(received?.position).toEqual({ epoch: this.bridge.epoch, seq: this.bridge.newest?.seq });
    expect(received?.snapshot).toEqual(this.bridge.newest?.snapshot);
  }

  #join({ epoch = '', seq = 0, type }: ServerMessage): void {
    if (type === 'connected' || type === 'pong') return;
    this.joined.set(epoch, Math.min(this.joined.get(epoch) ?? Infinity, seq));
  }
}

type Action = (play: Play) => void;

/** Single steps seldom come in an order that leads anywhere; these do, and the single steps fall in between. */
const stretches: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(2), fc.nat(2)).map(([missed, count]) => (play: Play) => {
      play.connect();
      play.toBridge(Infinity);
      play.bridge.stopAwaiting();
      play.bridge.serve();
      play.tick(missed);
      play.bridge.serve();
      play.tick(count);
      play.bridge.serve();
      play.toClient(Infinity);
    }),
  },
  {
    // EXT-10: the resume is on its way while the bridge has given up waiting for it.
    weight: 4,
    arbitrary: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(6)).map(([missed, later, read]) => (play: Play) => {
      play.cut();
      play.tick(missed);
      play.connect();
      play.tick(later);
      play.bridge.stopAwaiting();
      play.bridge.serve();
      play.tick(0);
      play.bridge.serve();
      play.toClient(read);
    }),
  },
  {
    weight: 2,
    arbitrary: fc.nat(4).map((read) => (play: Play) => {
      play.toBridge(Infinity);
      play.bridge.serve();
      play.toClient(read);
    }),
  },
);

const ordinary: fc.Arbitrary<Action> = fc.oneof(
  { weight: 20, arbitrary: stretches },
  { weight: 4, arbitrary: fc.nat(3).map((count) => (play: Play) => play.tick(count)) },
  { weight: 4, arbitrary: fc.boolean().map((state) => (play: Play) => play.bridge.serve(state)) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }).map((n) => (play: Play) => play.toClient(n)) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 3 }).map((n) => (play: Play) => play.toBridge(n)) },
  { weight: 3, arbitrary: fc.constant((play: Play) => play.connect()) },
  { weight: 2, arbitrary: fc.constant((play: Play) => play.cut()) },
  { weight: 2, arbitrary: fc.constant((play: Play) => play.bridge.stopAwaiting()) },
  { weight: 1, arbitrary: fc.boolean().map((ok) => (play: Play) => play.pollEnds(ok)) },
  { weight: 1, arbitrary: fc.constant((play: Play) => play.bridge.restartPipeline()) },
  {
    weight: 1,
    arbitrary: fc.constant((play: Play) => {
      play.bridge.restartPipeline();
      play.cut();
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constant((play: Play) => {
      if (play.client.timers.has('ping')) play.client.due('ping');
    }),
  },
  {
    // Tries that fail, up to polling.
    weight: 1,
    arbitrary: fc.nat(6).map((count) => (play: Play) => {
      for (let i = 0; i < count; i += 1) {
        if (play.client.timers.has('retry')) play.client.due('retry');
        if (play.client.session.link.kind === 'opening') play.client.failed();
      }
    }),
  },
);

type Wire = ServerMessage[];
/** What no wire does; a broken proxy, or a defect at the other end, might. */
const DISTURBANCES: Readonly<Record<string, (out: Wire, at: number) => void>> = {
  drop: (out, at) => out.splice(at, 1),
  repeat: (out, at) => out.splice(at + 1, 0, out[at]),
  repeatLater: (out, at) => out.push(out[at]),
  swap: (out, at) => out.splice(at, 2, ...out.slice(at, at + 2).reverse()),
  garble: (out, at) => out.splice(at, 1, { ...out[at], data: 7 } as never),
};

const disturbing: fc.Arbitrary<Action> = fc
  .tuple(fc.constantFrom(...Object.values(DISTURBANCES)), fc.nat(6), fc.boolean())
  .map(([disturb, at, newEpoch]) => (play: Play) => {
    play.connect();
    play.toBridge(Infinity);
    play.bridge.stopAwaiting();
    for (let i = 0; i < 2; i += 1) {
      play.tick(1);
      play.bridge.serve();
    }
    if (newEpoch) {
      play.bridge.restartPipeline();
      play.tick(1);
      play.bridge.serve();
    }
    const out = play.bridge.connection?.out ?? [];
    if (at < out.length) disturb(out, at);
    play.toClient(Infinity);
  });

const run = (actions: readonly Action[]): Play => {
  const play = new Play();
  for (const action of actions) action(play);
  play.settle();
  return play;
};

describe('whatever happens on the way', () => {
  test('EXT-3, EXT-4, EXT-6, EXT-7, EXT-8, EXT-10 the session ends with the newest state and has told each event of a living epoch once', () => {
    fc.assert(
      fc.property(fc.array(ordinary, { maxLength: 30 }), (actions) => {
        const play = run(actions);
        const { bridge, client, joined } = play;
        play.expectNewestHeld();
        expect(new Set(client.events).size).toBe(client.events.length);
        const since = joined.get(bridge.epoch) ?? 0;
        const due = bridge.events.filter((seq) => seq >= since).map((seq) => `${bridge.epoch}#${seq}`);
        const told = client.events.filter((event) => event.startsWith(`${bridge.epoch}#`));
        expect([...told].sort()).toEqual([...due].sort());
      }),
      { numRuns: 400 },
    );
  });

  test('a stream that drops, repeats, reorders or garbles messages leads to no wrong state and no event told twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 5, arbitrary: ordinary }, { weight: 2, arbitrary: disturbing }), { maxLength: 30 }),
        (actions) => {
          const play = run(actions);
          play.expectNewestHeld();
          expect(new Set(play.client.events).size).toBe(play.client.events.length);
        },
      ),
      { numRuns: 400 },
    );
  });
});
