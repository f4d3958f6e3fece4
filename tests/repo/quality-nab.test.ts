import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { belowGates } from '../quality/gates.ts';
import { detectNab } from '../quality/nab/detect-nab.ts';
import { NAB } from '../quality/nab/nab-set.ts';
import { readNab, type NabSeries } from '../quality/nab/read-nab.ts';
import { bestThreshold, PROFILES, scoreCases, totalScore, worthOf } from '../quality/nab/score-nab.ts';
import { windowedGaussian } from '../quality/nab/windowed-gaussian.ts';
import { seededNoise } from '../fixtures/seeded-noise.ts';
import { tallyGates } from '../run/gate-results.ts';

const STEP_MS = 300_000;
const [STANDARD, LOW_FP, LOW_FN] = PROFILES;

/** Noise with one window of rows 1500–1599 of 4000. */
function series(): NabSeries {
  const noise = seededNoise(4);
  const times = Float64Array.from({ length: 4_000 }, (_, row) => row * STEP_MS);
  return {
    name: 'made/up.csv',
    times,
    values: times.map(() => noise.normal()),
    windows: [[times[1_500], times[1_599]]],
  };
}
const WORTH = worthOf(series());
const detections = (...rows: number[]): Float64Array => {
  const scores = new Float64Array(4_000);
  for (const row of rows) scores[row] = 1;
  return scores;
};
const score = (rows: number[], profile = STANDARD): number =>
  totalScore(scoreCases([WORTH], [detections(...rows)], { threshold: 0.5, profile }), profile);

describe('the benchmark’s score', () => {
  test('no detection at all is 0, one at the first row of every window is 100', () => {
    for (const profile of PROFILES) {
      expect(score([], profile)).toBe(0);
      expect(score([1_500], profile)).toBeCloseTo(100, 9);
    }
  });

  test('the earliest detection of a window counts, once, and the later the less', () => {
    expect(score([1_500, 1_550, 1_599])).toBe(score([1_500]));
    // 2·sigmoid(−5·(−0.5)) − 1 over 2·sigmoid(5) − 1: half of the scale from −1 to 1 is below zero.
    const middle = 0.848_283_639_957_513 / 0.986_614_298_151_430_3;
    expect(score([1_550])).toBeCloseTo(50 * (1 + middle), 6);
    expect(score([1_599])).toBeGreaterThan(50);
  });

  test('a detection outside costs its full share before any window, less just after one', () => {
    expect(score([1_000, 1_500])).toBeCloseTo(100 - 50 * 0.11, 9);
    expect(score([1_000, 1_500], LOW_FP)).toBeCloseTo(100 - 50 * 0.22, 9);
    expect(score([1_000, 1_500], LOW_FN)).toBeCloseTo(100 - (100 / 3) * 0.11, 9);
    expect(score([1_500, 1_602])).toBeGreaterThan(99);
    expect(score([1_500, 3_900])).toBeCloseTo(100 - 50 * 0.11, 9);
  });

  test('the probation stretch, 15 % of at most 5000 rows, counts for nothing', () => {
    expect(score([0, 599, 1_500])).toBe(score([1_500]));
    expect(score([600, 1_500])).toBeLessThan(score([1_500]));
    const long = { ...series(), times: Float64Array.from({ length: 20_000 }, (_, row) => row * STEP_MS) };
    expect(worthOf(long).firstRow).toBe(750);
  });

  test('the best threshold afterwards is one threshold for all series', () => {
    const scores = detections(1_500, 1_000);
    scores[1_000] = 0.4;
    scores[1_500] = 0.7;
    expect(bestThreshold([WORTH], [scores], STANDARD)).toEqual({ score: expect.closeTo(100, 9), threshold: 0.7 });
  });

  test('a window that begins at no row is an error, not a window less', () => {
    expect(() => worthOf({ ...series(), windows: [[17, 40]] })).toThrow(/does not begin at a row/);
  });
});

test('what the detector says of a row does not depend on the rows after it', () => {
  const whole = series();
  whole.values[2_000] = 40;
  const cut = { ...whole, times: whole.times.slice(0, 2_500), values: whole.values.slice(0, 2_500) };
  const scores = detectNab(whole);
  expect(scores[2_000]).toBeGreaterThan(0.38);
  expect([...detectNab(cut)]).toEqual([...scores.slice(0, 2_500)]);
});

describe('gates', () => {
  test('a figure below its gate, or missing, fails the set', () => {
    expect(belowGates(NAB, { standard: 56 })).toEqual([]);
    expect(belowGates(NAB, { standard: 55.9 })).toEqual(['nab: standard is 55.9, and must be 56']);
    expect(belowGates(NAB, {})).toHaveLength(1);
  });

  test('each set is one test; an absent one is skipped', () => {
    const states = { nab: { state: 'absent', reason: 'none' }, petshop: { state: 'failed', failures: ['x'] } } as const;
    expect(tallyGates(states, 'tests/quality')).toEqual([
      { file: 'tests/quality/nab', passed: 0, failed: 0, skipped: 1, failures: [] },
      { file: 'tests/quality/petshop', passed: 0, failed: 1, skipped: 0, failures: ['x'] },
    ]);
  });
});

const DATASETS = process.env['DATASETS'] ?? resolve(import.meta.dirname, '../../../shared/datasets');
const [FOLDER] = NAB.find(DATASETS);
const withData = FOLDER === undefined || !existsSync(join(FOLDER, 'data')) ? test.skip : test;

withData('the windowed Gaussian scores about what is published for it', () => {
  const all = readNab(FOLDER);
  const worths = all.map(worthOf);
  const scores = all.map(({ values }) => windowedGaussian(values));
  // Published for all 58 series: 39.6 by the standard profile. A part of them scores within the spread of the series.
  const [standard, lowFp, lowFn] = PROFILES.map((profile) => bestThreshold(worths, scores, profile).score);
  expect(Math.abs(standard - 39.6)).toBeLessThan(6);
  expect(lowFp).toBeLessThan(standard);
  expect(lowFn).toBeGreaterThan(standard);
});
