import type { MetricSpec } from '@topdeck/protocol';
import { REJECT_Z } from '../baseline.ts';
import { JUDGEMENT, type Verdicts } from '../gate.ts';
import type { ColumnView, Detector } from './detector.ts';

/** A value at least so many deviations, and the least effect that matters, on the bad side of the expected one deviates. */
export const DEVIATING_Z = REJECT_Z;
const CLOSE_Z = 4;
const CLOSE_EFFECT = 0.6;
/** One value so far off opens at once; only upwards, for a dip to zero is also what a counter reset or a scrape hole shows. */
const EXTREME_Z = 20;
const EXTREME_EFFECT = 4;

/** 0–1, monotone in |z| and in the effect: neither a tiny change of a steady series nor a noisy one's swing is grave. */
export const robustScore = (z: number, effect: number): number => Math.min(z / (z + 4), effect / (effect + 2));

function judgeOne(bad: number, effect: number, upwards: boolean): number {
  if (bad >= DEVIATING_Z && effect >= 1) {
    const extreme = upwards && bad >= EXTREME_Z && effect >= EXTREME_EFFECT;
    return extreme ? JUDGEMENT.extreme : JUDGEMENT.deviating;
  }
  return bad >= CLOSE_Z && effect >= CLOSE_EFFECT ? JUDGEMENT.near : JUDGEMENT.calm;
}

function judge({ spec, values, z, effect }: ColumnView, verdicts: Verdicts): void {
  const up = spec.bad_direction !== 'down';
  const down = spec.bad_direction !== 'up';
  for (let i = 0; i < values.length; i += 1) {
    const signed = z[i];
    if (Number.isNaN(signed)) {
      verdicts.judgement[i] = JUDGEMENT.unknown;
      continue;
    }
    const bad = signed > 0 ? (up ? signed : 0) : down ? -signed : 0;
    if (bad < CLOSE_Z) {
      verdicts.judgement[i] = JUDGEMENT.calm;
      continue;
    }
    const size = effect[i];
    verdicts.judgement[i] = judgeOne(bad, size, signed > 0);
    verdicts.score[i] = robustScore(bad, size);
  }
}

/**
 * Deviation from the learnt baseline (baseline.ts) on the bad side: at least DEVIATING_Z robust standard deviations and
 * at least the least effect that matters, in 3 of 5 ticks or once extremely; over after 5 calm ticks.
 */
export const createRobustDetector = (): Detector => ({
  name: 'robust',
  hysteresis: { openAfter: 3, window: 5, closeAfter: 5 },
  needsWarmUp: true,
  watches: (spec: MetricSpec) => spec.bad_direction !== 'none',
  judge,
  reference: (view, index) => view.expected[index],
  explain: (reference) => `expected ${reference}`,
});
