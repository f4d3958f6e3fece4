import { describe, expect, test } from '@jest/globals';
import { LiveSystem } from '../../src/simulator/live-system.ts';
import { DURATION_BOUNDS_S } from '../../src/simulator/traffic-counters.ts';
import { PEAK_MS, SHOP } from './system.ts';

const start = (demo = false): LiveSystem => new LiveSystem({ topology: SHOP, seed: 1, demo, startMs: PEAK_MS });
const edge = SHOP.dependencies.findIndex(({ target }) => target === 'catalog-db');
const requests = ({ counters: { edges } }: LiveSystem): number => edges.succeeded[edge] + edges.failed[edge];
const ORDER = { kind: 'errors', target: 'catalog-db', magnitude: 0.5 } as const;

describe('counters', () => {
  test('are the integral of the rates', () => {
    const system = start();
    for (let s = 1; s <= 60; s += 1) system.advance(PEAK_MS + s * 1000);
    const rate = system.counters.newest.edges.requestRate[edge];
    expect(requests(system) / (60 * rate)).toBeCloseTo(1, 1);
    const meanS = system.counters.edges.durationS[edge] / requests(system);
    expect(meanS / system.counters.newest.edges.latencyMeanS[edge]).toBeCloseTo(1, 0);
  });

  test('come out nearly the same however often one looks', () => {
    const often = start();
    for (let ms = 500; ms <= 60_000; ms += 500) often.advance(PEAK_MS + ms);
    const once = start();
    once.advance(PEAK_MS + 60_000);
    expect(requests(once) / requests(often)).toBeCloseTo(1, 2);
  });

  test('never shrink: not under faults, not when the clock goes back', () => {
    const system = start(true);
    const totals = (): number[] => {
      const { edges, entries, cpuSeconds } = system.counters;
      const columns = [edges, entries].flatMap((flows) => Object.values(flows) as Float64Array[]);
      return [...columns, cpuSeconds].flatMap((column) => [...column]);
    };
    let before = totals();
    system.startFault({ kind: 'down', target: 'payments', magnitude: 1, durationMs: 20_000 }, PEAK_MS);
    for (const s of [5, 10, 15, 12, 14, 16, 40, 300, 299, 301]) {
      system.advance(PEAK_MS + s * 1000);
      const now = totals();
      expect(now.filter((value, i) => value < before[i])).toEqual([]);
      before = now;
    }
  });

  test('have as many durations as requests, give or take what took longest', () => {
    const system = start();
    system.advance(PEAK_MS + 30_000);
    const { buckets } = system.counters.edges;
    const size = DURATION_BOUNDS_S.length;
    const counted = buckets.slice(edge * size, (edge + 1) * size).reduce((sum, count) => sum + count, 0);
    expect(counted / requests(system)).toBeCloseTo(1, 4);
  });

  test('catch up after a long pause in a bounded number of steps', () => {
    const system = start();
    const fromMs = performance.now();
    system.advance(PEAK_MS + 30 * 24 * 3_600_000);
    expect(performance.now() - fromMs).toBeLessThan(2_000);
    expect(requests(system)).toBeGreaterThan(1e6);
  });
});

describe('faults of a living system', () => {
  test('count from the moment they are started, and not before', () => {
    const [faulty, calm] = [start(), start()];
    faulty.startFault({ ...ORDER, magnitude: 1 }, PEAK_MS + 60_000);
    calm.advance(PEAK_MS + 60_000);
    expect(faulty.counters.edges.failed).toEqual(calm.counters.edges.failed);
    for (const system of [faulty, calm]) system.advance(PEAK_MS + 120_000);
    expect(faulty.counters.edges.failed[edge]).toBeGreaterThan(100 * calm.counters.edges.failed[edge]);
  });

  test('are listed while at work, fade when ended, and are forgotten afterwards', () => {
    const system = start();
    const { fault } = system.startFault(ORDER, PEAK_MS);
    expect(system.faults(PEAK_MS + 20_000)).toMatchObject([{ fault: { id: fault.id }, origin: 'api', strength: 0.5 }]);
    expect(system.endFault(fault.id, PEAK_MS + 20_000)).toMatchObject({ strength: 0.5 });
    expect(system.faults(PEAK_MS + 22_000)).toMatchObject([{ strength: 0.25 }]);
    expect(system.faults(PEAK_MS + 24_000)).toEqual([]);
    expect(system.endFault(fault.id, PEAK_MS + 30_000)).toBeUndefined();
  });

  test('end by themselves after their duration', () => {
    const system = start();
    system.startFault({ ...ORDER, durationMs: 15_000 }, PEAK_MS);
    expect(system.faults(PEAK_MS + 14_999)).toMatchObject([{ strength: 0.5 }]);
    expect(system.faults(PEAK_MS + 19_000)).toEqual([]);
  });

  test('of a stretch between two looks are counted although they are over at the second', () => {
    const [faulty, calm] = [start(), start()];
    faulty.startFault({ ...ORDER, magnitude: 1, durationMs: 20_000 }, PEAK_MS);
    for (const system of [faulty, calm]) system.advance(PEAK_MS + 60_000);
    const extra = faulty.counters.edges.failed[edge] - calm.counters.edges.failed[edge];
    // 10 s of rise, 10 s in full, 4 s of fall: 17 s worth of failing requests.
    expect(extra / (17 * calm.counters.newest.edges.requestRate[edge])).toBeCloseTo(1, 1);
  });

  test('of the demo are listed beside those that somebody started, and cannot be ended', () => {
    const system = start(true);
    system.startFault(ORDER, PEAK_MS + 20_000);
    const origins = system.faults(PEAK_MS + 30_000).map(({ origin }) => origin);
    expect(origins).toEqual(['demo', 'api']);
    expect(system.endFault('demo-1', PEAK_MS + 30_000)).toBeUndefined();
  });
});
