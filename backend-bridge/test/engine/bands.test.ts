import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MetricSpec } from '@topdeck/protocol';
import { bandsOf, warmUpMs, type BandInput } from '../../src/engine/bands.ts';
import { Baseline, BASELINE_LAYOUT, baselineTimes } from '../../src/engine/baseline.ts';
import { createRobustDetector } from '../../src/engine/detectors/robust.ts';
import { JUDGEMENT } from '../../src/engine/gate.ts';
import { allocate } from '../../src/engine/series-state.ts';
import { seededNormal } from './system.ts';

const STEP_MS = 5_000;
const spec = (name: string, unit: string, bad_direction: MetricSpec['bad_direction']): MetricSpec => ({
  name,
  scope: 'service',
  unit,
  bad_direction,
});
const LATENCY = spec('latency_p95', 's', 'up');
const ERRORS = spec('error_rate', 'ratio', 'up');
const RATE = spec('request_rate', '1/s', 'down');
const DEPTH = spec('queue_depth', 'items', 'both');

/** One series; `requests` behind each of its values. */
function inputOf(metric: MetricSpec, values: readonly number[], requests?: number, stepMs = STEP_MS): BandInput {
  return {
    spec: metric,
    stepMs,
    times: values.map((_, k) => k * stepMs),
    columns: values.map((value) => Float64Array.of(value)),
    requests: values.map(() => (requests === undefined ? undefined : Float64Array.of(requests))),
  };
}
const bandAt = (input: BandInput, at: number): { expected: number; lower: number; upper: number } => {
  const { expected, lower, upper } = bandsOf(input)[at];
  return { expected: expected[0], lower: lower[0], upper: upper[0] };
};
const noisy = (count: number, level: number, noise: number): number[] => {
  const normal = seededNormal(7);
  return Array.from({ length: count }, () => level * (1 + noise * normal()));
};

/** What the engine's detector says of each value, learnt in the same order. */
function judgements({ spec: metric, stepMs, times, columns, requests }: BandInput): number[] {
  const baseline = new Baseline(baselineTimes(stepMs));
  const state = allocate(BASELINE_LAYOUT, 1);
  const cell = (): Float64Array => new Float64Array(1);
  const detector = createRobustDetector();
  return times.map((nowMs, at) => {
    const residuals = { z: cell(), effect: cell(), expected: cell(), scale: cell() };
    const values = columns[at];
    baseline.step(state, { spec: metric, values, requests: requests[at], nowMs }, residuals);
    const verdicts = { judgement: new Uint8Array(1), score: cell() };
    const view = { ...residuals, evidence: undefined, spec: metric, values, requests: requests[at], floors: undefined };
    detector.judge(view, verdicts);
    return verdicts.judgement[0];
  });
}

describe('REST-14 what was normal', () => {
  test.each([
    [LATENCY, 0.2],
    [ERRORS, 0.2],
    [RATE, 40],
    [spec('memory_usage', 'bytes', 'up'), 2 ** 28],
    [DEPTH, 30],
  ])(
    'a value of %j is outside on its bad side when, and only when, the detector takes it for deviating',
    (metric, level) => {
      // Doubles of fast-check are mostly next to nothing.
      const quiet = fc.integer({ min: 970, max: 1_030 }).map((one) => one / 1_000);
      const any = fc.oneof(
        quiet,
        fc.integer({ min: 0, max: 3_000 }).map((one) => one / 1_000),
        fc.constant(Number.NaN),
      );
      const factors = fc
        .tuple(fc.array(quiet, { minLength: 70, maxLength: 90 }), fc.array(any, { minLength: 10, maxLength: 40 }))
        .map((parts) => parts.flat());
      const requests = fc.option(fc.integer({ min: 1, max: 10_000 }), { nil: undefined });
      let found = 0;
      fc.assert(
        fc.property(factors, requests, (all, asked) => {
          const input = inputOf(
            metric,
            all.map((one) => one * level),
            asked,
          );
          const bands = bandsOf(input);
          const outside = bands.map(({ lower, upper }, at) => {
            const [value] = input.columns[at];
            const above = metric.bad_direction !== 'down' && value > upper[0] * (1 + 1e-9);
            const below = metric.bad_direction !== 'up' && value < lower[0] * (1 - 1e-9);
            return above || below;
          });
          const nearEdge = bands.map(({ lower, upper }, at) => {
            const [value] = input.columns[at];
            return [lower[0], upper[0]].some((edge) => Math.abs(value - edge) <= 2e-9 * Math.abs(edge));
          });
          const deviating = judgements(input).map((judgement) => judgement >= JUDGEMENT.deviating);
          found += deviating.filter(Boolean).length;
          expect(outside.filter((_, at) => !nearEdge[at])).toEqual(deviating.filter((_, at) => !nearEdge[at]));
        }),
        { numRuns: 40 },
      );
      expect(found).toBeGreaterThan(40);
    },
  );

  test('nothing is known before warm-up, and nothing of what comes later is in it', () => {
    const values = noisy(200, 0.2, 0.1);
    const before = bandsOf(inputOf(LATENCY, values));
    const known = before.findIndex(({ lower }) => !Number.isNaN(lower[0]));
    expect([known > 20, known < 70]).toEqual([true, true]);
    expect(before.slice(0, known).every(({ expected }) => Number.isNaN(expected[0]))).toBe(true);
    const spoilt = bandsOf(
      inputOf(
        LATENCY,
        values.map((value, k) => (k < 150 ? value : 9)),
      ),
    );
    expect(spoilt.slice(0, 151)).toEqual(before.slice(0, 151));
  });

  test('is in the metric’s unit, around its level, and wider where fewer requests are behind a ratio', () => {
    const values = noisy(300, 0.02, 0.05);
    const many = bandAt(inputOf(ERRORS, values, 1e6), 299);
    expect(many.expected).toBeGreaterThan(0.019);
    expect(many.expected).toBeLessThan(0.021);
    expect(many.lower).toBeLessThan(many.expected);
    const few = bandAt(inputOf(ERRORS, values, 50), 299);
    expect(few.upper).toBeGreaterThan(many.upper * 2);
    expect(few.expected).toBeCloseTo(many.expected, 3);
  });

  test('stays within what the metric can be', () => {
    const nearOne = bandAt(inputOf(ERRORS, noisy(200, 0.9, 0.02), 20), 199);
    expect(nearOne.upper).toBe(1);
    const rare = bandAt(inputOf(RATE, noisy(200, 0.2, 0.5)), 199);
    expect(rare.lower).toBe(0);
    expect(bandAt(inputOf(DEPTH, noisy(200, 0.5, 3)), 199).lower).toBeLessThan(0);
  });

  test('never is infinite, however wild the values are', () => {
    const wild = Array.from({ length: 120 }, (_, k) => (k % 2 === 0 ? 1e-300 : 1e300));
    for (const metric of [LATENCY, ERRORS, RATE, DEPTH]) {
      const numbers = bandsOf(inputOf(metric, wild)).flatMap(({ lower, upper, expected }) => [
        lower[0],
        upper[0],
        expected[0],
      ]);
      expect(numbers.filter((n) => n === Infinity || n === -Infinity)).toEqual([]);
    }
  });

  test('is known through a gap until the level is outdated, and learnt anew afterwards', () => {
    const { forgetAfterS } = baselineTimes(STEP_MS);
    const gap = (forgetAfterS * 1000) / STEP_MS + 20;
    const values = [...noisy(100, 30, 0.05), ...Array.from({ length: gap }, () => Number.NaN), 30];
    const bands = bandsOf(inputOf(DEPTH, values));
    const isKnown = (at: number): boolean => !Number.isNaN(bands[at].upper[0]);
    expect([isKnown(99), isKnown(110), isKnown(100 + gap - 30), isKnown(100 + gap - 1), isKnown(100 + gap)]).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(Number.isNaN(bands[100 + gap - 1].expected[0])).toBe(true);
  });

  test.each([1_000, 5_000, 60_000, 600_000])('the past read for it is enough to be warm at %d ms', (stepMs) => {
    const count = Math.ceil(warmUpMs(stepMs) / stepMs);
    const input = inputOf(RATE, noisy(count + 1, 40, 0.05), undefined, stepMs);
    expect(Number.isNaN(bandAt(input, count).expected)).toBe(false);
  });
});
