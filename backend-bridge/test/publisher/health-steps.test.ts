import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HealthSample } from '../../src/history/history-store.ts';
import { coverage, healthSteps } from '../../src/publisher/health-steps.ts';

const span = (startMs: number, endMs: number) => ({ startMs, endMs });
const sample = (atMs: number, score: number | null): HealthSample =>
  score === null ? { atMs, status: 'unknown', score } : { atMs, status: 'healthy', score };
const range = { sinceMs: 100, untilMs: 200 };

describe('the time that is covered', () => {
  test('is cut to the range, and spans that touch or overlap are one', () => {
    expect(coverage([span(0, 110), span(110, 120), span(115, 118), span(130, 300)], range)).toEqual([
      span(100, 120),
      span(130, 200),
    ]);
    expect(coverage([span(0, 100), span(200, 300)], range)).toEqual([]);
  });
});

describe('REST-12 steps', () => {
  const steps = (samples: readonly HealthSample[], ...spans: ReturnType<typeof span>[]) =>
    healthSteps(samples, coverage(spans, range), range).map(([atMs, , score]) => [atMs, score]);

  test('begin with the state in force, and no point is there without a change', () => {
    expect(steps([sample(20, 90), sample(150, 90), sample(160, 80)], span(0, 300))).toEqual([
      [100, 90],
      [160, 80],
    ]);
  });

  test('are unknown in a gap and from the end of what was watched, and known again at its return', () => {
    const samples = [sample(20, 90), sample(120, 80), sample(160, 80)];
    expect(steps(samples, span(0, 130), span(150, 180))).toEqual([
      [100, 90],
      [120, 80],
      [130, null],
      [150, 80],
      [180, null],
    ]);
  });

  test('of a range that begins in a gap begin after it', () => {
    expect(steps([sample(20, 90)], span(0, 90), span(120, 300))).toEqual([[120, 90]]);
    expect(steps([sample(20, 90), sample(120, 70)], span(0, 90), span(120, 300))).toEqual([[120, 70]]);
  });

  test('are none where nothing is known', () => {
    expect(steps([], span(0, 300))).toEqual([]);
    expect(steps([sample(20, 90)], span(0, 90))).toEqual([]);
    expect(steps([sample(20, null)], span(0, 300))).toEqual([]);
    expect(steps([sample(20, null), sample(150, 50)], span(0, 300))).toEqual([[150, 50]]);
  });

  test('say at any moment what the newest sample says where somebody looked, and unknown elsewhere', () => {
    const moment = fc.integer({ min: 90, max: 210 });
    const spans = fc
      .array(fc.tuple(moment, moment), { maxLength: 5 })
      .map((pairs) =>
        pairs.map(([a, b]) => span(Math.min(a, b), Math.max(a, b))).sort((a, b) => a.startMs - b.startMs),
      );
    const samples = fc.uniqueArray(fc.tuple(moment, fc.option(fc.nat({ max: 3 }))), { selector: ([atMs]) => atMs });
    fc.assert(
      fc.property(spans, samples, (watched, pairs) => {
        const sorted = pairs.map(([atMs, score]) => sample(atMs, score)).sort((a, b) => a.atMs - b.atMs);
        const inForce = (atMs: number) => sorted.filter((one) => one.atMs <= atMs).at(-1)?.score ?? null;
        // As a store gives them: from the one in force at the beginning.
        const first = sorted.findLastIndex((one) => one.atMs < range.sinceMs);
        const given = sorted.slice(Math.max(0, first)).filter(({ atMs }) => atMs < range.untilMs);
        const points = healthSteps(given, coverage(watched, range), range);
        for (let atMs = range.sinceMs; atMs < range.untilMs; atMs += 1) {
          const isWatched = watched.some(({ startMs, endMs }) => startMs <= atMs && atMs < endMs);
          const said = points.filter(([from]) => from <= atMs).at(-1)?.[2] ?? null;
          expect(said).toBe(isWatched ? inForce(atMs) : null);
        }
        for (const [k, [atMs, , score]] of points.entries()) {
          const before = points[k - 1] ?? [-Infinity, 'unknown', null];
          expect(atMs).toBeGreaterThan(before[0]);
          expect(score).not.toBe(before[2]);
        }
      }),
    );
  });
});
