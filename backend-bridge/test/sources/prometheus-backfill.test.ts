import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MetricsBatch } from '@topdeck/protocol';
import { systemClock } from '../../src/clock.ts';
import { loadPreset } from '../../src/sources/presets.ts';
import { MAX_BACKFILL_VALUES, planBackfill } from '../../src/sources/prometheus-backfill.ts';
import { PrometheusMetrics } from '../../src/sources/prometheus-metrics.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { createPipelineMetrics } from '../../src/telemetry/metrics.ts';
import { answerFor, ringTopology } from './prometheus-graph.ts';
import { PrometheusStub, matrix, type StubRequest } from './prometheus-stub.ts';

describe('the plan of a backfill', () => {
  const ranges = fc.record({
    fromMs: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    spanMs: fc.integer({ min: 0, max: 90_000_000 }),
    stepMs: fc.integer({ min: 1000, max: 300_000 }),
    valuesPerStep: fc.integer({ min: 1, max: 2_000_000 }),
  });

  test('stays in the range, ends at its end, and within both limits', () => {
    fc.assert(
      fc.property(ranges, ({ fromMs, spanMs, stepMs, valuesPerStep }) => {
        const toMs = fromMs + spanMs;
        const plan = planBackfill({ fromMs, toMs, stepMs, valuesPerStep });
        if (plan === undefined) throw new Error('nothing planned');
        expect(plan.startMs).toBeGreaterThanOrEqual(fromMs);
        expect(plan.startMs + (plan.steps - 1) * plan.stepMs).toBe(toMs);
        expect(plan.steps).toBeGreaterThanOrEqual(1);
        expect(plan.steps).toBeLessThanOrEqual(11_000);
        expect(plan.steps * valuesPerStep).toBeLessThanOrEqual(MAX_BACKFILL_VALUES);
        expect(plan.stepMs % stepMs).toBe(0);
      }),
    );
  });

  test('keeps the step asked for where it fits', () => {
    const plan = planBackfill({ fromMs: 0, toMs: 3_600_000, stepMs: 5000, valuesPerStep: 800 });
    expect(plan).toEqual({ startMs: 0, stepMs: 5000, steps: 721 });
  });

  test('widens it for 10,000 services and 50,000 edges', () => {
    const plan = planBackfill({ fromMs: 0, toMs: 3_600_000, stepMs: 5000, valuesPerStep: 200_000 });
    expect(plan).toEqual({ startMs: 3_600_000 - 14 * 245_000, stepMs: 245_000, steps: 15 });
  });

  test.each([
    ['an inverted range', { fromMs: 2000, toMs: 1000, stepMs: 1000, valuesPerStep: 1 }],
    ['no entities', { fromMs: 0, toMs: 1000, stepMs: 1000, valuesPerStep: 0 }],
    [
      'more entities than one step may have',
      { fromMs: 0, toMs: 1000, stepMs: 1000, valuesPerStep: MAX_BACKFILL_VALUES + 1 },
    ],
  ])('asks for nothing with %s', (_, range) => {
    expect(planBackfill(range)).toBeUndefined();
  });
});

describe('a backfill', () => {
  const preset = loadPreset('topdeck');
  const topology = ringTopology(3);
  const toMs = Date.parse('2026-03-01T12:00:00Z');
  const fromMs = toMs - 60_000;
  /** Tells entity and time apart, so that a value in the wrong place shows. */
  const valueAt = (entity: number, atS: number): number => entity * 1000 + (atS % 1000);
  const good = answerFor(preset, topology, valueAt);
  let stub: PrometheusStub;
  let source: PrometheusMetrics;

  const backfill = (signal = new AbortController().signal): Promise<readonly MetricsBatch[]> =>
    source.backfill({ topology, fromMs, toMs, stepMs: 5000, signal });
  const isEdge = ({ form }: StubRequest): boolean => (form.get('query') ?? '').includes('source, target');

  beforeEach(async () => {
    stub = await new PrometheusStub(good).start();
    const options = { url: stub.url, preset, rateWindow: '1m', timeoutMs: 5000, backfillTimeoutMs: 400 };
    source = new PrometheusMetrics(options, { clock: systemClock, log: silentLog, metrics: createPipelineMetrics() });
  });
  afterEach(async () => {
    await source.close();
    await stub.stop();
  });

  test('is one range query a metric, and every value stands at its time and entity', async () => {
    const batches = await backfill();
    expect(stub.requests.map(({ path }) => path)).toEqual(preset.metrics.map(() => '/api/v1/query_range'));
    const { form } = stub.requests[0];
    expect([form.get('start'), form.get('end'), form.get('step')]).toEqual([
      `${fromMs / 1000}.000`,
      `${toMs / 1000}.000`,
      '5.000',
    ]);
    expect(batches.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 13 }, (_, i) => fromMs + i * 5000));
    for (const { atMs, columns } of batches)
      for (const { values } of columns)
        expect([...values]).toEqual([0, 1, 2].map((entity) => valueAt(entity, atMs / 1000)));
  });

  test('gaps are unknown, times before the first sample are left out', async () => {
    stub.answer = () => {
      const [first, third] = [fromMs / 1000 + 20, fromMs / 1000 + 30];
      const samples = [
        [first, '1'],
        [third, 'NaN'],
        [third + 5, '3'],
      ] as [number, string][];
      return { body: matrix([{ metric: { target: topology.resources[1].id, pod: 'x' }, samples }]) };
    };
    const batches = await backfill();
    expect(batches.map(({ atMs }) => (atMs - fromMs) / 1000)).toEqual([20, 35]);
    const [rate] = batches[0].columns;
    expect([...rate.values]).toEqual([Number.NaN, 1, Number.NaN]);
    expect(rate.report).toMatchObject({ outcome: 'ok', seriesMatched: 1 });
    expect(batches[0].columns.find(({ spec }) => spec.scope === 'edge')?.report.outcome).toBe('missing');
  });

  test('goes without the metrics that fail, and has its own deadline', async () => {
    stub.answer = (request) => (isEdge(request) ? 'hang' : good(request));
    const startMs = performance.now();
    const batches = await backfill();
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect(batches).toHaveLength(13);
    for (const { columns } of batches)
      for (const { spec, values, report } of columns) {
        const expected = spec.scope === 'edge' ? { outcome: 'error', code: 'PROMETHEUS_TIMEOUT' } : { outcome: 'ok' };
        expect(report).toMatchObject(expected);
        expect(values.every(Number.isNaN)).toBe(spec.scope === 'edge');
      }
    expect(source.freshness().state).toBe('unavailable');
  });

  test('that is aborted half-way gives nothing', async () => {
    stub.answer = () => 'hang';
    expect(await backfill(AbortSignal.timeout(50))).toEqual([]);
  });
});
