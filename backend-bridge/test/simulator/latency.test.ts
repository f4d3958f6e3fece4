import { describe, expect, test } from '@jest/globals';
import { capLatency, latencyP95, latencyShareWithin, normalCdf, queueWaitS } from '../../src/simulator/latency.ts';

describe('log-normal latency', () => {
  test('the p95 is the bound within which 95 % lie', () => {
    for (const [meanS, sdS] of [
      [0.005, 0.004],
      [0.2, 0.5],
      [3, 0.1],
    ]) {
      const p95 = latencyP95(meanS, sdS * sdS);
      expect(latencyShareWithin(meanS, sdS * sdS, p95)).toBeCloseTo(0.95, 5);
    }
  });

  test('without variance every request takes the mean', () => {
    expect(latencyP95(0.3, 0)).toBeCloseTo(0.3);
    expect([0.29, 0.31].map((boundS) => latencyShareWithin(0.3, 0, boundS))).toEqual([0, 1]);
  });

  test.each([
    [0, 0.5],
    [1, 0.841344746],
    [-1.959964, 0.025],
  ])('the normal distribution at %d is %d', (z, expected) => {
    expect(normalCdf(z)).toBeCloseTo(expected, 6);
  });

  test('a caller who gives up sees what sampling shows', () => {
    const [meanS, sdS, capS] = [1.2, 1, 2];
    const sigma2 = Math.log1p((sdS / meanS) ** 2);
    const mu = Math.log(meanS) - sigma2 / 2;
    // Quantiles at the middle of equal shares stand for a sample without its noise.
    const samples = Array.from({ length: 20_000 }, (_, i) => {
      let [low, high] = [-6, 6];
      for (let step = 0; step < 40; step += 1) {
        const middle = (low + high) / 2;
        if (normalCdf(middle) < (i + 0.5) / 20_000) low = middle;
        else high = middle;
      }
      return Math.exp(mu + low * Math.sqrt(sigma2));
    });
    const capped = samples.map((s) => Math.min(s, capS));
    const mean = capped.reduce((sum, s) => sum + s, 0) / capped.length;
    const variance = capped.reduce((sum, s) => sum + (s - mean) ** 2, 0) / capped.length;
    const seen = { meanS: 0, variance: 0, exceeded: 0 };
    capLatency({ meanS, variance: sdS * sdS }, capS, seen);
    expect(seen.exceeded).toBeCloseTo(samples.filter((s) => s > capS).length / samples.length, 3);
    expect(seen.meanS).toBeCloseTo(mean, 3);
    expect(seen.variance).toBeCloseTo(variance, 3);
  });

  test('a cap far away changes nothing', () => {
    const seen = { meanS: 0, variance: 0, exceeded: 0 };
    capLatency({ meanS: 0.01, variance: 0.0001 }, 5, seen);
    expect(seen).toEqual({ meanS: 0.01, variance: 0.0001, exceeded: 0 });
  });
});

describe('queueing', () => {
  const wait = (utilisation: number, servers = 1, places = 1e6): number =>
    queueWaitS({ utilisation, servers, serviceTimeS: 0.01, places });

  test('one server waits as M/M/1 does: s·ρ/(1−ρ)', () => {
    for (const rho of [0.2, 0.5, 0.9]) expect(wait(rho)).toBeCloseTo((0.01 * rho) / (1 - rho), 6);
  });

  test('several servers wait as Erlang C says, within a tenth where it matters', () => {
    // M/M/4 at ρ = 0.9: P(wait) = 0.7878, so W = 0.7878 · s / (4 · 0.1).
    expect(wait(0.9, 4) / ((0.7878 * 0.01) / 0.4)).toBeCloseTo(1, 1);
  });

  test('grows with load up to a full queue, and no further', () => {
    const waits = [0.1, 0.5, 0.9, 0.99, 0.99999, 1, 1.3].map((rho) => wait(rho, 4, 50));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.slice(-2)).toEqual([0.5, 0.5]);
  });
});
