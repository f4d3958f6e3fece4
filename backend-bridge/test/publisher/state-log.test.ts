import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { settle, type Settled } from '../../src/publisher/settle.ts';
import { StateLog, type StateLogOptions } from '../../src/publisher/state-log.ts';
import { diagnosisOf, freshnessOf, graph, healthChange } from './diagnoses.ts';

const topology = graph('a>b', 'b>c');
const diagnosis = diagnosisOf({ topology });
const { state } = settle(undefined, { diagnosis, freshness: freshnessOf(diagnosis), resolution: 4 });

function filled(options: StateLogOptions, ticks: number, eventsATick = 1): StateLog {
  const log = new StateLog(options);
  let seq = 0;
  for (let k = 0; k < ticks; k += 1) {
    const events = Array.from({ length: eventsATick }, () => ({ seq: (seq += 1), event: healthChange('a') }));
    log.append({ seq: (seq += 1), state }, events, k * 1_000);
  }
  return log;
}

describe('the log of states and events', () => {
  test('EXT-7 holds states and events for the window', () => {
    const log = filled({ windowMs: 3_000 }, 10);
    expect(log.newest?.seq).toBe(20);
    expect([12, 14, 20].map((seq) => log.state(seq)?.seq)).toEqual([undefined, 14, 20]);
    expect(log.state(13)).toBeUndefined();
    expect(log.eventsAfter(12)).toMatchObject({
      isComplete: true,
      events: [{ seq: 13 }, { seq: 15 }, { seq: 17 }, { seq: 19 }],
    });
    expect(log.eventsAfter(11).isComplete).toBe(true);
    expect(log.eventsAfter(10)).toMatchObject({ isComplete: false });
  });

  test('EXT-7 tells the events that it still holds when others have left it', () => {
    const log = filled({ windowMs: 3_000 }, 10);
    expect(log.eventsAfter(0)).toMatchObject({
      isComplete: false,
      events: [{ seq: 13 }, { seq: 15 }, { seq: 17 }, { seq: 19 }],
    });
    expect(log.eventsAfter(99)).toEqual({ isComplete: true, events: [] });
  });

  test('keeps the newest two states whatever the window, so that deltas go on', () => {
    const log = filled({ windowMs: 0 }, 5);
    expect([6, 8, 10].map((seq) => log.state(seq)?.seq)).toEqual([undefined, 8, 10]);
  });

  test('holds no more references and events than allowed, and counts lists that states share once', () => {
    // Every state here shares all its lists with the first.
    expect(filled({ windowMs: 60_000, maxReferences: 20 }, 10).state(2)?.seq).toBe(2);
    const log = new StateLog({ windowMs: 60_000, maxReferences: 40, maxEvents: 3 });
    let seq = 0;
    let last: Settled | undefined;
    for (let k = 0; k < 10; k += 1) {
      const now = diagnosisOf({ topology, atMs: k * 1_000, values: { 0: { 0: 1 + k }, 2: { 0: 1 + k } } });
      last = settle(last, { diagnosis: now, freshness: freshnessOf(now), resolution: 4 });
      log.append({ seq: (seq += 2), state: last.state }, [{ seq: seq - 1, event: healthChange('a') }], k * 1_000);
    }
    expect(log.state(20)).toBeDefined();
    expect(log.state(2)).toBeUndefined();
    expect(log.eventsAfter(0)).toMatchObject({ isComplete: false, events: [{ seq: 15 }, { seq: 17 }, { seq: 19 }] });
  });

  test('EXT-8 whatever was dropped, events after a number are all those after it or not complete', () => {
    const tick = fc.record({ events: fc.nat({ max: 3 }), elapsedMs: fc.nat({ max: 3_000 }) });
    fc.assert(
      fc.property(fc.array(tick, { minLength: 1 }), fc.nat({ max: 5_000 }), fc.nat(60), (ticks, windowMs, fromSeq) => {
        const log = new StateLog({ windowMs });
        const all: number[] = [];
        let [seq, nowMs] = [0, 0];
        for (const { events, elapsedMs } of ticks) {
          nowMs += elapsedMs;
          const logged = Array.from({ length: events }, () => ({ seq: (seq += 1), event: healthChange('a') }));
          all.push(...logged.map((event) => event.seq));
          log.append({ seq: (seq += 1), state }, logged, nowMs);
        }
        const missing = all.filter((number) => number > fromSeq);
        const { events, isComplete } = log.eventsAfter(fromSeq);
        const told = events.map((event) => event.seq);
        expect(told).toEqual(missing.slice(missing.length - told.length));
        expect(isComplete).toBe(told.length === missing.length);
      }),
    );
  });
});
