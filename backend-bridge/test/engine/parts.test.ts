import { DEFAULT_THRESHOLDS, MAX_DEVIATION_PERCENT, type MetricSpec } from '@topdeck/protocol';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatValue, shortHash } from '../../src/engine/alert-text.ts';
import { Baseline, BASELINE_LAYOUT, baselineTimes, type Residuals } from '../../src/engine/baseline.ts';
import { floorScore } from '../../src/engine/detectors/static.ts';
import { robustScore } from '../../src/engine/detectors/robust.ts';
import { errorEvidence, symptomPenalty } from '../../src/engine/health-score.ts';
import { isEvidentRatio } from '../../src/engine/measures.ts';
import { allocate, remapState, resetSeries } from '../../src/engine/series-state.ts';
import { deviationPercent, severityOf } from '../../src/engine/severity.ts';
import { byTarget, thresholdTable } from '../../src/engine/thresholds.ts';
import { seededNormal, topologyOf } from './system.ts';

describe('baseline', () => {
  const gauge: MetricSpec = { name: 'depth', scope: 'service', unit: 'items', bad_direction: 'both' };
  const follow = (
    samples: readonly (readonly [atMs: number, value: number])[],
    spec = gauge,
    requests = Number.NaN,
  ) => {
    const state = allocate(BASELINE_LAYOUT, 1);
    const baseline = new Baseline(baselineTimes(5_000));
    const cell = (): Float64Array => new Float64Array(1);
    const out: Residuals = { z: cell(), effect: cell(), expected: cell(), scale: cell() };
    const z = samples.map(([nowMs, value]) => {
      baseline.step(state, { spec, values: Float64Array.of(value), requests: Float64Array.of(requests), nowMs }, out);
      return out.z[0];
    });
    return { z, expected: out.expected[0], scale: out.scale[0] };
  };
  const noisy = (count: number, make: (normal: () => number) => number, stepMs = 5_000): [number, number][] => {
    const normal = seededNormal(5);
    return Array.from({ length: count }, (_, k) => [k * stepMs, make(normal)]);
  };

  test('learns level and standard deviation of normal noise', () => {
    const { expected, scale } = follow(noisy(2_000, (normal) => 100 + 5 * normal()));
    expect(expected).toBeGreaterThan(98);
    expect(expected).toBeLessThan(102);
    expect(scale).toBeGreaterThan(4.5);
    expect(scale).toBeLessThan(5.5);
  });

  test('one value in twenty being absurd moves it little', () => {
    const spoilt = noisy(2_000, (normal) => 100 + 5 * normal()).map(
      ([at, v], k) => [at, k % 20 === 19 ? 1e6 : v] as const,
    );
    const { expected, scale } = follow(spoilt);
    expect(expected).toBeGreaterThan(97);
    expect(expected).toBeLessThan(103);
    expect(scale).toBeLessThan(8);
  });

  test('a start a hundred times too high is forgotten by the time it is warm', () => {
    const latency: MetricSpec = { name: 'latency_p95', scope: 'service', unit: 's', bad_direction: 'up' };
    const start = noisy(62, (normal) => 0.05 * (1 + 0.05 * normal())).map(([at, v], k) => [at, k < 2 ? 5 : v] as const);
    const { expected, scale } = follow(start, latency);
    expect(expected).toBeGreaterThan(0.045);
    expect(expected).toBeLessThan(0.056);
    expect(scale).toBeLessThan(0.0075);
  });

  test('weighs by time, not by count: half of the samples give the same level', () => {
    const ramp = noisy(1_000, () => 0).map(([at], k) => [at, 100 + k * 0.02] as const);
    const every = follow(ramp).expected;
    const second = follow(ramp.filter((_, k) => k % 2 === 1)).expected;
    expect(Math.abs(every - second)).toBeLessThan(0.1);
  });

  test('a ratio of few requests cannot deviate by much', () => {
    const errors: MetricSpec = { name: 'error_rate', scope: 'service', unit: 'ratio', bad_direction: 'up' };
    const samples = [...noisy(200, () => 0), [1_000_000, 0.5] as const];
    expect(follow(samples, errors, 2).z.at(-1)).toBeLessThan(3);
    expect(follow(samples, errors, 2_000).z.at(-1)).toBeGreaterThan(20);
  });

  test('a percentile of few requests is held to be noisier', () => {
    const latency: MetricSpec = { name: 'latency_p95', scope: 'service', unit: 's', bad_direction: 'up' };
    const samples = [...noisy(200, (normal) => 0.05 * (1 + 0.05 * normal())), [1_000_000, 0.1] as const];
    const many = follow(samples, latency, 10_000).z.at(-1) as number;
    const few = follow(samples, latency, 1).z.at(-1) as number;
    expect(few).toBeGreaterThan(0);
    expect(few).toBeLessThan(many / 3);
  });
});

describe('series state', () => {
  const layout = { a: { kind: 'f64', initial: 7 }, b: { kind: 'u8', initial: 0, width: 3 } } as const;

  test('moves whole series and starts new ones afresh', () => {
    const old = allocate(layout, 2);
    old.a.set([1, 2]);
    old.b.set([1, 2, 3, 4, 5, 6]);
    const next = remapState(layout, old, Int32Array.of(1, -1, 0));
    expect([...next.a]).toEqual([2, 7, 1]);
    expect([...next.b]).toEqual([4, 5, 6, 0, 0, 0, 1, 2, 3]);
    resetSeries(layout, next, 0);
    expect([...next.a]).toEqual([7, 7, 1]);
    expect([...next.b]).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3]);
  });
});

describe('scores', () => {
  const size = fc.double({ min: 0, max: 1e9, noNaN: true });
  test('the robust score is within 0–1 and monotone in both arguments', () => {
    fc.assert(
      fc.property(size, size, size, (z, more, effect) => {
        const score = robustScore(z, effect);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(robustScore(z + more, effect)).toBeGreaterThanOrEqual(score);
        expect(robustScore(z, effect + more)).toBeGreaterThanOrEqual(score);
      }),
    );
  });

  test('a value at its floor has score one half, far above it towards one', () => {
    expect(floorScore(1, 1)).toBe(0.5);
    expect(floorScore(4, 1)).toBe(0.8);
    expect(floorScore(0.3, 0)).toBe(1);
  });

  test('severity by the protocol’s bounds; on the way down it sticks a little', () => {
    expect([0.39, 0.4, 0.6, 0.8].map((score) => severityOf(score))).toEqual(['low', 'medium', 'high', 'critical']);
    expect(severityOf(0.76, 'critical')).toBe('critical');
    expect(severityOf(0.74, 'critical')).toBe('high');
    expect(severityOf(0.3, 'critical')).toBe('low');
  });

  test('deviation in percent is finite and signed', () => {
    expect(deviationPercent(15, 10)).toBeCloseTo(50);
    expect(deviationPercent(-15, -10)).toBeCloseTo(-50);
    expect(deviationPercent(0, 0)).toBe(0);
    expect(deviationPercent(1, 0)).toBe(MAX_DEVIATION_PERCENT);
    expect(deviationPercent(-1, 0)).toBe(-MAX_DEVIATION_PERCENT);
    expect(deviationPercent(1e308, 1e-308)).toBe(MAX_DEVIATION_PERCENT);
  });

  test('penalties begin with an open anomaly and are bounded', () => {
    expect([0, 1 / 3, 2 / 3, 1].map(symptomPenalty)).toEqual([0, 10, 30, 45]);
    expect([errorEvidence(0.5, 2), errorEvidence(0.5, 600), errorEvidence(0.5, Number.NaN)]).toEqual([1 / 3, 1, 1]);
  });

  test('a ratio is evident by the number of failures behind it', () => {
    expect(isEvidentRatio(0.5, 0.05, 2)).toBe(false);
    expect(isEvidentRatio(1, 0.05, 3)).toBe(true);
    expect(isEvidentRatio(0.1, 0.05, 30)).toBe(false);
    expect(isEvidentRatio(0.051, 0.05, 6_000)).toBe(true);
    expect(isEvidentRatio(0.06, 0.05, Number.NaN)).toBe(true);
  });
});

describe('text', () => {
  test.each([
    [0.8234, 's', '0.823 s'],
    [0.1234, 'ratio', '12.3%'],
    [1234.5, '1/s', '1230/s'],
    [0, 'bytes', '0 B'],
    [1.5 * 2 ** 30, 'bytes', '1.5 GiB'],
    [2 ** 90, 'bytes', '1100000000000 PiB'],
    [3, 'cores', '3 cores'],
    [5, '', '5'],
  ])('%d in %s is %s', (value, unit, text) => {
    expect(formatValue(value, unit)).toBe(text);
  });

  test('ids are 16 hexadecimal digits and tell texts apart', () => {
    const hashes = Array.from({ length: 20_000 }, (_, i) => shortHash(`service-${i}|latency_p95|2026-01-01`));
    expect(new Set(hashes).size).toBe(20_000);
    expect(hashes.every((hash) => /^[0-9a-f]{16}$/.test(hash))).toBe(true);
  });
});

describe('thresholds', () => {
  const { resources, edgeTarget } = topologyOf(['shop-web>shop-db', 'shop-web>bank']);
  const index = (id: string): number => resources.findIndex((resource) => resource.id === id);

  test('the first matching entry that has a key wins, for each key by itself', () => {
    const table = thresholdTable(resources, {
      defaults: { cpu_usage: 2 },
      overrides: [
        { match: 'shop-.*', thresholds: { error_rate: 0.2 } },
        { match: 'shop-db', thresholds: { error_rate: 0.9, latency_p95_s: 5 } },
        { match: 'shop', thresholds: { cpu_usage: 9 } },
      ],
    });
    const row = (id: string) => [
      table.error_rate[index(id)],
      table.latency_p95_s[index(id)],
      table.cpu_usage[index(id)],
    ];
    expect(row('shop-db')).toEqual([0.2, 5, 2]);
    expect(row('shop-web')).toEqual([0.2, 1, 2]);
    expect(row('bank')).toEqual([0.05, 1, 2]);
    expect(table.healthy_score[0]).toBe(DEFAULT_THRESHOLDS.healthy_score);
  });

  test('an edge takes those of its target', () => {
    const table = thresholdTable(resources, { overrides: [{ match: 'bank', thresholds: { error_rate: 0.4 } }] });
    expect([...byTarget(table.error_rate, edgeTarget)].sort()).toEqual([0.05, 0.4]);
  });

  test('alternatives in a pattern match the whole id each', () => {
    const table = thresholdTable(resources, { overrides: [{ match: 'bank|shop', thresholds: { error_rate: 0.4 } }] });
    expect(table.error_rate[index('shop-db')]).toBe(0.05);
    expect(table.error_rate[index('bank')]).toBe(0.4);
  });
});
