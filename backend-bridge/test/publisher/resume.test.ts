import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { apply, type Snapshot } from '@topdeck/protocol';
import type { Feed, TickNotice, ViewSpec } from '../../src/publisher/feed.ts';
import { graph, healthChange } from './diagnoses.ts';
import { bench, type Finding } from './stub-parts.ts';

const json = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString());

/** A client of the extended stream as the rules have it: it knows nothing but the messages it was sent. */
class Reader {
  readonly events: number[] = [];
  held: Snapshot | undefined;
  stateSeq = -1;
  seq = 0;
  /** Events that the log no longer held when they were asked for. */
  lostUpTo = 0;
  readonly #feed: Feed;
  readonly #view: ViewSpec;

  constructor(feed: Feed, view: ViewSpec) {
    this.#feed = feed;
    this.#view = view;
  }

  /**
   * EXT-6, EXT-7: the events after the last message, then the change to the newest state. The connection drops when
   * `most` messages have come.
   */
  async catchUp(most = Infinity): Promise<void> {
    const { messages, complete } = await this.#feed.renderEvents(this.#view, this.seq);
    if (!complete) this.lostUpTo = messages[0]?.seq ?? Infinity;
    for (const { extended } of messages.slice(0, most)) this.#take(json(extended));
    if (messages.length >= most) return;
    const rendered = await this.#feed.render({
      form: 'delta',
      view: this.#view,
      fromSeq: this.stateSeq,
      deflate: false,
    });
    this.#take(json(rendered.text));
  }

  #take(message: { type: string; seq: number; base_seq?: number; data: never }): void {
    expect(message.seq).toBeGreaterThanOrEqual(this.seq);
    this.seq = message.seq;
    if (message.type === 'snapshot_update') this.held = message.data;
    else if (message.type === 'snapshot_delta') {
      expect(message.base_seq).toBe(this.stateSeq);
      this.held = apply(this.held!, message.data);
    } else this.events.push(message.seq);
    if (message.type.startsWith('snapshot_')) this.stateSeq = message.seq;
  }
}

const finding: fc.Arbitrary<Finding> = fc.record({
  values: fc.record({ 0: fc.record({ 0: fc.integer({ min: 0, max: 4 }), 1: fc.integer({ min: 0, max: 4 }) }) }),
  health: fc.record({ b: fc.constantFrom([0, 100] as const, [2, 10] as const) }),
  events: fc.array(
    fc.constantFrom('a', 'b', 'c').map((id) => healthChange(id)),
    { maxLength: 3 },
  ),
});
/** What happens: a tick, or the reader comes and gets so many messages before it is dropped again. */
const happening = fc.oneof(
  finding.map((found) => ({ tick: found })),
  fc.nat({ max: 4 }).map((messages) => ({ messages })),
);
const views: readonly ViewSpec[] = [
  { kind: 'all' },
  { kind: 'resources', resourceIds: ['a'], depth: 0 },
  { kind: 'resources', resourceIds: ['c'], depth: 1 },
];

describe('EXT-6 EXT-7 EXT-8 resume', () => {
  test('whatever was missed, a reader ends with the settled state, and no event came twice or was left out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { maxLength: 24 }),
        fc.constantFrom(...views),
        fc.constantFrom(5, 20, 120),
        async (happenings, view, resumeWindowS) => {
          const findings = happenings.flatMap((item) => ('tick' in item ? [item.tick] : []));
          const rig = bench({ topology: graph('a>b', 'b>c'), findings: [...findings, {}], config: { resumeWindowS } });
          const notices: TickNotice[] = [];
          rig.feed.listen((notice) => notices.push(notice));
          await rig.clock.advance(0);
          const reader = new Reader(rig.feed, view);
          for (const item of happenings) {
            if ('tick' in item) await rig.clock.advance(5_000);
            else await reader.catchUp(item.messages);
          }
          await reader.catchUp();

          const full = await rig.feed.render({ form: 'full', view, deflate: false });
          expect(reader.held).toEqual(json(full.text).data);
          const all = notices.flatMap(({ seq, eventCount }) =>
            Array.from({ length: eventCount }, (_, k) => seq - eventCount + k),
          );
          const shown = new Set((await rig.feed.renderEvents(view, 0)).messages.map(({ seq }) => seq));
          expect(reader.events).toEqual([...new Set(reader.events)].sort((a, b) => a - b));
          // Of the events still in the log each was told; those that have left it may be missing only where that was said.
          for (const seq of all) if (shown.has(seq)) expect(reader.events).toContain(seq);
          if (reader.lostUpTo === 0 && view.kind === 'all') expect(reader.events).toEqual(all);
        },
      ),
      { numRuns: 150 },
    );
  });
});
