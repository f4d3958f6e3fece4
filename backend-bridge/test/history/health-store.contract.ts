import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HealthChange, HealthRecord, HealthSample, HistoryStore } from '../../src/history/history-store.ts';
import { healthChange, START_MS } from './events.ts';

export const at = (offsetS: number): number => START_MS + offsetS * 1000;
export const degraded = (resourceId: string, score = 60): HealthChange => ({ resourceId, status: 'degraded', score });
export const healthy = (resourceId: string, score = 100): HealthChange => ({ resourceId, status: 'healthy', score });
export const unknown = (resourceId: string): HealthChange => ({ resourceId, status: 'unknown', score: null });
export const WHOLE = { index: 0, of: 1 };
/** A tick every 5 s, of which two may be missing. */
export const record = (offsetS: number, ...changes: HealthChange[]): HealthRecord => ({
  atMs: at(offsetS),
  holdMs: 5_000,
  pauseMs: 10_000,
  changes,
});

/** What history-store.ts promises of health, for any adapter. */
export function healthStoreContract(name: string, create: () => HistoryStore): void {
  describe(`${name} keeps the contract of a store of health`, () => {
    let store: HistoryStore;
    beforeEach(() => {
      store = create();
    });
    afterEach(() => store.close());
    const tick = (offsetS: number, ...changes: HealthChange[]): void => store.append([], record(offsetS, ...changes));
    /** [seconds, status, score] */
    const samples = (id: string, sinceS: number, untilS: number, limit = 100): unknown[][] =>
      store
        .samples(id, { sinceMs: at(sinceS), untilMs: at(untilS), limit })
        .map(({ atMs, status, score }: HealthSample) => [(atMs - START_MS) / 1000, status, score]);
    const watched = (sinceS: number, untilS: number): number[][] =>
      store
        .watched(at(sinceS), at(untilS))
        .map(({ startMs, endMs }) => [startMs, endMs].map((ms) => (ms - at(0)) / 1000));

    test('an empty store knows of nothing', () => {
      expect(store.healthResources()).toEqual([]);
      expect(store.newestHealth().size).toBe(0);
      expect(samples('a', 0, 100)).toEqual([]);
      expect(watched(0, 100)).toEqual([]);
    });

    test('REST-12 samples come back exactly, in their range, with the one in force at its beginning', () => {
      tick(0, healthy('a', 99.5), degraded('b'));
      tick(10, degraded('a', 61.123456789));
      tick(20, unknown('a'));
      tick(30, healthy('a'));
      expect(samples('a', 10, 30)).toEqual([
        [0, 'healthy', 99.5],
        [10, 'degraded', 61.123456789],
        [20, 'unknown', null],
      ]);
      expect(samples('a', 12, 25)).toEqual([
        [10, 'degraded', 61.123456789],
        [20, 'unknown', null],
      ]);
      expect(samples('a', -10, 0)).toEqual([]);
      expect(samples('a', 500, 600)).toEqual([[30, 'healthy', 100]]);
      expect(samples('a', -10, 100, 2)).toEqual([
        [0, 'healthy', 99.5],
        [10, 'degraded', 61.123456789],
      ]);
      expect(samples('b', 0, 100)).toEqual([[0, 'degraded', 60]]);
      expect(samples('nobody', 0, 100)).toEqual([]);
      expect(samples("' OR 1=1 --", 0, 100)).toEqual([]);
    });

    test('REST-12 ids are kept as they are, and listed in order', () => {
      const ids = ['z', 'a/b c', 'Ä', '☃', '\u{1F600}', '\uFF5E'];
      tick(0, ...ids.map((id) => healthy(id)));
      expect(store.healthResources()).toEqual([...ids].sort());
      for (const id of ids) expect(samples(id, 0, 1)).toHaveLength(1);
    });

    test('the newest state of each service, those left out of which nothing is known', () => {
      tick(0, healthy('a'), healthy('b'), healthy('c'));
      tick(5, degraded('b', 55), unknown('c'));
      expect([...store.newestHealth()].sort()).toEqual([
        ['a', { status: 'healthy', score: 100 }],
        ['b', { status: 'degraded', score: 55 }],
      ]);
    });

    test('REST-12 ticks that follow each other make one span, a pause makes another', () => {
      tick(0);
      tick(5);
      tick(20);
      expect(watched(0, 100)).toEqual([[0, 25]]);
      tick(35);
      expect(watched(0, 100)).toEqual([[0, 40]]);
      tick(50.001);
      expect(watched(0, 100)).toEqual([
        [0, 40],
        [50.001, 55.001],
      ]);
      expect(watched(40, 50.001)).toEqual([]);
      expect(watched(39.999, 50)).toEqual([[0, 40]]);
      expect(watched(45, 50.002)).toEqual([[50.001, 55.001]]);
    });

    test('a clock that stepped back begins a span of its own, and the order by time stays', () => {
      tick(100, healthy('a'));
      tick(105);
      tick(20, degraded('a'));
      tick(25, healthy('a', 90));
      expect(watched(0, 200)).toEqual([
        [20, 30],
        [100, 110],
      ]);
      expect(samples('a', 0, 200).map(([second]) => second)).toEqual([20, 25, 100]);
    });

    test('of two samples at one time the later one stays', () => {
      tick(0, healthy('a'));
      tick(0, degraded('a'));
      expect(samples('a', 0, 10)).toEqual([[0, 'degraded', 60]]);
    });

    test('events and health of one tick go in together', () => {
      store.append([healthChange('a')], record(0, degraded('a')));
      expect(store.query({})).toHaveLength(1);
      expect(samples('a', 0, 10)).toHaveLength(1);
      store.append([healthChange('b')]);
      expect(watched(0, 100)).toEqual([[0, 5]]);
    });

    test('prune keeps the sample that is in force, and only that, of what is older', () => {
      for (let second = 0; second <= 60; second += 10) tick(second, healthy('a', second));
      tick(61, healthy('calm'), healthy('gone'));
      tick(62, unknown('gone'));
      tick(100, healthy('later'));
      expect(store.prune(at(75))).toBe(0);
      store.pruneHealth(at(75), WHOLE);
      expect(samples('a', 0, 200)).toEqual([[60, 'healthy', 60]]);
      expect(samples('calm', 80, 200)).toEqual([[61, 'healthy', 100]]);
      expect(samples('gone', 0, 200)).toEqual([]);
      expect(store.healthResources()).toEqual(['a', 'calm', 'later']);
      expect(watched(0, 200)).toEqual([[100, 105]]);
      tick(105, healthy('gone', 70), degraded('a'));
      expect(samples('gone', 100, 200)).toEqual([[105, 'healthy', 70]]);
      expect(samples('a', 100, 200)).toEqual([
        [60, 'healthy', 60],
        [105, 'degraded', 60],
      ]);
    });

    test('health is pruned part by part: each service is in one of them, and in the same one again', () => {
      const ids = Array.from({ length: 40 }, (_, i) => `service-${i}`);
      for (const second of [0, 10, 20, 30]) tick(second, ...ids.map((id) => healthy(id, second)));
      const pruned = (offsetS: number, index: number): string[] => {
        const before = ids.map((id) => samples(id, 0, 100).length);
        store.pruneHealth(at(offsetS), { index, of: 4 });
        return ids.filter((id, i) => samples(id, 0, 100).length < before[i]);
      };
      const parts = [0, 1, 2, 3].map((index) => pruned(15, index));
      expect(parts.flat().sort()).toEqual([...ids].sort());
      for (const part of parts) expect(part.length).toBeGreaterThan(0);
      expect(pruned(25, 2)).toEqual(parts[2]);
      expect(pruned(25, 2)).toEqual([]);
    });
  });
}
