import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from '@jest/globals';
import type { MetricsBatch, Topology } from '@topdeck/protocol';
import { generateTopology } from '../../src/simulator/generate-topology.ts';
import { buildTopology } from '../../src/sources/build-topology.ts';
import { loadPreset } from '../../src/sources/presets.ts';
import { SimulatedMetrics } from '../../src/sources/simulated-metrics.ts';
import { describeMetricsSource } from './metrics-source.contract.ts';

const AT_MS = Date.UTC(2026, 0, 7, 14);
const signal = new AbortController().signal;
const generated = (services: number, edges: number): Topology => {
  const { resources, dependencies } = generateTopology({ services, edges, seed: 1 });
  return buildTopology(resources, dependencies);
};
const SMALL = generated(40, 120);

describeMetricsSource('simulator', async () => ({
  source: new SimulatedMetrics({ seed: 1, demo: true }),
  topology: SMALL,
  largerTopology: generated(200, 700),
  atMs: AT_MS,
  historyMs: 600_000,
  close: async () => undefined,
}));

const column = (batch: MetricsBatch, key: string): Float64Array => {
  const found = batch.columns.find(({ spec }) => `${spec.scope}.${spec.name}` === key);
  if (found === undefined) throw new Error(`no column ${key}`);
  return found.values;
};
/** A demo fault multiplies what it touches; noise moves it by a few percent. */
const differs = (a: MetricsBatch, b: MetricsBatch): boolean =>
  a.columns.some(({ values }, c) => values.some((value, i) => Math.abs(value / b.columns[c].values[i] - 1) > 0.5));

describe('SimulatedMetrics', () => {
  test('has the metrics of the preset topdeck, in its order and units', () => {
    const { metrics } = new SimulatedMetrics({ seed: 1, demo: false });
    const preset = loadPreset('topdeck').metrics.map(({ spec }) => spec);
    const shape = ({ scope, name, unit }: (typeof metrics)[number]): string => `${scope}.${name} ${unit}`;
    expect(metrics.map(shape)).toEqual(preset.map(shape));
  });

  test('gives the same values for the same seed and time', async () => {
    const read = (seed: number): Promise<MetricsBatch> =>
      new SimulatedMetrics({ seed, demo: false }).collect({ topology: SMALL, atMs: AT_MS, signal });
    expect(await read(5)).toEqual(await read(5));
    expect(await read(6)).not.toEqual(await read(5));
  });

  test('what others run has no cpu and memory: unknown, not zero', async () => {
    const batch = await new SimulatedMetrics({ seed: 1, demo: false }).collect({
      topology: SMALL,
      atMs: AT_MS,
      signal,
    });
    const external = SMALL.resources.map(({ resource_type }) => resource_type === 'external');
    expect(external).toContain(true);
    for (const key of ['service.cpu_usage', 'service.memory_usage'])
      expect([...column(batch, key)].map(Number.isNaN)).toEqual(external);
    const report = batch.columns.find(({ spec }) => spec.name === 'cpu_usage')?.report;
    expect(report).toMatchObject({ outcome: 'ok', seriesMatched: external.filter((is) => !is).length });
  });

  test('the backfilled past is what a collection would have shown then', async () => {
    const source = new SimulatedMetrics({ seed: 1, demo: false });
    const batches = await source.backfill({
      topology: SMALL,
      fromMs: AT_MS - 20_000,
      toMs: AT_MS,
      stepMs: 5_000,
      signal,
    });
    expect(batches.map(({ atMs }) => atMs - AT_MS)).toEqual([-20_000, -15_000, -10_000, -5_000, 0]);
    for (const batch of batches)
      expect(batch).toEqual(await source.collect({ topology: SMALL, atMs: batch.atMs, signal }));
  });

  describe('the demo', () => {
    const collector = () => {
      const demo = new SimulatedMetrics({ seed: 1, demo: true });
      const calm = new SimulatedMetrics({ seed: 1, demo: false });
      const request = (atMs: number) => ({ topology: SMALL, atMs, signal });
      return {
        demo,
        faulty: async (atMs: number): Promise<boolean> =>
          differs(await demo.collect(request(atMs)), await calm.collect(request(atMs))),
        backfillIsCalm: async (fromMs: number, toMs: number): Promise<boolean> => {
          const range = { topology: SMALL, fromMs, toMs, stepMs: 5_000, signal };
          const [past, calmPast] = [await demo.backfill(range), await calm.backfill(range)];
          return !past.some((batch, i) => differs(batch, calmPast[i]));
        },
      };
    };

    test('begins with the first collection: a fault within 15 s, gone by 45 s, again in the next round', async () => {
      const { faulty } = collector();
      const seen: number[] = [];
      for (let s = 0; s <= 180; s += 5) if (await faulty(AT_MS + s * 1000)) seen.push(s);
      const [firstRound, secondRound] = [seen.filter((s) => s < 90), seen.filter((s) => s >= 90)];
      expect(firstRound[0]).toBe(15);
      expect(firstRound.at(-1)).toBe(40);
      expect(secondRound[0]).toBeGreaterThan(100);
      expect(secondRound.at(-1)).toBeLessThan(145);
    });

    test('does not show in the past that was backfilled before it', async () => {
      const { backfillIsCalm, faulty } = collector();
      expect(await backfillIsCalm(AT_MS - 3_600_000, AT_MS)).toBe(true);
      expect(await faulty(AT_MS)).toBe(false);
      expect(await faulty(AT_MS + 30_000)).toBe(true);
    });

    test('stays as it was in a short gap that is filled while it plays', async () => {
      const { demo, faulty, backfillIsCalm } = collector();
      for (const s of [0, 15, 50]) await faulty(AT_MS + s * 1000);
      expect(demo.freshness().last_success).toBe(new Date(AT_MS + 50_000).toISOString());
      expect(await backfillIsCalm(AT_MS + 20_000, AT_MS + 45_000)).toBe(false);
    });

    test('begins anew for whoever comes after a pause, over a calm past', async () => {
      const { faulty, backfillIsCalm } = collector();
      for (const s of [0, 30]) await faulty(AT_MS + s * 1000);
      const laterMs = AT_MS + 3_600_000 + 30_000;
      expect(await backfillIsCalm(laterMs - 3_000_000, laterMs)).toBe(true);
      expect(await faulty(laterMs)).toBe(false);
      expect(await faulty(laterMs + 10_000)).toBe(false);
      expect(await faulty(laterMs + 30_000)).toBe(true);
    });
  });

  test('10,000 services and 50,000 edges are collected within 100 ms of cpu', async () => {
    // In a thread of its own: inside the test runner's VM context the same code takes several times as long.
    const thread = new Worker(new URL('collect-cost.ts', import.meta.url));
    const [cpuMs] = (await once(thread, 'message')) as [number];
    expect(cpuMs).toBeGreaterThan(1);
    expect(cpuMs).toBeLessThan(100);
  });

  test('of a long past only the newest part is given, and other work goes on meanwhile', async () => {
    const topology = generated(2_000, 10_000);
    const valuesPerBatch = 5 * 2_000 + 3 * 10_000;
    const source = new SimulatedMetrics({ seed: 1, demo: false, maxBackfillValues: 31 * valuesPerBatch });
    let turns = 0;
    let done = false;
    const otherWork = (): void => {
      turns += 1;
      if (!done) setImmediate(otherWork);
    };
    setImmediate(otherWork);
    const fromMs = AT_MS - 24 * 3_600_000;
    const batches = await source.backfill({ topology, fromMs, toMs: AT_MS, stepMs: 5_000, signal });
    done = true;
    expect(batches.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 31 }, (_, i) => AT_MS - (30 - i) * 5_000));
    expect(turns).toBeGreaterThan(4);
  });

  test('a backfill that is aborted on its way gives what it has', async () => {
    const aborting = new AbortController();
    setImmediate(() => aborting.abort());
    const topology = generated(2_000, 10_000);
    const source = new SimulatedMetrics({ seed: 1, demo: false });
    const range = { topology, fromMs: AT_MS - 3_600_000, toMs: AT_MS, stepMs: 10_000 };
    const batches = await source.backfill({ ...range, signal: aborting.signal });
    expect(batches.length).toBeGreaterThan(0);
    expect(batches.length).toBeLessThan(361);
  });
});
