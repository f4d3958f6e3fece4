import { describe, expect, test } from '@jest/globals';
import { openingEvidence } from '../../src/engine/detectors/surprise.ts';
import { allocate } from '../../src/engine/series-state.ts';
import { ONSET_SCORE, Surprise, SURPRISE_LAYOUT, surpriseScore } from '../../src/engine/surprise/surprise.ts';
import { firstOpen, seededNormal, STEP_MS, System, topologyOf } from './system.ts';

const MONDAY_MS = Date.UTC(2026, 0, 5);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const FIVE_MINUTES_MS = 300_000;

interface Said {
  readonly atMs: number;
  readonly evidence: number;
  readonly onset: boolean;
}

/** What the detector says of one series, value by value. */
function watch(values: (atMs: number, k: number) => number, options: { days: number; stepMs?: number }): Said[] {
  const { days, stepMs = FIVE_MINUTES_MS } = options;
  const surprise = new Surprise(stepMs);
  const state = allocate(SURPRISE_LAYOUT, 1);
  const out = { evidence: new Float64Array(1), onset: new Uint8Array(1) };
  let seenMs = Number.NaN;
  return Array.from({ length: (days * DAY_MS) / stepMs }, (_, k) => {
    const atMs = MONDAY_MS + k * stepMs;
    const value = values(atMs, k);
    const elapsedS = Float64Array.of((atMs - seenMs) / 1000);
    if (Number.isFinite(value)) seenMs = atMs;
    surprise.step(state, { values: Float64Array.of(value), elapsedS, atMs }, out);
    return { atMs, evidence: out.evidence[0], onset: out.onset[0] === 1 };
  });
}
const onsetsFrom = (said: readonly Said[], fromMs: number): number[] =>
  said.filter(({ atMs, onset }) => onset && atMs >= fromMs).map(({ atMs }) => atMs);
const noisy = (seed: number, level: (atMs: number) => number): ((atMs: number) => number) => {
  const normal = seededNormal(seed);
  return (atMs) => level(atMs) + normal();
};

describe('what surprises', () => {
  test('a value far off its past, once', () => {
    const quiet = noisy(1, () => 100);
    const said = watch((atMs, k) => quiet(atMs) + (k >= 1_000 && k < 1_030 ? 15 : 0), { days: 5 });
    expect(said[1_000].onset).toBe(true);
    expect(said[1_000].evidence).toBeGreaterThan(openingEvidence({ stepMs: FIVE_MINUTES_MS }));
    expect(said.slice(1_001, 1_030).filter(({ onset }) => onset)).toEqual([]);
  });

  test('nothing in the first two hundred values, and nothing of a constant', () => {
    const quiet = noisy(2, () => 100);
    const early = watch((atMs, k) => quiet(atMs) + (k === 150 ? 50 : 0), { days: 0.6 });
    expect(early.some(({ evidence }) => evidence > 0)).toBe(false);
    expect(watch(() => 7, { days: 4 }).some(({ onset }) => onset)).toBe(false);
  });

  test('unknown values are no news, and neither is the one after a gap', () => {
    const quiet = noisy(3, () => 100);
    const isGap = (k: number): boolean => k >= 1_000 && k < 1_050;
    const said = watch((atMs, k) => (isGap(k) ? Number.NaN : quiet(atMs) + (k >= 1_050 ? 0.5 : 0)), { days: 5 });
    expect(said.slice(1_000, 1_051).every(({ evidence }) => evidence === 0)).toBe(true);
  });

  test('what comes at the same hour every day is no news after some days', () => {
    const quiet = noisy(4, () => 100);
    const isBackup = (atMs: number): boolean => atMs % DAY_MS >= 3 * HOUR_MS && atMs % DAY_MS < 3.25 * HOUR_MS;
    const said = watch((atMs) => quiet(atMs) + (isBackup(atMs) ? 30 : 0), { days: 14 });
    const atThree = onsetsFrom(said, 0).filter((atMs) => isBackup(atMs));
    expect(atThree.length).toBeGreaterThan(0);
    expect(atThree.filter((atMs) => atMs >= MONDAY_MS + 6 * DAY_MS).length).toBeLessThan(3);
    const later = watch((atMs) => quiet(atMs) + (isBackup(atMs - 9 * HOUR_MS) ? 30 : 0), { days: 3 });
    expect(onsetsFrom(later, MONDAY_MS + DAY_MS).length).toBeGreaterThan(0);
  });

  test('a new level is news once, and the normal after a day', () => {
    const quiet = noisy(5, () => 100);
    const said = watch((atMs, k) => quiet(atMs) + (k >= 1_000 ? 20 : 0), { days: 10 });
    expect(said[1_000].evidence).toBeGreaterThan(openingEvidence({ stepMs: FIVE_MINUTES_MS }));
    expect(onsetsFrom(said, said[1_000].atMs + 2 * DAY_MS).length).toBeLessThan(4);
  });

  test('its score is half at one in ten thousand, and the onset’s threshold is where onsets begin', () => {
    expect([surpriseScore(-3), surpriseScore(0), surpriseScore(4)]).toEqual([0, 0, 0.5]);
    const scores = watch(
      noisy(6, () => 10),
      { days: 30 },
    ).filter(({ onset }) => onset);
    expect(scores.length).toBeGreaterThan(0);
    expect(scores.every(({ evidence }) => surpriseScore(evidence) > ONSET_SCORE)).toBe(true);
  });
});

describe('the season of a series', () => {
  const wave = (atMs: number): number => 50 * (1 + 0.6 * Math.sin((2 * Math.PI * (atMs % DAY_MS)) / DAY_MS));
  const expectedRate = (system: System, atMs: number): number => {
    system.atMs = atMs - STEP_MS;
    const { columns } = system.tick({ 'api.request_rate': wave(atMs) });
    return columns.find(({ spec }) => spec.scope === 'service' && spec.name === 'request_rate')!.expected[0];
  };

  /** Two weeks in strides of 84 minutes, then an hour step by step: what the service reads at its first start. */
  function fromBackfill(untilMs: number): System {
    const system = new System(topologyOf([], ['api']), { noise: 0.02 });
    for (let atMs = untilMs - 14 * DAY_MS; atMs < untilMs - HOUR_MS; atMs += 84 * 60_000) {
      system.atMs = atMs - STEP_MS;
      system.learn(1, { 'api.request_rate': wave(atMs) });
    }
    for (let atMs = untilMs - HOUR_MS; atMs < untilMs; atMs += STEP_MS) {
      system.atMs = atMs - STEP_MS;
      system.learn(1, { 'api.request_rate': wave(atMs) });
    }
    return system;
  }

  test('is known from a past read in long strides: the expected value runs ahead of the half-life', () => {
    const untilMs = MONDAY_MS + 15 * DAY_MS + 20 * HOUR_MS;
    const known = fromBackfill(untilMs);
    const alone = new System(topologyOf([], ['api']), { noise: 0.02, detectors: ['robust', 'static'] });
    alone.atMs = untilMs - HOUR_MS - STEP_MS;
    for (let atMs = untilMs - HOUR_MS; atMs < untilMs; atMs += STEP_MS)
      alone.learn(1, { 'api.request_rate': wave(atMs) });
    const errorOf = (system: System): number => Math.abs(expectedRate(system, untilMs) - wave(untilMs)) / wave(untilMs);
    expect(errorOf(known)).toBeLessThan(0.03);
    expect(errorOf(alone)).toBeGreaterThan(errorOf(known));
  });

  test('a day of it opens nothing, and a drop against it opens', () => {
    const untilMs = MONDAY_MS + 15 * DAY_MS;
    const system = fromBackfill(untilMs);
    let opened = 0;
    for (let atMs = untilMs; atMs < untilMs + DAY_MS / 4; atMs += STEP_MS) {
      opened += system.tick({ 'api.request_rate': wave(atMs) }).anomalies.length;
    }
    expect(opened).toBe(0);
    expect(firstOpen(system.ticks(6, { 'api.request_rate': 20 }))).toBeGreaterThanOrEqual(0);
  });
});
