import { WELL_KNOWN_METRICS } from '@topdeck/protocol';
import { JUDGEMENT, type Verdicts } from '../gate.ts';
import { isEvidentRatio } from '../measures.ts';
import { floorKeyOf } from '../thresholds.ts';
import type { ColumnView, Detector } from './detector.ts';

/** A value must fall below this share of the floor before it counts as calm. */
const CALM_SHARE = 0.9;
/** A value of so many floors opens at once. */
const EXTREME_FLOORS = 2;

/** 0.5 at the floor, towards 1 far above it. */
export const floorScore = (value: number, floor: number): number => value / (value + floor);

function judge({ spec, values, requests, floors }: ColumnView, verdicts: Verdicts): void {
  if (floors === undefined) {
    verdicts.judgement.fill(JUDGEMENT.unknown);
    return;
  }
  const counted = spec.name === WELL_KNOWN_METRICS.errorRate ? requests : undefined;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    const floor = floors[i];
    if (!Number.isFinite(value)) verdicts.judgement[i] = JUDGEMENT.unknown;
    else if (value > floor) {
      const evident = isEvidentRatio(value, floor, counted?.[i] ?? Number.NaN);
      const extreme = value >= EXTREME_FLOORS * floor;
      verdicts.judgement[i] = !evident ? JUDGEMENT.near : extreme ? JUDGEMENT.extreme : JUDGEMENT.deviating;
      verdicts.score[i] = floorScore(Math.min(value, 1e150), floor);
    } else verdicts.judgement[i] = value > CALM_SHARE * floor ? JUDGEMENT.near : JUDGEMENT.calm;
  }
}

/**
 * The original protocol's rules: error_rate, latency_p95 and cpu_usage of a service above their configured floor, in 2
 * of 3 ticks or once at twice the floor; over after 3 ticks below nine tenths of it. Edges are judged by the same floors
 * in traffic.ts.
 */
export const createStaticDetector = (): Detector => ({
  name: 'static',
  hysteresis: { openAfter: 2, window: 3, closeAfter: 3 },
  needsWarmUp: false,
  watches: (spec) => spec.scope === 'service' && floorKeyOf(spec) !== undefined,
  judge,
  reference: (view, index) => view.floors?.[index] ?? Number.NaN,
  explain: (reference) => `above the floor of ${reference}`,
});
